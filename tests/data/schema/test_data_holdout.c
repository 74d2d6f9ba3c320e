/* Folds and shares of rows, stratified by class. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/random.h"
#include "data/schema/schema.h"
#include "support/tables.h"

/* A CSV dataset of one input and a class, with as many rows of class c as counts[c]; classes lie in
 * turns, so that the order of the file does not help. */
static bp_dataset *make_classes(const size_t *counts, size_t classes)
{
    char text[65536] = "";
    size_t length = 0, left = 1;
    for (size_t round = 0; left; round++) {
        left = 0;
        for (size_t c = 0; c < classes; c++) {
            if (round >= counts[c])
                continue;
            left = 1;
            length +=
                (size_t)snprintf(text + length, sizeof text - length, "%zu,class%zu\n", round, c);
        }
    }
    return table_csv(text, false);
}

/* Rows of numbers without a target. */
static bp_dataset *make_numbers(size_t rows)
{
    float *values = calloc(2 * rows, sizeof *values);
    for (size_t x = 0; x < 2 * rows; x++)
        values[x] = (float)x;
    bp_dataset *dataset = table_numbers(BP_FORMAT_FANN, rows, 1, 1, values);
    free(values);
    return dataset;
}

static void free_parts(bp_dataset *train, bp_dataset *held_out)
{
    bp_dataset_free(train);
    bp_dataset_free(held_out);
}

/* Asserts that the folds hold each row once, that train and held_out are all rows in their order,
 * and that sizes differ by one at the most. */
static void assert_folds(const bp_dataset *dataset, bp_holdout holdout)
{
    const size_t rows = dataset->count;
    unsigned char *held = calloc(rows, 1);
    for (holdout.fold = 0; holdout.fold < holdout.folds; holdout.fold++) {
        bp_dataset *train, *held_out;
        cr_assert_eq(bp_dataset_hold_out(dataset, &holdout, &train, &held_out, NULL), BP_OK);
        cr_assert_eq(train->count + held_out->count, rows);
        cr_assert_geq(held_out->count, rows / holdout.folds);
        cr_assert_leq(held_out->count, (rows - 1) / holdout.folds + 1);
        size_t at[2] = {0, 0};
        for (size_t x = 0; x < rows; x++) {
            bool is_held_out = at[1] < held_out->count && held_out->rows[at[1]] == x;
            cr_assert(is_held_out || train->rows[at[0]] == x);
            at[is_held_out]++;
            held[x] = (unsigned char)(held[x] + is_held_out);
        }
        free_parts(train, held_out);
    }
    for (size_t x = 0; x < rows; x++)
        cr_assert_eq(held[x], 1, "row %zu is held out %d times", x, held[x]);
    free(held);
}

Test(data_holdout, every_row_is_in_one_fold)
{
    static const struct {
        size_t rows, folds;
    } cases[] = {{2, 2}, {3, 2}, {10, 10}, {11, 10}, {97, 5}, {1000, 7}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        bp_dataset *dataset = make_numbers(cases[k].rows);
        bp_holdout holdout = bp_holdout_default();
        holdout.folds = cases[k].folds;
        assert_folds(dataset, holdout);
        bp_dataset_free(dataset);
    }
}

/* Counts the rows of each class, whose codes are in order of appearance. */
static void count_classes(const bp_dataset *dataset, size_t *counts)
{
    const struct bp_table *table = dataset->table;
    for (size_t x = 0; x < dataset->count; x++)
        counts[(size_t)table->values[dataset->rows[x] * table->cells + 1]]++;
}

Test(data_holdout, folds_of_classes_are_as_even_as_rows_can_be)
{
    static const size_t counts[] = {53, 20, 7, 3, 1};
    bp_dataset *dataset = make_classes(counts, 5);
    for (size_t folds = 2; folds <= 84; folds += 9) {
        bp_holdout holdout = bp_holdout_default();
        holdout.folds = folds;
        assert_folds(dataset, holdout);
        for (holdout.fold = 0; holdout.fold < folds; holdout.fold++) {
            bp_dataset *train, *held_out;
            size_t held[5] = {0};
            cr_assert_eq(bp_dataset_hold_out(dataset, &holdout, &train, &held_out, NULL), BP_OK);
            count_classes(held_out, held);
            for (size_t c = 0; c < 5; c++) {
                cr_assert_geq(held[c], counts[c] / folds);
                cr_assert_leq(held[c], (counts[c] + folds - 1) / folds);
            }
            free_parts(train, held_out);
        }
    }
    bp_dataset_free(dataset);
}

