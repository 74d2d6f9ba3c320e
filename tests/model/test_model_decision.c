/* Which class a model predicts: the largest factor x output, wherever a class is decided. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "support/folder.h"
#include "support/hostile.h"

#define IRIS    DATASETS "/iris.csv"
#define ROWS    150
#define CLASSES 3

static bp_dataset *read_iris(void)
{
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_read(&dataset, IRIS, NULL, NULL), BP_OK);
    return dataset;
}

/* Not trained: its outputs are near one another. */
static bp_model *make_model(const bp_dataset *dataset, uint64_t seed)
{
    bp_model_options options = bp_model_options_default();
    bp_model *model;
    options.seed = seed;
    cr_assert_eq(bp_model_create(&model, dataset, &options, NULL), BP_OK);
    return model;
}

static bp_model *make_number_model(void)
{
    bp_read_options read = bp_read_options_default();
    bp_dataset *dataset;
    bp_model *model;
    bp_model_options options = bp_model_options_default();
    read.ignore = "5";
    options.target = "4";
    cr_assert_eq(bp_dataset_read(&dataset, IRIS, &read, NULL), BP_OK);
    cr_assert_eq(bp_model_create(&model, dataset, &options, NULL), BP_OK);
    bp_dataset_free(dataset);
    return model;
}

/* By the definition. */
static size_t decide(const double *factor, const float *outputs)
{
    size_t best = 0;
    for (size_t c = 1; c < CLASSES; c++) {
        if (factor[c] * (double)outputs[c] > factor[best] * (double)outputs[best])
            best = c;
    }
    return best;
}

static const double factors[] = {1.25, 0.5, 1.5};

Test(model_decision, the_class_is_that_of_the_largest_product_and_outputs_stay)
{
    static float before[CLASSES * ROWS], after[CLASSES * ROWS];
    size_t changed = 0;
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset, 1);
    cr_expect_not(bp_model_get_info(model).has_factors);
    cr_expect_eq(bp_model_get_factor(model, 2), 1);
    cr_assert_eq(bp_predict(model, dataset, NULL, before, NULL), BP_OK);
    cr_assert_eq(bp_model_set_factors(model, factors, NULL), BP_OK);
    cr_assert_eq(bp_predict(model, dataset, NULL, after, NULL), BP_OK);
    cr_assert_arr_eq(before, after, sizeof before);
    cr_expect(bp_model_get_info(model).has_factors);
    cr_expect_eq(bp_model_get_factor(model, 1), 0.5);
    cr_expect_eq(bp_model_get_factor(model, CLASSES), 0);
    for (size_t x = 0; x < ROWS; x++) {
        const float *row = after + CLASSES * x;
        const double wide[CLASSES] = {(double)row[0], (double)row[1], (double)row[2]};
        const size_t class = decide(factors, row);
        cr_assert_eq(bp_model_decide(model, row), class, "row %zu", x);
        cr_assert_eq(bp_model_decide_wide(model, wide), class, "row %zu", x);
        changed += class != decide((const double[]){1, 1, 1}, row);
    }
    cr_expect_gt(changed, 0);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_decision, of_equal_products_the_first_counts)
{
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset, 1);
    cr_assert_eq(bp_model_set_factors(model, (const double[]){1, 2, 4}, NULL), BP_OK);
    cr_expect_eq(bp_model_decide(model, (const float[]){0.5f, 0.25f, 0.125f}), 0);
    cr_expect_eq(bp_model_decide(model, (const float[]){0.25f, 0.25f, 0.125f}), 1);
    cr_assert_eq(bp_model_set_factors(model, NULL, NULL), BP_OK);
    cr_expect_eq(bp_model_decide(model, (const float[]){0.25f, 0.25f, 0.125f}), 0);
    cr_expect_eq(bp_model_decide(NULL, (const float[]){0, 1, 0}), 0);
    cr_expect_eq(bp_model_decide(model, NULL), 0);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_decision, figures_and_confusion_count_the_class_decided)
{
    static float outputs[CLASSES * ROWS];
    uint64_t expected[CLASSES][CLASSES] = {{0}}, counts[CLASSES];
    size_t hits = 0;
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset, 1);
    bp_evaluation *plain, *evaluation;
    cr_assert_eq(bp_evaluation_create(&plain, model, dataset, NULL, NULL), BP_OK);
    cr_assert_eq(bp_model_set_factors(model, factors, NULL), BP_OK);
    cr_assert_eq(bp_predict(model, dataset, NULL, outputs, NULL), BP_OK);
    for (size_t x = 0; x < ROWS; x++) {
        const size_t class = decide(factors, outputs + CLASSES * x);
        expected[x / 50][class]++;
        hits += class == x / 50;
    }
    cr_assert_eq(bp_evaluation_create(&evaluation, model, dataset, NULL, NULL), BP_OK);
    const bp_metrics metrics = bp_evaluation_get_metrics(evaluation);
    cr_expect_float_eq(metrics.accuracy, (double)hits / ROWS, 1e-15);
    cr_expect_eq(metrics.loss, bp_evaluation_get_metrics(plain).loss);
    cr_expect_eq(metrics.log_loss, bp_evaluation_get_metrics(plain).log_loss);
    for (size_t c = 0; c < CLASSES; c++) {
        cr_assert_eq(bp_evaluation_get_confusion(evaluation, c, counts, NULL), BP_OK);
        cr_expect_arr_eq(counts, expected[c], sizeof counts);
    }
    bp_evaluation_free(evaluation);
    bp_evaluation_free(plain);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

