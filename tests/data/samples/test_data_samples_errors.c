/* Everything that keeps a dataset from being bound to a schema, and what the message says. */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/samples/samples.h"
#include "support/schemas.h"
#include "support/tables.h"

/* Binding fails with this status and message; frees the dataset. */
static void assert_fails_as(const struct bp_schema *schema, bp_dataset *dataset, const char *target,
                            bp_status status, const char *message)
{
    bp_error error = {.message = ""};
    struct bp_samples samples;
    memset(&samples, 1, sizeof samples);
    cr_assert_eq(
        bp_samples_bind(&samples, schema, dataset,
                        &(struct bp_bind_options){.need = BP_TARGETS_REQUIRED, .target = target},
                        &error),
        status);
    cr_assert_str_eq(error.message, message);
    cr_assert(!samples.values && !samples.bytes && !samples.shift && !samples.scale &&
              !samples.labels && !samples.targets && !samples.owned_values && !samples.neuron &&
              samples.count == 0);
    bp_dataset_free(dataset);
}

static void assert_fails(const struct bp_schema *schema, bp_dataset *dataset, const char *message)
{
    assert_fails_as(schema, dataset, NULL, BP_ERROR_INPUT, message);
}

static struct bp_schema *fit_and_free(bp_dataset *dataset)
{
    const struct bp_schema_options options = schema_options();
    struct bp_schema *schema = schema_fit(dataset, &options);
    bp_dataset_free(dataset);
    return schema;
}

Test(data_samples_errors, numbers_do_not_stand_for_names_with_leading_zeros)
{
    struct bp_schema *schema = schema_fit_csv("zip,kind\n'007,x\n'7,y\n");
    assert_fails(schema, table_csv("zip,kind\n007,x\n", true),
                 "test.csv: column \"zip\" holds numbers, and in the training data names such as "
                 "\"007\" or \"1.0\": list the column with --categorical");
    bp_schema_free(schema);
}

Test(data_samples_errors, a_missing_column_is_named_with_the_nearest_one)
{
    struct bp_schema *schema = schema_fit_csv("width,height,kind\n1,2,x\n3,4,y\n");
    assert_fails(schema, table_csv("width,hieght,kind\n1,2,x\n", true),
                 "test.csv: column \"height\" is missing, input of the model: is it called "
                 "\"hieght\"?");
    assert_fails(schema, table_csv("width,q,kind\n1,2,x\n", true),
                 "test.csv: column \"height\" is missing, input of the model");
    bp_schema_free(schema);
}

Test(data_samples_errors, a_column_of_the_model_is_not_proposed_for_another)
{
    struct bp_schema *schema = schema_fit_csv("width,widths,kind\n1,2,x\n3,4,y\n");
    assert_fails(schema, table_csv("width,q,kind\n1,2,x\n", true),
                 "test.csv: column \"widths\" is missing, input of the model");
    bp_schema_free(schema);
}

Test(data_samples_errors, the_target_may_be_the_column_that_is_missing)
{
    struct bp_schema *schema = schema_fit_csv("width,height,kind\n1,2,x\n3,4,y\n");
    assert_fails(schema, table_csv("width,height\n1,2\n", true),
                 "test.csv: column \"kind\" is missing, target of the model");
    bp_schema_free(schema);
}

Test(data_samples_errors, names_cannot_be_found_without_a_header)
{
    struct bp_schema *schema = schema_fit_csv("width,height,kind\n1,2,x\n3,4,y\n");
    assert_fails(schema, table_csv("1,2,x\n", false),
                 "test.csv: there is no header, and the model finds its columns by name "
                 "(\"width\" and so on): add a first line with the names");
    assert_fails(
        schema, table_numbers(BP_FORMAT_FANN, 1, 2, 1, (const float[]){1, 2, 3}),
        "test.data: a file of this format has no names of columns, and the model finds its "
        "columns by name (\"width\" and so on)");
    bp_schema_free(schema);
}

#define HINT "; --unknown ignore and --unknown most-frequent take such rows"

Test(data_samples_errors, an_unknown_category_is_shown_with_its_cell)
{
    struct bp_schema *schema = schema_fit_csv("a,color,c\n1,red,x\n3,blue,y\n");
    assert_fails(schema, table_csv("a,color,c\n1,red,x\n1,pink,x\n", true),
                 "test.csv:3:2: \"pink\" is not a category of column \"color\" in the training "
                 "data (blue, red)" HINT);
    assert_fails(schema, table_csv("a,color,c\n1,7,x\n", true),
                 "test.csv:2:2: \"7\" is not a category of column \"color\" in the training data "
                 "(blue, red)" HINT);
    bp_schema_free(schema);
}

