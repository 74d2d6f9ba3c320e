/* Fitting a schema: roles, task, classes, and what every failure says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/schemas.h"
#include "support/tables.h"

static void assert_categories(const struct bp_schema_column *column, size_t count,
                              const char *const *names)
{
    cr_assert_eq(column->kind, BP_COLUMN_CATEGORY);
    cr_assert_eq(column->neurons, count);
    for (size_t k = 0; k < count; k++)
        cr_assert_str_eq(column->category[k], names[k]);
}

Test(data_schema, the_last_column_of_a_csv_file_is_the_target)
{
    struct bp_schema *schema = schema_fit_csv("a,b,c\n1,2,x\n3,4,y\n");
    cr_assert_eq(schema->task, BP_TASK_CLASSIFY);
    cr_assert(schema->has_names);
    cr_assert_eq(schema->input_columns, 2);
    cr_assert_eq(schema->target_columns, 1);
    cr_assert_eq(schema->inputs, 2);
    cr_assert_eq(schema->outputs, 2);
    cr_assert_str_eq(schema->column[1].name, "b");
    cr_assert_eq(schema->column[1].first, 1);
    cr_assert_eq(schema->column[1].role, BP_ROLE_INPUT);
    cr_assert_str_eq(schema->column[2].name, "c");
    cr_assert_eq(schema->column[2].first, 0);
    cr_assert_eq(schema->column[2].role, BP_ROLE_TARGET);
    bp_schema_free(schema);
}

Test(data_schema, the_target_is_found_by_name_and_by_number)
{
    static const char *const words[] = {"b", "2"};
    for (size_t k = 0; k < 2; k++) {
        bp_dataset *dataset = table_csv("a,b,c\n1,x,5\n3,y,6\n", true);
        struct bp_schema_options options = schema_options();
        options.target = words[k];
        struct bp_schema *schema = schema_fit(dataset, &options);
        cr_assert_str_eq(schema->column[0].name, "a");
        cr_assert_str_eq(schema->column[1].name, "c");
        cr_assert_eq(schema->column[1].position, 2);
        cr_assert_str_eq(schema->column[2].name, "b");
        cr_assert_eq(schema->column[2].position, 1);
        bp_schema_free(schema);
        bp_dataset_free(dataset);
    }
}

Test(data_schema, a_name_goes_before_a_number)
{
    bp_dataset *dataset = table_csv("2,1,c\nx,y,1\nz,w,2\n", true);
    struct bp_schema_options options = schema_options();
    options.target = "2";
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_assert_eq(schema->column[2].position, 0);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_schema, categories_are_sorted_so_that_the_order_of_rows_does_not_matter)
{
    static const char *const inputs[] = {"blue", "green", "red"};
    static const char *const classes[] = {"-3", "2", "10", "10a", "9b"};
    struct bp_schema *schema =
        schema_fit_csv("a,c\nred,10\nblue,9b\ngreen,2\nred,-3\nred,10a\nblue,2\n");
    assert_categories(&schema->column[0], 3, inputs);
    assert_categories(&schema->column[1], 5, classes);
    cr_assert_eq(schema->inputs, 3);
    cr_assert_eq(schema->outputs, 5);
    bp_schema_free(schema);
}

Test(data_schema, integers_of_a_csv_file_are_classes_in_ascending_order)
{
    static const char *const classes[] = {"-1", "0", "9", "10"};
    struct bp_schema *schema = schema_fit_csv("a,c\n1,10\n2,9\n3,-0\n4,-1\n5,0\n6,9\n");
    cr_assert_eq(schema->task, BP_TASK_CLASSIFY);
    assert_categories(&schema->column[1], 4, classes);
    bp_schema_free(schema);
}

/* "a,c\n1,0\n1,1\n..." with `values` distinct integers as targets. */
static bp_dataset *table_of_integers(size_t values)
{
    char *text = malloc(16 * (values + 1));
    size_t length = (size_t)sprintf(text, "a,c\n");
    for (size_t k = 0; k < values; k++)
        length += (size_t)sprintf(text + length, "1,%zu\n", k);
    bp_dataset *dataset = table_csv(text, true);
    free(text);
    return dataset;
}