/* The answer of the baseline is the most frequent class, whatever the model decides. */
Test(model_decision, the_baseline_is_left_alone)
{
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset, 1);
    bp_train_options options = bp_train_options_default();
    bp_holdout holdout = bp_holdout_default();
    bp_dataset *rows, *left;
    bp_trainer *trainer;
    bp_quality before, after;
    holdout.fraction = 0.3;
    holdout.stratify = false;
    cr_assert_eq(bp_dataset_hold_out(dataset, &holdout, &rows, &left, NULL), BP_OK);
    cr_assert_eq(bp_trainer_create(&trainer, model, rows, NULL, &options, NULL), BP_OK);
    cr_assert_eq(bp_trainer_measure(trainer, false, &before, NULL), BP_OK);
    double others[CLASSES] = {1, 1, 1};
    others[strcmp(before.baseline_class, "setosa") == 0       ? 0
           : strcmp(before.baseline_class, "versicolor") == 0 ? 1
                                                              : 2] = 0.01;
    cr_assert_eq(bp_model_set_factors(model, others, NULL), BP_OK);
    cr_assert_eq(bp_trainer_measure(trainer, false, &after, NULL), BP_OK);
    cr_expect_eq(after.baseline.accuracy, before.baseline.accuracy);
    cr_expect_neq(after.metrics.accuracy, before.metrics.accuracy);
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(left);
    bp_dataset_free(rows);
    bp_dataset_free(dataset);
}

static void expect_factors(const bp_model *model, const double *expected)
{
    for (size_t c = 0; c < CLASSES; c++)
        cr_expect_eq(bp_model_get_factor(model, c), expected[c], "class %zu", c);
}

Test(model_decision, a_file_and_a_copy_keep_factors_but_those_that_are_all_1)
{
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors"), *plain_path = folder_path(&folder, "p");
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset, 1), *copy, *loaded;
    cr_assert_eq(bp_model_save(model, plain_path, NULL), BP_OK);
    cr_assert_eq(bp_model_set_factors(model, (const double[]){1, 1, 1}, NULL), BP_OK);
    cr_expect_not(bp_model_get_info(model).has_factors);
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    char *a = file_get(plain_path, NULL), *b = file_get(path, NULL);
    cr_expect_null(strstr(b + 8, "factors"));
    cr_expect_str_eq(a + 8, b + 8);
    cr_assert_eq(bp_model_set_factors(model, factors, NULL), BP_OK);
    cr_assert_eq(bp_model_copy(&copy, model, NULL), BP_OK);
    expect_factors(copy, factors);
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    cr_assert_eq(bp_model_load(&loaded, path, NULL), BP_OK);
    expect_factors(loaded, factors);
    cr_expect_str_eq(bp_model_get_info(loaded).weights_digest,
                     bp_model_get_info(model).weights_digest);
    free(a);
    free(b);
    bp_model_free(loaded);
    bp_model_free(copy);
    bp_model_free(model);
    bp_dataset_free(dataset);
    free(plain_path);
    free(path);
    folder_remove(&folder);
}

Test(model_decision, a_model_of_several_networks_has_factors_of_its_own)
{
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors");
    bp_dataset *dataset = read_iris();
    bp_model *member[] = {make_model(dataset, 1), make_model(dataset, 2)}, *model, *loaded;
    static const double ones[] = {1, 1, 1};
    cr_assert_eq(bp_model_set_factors(member[0], factors, NULL), BP_OK);
    cr_assert_eq(bp_model_combine(&model, member, NULL, 2, NULL), BP_OK);
    expect_factors(model, ones);
    expect_factors(bp_model_get_member(model, 0), ones);
    cr_assert_eq(bp_model_set_factors(model, factors, NULL), BP_OK);
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    cr_assert_eq(bp_model_load(&loaded, path, NULL), BP_OK);
    cr_expect_eq(bp_model_members(loaded), 2);
    expect_factors(loaded, factors);
    expect_factors(bp_model_get_member(loaded, 1), ones);
    bp_model_free(loaded);
    bp_model_free(model);
    bp_dataset_free(dataset);
    free(path);
    folder_remove(&folder);
}

Test(model_decision, what_is_no_factor_is_refused_and_leaves_the_model_alone)
{
    static const double wrong[] = {0, -1, NAN, INFINITY};
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset, 1), *numbers = make_number_model();
    bp_error error;
    cr_assert_eq(bp_model_set_factors(model, factors, NULL), BP_OK);
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        const double given[] = {1, wrong[k], 2};
        cr_expect_eq(bp_model_set_factors(model, given, &error), BP_ERROR_ARGUMENT);
        cr_expect_not_null(strstr(error.message, "class 1 is"), "%s", error.message);
    }
    expect_factors(model, factors);
    cr_expect_eq(bp_model_set_factors(numbers, factors, &error), BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "predicts numbers"), "%s", error.message);
    cr_expect_eq(bp_model_get_factor(numbers, 0), 0);
    bp_model_free(numbers);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_decision, a_file_whose_factors_were_changed_is_refused)
{
    static const struct {
        const char *from, *to;
    } edits[] = {
        {"3fe0000000000000", "bfe0000000000000"}, /* 0.5 becomes -0.5 */
        {"3fe0000000000000", "7ff0000000000000"},
        {"3fe0000000000000", "0000000000000000"},
        {"3fe0000000000000", "3fe"},
        {"\\\"3fe0000000000000\\\",", ""},
        {"\\\"factors\\\":[", "\\\"factors\\\":[1,"},
    };
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors");
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset, 1);
    cr_assert_eq(bp_model_set_factors(model, factors, NULL), BP_OK);
    for (size_t k = 0; k < sizeof edits / sizeof edits[0]; k++) {
        cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
        hostile_edit(path, edits[k].from, edits[k].to);
        hostile_expect_no_model(path, "\"factors\" is not a list of a number above 0 for each");
    }
    bp_model_free(model);
    bp_dataset_free(dataset);
    free(path);
    folder_remove(&folder);
}