Test(data_holdout, a_share_holds_each_class_by_its_size)
{
    static const size_t counts[] = {200, 100, 40, 9};
    static const double fractions[] = {0.01, 0.1, 0.25, 0.5, 0.9};
    bp_dataset *dataset = make_classes(counts, 4);
    for (size_t k = 0; k < sizeof fractions / sizeof fractions[0]; k++) {
        bp_holdout holdout = bp_holdout_default();
        holdout.fraction = fractions[k];
        bp_dataset *train, *held_out;
        size_t held[4] = {0};
        cr_assert_eq(bp_dataset_hold_out(dataset, &holdout, &train, &held_out, NULL), BP_OK);
        cr_assert_eq(held_out->count, (size_t)(fractions[k] * 349));
        count_classes(held_out, held);
        for (size_t c = 0; c < 4; c++) {
            double share = (double)held_out->count * (double)counts[c] / 349;
            cr_assert_lt((double)held[c], share + 1 + 1e-9);
            cr_assert_lt(share - 1 - 1e-9, (double)held[c]);
        }
        free_parts(train, held_out);
    }
    bp_dataset_free(dataset);
}

Test(data_holdout, few_integers_of_a_csv_column_are_classes)
{
    bp_dataset *dataset = table_csv("1,0\n2,1\n3,0\n4,1\n5,0\n6,1\n7,0\n8,1\n", false);
    bp_holdout holdout = bp_holdout_default();
    holdout.folds = 4;
    for (holdout.fold = 0; holdout.fold < 4; holdout.fold++) {
        bp_dataset *train, *held_out;
        size_t held[2] = {0};
        cr_assert_eq(bp_dataset_hold_out(dataset, &holdout, &train, &held_out, NULL), BP_OK);
        count_classes(held_out, held);
        cr_assert_eq(held[0], 1);
        cr_assert_eq(held[1], 1);
        free_parts(train, held_out);
    }
    bp_dataset_free(dataset);
}

/* Whether a share is the one that bp_dataset_split() takes off. */
static bool is_plain(const bp_dataset *dataset, const bp_holdout *holdout)
{
    bp_dataset *train[2], *held_out[2];
    cr_assert_eq(bp_dataset_hold_out(dataset, holdout, &train[0], &held_out[0], NULL), BP_OK);
    cr_assert_eq(
        bp_dataset_split(dataset, holdout->fraction, holdout->seed, &train[1], &held_out[1], NULL),
        BP_OK);
    cr_assert_eq(held_out[0]->count, held_out[1]->count);
    bool same =
        memcmp(held_out[0]->rows, held_out[1]->rows, held_out[0]->count * sizeof(uint32_t)) == 0;
    free_parts(train[0], held_out[0]);
    free_parts(train[1], held_out[1]);
    return same;
}

Test(data_holdout, numbers_are_split_as_ever)
{
    static const size_t counts[] = {50, 50};
    bp_dataset *numbers = make_numbers(100), *classes = make_classes(counts, 2);
    bp_holdout holdout = bp_holdout_default();
    holdout.fraction = 0.3;
    holdout.seed = 11;
    cr_assert(is_plain(numbers, &holdout));
    cr_assert_not(is_plain(classes, &holdout));
    holdout.target = "1";
    holdout.task = BP_TASK_REGRESS;
    cr_assert(is_plain(classes, &holdout));
    holdout.target = NULL;
    holdout.stratify = false;
    cr_assert(is_plain(classes, &holdout));
    bp_dataset_free(numbers);
    bp_dataset_free(classes);
}

Test(data_holdout, the_seed_decides)
{
    static const size_t counts[] = {60, 40};
    static const uint64_t seeds[] = {5, 5, 6};
    bp_dataset *dataset = make_classes(counts, 2), *train[3], *held_out[3];
    for (size_t k = 0; k < 3; k++) {
        bp_holdout holdout = bp_holdout_default();
        holdout.folds = 2;
        holdout.seed = seeds[k];
        bp_dataset_hold_out(dataset, &holdout, &train[k], &held_out[k], NULL);
    }
    cr_assert_arr_eq(held_out[0]->rows, held_out[1]->rows, 50 * sizeof(uint32_t));
    cr_assert_arr_neq(held_out[0]->rows, held_out[2]->rows, 50 * sizeof(uint32_t));
    for (size_t k = 0; k < 3; k++)
        free_parts(train[k], held_out[k]);
    bp_dataset_free(dataset);
}

