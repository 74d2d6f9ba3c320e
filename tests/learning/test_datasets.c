/* The data sets that the project ships: what is in them, as datasets/README.md says. DATASETS is
 * their folder. */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"

static bp_dataset *read_dataset(const char *name)
{
    char path[1024];
    bp_error error = {.message = ""};
    const bp_read_options options = bp_read_options_default();
    bp_dataset *dataset;
    snprintf(path, sizeof path, "%s/%s", DATASETS, name);
    cr_assert_eq(bp_dataset_read(&dataset, path, &options, &error), BP_OK, "%s", error.message);
    return dataset;
}

static bp_column_info describe(const bp_dataset *dataset, size_t column)
{
    bp_column_info info;
    cr_assert_eq(bp_dataset_describe(dataset, column, &info, NULL), BP_OK);
    return info;
}

static void assert_shape(const bp_dataset *dataset, size_t rows, size_t columns)
{
    bp_dataset_info info = bp_dataset_get_info(dataset);
    cr_assert_eq(info.format, BP_FORMAT_CSV);
    cr_assert(info.has_header);
    cr_assert_eq(info.rows, rows);
    cr_assert_eq(info.columns, columns);
}

Test(datasets, xor_is_the_four_rows_of_its_truth_table)
{
    bp_dataset *dataset = read_dataset("xor.csv");
    bp_value_count counts[3];
    assert_shape(dataset, 4, 3);
    cr_assert_str_eq(describe(dataset, 2).name, "xor");
    for (size_t column = 0; column < 3; column++) {
        cr_assert_eq(bp_dataset_value_counts(dataset, column, counts, 3), 2);
        cr_assert_eq(counts[0].count, 2);
    }
    bp_dataset_free(dataset);
}

Test(datasets, iris_has_fifty_flowers_of_each_species)
{
    static const char *const species[] = {"setosa", "versicolor", "virginica"};
    bp_dataset *dataset = read_dataset("iris.csv");
    bp_value_count counts[4];
    assert_shape(dataset, 150, 5);
    cr_assert_str_eq(describe(dataset, 0).name, "sepal_length");
    cr_assert_str_eq(describe(dataset, 4).name, "species");
    cr_assert_eq(bp_dataset_value_counts(dataset, 4, counts, 4), 3);
    for (size_t k = 0; k < 3; k++) {
        cr_assert_str_eq(counts[k].name, species[k]);
        cr_assert_eq(counts[k].count, 50);
    }
    bp_dataset_free(dataset);
}

/* The means that R gives for its iris; UCI's file, with its two wrong rows, has 3.054 and 3.7587.
 */
Test(datasets, iris_has_the_values_of_the_paper)
{
    static const double means[] = {876.5 / 150, 458.6 / 150, 563.7 / 150, 179.9 / 150};
    bp_dataset *dataset = read_dataset("iris.csv");
    for (size_t column = 0; column < 4; column++) {
        /* Each value is rounded to single precision: its relative error is at most 2^-24. */
        cr_assert_float_eq(describe(dataset, column).mean, means[column], means[column] * 0x1p-24);
    }
    bp_dataset_free(dataset);
}

Test(datasets, the_digits_are_split_four_to_one)
{
    static const size_t rows[] = {1437, 360};
    static const char *const names[] = {"digits-train.csv", "digits-test.csv"};
    static const size_t digits[] = {178, 182, 177, 183, 181, 182, 181, 179, 174, 180};
    size_t found[10] = {0};
    for (size_t f = 0; f < 2; f++) {
        bp_dataset *dataset = read_dataset(names[f]);
        bp_value_count counts[11];
        assert_shape(dataset, rows[f], 65);
        cr_assert_str_eq(describe(dataset, 63).name, "p63");
        cr_assert_str_eq(describe(dataset, 64).name, "digit");
        cr_assert_eq(bp_dataset_value_counts(dataset, 64, counts, 11), 10);
        for (size_t digit = 0; digit < 10; digit++)
            found[digit] += counts[digit].count;
        bp_dataset_free(dataset);
    }
    cr_assert_arr_eq(found, digits, sizeof digits);
}

Test(datasets, the_pixels_of_the_digits_reach_from_0_to_16)
{
    bp_dataset *dataset = read_dataset("digits-train.csv");
    double max = 0;
    for (size_t column = 0; column < 64; column++) {
        bp_column_info info = describe(dataset, column);
        cr_assert_eq(info.kind, BP_COLUMN_NUMBER);
        cr_assert(info.integral && info.min >= 0);
        max = info.max > max ? info.max : max;
    }
    cr_assert_eq(max, 16.0);
    bp_dataset_free(dataset);
}