/* What the target `targets`, texts separated by blanks, is taken for. */
static bp_task task_of(const char *targets)
{
    char text[512] = "a,c\n", word[16];
    for (int read = 0; sscanf(targets, "%15s%n", word, &read) == 1; targets += read)
        sprintf(text + strlen(text), "1,%s\n", word);
    struct bp_schema *schema = schema_fit_csv(text);
    const bp_task task = schema->task;
    bp_schema_free(schema);
    return task;
}

Test(data_schema, small_integers_are_classes)
{
    static const char *const classes[] = {"0 1",       "-1 1",   "0 1 2", "0 1 2 3 4 5 6 7 8 9",
                                          "1 2 3 4 5", "2 4",    "3 8",   "0 25 7",
                                          "1 26 9",    "5 5 5 5"};
    for (size_t k = 0; k < sizeof classes / sizeof classes[0]; k++)
        cr_assert_eq(task_of(classes[k]), BP_TASK_CLASSIFY, "%s", classes[k]);
}

/* Highway miles to the gallon of 1999; grams at birth; -2 and 27 are the first outside. */
Test(data_schema, other_integers_are_numbers_however_few_there_are)
{
    static const char *const numbers[] = {
        "29 29 31 30 26 26 27 26 25 28 27 25 25 25 25 24 25 23 20 15 20 17 17 26 23",
        "2523 2551 2557 2594 2600",
        "2523 2551",
        "0 27",
        "-2 1",
        "16777216 16777217"};
    for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++)
        cr_assert_eq(task_of(numbers[k]), BP_TASK_REGRESS, "%s", numbers[k]);
}

Test(data_schema, the_task_can_be_forced_on_integers)
{
    struct bp_schema_options options = schema_options();
    options.task = BP_TASK_REGRESS;
    bp_dataset *dataset = table_of_integers(3);
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_assert_eq(schema->task, BP_TASK_REGRESS);
    bp_schema_free(schema);
    bp_dataset_free(dataset);

    options.task = BP_TASK_CLASSIFY;
    dataset = table_of_integers(250);
    schema = schema_fit(dataset, &options);
    cr_assert_eq(schema->task, BP_TASK_CLASSIFY);
    cr_assert_eq(schema->outputs, 250);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_schema, integers_of_more_than_18_digits_are_sorted_as_text)
{
    static const char *const classes[] = {"100000002004087734272", "89999996526023147520"};
    bp_dataset *dataset = table_numbers(BP_FORMAT_FANN, 2, 1, 1, (float[]){0, 1e20f, 0, 9e19f});
    struct bp_schema_options options = schema_options();
    options.task = BP_TASK_CLASSIFY;
    struct bp_schema *schema = schema_fit(dataset, &options);
    assert_categories(&schema->column[1], 2, classes);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_schema, numbers_of_fann_and_arrays_stay_numbers)
{
    static const bp_format formats[] = {BP_FORMAT_FANN, BP_FORMAT_AUTO};
    const struct bp_schema_options options = schema_options();
    for (size_t k = 0; k < 2; k++) {
        bp_dataset *dataset = table_numbers(formats[k], 2, 1, 1, (float[]){5, 0, 6, 1});
        struct bp_schema *schema = schema_fit(dataset, &options);
        cr_assert_eq(schema->task, BP_TASK_REGRESS);
        cr_assert_not(schema->has_names);
        bp_schema_free(schema);
        bp_dataset_free(dataset);
    }
}

Test(data_schema, several_targets_are_several_outputs)
{
    static const bp_format formats[] = {BP_FORMAT_FANN, BP_FORMAT_AUTO};
    const struct bp_schema_options options = schema_options();
    for (size_t k = 0; k < 2; k++) {
        bp_dataset *dataset = table_numbers(formats[k], 2, 1, 2, (float[]){5, 0, 1, 6, 1, 0});
        struct bp_schema *schema = schema_fit(dataset, &options);
        cr_assert_eq(schema->task, BP_TASK_REGRESS);
        cr_assert_eq(schema->outputs, 2);
        cr_assert_str_eq(schema->column[2].name, "y2");
        cr_assert_eq(schema->column[2].first, 1);
        bp_schema_free(schema);
        bp_dataset_free(dataset);
    }
}

