/* Splitting off rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/random.h"
#include "support/tables.h"

/* `rows` rows whose only cell is the number of the row. */
static bp_dataset *make_rows(size_t rows)
{
    float *values = malloc(rows * sizeof *values);
    for (size_t x = 0; x < rows; x++)
        values[x] = (float)x;
    bp_dataset *dataset = table_numbers(BP_FORMAT_AUTO, rows, 1, 0, values);
    free(values);
    return dataset;
}

/* Asserts that the two sides ascend and hold each row once. */
static void assert_partition(const bp_dataset *train, const bp_dataset *held_out, size_t rows)
{
    unsigned char *seen = calloc(rows, 1);
    const bp_dataset *sides[] = {train, held_out};
    cr_assert_eq(train->count + held_out->count, rows);
    for (size_t s = 0; s < 2; s++) {
        for (size_t x = 0; x < sides[s]->count; x++) {
            cr_assert(x == 0 || sides[s]->rows[x - 1] < sides[s]->rows[x]);
            cr_assert_not(seen[sides[s]->rows[x]]++);
        }
    }
    free(seen);
}

Test(data_split, every_row_is_on_one_side_in_its_order)
{
    static const struct {
        size_t rows;
        double fraction;
        size_t held_out;
    } cases[] = {{2, 0.5, 1},      {3, 0.5, 1},        {10, 0.25, 2},
                 {1797, 0.2, 359}, {1000, 0.999, 999}, {65537, 1.0 / 3.0, 21845}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        bp_dataset *dataset = make_rows(cases[k].rows), *train, *held_out;
        cr_assert_eq(bp_dataset_split(dataset, cases[k].fraction, 7, &train, &held_out, NULL),
                     BP_OK);
        cr_assert_eq(held_out->count, cases[k].held_out);
        assert_partition(train, held_out, cases[k].rows);
        bp_dataset_free(train);
        bp_dataset_free(held_out);
        bp_dataset_free(dataset);
    }
}

Test(data_split, the_part_is_the_beginning_of_the_random_order)
{
    uint32_t order[20];
    bp_dataset *dataset = make_rows(20), *train, *held_out;
    bp_random_permutation(42, bp_stream(BP_STREAM_SPLIT, 0), order, 20);
    cr_assert_eq(bp_dataset_split(dataset, 0.3, 42, &train, &held_out, NULL), BP_OK);
    for (size_t x = 0; x < held_out->count; x++) {
        size_t k = 0;
        while (k < 6 && order[k] != held_out->rows[x])
            k++;
        cr_assert(k < 6);
    }
    bp_dataset_free(train);
    bp_dataset_free(held_out);
    bp_dataset_free(dataset);
}

Test(data_split, the_seed_decides)
{
    bp_dataset *dataset = make_rows(100), *train[3], *held_out[3];
    static const uint64_t seeds[] = {1, 1, 2};
    for (size_t k = 0; k < 3; k++)
        bp_dataset_split(dataset, 0.5, seeds[k], &train[k], &held_out[k], NULL);
    cr_assert_arr_eq(held_out[0]->rows, held_out[1]->rows, 50 * sizeof(uint32_t));
    cr_assert_arr_neq(held_out[0]->rows, held_out[2]->rows, 50 * sizeof(uint32_t));
    for (size_t k = 0; k < 3; k++) {
        bp_dataset_free(train[k]);
        bp_dataset_free(held_out[k]);
    }
    bp_dataset_free(dataset);
}

Test(data_split, a_part_can_be_split_again)
{
    bp_dataset *dataset = make_rows(100), *train, *held_out, *inner_train, *inner_held_out;
    cr_assert_eq(bp_dataset_split(dataset, 0.5, 3, &train, &held_out, NULL), BP_OK);
    cr_assert_eq(bp_dataset_split(held_out, 0.5, 3, &inner_train, &inner_held_out, NULL), BP_OK);
    unsigned char is_held_out[100] = {0};
    for (size_t x = 0; x < held_out->count; x++)
        is_held_out[held_out->rows[x]] = 1;
    for (size_t x = 0; x < 25; x++) {
        cr_assert(is_held_out[inner_train->rows[x]]++ == 1);
        cr_assert(is_held_out[inner_held_out->rows[x]]++ == 1);
    }
    bp_dataset_free(inner_train);
    bp_dataset_free(inner_held_out);
    bp_dataset_free(train);
    bp_dataset_free(held_out);
    bp_dataset_free(dataset);
}

Test(data_split, the_parts_outlive_the_dataset)
{
    bp_dataset *dataset = make_rows(10), *train, *held_out;
    cr_assert_eq(bp_dataset_split(dataset, 0.5, 1, &train, &held_out, NULL), BP_OK);
    cr_assert_eq(atomic_load(&dataset->table->holders), 3);
    bp_dataset_free(dataset);
    bp_dataset_free(train);
    cr_assert_eq(atomic_load(&held_out->table->holders), 1);
    cr_assert_eq(held_out->table->values[9], 9.0f);
    cr_assert_eq(bp_dataset_get_info(held_out).rows, 5);
    bp_dataset_free(held_out);
}

Test(data_split, a_fraction_outside_0_to_1_is_an_error)
{
    static const double fractions[] = {0.0, 1.0, -0.5, 1.5, NAN, INFINITY};
    bp_dataset *dataset = make_rows(10);
    for (size_t k = 0; k < sizeof fractions / sizeof fractions[0]; k++) {
        bp_error error = {.message = ""};
        bp_dataset *train = dataset, *held_out = dataset;
        cr_assert_eq(bp_dataset_split(dataset, fractions[k], 1, &train, &held_out, &error),
                     BP_ERROR_ARGUMENT);
        cr_assert_null(train);
        cr_assert_null(held_out);
        cr_assert_not_null(strstr(error.message, "it must lie between 0 and 1"));
    }
    bp_dataset_free(dataset);
}

Test(data_split, a_part_without_rows_is_an_error)
{
    bp_error error = {.message = ""};
    bp_dataset *dataset = make_rows(9), *train, *held_out;
    cr_assert_eq(bp_dataset_split(dataset, 0.1, 1, &train, &held_out, &error), BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message, "memory: a fraction of 0.1 of 9 rows is not one row");
    bp_dataset_free(dataset);
    dataset = make_rows(1);
    cr_assert_eq(bp_dataset_split(dataset, 0.999, 1, &train, &held_out, &error), BP_ERROR_ARGUMENT);
    bp_dataset_free(dataset);
}

Test(data_split, the_largest_fraction_leaves_a_row)
{
    bp_dataset *dataset = make_rows(3), *train, *held_out;
    cr_assert_eq(bp_dataset_split(dataset, nextafter(1.0, 0.0), 1, &train, &held_out, NULL), BP_OK);
    cr_assert_eq(train->count, 1);
    bp_dataset_free(train);
    bp_dataset_free(held_out);
    bp_dataset_free(dataset);
}
