/* Permutation importance, beside evaluations of tables whose columns are permuted here. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "support/reading.h"
#include "support/tables.h"

#define ROWS    20
#define COLUMNS 3
#define REPEATS 3
#define SEED    11

/* A number with missing values, a category, a number; `order` (or NULL) is that of column k. */
static bp_dataset *make_table(size_t k, const uint32_t *order, bool classes)
{
    static const char *const colors[] = {"red", "green", "blue"};
    char text[2000] = "a,color,b,y\n";
    for (uint32_t x = 0; x < ROWS; x++) {
        const uint32_t a = order && k == 0 ? order[x] : x;
        const uint32_t color = order && k == 1 ? order[x] : x;
        const uint32_t b = order && k == 2 ? order[x] : x;
        char *line = text + strlen(text);
        const size_t room = sizeof text - (size_t)(line - text);
        if (a % 7 == 3)
            snprintf(line, room, ",%s,%u,", colors[color % 3], b * b);
        else
            snprintf(line, room, "%u,%s,%u,", a * 13 % 10, colors[color % 3], b * b);
        line = text + strlen(text);
        snprintf(line, sizeof text - (size_t)(line - text), classes ? "%u\n" : "%u.5\n",
                 classes ? x * 7 % 3 : x * x % 17);
    }
    return expect_dataset(read_text("table.csv", text, NULL));
}

/* Not trained: any network will do. */
static bp_model *make_model(const bp_dataset *dataset)
{
    bp_model_options options = bp_model_options_default();
    options.hidden[0] = 5;
    options.missing = BP_MISSING_INDICATOR;
    options.seed = 4;
    bp_model *model;
    bp_error error;
    cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_OK, "%s", error.message);
    return model;
}

static bp_importance_options make_options(bp_metric metric)
{
    bp_importance_options options = bp_importance_options_default();
    options.repeats = REPEATS;
    options.seed = SEED;
    options.metric = metric;
    return options;
}

static double evaluate(const bp_model *model, bp_dataset *dataset, bp_metric metric)
{
    bp_metrics metrics;
    bp_error error;
    cr_assert_eq(bp_evaluate(model, dataset, NULL, &metrics, &error), BP_OK, "%s", error.message);
    bp_dataset_free(dataset);
    return bp_metrics_get(&metrics, metric);
}

/* Of column k: mean and population standard deviation. */
static void compute(const bp_model *model, bool classes, bp_metric metric, size_t k,
                    bp_importance *expected)
{
    double worse[REPEATS], sum = 0, squares = 0;
    uint32_t order[ROWS];
    expected->measured = evaluate(model, make_table(0, NULL, classes), metric);
    for (uint32_t r = 0; r < REPEATS; r++) {
        bp_random_permutation(SEED, bp_stream(BP_STREAM_IMPORTANCE, r), order, ROWS);
        const double measured = evaluate(model, make_table(k, order, classes), metric);
        worse[r] = bp_metric_lower_is_better(metric) ? measured - expected->measured
                                                     : expected->measured - measured;
        sum += worse[r];
    }
    expected->mean = sum / REPEATS;
    for (size_t r = 0; r < REPEATS; r++)
        squares += (worse[r] - expected->mean) * (worse[r] - expected->mean);
    expected->std = sqrt(squares / REPEATS);
}

static void check(bool classes, bp_metric metric)
{
    static const char *const names[COLUMNS] = {"a", "color", "b"};
    const bp_importance_options options = make_options(metric);
    bp_dataset *dataset = make_table(0, NULL, classes);
    bp_model *model = make_model(dataset);
    bp_importance found[COLUMNS];
    bp_error error;
    cr_assert_eq(bp_permutation_importance(model, dataset, NULL, &options, found, &error), BP_OK,
                 "%s", error.message);
    size_t moved = 0;
    for (size_t k = 0; k < COLUMNS; k++) {
        bp_importance expected = {0};
        compute(model, classes, metric, k, &expected);
        cr_expect_str_eq(found[k].name, names[k]);
        cr_expect_eq(found[k].metric, metric);
        cr_expect_eq(found[k].measured, expected.measured);
        cr_expect_eq(found[k].mean, expected.mean, "column %zu: %.17g", k, found[k].mean);
        cr_expect_eq(found[k].std, expected.std, "column %zu: %.17g", k, found[k].std);
        moved += found[k].std > 0;
    }
    cr_expect_gt(moved, 0);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_importance, is_how_much_worse_the_metric_is_where_a_column_is_permuted)
{
    check(true, BP_METRIC_LOG_LOSS);
    check(true, BP_METRIC_ACCURACY);
    check(false, BP_METRIC_RMSE);
    check(false, BP_METRIC_R2);
}