Test(data_holdout, a_class_that_is_held_out_whole_is_known_and_a_category_is_not)
{
    bp_dataset *dataset = table_csv("a,1,x\nb,2,y\na,3,x\na,4,y\nb,5,x\nc,6,z\n", false);
    const struct bp_schema_options options = {.scale = BP_SCALE_STANDARD};
    bp_holdout holdout = bp_holdout_default();
    holdout.folds = 6;
    for (holdout.fold = 0; holdout.fold < 6; holdout.fold++) {
        bp_dataset *train, *held_out;
        struct bp_schema *schema;
        cr_assert_eq(bp_dataset_hold_out(dataset, &holdout, &train, &held_out, NULL), BP_OK);
        cr_assert_eq(bp_schema_fit(&schema, train, &options, NULL), BP_OK);
        const bool knows_c = held_out->rows[0] != 5;
        cr_assert_eq(schema->column[0].neurons, knows_c ? 3 : 2);
        cr_assert_eq(schema->column[2].neurons, 3);
        cr_assert_str_eq(schema->column[2].category[2], "z");
        double sum = 21 - (double)held_out->table->values[held_out->rows[0] * 3 + 1];
        cr_assert_float_eq((double)schema->column[1].shift, sum / 5, 1e-6);
        bp_schema_free(schema);
        free_parts(train, held_out);
    }
    bp_dataset_free(dataset);
}

Test(data_holdout, a_part_can_be_held_out_of_again)
{
    static const size_t counts[] = {30, 30};
    bp_dataset *dataset = make_classes(counts, 2), *train, *held_out, *inner_train, *inner_held_out;
    bp_holdout holdout = bp_holdout_default();
    holdout.folds = 3;
    cr_assert_eq(bp_dataset_hold_out(dataset, &holdout, &train, &held_out, NULL), BP_OK);
    cr_assert_eq(bp_dataset_hold_out(train, &holdout, &inner_train, &inner_held_out, NULL), BP_OK);
    for (size_t k = 0; k < inner_held_out->count; k++) {
        size_t x = 0;
        while (x < train->count && train->rows[x] != inner_held_out->rows[k])
            x++;
        cr_assert_lt(x, train->count);
    }
    free_parts(inner_train, inner_held_out);
    free_parts(train, held_out);
    bp_dataset_free(dataset);
}

static void expect_failure(const bp_dataset *dataset, const bp_holdout *holdout,
                           const char *message)
{
    bp_error error = {.message = ""};
    bp_dataset *train = (bp_dataset *)dataset, *held_out = (bp_dataset *)dataset;
    cr_assert_eq(bp_dataset_hold_out(dataset, holdout, &train, &held_out, &error),
                 BP_ERROR_ARGUMENT);
    cr_assert_null(train);
    cr_assert_null(held_out);
    cr_assert_not_null(strstr(error.message, message), "%s", error.message);
}

Test(data_holdout, folds_that_cannot_be_are_errors)
{
    bp_dataset *dataset = make_numbers(9);
    bp_holdout holdout = bp_holdout_default();
    holdout.folds = 1;
    expect_failure(dataset, &holdout, "1 fold: give at least 2");
    holdout.folds = 10;
    expect_failure(dataset, &holdout, "test.data: 9 rows cannot be divided into 10 folds");
    holdout.folds = 9;
    holdout.fold = 9;
    expect_failure(dataset, &holdout, "there is no fold 9 of 9");
    holdout.folds = 0;
    expect_failure(dataset, &holdout, "it must lie between 0 and 1");
    holdout.fraction = 0.1;
    expect_failure(dataset, &holdout, "is not one row");
    bp_dataset_free(dataset);
}

Test(data_holdout, a_target_that_is_not_there_is_an_error_with_the_nearest)
{
    bp_dataset *dataset = table_csv("size,kind\n1,a\n2,b\n", true);
    bp_holdout holdout = bp_holdout_default();
    holdout.folds = 2;
    holdout.target = "knid";
    expect_failure(dataset, &holdout, "did you mean \"kind\"?");
    bp_dataset_free(dataset);
}