Test(data_schema, one_of_several_targets_can_be_named)
{
    bp_dataset *dataset = table_numbers(BP_FORMAT_FANN, 2, 1, 2, (float[]){5, 0, 1, 6, 1, 0});
    struct bp_schema_options options = schema_options();
    options.target = "y2";
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_assert_eq(schema->input_columns, 1);
    cr_assert_eq(schema->target_columns, 1);
    cr_assert_str_eq(schema->column[1].name, "y2");
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_schema, an_image_is_one_column_of_many_neurons)
{
    const struct bp_schema_options options = schema_options();
    bp_dataset *dataset =
        table_images(2, 3, (const uint8_t[]){0, 1, 2, 3, 4, 5}, (const uint32_t[]){0, 1}, 2);
    struct bp_schema *schema = schema_fit(dataset, &options);
    static const char *const classes[] = {"0", "1"};
    cr_assert_eq(schema->input_columns, 1);
    cr_assert_eq(schema->inputs, 3);
    assert_categories(&schema->column[1], 2, classes);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_schema, only_the_rows_shown_count)
{
    static const char *const inputs[] = {"blue", "red"};
    const struct bp_schema_options options = schema_options();
    bp_dataset *dataset =
        table_show(table_csv("a,c\nred,1\ngreen,7\nblue,2\n", true), 2, (const uint32_t[]){0, 2});
    struct bp_schema *schema = schema_fit(dataset, &options);
    assert_categories(&schema->column[0], 2, inputs);
    cr_assert_eq(schema->outputs, 2);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_schema, classes_declared_with_arrays_count_also_if_no_sample_has_them)
{
    bp_dataset *dataset;
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = 2,
                              .inputs = 1,
                              .input = (const float[]){1, 2},
                              .labels = (const uint32_t[]){0, 2},
                              .classes = 12};
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    const struct bp_schema_options options = schema_options();
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_assert_eq(schema->outputs, 12);
    cr_assert_str_eq(schema->column[1].category[10], "10");
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_schema, an_unknown_target_is_an_error_with_the_nearest_name)
{
    struct bp_schema_options options = schema_options();
    options.target = "specis";
    schema_fit_fails(table_csv("width,species\n1,a\n2,b\n", true), &options, BP_ERROR_ARGUMENT,
                     "test.csv: target: there is no column \"specis\"; did you mean \"species\"?");
    options.target = "3";
    schema_fit_fails(table_csv("width,species\n1,a\n2,b\n", true), &options, BP_ERROR_ARGUMENT,
                     "test.csv: target: there is no column \"3\"; give a name, or a number from "
                     "1 to 2");
    options.target = "0";
    schema_fit_fails(table_csv("width,species\n1,a\n2,b\n", true), &options, BP_ERROR_ARGUMENT,
                     "test.csv: target: there is no column \"0\"; give a name, or a number from "
                     "1 to 2");
    options.target = "99999999999999999999999999";
    schema_fit_fails(
        table_csv("width,species\n1,a\n2,b\n", true), &options, BP_ERROR_ARGUMENT,
        "test.csv: target: there is no column \"99999999999999999999999999\"; give a name, "
        "or a number from 1 to 2");
}

Test(data_schema, an_input_of_fann_cannot_be_the_target)
{
    struct bp_schema_options options = schema_options();
    options.target = "x1";
    schema_fit_fails(table_numbers(BP_FORMAT_FANN, 1, 1, 1, (float[]){1, 2}), &options,
                     BP_ERROR_ARGUMENT,
                     "test.data: column \"x1\" is an input, it cannot be the target");
}

Test(data_schema, samples_without_targets_are_nothing_to_learn_from)
{
    const struct bp_schema_options options = schema_options();
    schema_fit_fails(table_images(1, 1, (const uint8_t[]){1}, NULL, 0), &options, BP_ERROR_INPUT,
                     "test.idx: there is nothing to learn from: give the file of labels "
                     "(--labels)");
    schema_fit_fails(table_numbers(BP_FORMAT_AUTO, 1, 1, 0, (float[]){1}), &options, BP_ERROR_INPUT,
                     "memory: there is nothing to learn from: it has no targets");
}