Test(data_samples_errors, an_unknown_class_is_shown_with_its_cell)
{
    struct bp_schema *schema = schema_fit_csv("a,c\n1,0\n3,1\n");
    assert_fails(schema, table_csv("a,c\n1,0\n3,2\n", true),
                 "test.csv:3:2: \"2\" is not a class of column \"c\" in the training data (0, 1)");
    assert_fails(schema, table_csv("a,c\n1,0\n3,0.5\n", true),
                 "test.csv:3:2: \"0.5\" is not a class of column \"c\" in the training data "
                 "(0, 1)");
    assert_fails(schema, table_csv("a,c\n1,0\n3,x\n", true),
                 "test.csv:3:2: \"x\" is not a class of column \"c\" in the training data (0, 1)");
    bp_schema_free(schema);
}

Test(data_samples_errors, unknown_categories_of_all_columns_are_counted_in_one_message)
{
    struct bp_schema *schema = schema_fit_csv("a,b,c\nu,red,1\nv,blue,2\n");
    assert_fails(schema, table_csv("a,b,c\nu,red,1\nu,pink,1\nw,pink,1\nu,red,2\nw,mint,2\n", true),
                 "test.csv:3:2: \"pink\" is not a category of column \"b\" in the training data "
                 "(blue, red); 3 of 5 rows have what is not known: \"w\" of column \"a\" (2 rows), "
                 "\"pink\" of column \"b\" (2 rows), \"mint\" of column \"b\" (1 row)" HINT);
    assert_fails(schema,
                 table_csv("a,b,c\n1,red,1\n2,red,1\n3,red,1\n4,red,1\n5,red,1\n6,red,1\n", true),
                 "test.csv:2:1: \"1\" is not a category of column \"a\" in the training data "
                 "(u, v); 6 of 6 rows have what is not known: \"1\" of column \"a\" (1 row), "
                 "\"2\" of column \"a\" (1 row), \"3\" of column \"a\" (1 row), \"4\" of column "
                 "\"a\" (1 row), \"5\" of column \"a\" (1 row), ..." HINT);
    assert_fails(schema, table_csv("a,b,c\nx,x,1\nu,x,1\n", true),
                 "test.csv:2:1: \"x\" is not a category of column \"a\" in the training data "
                 "(u, v); 2 of 2 rows have what is not known: \"x\" of column \"a\" (1 row), "
                 "\"x\" of column \"b\" (2 rows)" HINT);
    bp_schema_free(schema);
}

Test(data_samples_errors, unknown_classes_are_counted)
{
    struct bp_schema *schema = schema_fit_csv("a,c\n1,x\n2,y\n");
    assert_fails(schema, table_csv("a,c\n1,x\n2,z\n3,z\n", true),
                 "test.csv:3:2: \"z\" is not a class of column \"c\" in the training data (x, y); "
                 "2 of 3 rows have what is not known: \"z\" of column \"c\" (2 rows)");
    bp_schema_free(schema);
}

Test(data_samples_errors, a_long_list_of_classes_is_cut)
{
    char text[2048] = "a,c\n";
    for (char k = 'a'; k <= 'z'; k++) {
        char line[64];
        snprintf(line, sizeof line, "1,class number %c of these\n", k);
        strcat(text, line);
    }
    struct bp_schema *schema = schema_fit_csv(text);
    assert_fails(schema, table_csv("a,c\n1,x\n", true),
                 "test.csv:2:2: \"x\" is not a class of column \"c\" in the training data "
                 "(class number a of these, class number b of these, class number c of these, "
                 "class number d of these, class number e of these, class number f of these, "
                 "...)");
    bp_schema_free(schema);
}

Test(data_samples_errors, only_a_row_that_is_shown_is_an_error)
{
    struct bp_schema *schema = schema_fit_csv("a,color,c\n1,red,x\n3,blue,y\n");
    bp_dataset *dataset = table_csv("a,color,c\n1,pink,x\n1,red,x\n1,mint,x\n", true);
    assert_fails(schema, table_show(dataset, 2, (const uint32_t[]){1, 2}),
                 "test.csv:4:2: \"mint\" is not a category of column \"color\" in the training "
                 "data (blue, red)" HINT);
    bp_schema_free(schema);
}

Test(data_samples_errors, text_where_numbers_were_is_shown_with_its_cell)
{
    struct bp_schema *schema = schema_fit_csv("a,b,c\n1,2,0.5\n3,4,1.5\n");
    assert_fails(schema, table_csv("a,b,c\n1,2,3\n3,n/a,5\n", true),
                 "test.csv:3:2: \"n/a\" is not a number, and column \"b\" holds numbers in the "
                 "training data");
    assert_fails(schema, table_csv("a,b,c\n1,2,bad\n3,4,5\n", true),
                 "test.csv:2:3: \"bad\" is not a number, and column \"c\" holds numbers in the "
                 "training data");
    assert_fails(schema, table_csv("a,b,c\n'1,2,3\n", true),
                 "test.csv: column \"a\" holds categories, and numbers in the training data");
    bp_schema_free(schema);
}