Test(model_importance, has_the_same_bits_for_any_number_of_threads)
{
    const bp_importance_options options = make_options(BP_METRIC_AUTO);
    bp_dataset *dataset = make_table(0, NULL, false);
    bp_model *model = make_model(dataset);
    bp_importance one[COLUMNS] = {{0}}, several[COLUMNS] = {{0}};
    bp_run_options run = bp_run_options_default();
    run.threads = 1;
    cr_assert_eq(bp_permutation_importance(model, dataset, &run, &options, one, NULL), BP_OK);
    cr_expect_eq(one[0].metric, BP_METRIC_RMSE);
    run.threads = 3;
    cr_assert_eq(bp_permutation_importance(model, dataset, &run, &options, several, NULL), BP_OK);
    for (size_t k = 0; k < COLUMNS; k++) {
        cr_expect_eq(one[k].mean, several[k].mean);
        cr_expect_eq(one[k].std, several[k].std);
    }
    bp_model_free(model);
    bp_dataset_free(dataset);
}

/* Pixels are bytes, and one column. */
Test(model_importance, permutes_the_cells_of_a_column_together_and_leaves_them_as_they_were)
{
    static const uint8_t pixels[] = {0, 0, 250, 9, 9, 250, 0, 3, 251, 8, 0, 249};
    static const uint32_t labels[] = {0, 1, 0, 1, 0, 1};
    bp_dataset *dataset = table_images(6, 2, pixels, labels, 2);
    bp_model *model = make_model(dataset);
    bp_importance_options options = make_options(BP_METRIC_LOG_LOSS);
    bp_importance found, again;
    const bp_model_info info = bp_model_get_info(model);
    cr_assert_eq(info.input_columns, 1);
    cr_assert_eq(bp_permutation_importance(model, dataset, NULL, &options, &found, NULL), BP_OK);
    cr_expect_neq(found.mean, 0);
    cr_assert_eq(bp_permutation_importance(model, dataset, NULL, &options, &again, NULL), BP_OK);
    cr_expect_eq(found.mean, again.mean);
    options.seed++;
    cr_assert_eq(bp_permutation_importance(model, dataset, NULL, &options, &again, NULL), BP_OK);
    cr_expect_neq(found.std, again.std);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

static void refuse(const bp_model *model, const bp_dataset *dataset,
                   const bp_importance_options *options, const char *what)
{
    bp_importance found[COLUMNS];
    bp_error error;
    cr_expect_eq(bp_permutation_importance(model, dataset, NULL, options, found, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect(strstr(error.message, what), "%s", error.message);
}

Test(model_importance, refuses_repeats_and_metrics_that_do_not_fit)
{
    bp_importance_options options = bp_importance_options_default();
    bp_dataset *dataset = make_table(0, NULL, false);
    bp_model *model = make_model(dataset);
    cr_expect_eq(options.repeats, 5);
    options.repeats = 0;
    refuse(model, dataset, &options, "repeats of a column are 1 to 10000, not 0");
    options.repeats = 10001;
    refuse(model, dataset, &options, "not 10001");
    options.repeats = 1;
    options.metric = BP_METRIC_ACCURACY;
    refuse(model, dataset, &options, "metric accuracy is for classes");
    options.metric = BP_METRIC_R2;
    static const uint32_t row[] = {5};
    refuse(model, table_show(dataset, 1, row), &options,
           "metric r2 is not defined on these 1 row:");
    bp_model_free(model);
    bp_dataset_free(dataset);
}