Test(data_schema, a_single_column_leaves_no_inputs)
{
    const struct bp_schema_options options = schema_options();
    schema_fit_fails(table_csv("c\n1\n2\n", true), &options, BP_ERROR_INPUT,
                     "test.csv: no column is left for the inputs: \"c\" is the target");
}

Test(data_schema, a_single_class_is_a_target)
{
    struct bp_schema *schema = schema_fit_csv("a,c\n1,x\n2,x\n");
    cr_assert_eq(schema->task, BP_TASK_CLASSIFY);
    assert_categories(&schema->column[1], 1, (const char *const[]){"x"});
    bp_schema_free(schema);
}

Test(data_schema, text_cannot_be_regressed)
{
    struct bp_schema_options options = schema_options();
    options.task = BP_TASK_REGRESS;
    schema_fit_fails(table_csv("a,c\n1,x\n2,y\n", true), &options, BP_ERROR_INPUT,
                     "test.csv: column \"c\" holds categories, not numbers to predict");
}

Test(data_schema, fractions_cannot_be_classes)
{
    struct bp_schema_options options = schema_options();
    options.task = BP_TASK_CLASSIFY;
    schema_fit_fails(table_csv("a,c\n1,3\n2,2.5\n", true), &options, BP_ERROR_INPUT,
                     "test.csv:3:2: 2.5 is not an integer, so that column \"c\" cannot be classes");
    schema_fit_fails(table_numbers(BP_FORMAT_FANN, 2, 1, 1, (float[]){0, 1, 0, 1.5f}), &options,
                     BP_ERROR_INPUT,
                     "test.data:4: 1.5 is not an integer, so that column \"y1\" cannot be classes");
}

Test(data_schema, several_targets_cannot_be_classes)
{
    struct bp_schema_options options = schema_options();
    options.task = BP_TASK_CLASSIFY;
    schema_fit_fails(table_numbers(BP_FORMAT_FANN, 1, 1, 2, (float[]){1, 2, 3}), &options,
                     BP_ERROR_ARGUMENT,
                     "test.data: classes are read from one column, and there are 2 targets: name "
                     "one (--target) or let them be numbers");
}

Test(data_schema, more_classes_than_neurons_for_them_are_an_error)
{
    struct bp_schema_options options = schema_options();
    options.task = BP_TASK_CLASSIFY;
    const size_t rows = 65537;
    float *values = malloc(2 * rows * sizeof *values);
    for (size_t x = 0; x < rows; x++)
        values[2 * x] = values[2 * x + 1] = (float)x;
    bp_dataset *dataset = table_numbers(BP_FORMAT_FANN, rows, 1, 1, values);
    free(values);
    schema_fit_fails(dataset, &options, BP_ERROR_INPUT,
                     "test.data: column \"y1\" has 65537 distinct values, more than the 65536 "
                     "classes allowed");
}

Test(data_schema, more_inputs_than_a_layer_may_have_are_an_error)
{
    bp_error error = {.message = ""};
    struct bp_schema *schema = bp_schema_create(2, 0);
    schema->column[0].neurons = BP_WIDTH_MAX;
    schema->column[1].neurons = 1;
    schema->column[1].name = strcpy(malloc(2), "b");
    cr_assert_eq(bp_schema_number(schema, "f", &error), BP_ERROR_INPUT);
    cr_assert_str_eq(error.message, "f: more than 1048576 input neurons are needed, from column "
                                    "\"b\" on (it has 1 cells)");
    bp_schema_free(schema);
}

Test(data_schema, a_format_with_roles_has_no_column_of_weights)
{
    static const float values[] = {1, 2, 1, 3, 4, 2};
    struct bp_schema_options options = schema_options();
    options.weight = "x2";
    schema_fit_fails(table_numbers(BP_FORMAT_FANN, 2, 2, 1, values), &options, BP_ERROR_ARGUMENT,
                     "test.data: a column of weights cannot be chosen: the format says which "
                     "columns are inputs and which are targets");
}
