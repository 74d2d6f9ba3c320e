/* Datasets from arrays in memory. */
#include <math.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/table/table.h"

static const float inputs[] = {1, 2, 3, 4, 5, 6};
static const float targets[] = {10, 20, 30};
static const uint32_t labels[] = {2, 0, 1};

static bp_arrays with_targets(void)
{
    return (bp_arrays){.size = sizeof(bp_arrays),
                       .count = 3,
                       .inputs = 2,
                       .outputs = 1,
                       .input = inputs,
                       .targets = targets};
}

static bp_arrays with_labels(void)
{
    return (bp_arrays){.size = sizeof(bp_arrays),
                       .count = 3,
                       .inputs = 2,
                       .input = inputs,
                       .labels = labels,
                       .classes = 4};
}

static bp_dataset *create(bp_arrays arrays)
{
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, &error), BP_OK, "%s", error.message);
    return dataset;
}

static void expect_error(bp_arrays arrays, const char *message)
{
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, &error), BP_ERROR_ARGUMENT);
    cr_assert_null(dataset);
    cr_assert_str_eq(error.message, message);
}

Test(data_arrays, inputs_and_targets_are_rows_of_their_own)
{
    bp_dataset *dataset = create(with_targets());
    const struct bp_table *table = dataset->table;
    cr_assert_arr_eq(table->values, inputs, sizeof inputs);
    cr_assert_arr_eq(table->targets, targets, sizeof targets);
    cr_assert_eq(table->columns, 3);
    cr_assert_str_eq(table->column[1].name, "x2");
    cr_assert_eq(table->column[1].role, BP_ROLE_INPUT);
    cr_assert_str_eq(table->column[2].name, "y1");
    cr_assert_eq(table->column[2].role, BP_ROLE_TARGET);
    cr_assert_eq(table->column[2].offset, 0);
    bp_dataset_free(dataset);
}

Test(data_arrays, labels_become_a_column_of_all_classes)
{
    bp_dataset *dataset = create(with_labels());
    const struct bp_table *table = dataset->table;
    cr_assert_arr_eq(table->labels, labels, sizeof labels);
    cr_assert_eq(table->cells, 2);
    cr_assert_str_eq(table->column[2].name, "class");
    cr_assert_eq(table->column[2].kind, BP_COLUMN_CATEGORY);
    cr_assert_eq(table->column[2].categories, 4);
    cr_assert_str_eq(table->column[2].category[3], "3");
    bp_dataset_free(dataset);
}

Test(data_arrays, neither_targets_nor_labels_is_legal)
{
    bp_dataset *dataset =
        create((bp_arrays){.size = sizeof(bp_arrays), .count = 3, .inputs = 2, .input = inputs});
    bp_dataset_info info = bp_dataset_get_info(dataset);
    cr_assert_eq(info.columns, 2);
    cr_assert_eq(info.rows, 3);
    cr_assert_str_eq(info.path, "memory");
    cr_assert_eq(info.format, BP_FORMAT_AUTO);
    cr_assert_eq(bp_table_line(dataset->table, 0), 0);
    bp_dataset_free(dataset);
}

Test(data_arrays, the_arrays_are_copied)
{
    float values[] = {1, 2};
    bp_dataset *dataset =
        create((bp_arrays){.size = sizeof(bp_arrays), .count = 2, .inputs = 1, .input = values});
    values[0] = 9;
    cr_assert_eq(dataset->table->values[0], 1.0F);
    bp_dataset_free(dataset);
}

Test(data_arrays, no_samples_or_no_inputs_are_errors)
{
    bp_arrays arrays = with_targets();
    arrays.count = 0;
    expect_error(arrays, "0 samples: there must be 1 to 4294967295");
    arrays = with_targets();
    arrays.inputs = 0;
    expect_error(arrays, "samples need at least one input");
    arrays = with_targets();
    arrays.input = NULL;
    expect_error(arrays, "the argument `arrays->input` may not be NULL");
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, NULL, NULL), BP_ERROR_ARGUMENT);
}

Test(data_arrays, targets_and_labels_together_are_an_error)
{
    bp_arrays arrays = with_labels();
    arrays.targets = targets;
    arrays.outputs = 1;
    expect_error(arrays, "targets and labels exclude each other");
}

Test(data_arrays, outputs_without_targets_or_targets_without_outputs_are_errors)
{
    bp_arrays arrays = with_labels();
    arrays.outputs = 2;
    expect_error(arrays, "2 outputs: there must be at least one with targets, and none without");
    arrays = with_targets();
    arrays.outputs = 0;
    expect_error(arrays, "0 outputs: there must be at least one with targets, and none without");
}