Test(data_samples_errors, without_names_the_number_of_columns_must_be_right)
{
    struct bp_schema *schema = fit_and_free(table_csv("1,2,x\n3,4,y\n", false));
    static const char tail[] = "; the model, which was trained without names of columns, needs 2 "
                               "inputs and 1 target";
    char message[256];
    snprintf(message, sizeof message, "test.csv: there are 4 columns%s", tail);
    assert_fails(schema, table_csv("1,2,3,x\n", false), message);
    snprintf(message, sizeof message, "test.csv: there are 2 columns%s", tail);
    assert_fails(schema, table_csv("1,2\n", false), message);
    snprintf(message, sizeof message, "test.csv: there is 1 column%s", tail);
    assert_fails(schema, table_csv("1\n", false), message);
    bp_schema_free(schema);
}

Test(data_samples_errors, images_must_have_the_size_of_training)
{
    static const uint8_t bytes[] = {0, 1, 2, 3, 4, 5};
    struct bp_schema *schema = fit_and_free(table_images(2, 3, bytes, (const uint32_t[]){1, 0}, 2));
    assert_fails(schema, table_images(1, 4, bytes, (const uint32_t[]){1}, 2),
                 "test.idx: a sample has 4 inputs, the model needs 3");
    assert_fails(schema, table_images(1, 1, bytes, (const uint32_t[]){1}, 2),
                 "test.idx: a sample has 1 input, the model needs 3");
    assert_fails(schema, table_images(1, 3, bytes, NULL, 0),
                 "test.idx: there are no targets: give the file of labels (--labels)");
    assert_fails(schema, table_images(1, 3, bytes, (const uint32_t[]){0}, 4),
                 "test.idx: item 1: \"3\" is not a class of column \"label\" in the training data "
                 "(0, 1)");
    bp_schema_free(schema);
}

Test(data_samples_errors, fann_and_arrays_must_have_the_targets_of_training)
{
    struct bp_schema *schema =
        fit_and_free(table_numbers(BP_FORMAT_FANN, 2, 1, 2, (const float[]){5, 0, 1, 6, 1, 0}));
    assert_fails(schema, table_numbers(BP_FORMAT_FANN, 1, 1, 1, (const float[]){5, 0}),
                 "test.data: a sample has 1 target, the model has 2");
    assert_fails(schema, table_numbers(BP_FORMAT_AUTO, 1, 1, 0, (const float[]){5}),
                 "memory: there are no targets");
    assert_fails(schema, table_numbers(BP_FORMAT_FANN, 1, 2, 1, (const float[]){5, 0, 1}),
                 "test.data: a sample has 2 inputs, the model needs 1");
    bp_schema_free(schema);
}

Test(data_samples_errors, the_target_that_is_named_must_be_one)
{
    struct bp_schema *schema = schema_fit_csv("a,b,c\n1,2,x\n3,4,y\n");
    assert_fails_as(schema, table_csv("a,b,c\n1,2,x\n", true), "cc", BP_ERROR_ARGUMENT,
                    "test.csv: target: there is no column \"cc\"; did you mean \"c\"?");
    assert_fails_as(schema, table_csv("a,b,c\n1,2,x\n", true), "b", BP_ERROR_ARGUMENT,
                    "test.csv: column \"b\" is an input of the model, it cannot be the target");
    bp_schema_free(schema);

    schema =
        fit_and_free(table_numbers(BP_FORMAT_FANN, 2, 1, 2, (const float[]){5, 0, 1, 6, 1, 0}));
    assert_fails_as(schema, table_numbers(BP_FORMAT_FANN, 1, 1, 1, (const float[]){5, 0}), "y1",
                    BP_ERROR_ARGUMENT, "the model has 2 targets, and 1 column is named for them");
    bp_schema_free(schema);

    schema = fit_and_free(table_numbers(BP_FORMAT_FANN, 2, 1, 1, (const float[]){5, 0, 6, 1}));
    assert_fails_as(schema, table_numbers(BP_FORMAT_FANN, 1, 1, 1, (const float[]){5, 0}), "x1",
                    BP_ERROR_ARGUMENT,
                    "test.data: column \"x1\" is an input, it cannot be the target");
    bp_schema_free(schema);
}

Test(data_samples_errors, numbers_that_overflow_when_scaled_are_shown_with_their_cell)
{
    struct bp_schema_options options = schema_options();
    options.scale = BP_SCALE_MINMAX;
    bp_dataset *train = table_csv("a,c\n0,0.5\n0.001,0.501\n", true);
    struct bp_schema *schema = schema_fit(train, &options);
    assert_fails(schema, table_csv("a,c\n0,0.5\n1e37,0.5\n", true),
                 "test.csv:3:1: 1e+37 is too large for column \"a\" in the scale of the training "
                 "data");
    assert_fails(schema, table_csv("c,a\n0.5,-1e37\n", true),
                 "test.csv:2:2: -1e+37 is too large for column \"a\" in the scale of the training "
                 "data");
    assert_fails(schema, table_csv("a,c\n0,1e37\n", true),
                 "test.csv:2:2: 1e+37 is too large for column \"c\" in the scale of the training "
                 "data");
    bp_dataset_free(train);
    bp_schema_free(schema);
}
