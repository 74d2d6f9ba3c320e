/* Predictions beside what is known: numbers in pairs, classes by how sure the model is. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/tables.h"

#define ROWS 40

/* Not trained: any network will do. Every fifth row has no weight. */
static bp_dataset *make_table(bool classes)
{
    char text[3000] = "a,b,w,y\n";
    for (unsigned x = 0; x < ROWS; x++) {
        char *line = text + strlen(text);
        snprintf(line, sizeof text - (size_t)(line - text),
                 classes ? "%u,%u,%u,c%u\n" : "%u,%u,%u,%u\n", x * 13 % 10, x * x % 31, x % 5,
                 classes ? x * 7 % 3 : x * x % 17);
    }
    return table_csv(text, true);
}

static bp_model *make_model(const bp_dataset *dataset, bp_task task)
{
    bp_model_options options = bp_model_options_default();
    options.hidden[0] = 5;
    options.weight = "w";
    options.task = task;
    options.seed = 4;
    bp_model *model;
    bp_error error;
    cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_OK, "%s", error.message);
    return model;
}

Test(model_pairs, have_the_target_and_the_prediction_of_each_row_that_counts)
{
    bp_dataset *dataset = make_table(false);
    bp_model *model = make_model(dataset, BP_TASK_REGRESS);
    double pairs[2 * ROWS], predicted[ROWS];
    size_t rows, at = 0;
    bp_error error;
    cr_assert_eq(bp_predict_pairs(model, dataset, NULL, pairs, &rows, &error), BP_OK, "%s",
                 error.message);
    cr_expect_eq(rows, ROWS / 5 * 4);
    cr_assert_eq(bp_predict_wide(model, dataset, NULL, predicted, NULL), BP_OK);
    for (unsigned x = 0; x < ROWS; x++) {
        if (x % 5 == 0)
            continue;
        cr_expect_float_eq(pairs[2 * at], x * x % 17, 17 * 0x1p-22); /* in units of some 5 */
        cr_expect_eq(pairs[2 * at + 1], predicted[x]);
        at++;
    }
    cr_expect_eq(
        bp_calibrate(model, dataset, NULL, (bp_calibration_bin[BP_CALIBRATION_BINS]){{0}}, &error),
        BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "the model predicts numbers, not classes");
    bp_model_free(model);
    bp_dataset_free(dataset);
}

/* The bin of a row, and its sums. */
struct sums {
    size_t count;
    double weight, sure, right;
};

Test(model_pairs, calibration_holds_how_right_a_model_is_against_how_sure_it_is)
{
    bp_dataset *dataset = make_table(true);
    bp_model *model = make_model(dataset, BP_TASK_CLASSIFY);
    struct sums sums[BP_CALIBRATION_BINS] = {{0}};
    bp_calibration_bin bins[BP_CALIBRATION_BINS];
    float outputs[ROWS][3];
    size_t filled = 0;
    bp_error error;
    cr_assert_eq(bp_calibrate(model, dataset, NULL, bins, &error), BP_OK, "%s", error.message);
    cr_assert_eq(bp_predict(model, dataset, NULL, outputs[0], NULL), BP_OK);
    for (unsigned x = 0; x < ROWS; x++) {
        const size_t class = bp_model_decide(model, outputs[x]);
        struct sums *sum = &sums[(size_t)((double)outputs[x][class] * 10)];
        if (x % 5 == 0)
            continue;
        sum->count++;
        sum->weight += x % 5;
        sum->sure += x % 5 * (double)outputs[x][class];
        sum->right += class == x * 7 % 3 ? x % 5 : 0;
    }
    for (size_t k = 0; k < BP_CALIBRATION_BINS; k++) {
        cr_expect_eq(bins[k].count, sums[k].count);
        cr_expect(isnan(bins[k].within));
        cr_expect_eq(isnan(bins[k].predicted), sums[k].count == 0);
        if (sums[k].count == 0)
            continue;
        cr_expect_eq(bins[k].predicted, sums[k].sure / sums[k].weight);
        cr_expect_eq(bins[k].actual, sums[k].right / sums[k].weight);
        filled++;
    }
    cr_expect_gt(filled, 1);
    cr_expect_eq(bp_predict_pairs(model, dataset, NULL, (double[2 * ROWS]){0}, &filled, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "the model predicts classes, not numbers");
    bp_model_free(model);
    bp_dataset_free(dataset);
}
