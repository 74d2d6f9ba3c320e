/* Several files read as one, and the parts that columns play. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/samples/samples.h"
#include "data/table/cells.h"
#include "support/schemas.h"
#include "support/scratch.h"

static char *paths[3];

static void set_up(void)
{
    static const char *const names[] = {"a.csv", "b.csv", "c.csv"};
    for (size_t k = 0; k < 3; k++)
        paths[k] = folder_path(scratch_folder(), names[k]);
}

static void tear_down(void)
{
    scratch_remove();
    for (size_t k = 0; k < 3; k++)
        free(paths[k]);
}

TestSuite(data_files, .init = set_up, .fini = tear_down);

static bp_status read_two(const char *a, const char *b, const bp_read_options *options,
                          bp_dataset **out, bp_error *error)
{
    file_put_text(paths[0], a);
    file_put_text(paths[1], b);
    return bp_dataset_read_files(out, (const char *const *)paths, 2, options, error);
}

static bp_dataset *expect_two(const char *a, const char *b, const bp_read_options *options)
{
    bp_dataset *dataset;
    bp_error error = {.message = ""};
    cr_assert_eq(read_two(a, b, options, &dataset, &error), BP_OK, "%s", error.message);
    return dataset;
}

/* `message` has no folders in it. */
static void expect_error(const char *a, const char *b, const char *message)
{
    bp_dataset *dataset;
    bp_error error = {.message = ""};
    cr_assert_eq(read_two(a, b, NULL, &dataset, &error), BP_ERROR_INPUT);
    cr_assert_null(dataset);
    const size_t length = strlen(scratch_folder()->path) + 1;
    for (char *at; (at = strstr(error.message, scratch_folder()->path)) != NULL;)
        memmove(at, at + length, strlen(at + length) + 1);
    cr_assert_str_eq(error.message, message);
}

Test(data_files, rows_come_in_the_order_of_the_files_and_columns_by_name)
{
    bp_dataset *dataset = expect_two("a,b\n1,2\n3,4\n", "b,a\n6,5\n", NULL);
    static const float values[] = {1, 2, 3, 4, 5, 6};

    cr_assert_eq(bp_dataset_get_info(dataset).rows, 3);
    cr_assert_arr_eq(dataset->table->values, values, sizeof values);
    bp_dataset_free(dataset);
}

Test(data_files, without_headers_columns_are_matched_by_place)
{
    bp_dataset *dataset = expect_two("1,2\n", "3,4\n", NULL);
    cr_assert_eq(bp_column_number(dataset->table, 1, 0), 3);
    bp_dataset_free(dataset);
}

Test(data_files, texts_of_all_files_are_one_set_of_categories)
{
    bp_dataset *dataset = expect_two("n,t\n1,x\n2,y\n", "n,t\n3,z\n4,y\n5,\n", NULL);
    bp_column_info info;
    cr_assert_eq(bp_dataset_describe(dataset, 1, &info, NULL), BP_OK);

    cr_assert_eq(info.distinct, 3);
    cr_assert_eq(info.missing, 1);
    cr_assert_eq(bp_cell_code(dataset->table, 3, 1), bp_cell_code(dataset->table, 1, 1));
    cr_assert_str_eq(dataset->table->column[1].category[bp_cell_code(dataset->table, 2, 1)], "z");
    bp_dataset_free(dataset);
}

Test(data_files, a_column_without_values_takes_the_kind_of_the_other_file)
{
    bp_dataset *later = expect_two("n,t\n1,\n2,\n", "n,t\n3,z\n", NULL);
    bp_dataset *before = expect_two("n,t\n3,z\n", "n,t\n1,\n2,\n", NULL);

    cr_assert_eq(later->table->column[1].kind, BP_COLUMN_CATEGORY);
    cr_assert_eq(later->table->column[1].missing, 2);
    cr_assert(bp_cell_is_missing(later->table, 1, 1));
    cr_assert_not(bp_cell_is_missing(later->table, 2, 1));
    cr_assert(bp_cell_is_missing(before->table, 2, 1));
    bp_dataset_free(later);
    bp_dataset_free(before);
}

Test(data_files, a_message_names_the_file_the_line_and_the_field_there)
{
    bp_dataset *dataset = expect_two("a,b\n1,2\n3,4\n", "b,a\n\"6\",5\n7,\n", NULL);
    char place[512], expected[512];
    bp_cell_place(dataset->table, 3, 0, place, sizeof place);
    snprintf(expected, sizeof expected, "%s:3:2", paths[1]);

    cr_assert_str_eq(place, expected);
    bp_cell_place(dataset->table, 1, 1, place, sizeof place);
    snprintf(expected, sizeof expected, "%s:3:2", paths[0]);
    cr_assert_str_eq(place, expected);
    bp_dataset_free(dataset);
}

Test(data_files, ids_go_on_through_the_files)
{
    const bp_read_options options = {.size = sizeof(bp_read_options), .id = "k"};
    bp_dataset *dataset = expect_two("k,b\nx1,2\nx2,4\n", "b,k\n6,x3\n", &options);

    cr_assert_str_eq(bp_dataset_get_id(dataset, 1), "x2");
    cr_assert_str_eq(bp_dataset_get_id(dataset, 2), "x3");
    bp_dataset_free(dataset);
}