Test(data_arrays, classes_must_be_1_to_65536_and_only_with_labels)
{
    bp_arrays arrays = with_labels();
    arrays.classes = 0;
    expect_error(arrays, "0 classes: there must be 1 to 65536");
    arrays.classes = 65537;
    expect_error(arrays, "65537 classes: there must be 1 to 65536");
    arrays = with_targets();
    arrays.classes = 3;
    expect_error(arrays, "3 classes, but no labels");
}

Test(data_arrays, a_label_that_is_no_class_is_an_error)
{
    bp_arrays arrays = with_labels();
    arrays.classes = 2;
    expect_error(arrays, "the label of sample 1 (from 1) is 2, but there are 2 classes, from 0");
}

Test(data_arrays, values_that_are_not_finite_are_errors)
{
    float values[] = {1, 2, 3, NAN, 5, 6};
    bp_arrays arrays = with_targets();
    arrays.input = values;
    expect_error(
        arrays,
        "memory: row 2, column \"x2\": nan is not a finite number"
        "; if inputs may be missing, say so (bp_column_block.missing) and what the model does with "
        "them");
    values[3] = 4;
    arrays.inputs = 1;
    float bad[] = {1, 2, -INFINITY};
    arrays.targets = bad;
    expect_error(arrays, "memory: row 3, column \"y1\": -inf is not a finite number");
}

Test(data_arrays, sizes_that_overflow_are_an_error)
{
    bp_arrays arrays = with_targets();
    arrays.inputs = SIZE_MAX / 4;
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, &error), BP_ERROR_ARGUMENT);
    cr_assert_not_null(strstr(error.message, "do not fit into memory"));
}

/* 1e5 + k/1024 for k = 0, 1, 3; the numbers of binary32 are 1/128 apart there. */
static const double wide_inputs[] = {100000, 5, 100000.0009765625, 6.5, 100000.0029296875, 7};
static const double wide_targets[] = {1.7e9, 1.7e9 + 1, 1.7e9 + 2};

Test(data_arrays, doubles_near_one_another_keep_what_makes_them_different)
{
    bp_arrays arrays = with_targets();
    arrays.input = arrays.targets = NULL;
    arrays.wide_input = wide_inputs;
    arrays.wide_targets = wide_targets;
    bp_dataset *dataset = create(arrays);
    static const float cells[] = {0, 5, 0x1p-10F, 6.5F, 3 * 0x1p-10F, 7};
    const struct bp_table *table = dataset->table;
    cr_assert_arr_eq(table->values, cells, sizeof cells);
    cr_assert_arr_eq(table->targets, ((float[]){0, 1, 2}), 3 * sizeof(float));
    cr_assert_eq(table->column[0].origin, 1e5);
    cr_assert_eq(table->column[1].origin, 0.0);
    cr_assert_eq(table->column[2].origin, 1.7e9);
    bp_column_info info;
    cr_assert_eq(bp_dataset_describe(dataset, 0, &info, NULL), BP_OK);
    cr_assert_eq(info.min, 1e5);
    cr_assert_eq(info.max, 1e5 + 3 * 0x1p-10);
    cr_assert_eq(info.distinct, 3);
    cr_assert_not(info.integral);
    cr_assert_eq(bp_dataset_describe(dataset, 2, &info, NULL), BP_OK);
    cr_assert_eq(info.mean, 1.7e9 + 1);
    cr_assert(info.integral);
    bp_dataset_free(dataset);
}

Test(data_arrays, doubles_that_floats_tell_apart_are_floats)
{
    bp_arrays arrays = with_targets();
    static const double numbers[] = {1.1, -122.23, 2.2, -122.24, 3.3, -121};
    arrays.input = NULL;
    arrays.wide_input = numbers;
    bp_dataset *dataset = create(arrays);
    for (size_t k = 0; k < 6; k++)
        cr_assert_eq(dataset->table->values[k], (float)numbers[k]);
    cr_assert_eq(dataset->table->column[1].origin, 0.0);
    bp_dataset_free(dataset);
}

Test(data_arrays, doubles_are_finite_as_floats_and_alone)
{
    bp_arrays arrays = with_targets();
    arrays.wide_input = wide_inputs;
    expect_error(arrays, "floats and doubles exclude each other: give one array of inputs, and of "
                         "targets");
    static const double large[] = {1, 2, 3, 1e39, 5, 6};
    arrays.input = NULL;
    arrays.wide_input = large;
    expect_error(arrays, "memory: row 2, column \"x2\": 1e+39 is too large for single precision");
}
