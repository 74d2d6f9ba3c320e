/* Describing columns and counting values. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/tables.h"

static bp_column_info describe(const bp_dataset *dataset, size_t column)
{
    bp_error error = {.message = ""};
    bp_column_info info;
    cr_assert_eq(bp_dataset_describe(dataset, column, &info, &error), BP_OK, "%s", error.message);
    return info;
}

Test(data_describe, a_column_of_numbers)
{
    bp_dataset *dataset = table_csv("a,c\n2,x\n4,x\n4,x\n4,x\n5,x\n5,x\n7,y\n9,y\n", true);
    bp_column_info info = describe(dataset, 0);
    cr_assert_str_eq(info.name, "a");
    cr_assert_eq(info.kind, BP_COLUMN_NUMBER);
    cr_assert_eq(info.role, BP_ROLE_UNKNOWN);
    cr_assert(info.integral);
    cr_assert_eq(info.min, 2.0);
    cr_assert_eq(info.max, 9.0);
    cr_assert_eq(info.mean, 5.0);
    cr_assert_eq(info.std, 2.0);
    cr_assert_eq(info.distinct, 5);
    bp_dataset_free(dataset);
}

Test(data_describe, fractions_are_not_integral)
{
    bp_dataset *dataset = table_csv("a,c\n2,x\n4.5,x\n", true);
    cr_assert_not(describe(dataset, 0).integral);
    bp_dataset_free(dataset);
}

Test(data_describe, a_column_of_categories)
{
    bp_dataset *dataset = table_csv("a,c\n2,x\n4,y\n4,x\n", true);
    bp_column_info info = describe(dataset, 1);
    cr_assert_eq(info.kind, BP_COLUMN_CATEGORY);
    cr_assert_not(info.integral);
    cr_assert_eq(info.distinct, 2);
    bp_dataset_free(dataset);
}

Test(data_describe, only_the_rows_shown_count)
{
    bp_dataset *dataset =
        table_show(table_csv("a,c\n2,x\n4.5,y\n6,z\n", true), 2, (const uint32_t[]){0, 2});
    bp_value_count counts[4];
    bp_column_info info = describe(dataset, 0);
    cr_assert(info.integral);
    cr_assert_eq(info.mean, 4.0);
    cr_assert_eq(describe(dataset, 1).distinct, 2);
    cr_assert_eq(bp_dataset_value_counts(dataset, 1, counts, 4), 2);
    cr_assert_str_eq(counts[1].name, "z");
    bp_dataset_free(dataset);
}

Test(data_describe, an_image_counts_its_pixels)
{
    bp_dataset *dataset =
        table_images(2, 3, (const uint8_t[]){7, 0, 255, 7, 7, 0}, (const uint32_t[]){1, 0}, 3);
    bp_value_count counts[4];
    bp_column_info info = describe(dataset, 0);
    cr_assert_eq(info.role, BP_ROLE_INPUT);
    cr_assert_eq(info.min, 0.0);
    cr_assert_eq(info.max, 255.0);
    cr_assert_eq(info.mean, 46.0);
    cr_assert_eq(info.distinct, 3);
    cr_assert_eq(bp_dataset_value_counts(dataset, 0, counts, 4), 3);
    cr_assert_eq(counts[1].number, 7.0);
    cr_assert_eq(counts[1].count, 3);
    cr_assert_eq(describe(dataset, 1).distinct, 2);
    cr_assert_eq(bp_dataset_value_counts(dataset, 1, counts, 4), 2);
    cr_assert_str_eq(counts[0].name, "2");
    cr_assert_eq(counts[0].count, 1);
    bp_dataset_free(dataset);
}

Test(data_describe, values_come_in_ascending_order_and_zero_has_no_sign)
{
    bp_dataset *dataset = table_csv("a,c\n3,x\n-0,x\n-1.5,x\n0,x\n3,x\n3,x\n", true);
    bp_value_count counts[8];
    cr_assert_eq(bp_dataset_value_counts(dataset, 0, counts, 8), 3);
    cr_assert_eq(counts[0].number, -1.5);
    cr_assert_eq(counts[0].count, 1);
    cr_assert_null(counts[0].name);
    cr_assert_eq(counts[1].number, 0.0);
    cr_assert_eq(counts[1].count, 2);
    cr_assert_eq(counts[2].number, 3.0);
    cr_assert_eq(counts[2].count, 3);
    bp_dataset_free(dataset);
}

Test(data_describe, the_first_values_keep_their_counts_when_room_is_short)
{
    static const size_t rooms[] = {1, 2, 3, 6, 7};
    bp_dataset *dataset =
        table_csv("a,c\n6,x\n5,x\n4,x\n1,x\n6,x\n2,x\n3,x\n1,x\n2,x\n1,x\n", true);
    static const size_t expected[] = {3, 2, 1, 1, 1, 2};
    for (size_t k = 0; k < sizeof rooms / sizeof rooms[0]; k++) {
        bp_value_count counts[8];
        size_t used = bp_dataset_value_counts(dataset, 0, counts, rooms[k]);
        cr_assert_eq(used, rooms[k] < 6 ? rooms[k] : 6);
        for (size_t v = 0; v < used; v++) {
            cr_assert_eq(counts[v].number, (double)v + 1);
            cr_assert_eq(counts[v].count, expected[v]);
        }
    }
    bp_dataset_free(dataset);
}

Test(data_describe, distinct_numbers_are_counted_up_to_1001)
{
    static const size_t rows[] = {1000, 1001, 1002, 5000};
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        float *values = malloc(rows[k] * sizeof *values);
        for (size_t x = 0; x < rows[k]; x++)
            values[x] = (float)((x * 7919) % rows[k]);
        bp_dataset *dataset = table_numbers(BP_FORMAT_AUTO, rows[k], 1, 0, values);
        bp_value_count *counts = malloc(2000 * sizeof *counts);
        cr_assert_eq(describe(dataset, 0).distinct, rows[k] < 1001 ? rows[k] : 1001);
        cr_assert_eq(bp_dataset_value_counts(dataset, 0, counts, 2000), 1000);
        free(counts);
        free(values);
        bp_dataset_free(dataset);
    }
}

Test(data_describe, there_is_nothing_beyond_the_last_column)
{
    bp_error error = {.message = ""};
    bp_column_info info;
    bp_value_count count;
    bp_dataset *dataset = table_csv("a,c\n2,x\n4,x\n", true);
    cr_assert_eq(bp_dataset_describe(dataset, 2, &info, &error), BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message, "test.csv: there is no column 2: it has 2, from 0");
    cr_assert_eq(bp_dataset_value_counts(dataset, 2, &count, 1), 0);
    cr_assert_eq(bp_dataset_value_counts(dataset, 0, &count, 0), 0);
    bp_dataset_free(dataset);
}