Test(data_files, three_files_keep_their_places)
{
    bp_dataset *dataset;
    char place[512], expected[512];
    for (size_t k = 0; k < 3; k++)
        file_put_text(paths[k], "a,b\n1,2\n3,4\n");
    cr_assert_eq(bp_dataset_read_files(&dataset, (const char *const *)paths, 3, NULL, NULL), BP_OK);
    bp_cell_place(dataset->table, 5, 1, place, sizeof place);
    snprintf(expected, sizeof expected, "%s:3:2", paths[2]);

    cr_assert_eq(bp_dataset_get_info(dataset).rows, 6);
    cr_assert_str_eq(place, expected);
    bp_dataset_free(dataset);
}

Test(data_files, files_that_differ_are_errors_with_file_and_column)
{
    expect_error("a,b\n1,2\n", "a,c\n1,2\n", "b.csv: column \"b\" of a.csv is missing");
    expect_error("a,width\n1,2\n", "a,widht\n1,2\n",
                 "b.csv: column \"width\" of a.csv is missing: is it called \"widht\"?");
    expect_error("width_1,width_2\n1,2\n", "width_1,other\n1,2\n",
                 "b.csv: column \"width_2\" of a.csv is missing");
    expect_error("a,b\n1,2\n", "a,b,c\n1,2,3\n",
                 "b.csv: there is a column \"c\", and a.csv has none of that name");
    expect_error("a,b\n1,2\n", "1,2\n", "b.csv: there is no header, and a.csv has one");
    expect_error("1,2\n", "1,2,3\n", "b.csv: there are 3 columns, and a.csv has 2");
    expect_error("a,b\n1,2\n", "a,b\n1,\n2,x\n",
                 "b.csv:3:2: column \"b\" holds text here, and numbers in a.csv; list it with "
                 "--categorical if both are names");
    expect_error("a,b\n1,x\n", "b,a\n2,1\n",
                 "b.csv:2:1: column \"b\" holds numbers here, and text in a.csv; list it with "
                 "--categorical if both are names");
    expect_error("a,b\n1,2\n", "a,b\n1,x\n2,3\n",
                 "b.csv:3:2: \"3\" looks like a number, but the "
                 "column is text: line 2 has \"x\"; list the column "
                 "with --categorical if both are names");
}

static void expect_roles(const char *text, const char *target, const char *weight, size_t inputs,
                         size_t targets)
{
    struct bp_schema_options options = schema_options();
    bp_dataset *dataset;
    file_put_text(paths[0], text);
    cr_assert_eq(bp_dataset_read(&dataset, paths[0], NULL, NULL), BP_OK);
    options.target = target;
    options.weight = weight;
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_assert_eq(schema->input_columns, inputs);
    cr_assert_eq(schema->target_columns, targets);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_files, targets_may_be_several_and_weights_are_no_inputs)
{
    static const char text[] = "a,b,\"c,d\",w\n1,2.5,3,1\n4,5,6.5,2\n";
    expect_roles(text, NULL, NULL, 3, 1);
    expect_roles(text, "a,b", NULL, 2, 2);
    expect_roles(text, "c,d", NULL, 3, 1);
    expect_roles(text, "\"c,d\",2", "w", 1, 2);
    expect_roles(text, NULL, "w", 2, 1);
}

static void expect_role_error(const char *target, const char *weight, const bp_read_options *read,
                              const char *message)
{
    struct bp_schema_options options = schema_options();
    struct bp_schema *schema;
    bp_dataset *dataset;
    bp_error error = {.message = ""};
    file_put_text(paths[0], "a,b,w\n1,2,1\n4,5,2\n");
    cr_assert_eq(bp_dataset_read(&dataset, paths[0], read, NULL), BP_OK);
    options.target = target;
    options.weight = weight;
    cr_assert_eq(bp_schema_fit(&schema, dataset, &options, &error), BP_ERROR_ARGUMENT);
    cr_assert_not_null(strstr(error.message, message), "%s", error.message);
    bp_dataset_free(dataset);
}

Test(data_files, a_column_has_one_part)
{
    const bp_read_options ignored = {.size = sizeof(bp_read_options), .ignore = "b"},
                          id = {.size = sizeof(bp_read_options), .id = "w"};
    expect_role_error("w", "w", NULL, "column \"w\" cannot be both the weight and a target");
    expect_role_error("b", NULL, &ignored, "column \"b\" is ignored: it cannot have another part");
    expect_role_error(NULL, "w", &id, "column \"w\" is the id: it cannot have another part");
    expect_role_error("a,a", NULL, NULL, "column \"a\" is named twice as a target");
    expect_role_error("a,bb", NULL, NULL, "target: there is no column \"bb\"");
}

Test(data_files, without_names_what_is_no_input_is_left_out_before_columns_are_counted)
{
    const bp_read_options read = {
        .size = sizeof(bp_read_options), .header = BP_HEADER_NO, .ignore = "1", .id = "3"};
    struct bp_schema_options options = schema_options();
    bp_dataset *dataset = expect_two("x,1,k,2,0.5,3\n", "x,4,k,1,1.5,6\n", &read);
    struct bp_samples samples;
    bp_error error = {.message = ""};
    options.target = "5";
    options.weight = "4";
    struct bp_schema *schema = schema_fit(dataset, &options);

    cr_assert_eq(bp_samples_bind(&samples, schema, dataset,
                                 &(struct bp_bind_options){.need = BP_TARGETS_AND_WEIGHTS}, &error),
                 BP_OK, "%s", error.message);
    cr_assert_eq(samples.inputs, 2);
    cr_assert_eq(samples.values[1 * samples.stride], 4);
    cr_assert_eq(samples.values[1 * samples.stride + 1], 6);
    cr_assert_eq(samples.weight[0], 2);
    bp_samples_release(&samples);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}
