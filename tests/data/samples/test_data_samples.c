/* Binding datasets to a schema: what stays in place, what is copied, how columns are found.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/samples/batch.h"
#include "support/schemas.h"
#include "support/tables.h"

static struct bp_samples bind(const struct bp_schema *schema, const bp_dataset *dataset,
                              const char *target, enum bp_need_targets targets)
{
    bp_error error = {.message = ""};
    struct bp_samples samples;
    cr_assert_eq(bp_samples_bind(&samples, schema, dataset,
                                 &(struct bp_bind_options){.need = targets, .target = target},
                                 &error),
                 BP_OK, "%s", error.message);
    return samples;
}

/* Asserts that sample x has these inputs (schema->inputs of them). */
static void assert_inputs(const struct bp_samples *samples, size_t x, const float *expected)
{
    float out[64];
    uint32_t order = (uint32_t)x;
    bp_batch_gather(samples, &order, 1, out, 16);
    for (size_t i = 0; i < samples->inputs; i++)
        cr_assert_eq(out[i], expected[i], "sample %zu, input %zu: %g", x, i, (double)out[i]);
}

Test(data_samples, numbers_side_by_side_stay_where_they_are)
{
    struct bp_schema *schema = schema_fit_csv("a,b,c\n1,2,x\n3,4,y\n");
    bp_dataset *dataset = table_csv("z,a,b,c\n9,1,2,y\n9,3,4,x\n", true);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_REQUIRED);
    cr_assert_eq(samples.values, dataset->table->values + 1);
    cr_assert_eq(samples.stride, 4);
    cr_assert_eq(samples.cells, 2);
    cr_assert_null(samples.bytes);
    cr_assert_null(samples.neuron);
    cr_assert_null(samples.rows);
    cr_assert_null(samples.owned_values);
    cr_assert_null(samples.targets);
    cr_assert_eq(samples.labels[0], 1);
    cr_assert_eq(samples.labels[1], 0);
    bp_samples_release(&samples);
    cr_assert_null(samples.labels);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}

Test(data_samples, columns_are_found_by_name_in_any_order)
{
    struct bp_schema *schema = schema_fit_csv("a,b,c\n1,2,x\n3,4,y\n");
    bp_dataset *dataset = table_csv("b,z,c,a\n2,t,x,1\n4,t,y,3\n", true);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_REQUIRED);
    cr_assert_not_null(samples.owned_values);
    assert_inputs(&samples, 0, (const float[]){1, 2});
    assert_inputs(&samples, 1, (const float[]){3, 4});
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}

Test(data_samples, the_scaling_of_training_is_used_and_padded_to_16)
{
    struct bp_schema_options options = schema_options();
    options.scale = BP_SCALE_MINMAX;
    bp_dataset *train = table_csv("a,b,c\n0,2,x\n4,3,y\n", true);
    struct bp_schema *schema = schema_fit(train, &options);
    bp_dataset *dataset = table_csv("a,b,c\n8,2.5,x\n", true);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_REQUIRED);
    assert_inputs(&samples, 0, (const float[]){2, 0.5f});
    cr_assert_eq(samples.scale[0], 0.25f);
    for (size_t i = 2; i < 16; i++)
        cr_assert(samples.scale[i] == 0.0f && samples.shift[i] == 0.0f);
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_dataset_free(train);
    bp_schema_free(schema);
}

Test(data_samples, categories_take_one_cell_and_are_found_by_name)
{
    struct bp_schema *schema = schema_fit_csv("a,color,c\n1,red,x\n3,blue,y\n5,green,y\n");
    bp_dataset *dataset = table_csv("color,a,c\ngreen,7,y\nred,8,x\nblue,9,x\n", true);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_REQUIRED);
    cr_assert_eq(samples.inputs, 4);
    cr_assert_eq(samples.cells, 2);
    cr_assert_eq(samples.stride, 2);
    assert_inputs(&samples, 0, (const float[]){7, 0, 1, 0});
    assert_inputs(&samples, 1, (const float[]){8, 0, 0, 1});
    assert_inputs(&samples, 2, (const float[]){9, 1, 0, 0});
    cr_assert_eq(samples.labels[0], 1);
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}

/* Binds "w,b,y" with what is not known, where "v" and "red" are the most frequent by weight. */
static struct bp_samples bind_unknown(bp_dataset *dataset, bp_unknown unknown)
{
    struct bp_schema_options options = schema_options();
    options.weight = "n";
    bp_dataset *training = table_csv("a,b,n,c\nu,red,1,1\nu,blue,1,2\nv,red,5,2\n", true);
    struct bp_schema *schema = schema_fit(training, &options);
    const struct bp_bind_options binding = {.need = BP_TARGETS_REQUIRED, .unknown = unknown};
    struct bp_samples samples;
    bp_error error = {.message = ""};
    cr_assert_eq(bp_samples_bind(&samples, schema, dataset, &binding, &error), BP_OK, "%s",
                 error.message);
    bp_schema_free(schema);
    bp_dataset_free(training);
    return samples;
}

Test(data_samples, unknown_categories_can_count_as_none_or_as_the_most_frequent)
{
    for (int ignored = 0; ignored < 2; ignored++) {
        bp_dataset *dataset = table_csv("a,b,c\nu,pink,1\nw,mint,2\nv,blue,1\n7,red,2\n", true);
        struct bp_samples samples =
            bind_unknown(dataset, ignored ? BP_UNKNOWN_IGNORE : BP_UNKNOWN_MOST_FREQUENT);
        const float rest = ignored ? 0.0f : 1.0f;
        cr_assert_eq(samples.unknown, 3);
        assert_inputs(&samples, 0, (const float[]){1, 0, 0, rest});
        assert_inputs(&samples, 1, (const float[]){0, rest, 0, rest});
        assert_inputs(&samples, 2, (const float[]){0, 1, 1, 0});
        assert_inputs(&samples, 3, (const float[]){0, rest, 0, 1});
        bp_samples_release(&samples);
        bp_dataset_free(dataset);
    }
}

/* Of two that are as frequent, the first by name, wherever it stands in the file. */
Test(data_samples, the_most_frequent_category_is_the_first_of_several)
{
    struct bp_schema *schema =
        schema_fit_csv("a,b,c\nv,blue,1\nu,red,2\nv,red,1\nu,blue,2\nw,red,1\nw,blue,1\n");
    cr_assert_eq(schema->column[0].most_frequent, 0);
    cr_assert_eq(schema->column[1].most_frequent, 0);
    bp_schema_free(schema);
}

/* Integers that follow one another: a row is counted that repeats the one before it. */
Test(data_samples, unknown_integers_are_counted_in_each_row)
{
    struct bp_schema *schema = schema_fit_csv("a,c\n'1,10\n'2,-1\n'10,10\n");
    bp_dataset *dataset = table_csv("a,c\n7,-1\n7,10\n2,10\n2,10\n7,-1\n", true);
    const struct bp_bind_options binding = {.need = BP_TARGETS_REQUIRED,
                                            .unknown = BP_UNKNOWN_IGNORE};
    struct bp_samples samples;
    cr_assert_eq(bp_samples_bind(&samples, schema, dataset, &binding, NULL), BP_OK);
    cr_assert_eq(samples.unknown, 3);
    assert_inputs(&samples, 1, (const float[]){0, 0, 0});
    assert_inputs(&samples, 3, (const float[]){0, 1, 0});
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}

/* An older model does not say it; that is an error only where it is needed. */
Test(data_samples, a_model_may_not_know_the_most_frequent_category)
{
    struct bp_schema *schema = schema_fit_csv("a,b,c\nu,red,1\nv,blue,2\n");
    bp_dataset *known = table_csv("a,b,c\nv,red,1\n", true);
    bp_dataset *other = table_csv("a,b,c\nv,pink,1\n", true);
    const struct bp_bind_options binding = {.need = BP_TARGETS_REQUIRED,
                                            .unknown = BP_UNKNOWN_MOST_FREQUENT};
    struct bp_samples samples;
    bp_error error;
    schema->column[0].most_frequent = schema->column[1].most_frequent = BP_NOT_COUNTED;
    cr_assert_eq(bp_samples_bind(&samples, schema, known, &binding, NULL), BP_OK);
    bp_samples_release(&samples);
    cr_assert_eq(bp_samples_bind(&samples, schema, other, &binding, &error), BP_ERROR_INPUT);
    cr_assert_str_eq(error.message,
                     "test.csv: the model does not say which category of column \"b\" was the most "
                     "frequent: train it again, or let unknown ones count as none (ignore)");
    bp_dataset_free(other);
    bp_dataset_free(known);
    bp_schema_free(schema);
}

/* Those after columns of numbers, of which one has an indicator. */
Test(data_samples, unknown_categories_are_counted_in_their_columns)
{
    struct bp_schema_options options = schema_options();
    options.missing = BP_MISSING_INDICATOR;
    bp_dataset *training = table_csv("a,b,c,y\n1,5,u,1\n2,6,v,2\n", true);
    bp_dataset *dataset = table_csv("a,b,c,y\n1,5,w,1\n2,6,v,2\n3,7,w,2\n", true);
    struct bp_schema *schema = schema_fit(training, &options);
    schema->column[0].indicator = true;
    schema->column[0].neurons++;
    size_t rows;
    char values[128];
    cr_assert_eq(bp_samples_count_unknown(schema, dataset, &rows, values, sizeof values, NULL),
                 BP_OK);
    cr_assert_eq(rows, 2);
    cr_assert_str_eq(values, "\"w\" of column \"c\" (2 rows)");
    bp_schema_free(schema);
    bp_dataset_free(dataset);
    bp_dataset_free(training);
}

Test(data_samples, integers_are_found_among_categories_by_their_decimal_name)
{
    struct bp_schema *schema = schema_fit_csv("a,c\n'1,10\n'2,-1\n'10,10\n");
    bp_dataset *dataset = table_csv("a,c\n10,-1\n2,10\n2,10\n1,-1\n", true);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_REQUIRED);
    cr_assert_eq(dataset->table->column[0].kind, BP_COLUMN_NUMBER);
    assert_inputs(&samples, 0, (const float[]){0, 0, 1});
    assert_inputs(&samples, 1, (const float[]){0, 1, 0});
    assert_inputs(&samples, 2, (const float[]){0, 1, 0});
    assert_inputs(&samples, 3, (const float[]){1, 0, 0});
    cr_assert_arr_eq(samples.labels, ((const uint32_t[]){0, 1, 1, 0}), 4 * sizeof(uint32_t));
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}

Test(data_samples, classes_from_numbers_are_found_in_text)
{
    struct bp_schema *schema = schema_fit_csv("a,c\n1,0\n2,1\n");
    bp_dataset *dataset = table_csv("a,c\n1,'1\n2,'0\n", true);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_REQUIRED);
    cr_assert_eq(samples.labels[0], 1);
    cr_assert_eq(samples.labels[1], 0);
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}

Test(data_samples, number_targets_are_what_the_neurons_should_be)
{
    struct bp_schema *schema = schema_fit_csv("a,c\n1,0.5\n2,2.5\n");
    bp_dataset *dataset = table_csv("a,c\n1,1.5\n2,2.5\n3,4.5\n", true);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_REQUIRED);
    cr_assert_null(samples.labels);
    cr_assert_arr_eq(samples.targets, ((const float[]){0.5f, 1, 2}), 3 * sizeof(float));
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}

Test(data_samples, prediction_needs_no_targets)
{
    struct bp_schema *schema = schema_fit_csv("a,b,c\n1,2,x\n3,4,y\n");
    bp_dataset *dataset = table_csv("a,b\n1,2\n", true);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_UNUSED);
    cr_assert_null(samples.labels);
    cr_assert_null(samples.targets);
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}

Test(data_samples, prediction_does_not_look_at_targets_that_are_there)
{
    struct bp_schema *schema = schema_fit_csv("a,b,c\n1,2,x\n3,4,y\n");
    bp_dataset *dataset = table_csv("a,b,c\n1,2,unheard of\n", true);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_UNUSED);
    cr_assert_null(samples.labels);
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}

Test(data_samples, the_target_may_be_called_otherwise)
{
    struct bp_schema *schema = schema_fit_csv("a,b,c\n1,2,x\n3,4,y\n");
    bp_dataset *dataset = table_csv("truth,a,b\ny,1,2\n", true);
    struct bp_samples samples = bind(schema, dataset, "truth", BP_TARGETS_REQUIRED);
    cr_assert_eq(samples.labels[0], 1);
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}

Test(data_samples, without_names_the_columns_stand_as_in_training)
{
    struct bp_schema_options options = schema_options();
    options.target = "2";
    bp_dataset *train = table_csv("1,x,5\n3,y,6\n", false);
    struct bp_schema *schema = schema_fit(train, &options);
    bp_dataset *dataset = table_csv("7,y,8\n", false);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_REQUIRED);
    assert_inputs(&samples, 0, (const float[]){7, 8});
    cr_assert_eq(samples.labels[0], 1);
    bp_samples_release(&samples);
    bp_dataset_free(dataset);

    dataset = table_csv("x,7,8\n", false);
    samples = bind(schema, dataset, "1", BP_TARGETS_REQUIRED);
    assert_inputs(&samples, 0, (const float[]){7, 8});
    cr_assert_eq(samples.labels[0], 0);
    bp_samples_release(&samples);
    bp_dataset_free(dataset);

    dataset = table_csv("7,8\n", false);
    samples = bind(schema, dataset, NULL, BP_TARGETS_UNUSED);
    assert_inputs(&samples, 0, (const float[]){7, 8});
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_dataset_free(train);
    bp_schema_free(schema);
}

Test(data_samples, images_stay_bytes)
{
    struct bp_schema_options options = schema_options();
    static const uint8_t bytes[] = {0, 1, 2, 3, 4, 5};
    bp_dataset *dataset = table_images(2, 3, bytes, (const uint32_t[]){1, 0}, 2);
    struct bp_schema *schema = schema_fit(dataset, &options);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_REQUIRED);
    cr_assert_eq(samples.bytes, dataset->table->bytes);
    cr_assert_null(samples.values);
    cr_assert_eq(samples.stride, 3);
    /* Code 1 of the file is called "0". */
    cr_assert_eq(samples.labels[0], 0);
    cr_assert_eq(samples.labels[1], 1);
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}

Test(data_samples, an_image_and_as_many_columns_are_the_same)
{
    struct bp_schema_options options = schema_options();
    static const uint8_t bytes[] = {0, 1, 2, 3, 4, 5};
    bp_dataset *images = table_images(2, 3, bytes, (const uint32_t[]){1, 0}, 2);
    struct bp_schema *schema = schema_fit(images, &options);
    bp_dataset *arrays = table_numbers(BP_FORMAT_AUTO, 1, 3, 0, (const float[]){3, 4, 5});
    struct bp_samples samples = bind(schema, arrays, NULL, BP_TARGETS_UNUSED);
    assert_inputs(&samples, 0, (const float[]){3, 4, 5});
    bp_samples_release(&samples);
    bp_dataset_free(arrays);

    bp_dataset *csv = table_csv("1,3,4,5\n", false);
    samples = bind(schema, csv, "1", BP_TARGETS_REQUIRED);
    assert_inputs(&samples, 0, (const float[]){3, 4, 5});
    cr_assert_eq(samples.labels[0], 1);
    bp_samples_release(&samples);
    bp_dataset_free(csv);

    csv = table_csv("3,4,5,1\n", false);
    samples = bind(schema, csv, NULL, BP_TARGETS_REQUIRED);
    assert_inputs(&samples, 0, (const float[]){3, 4, 5});
    cr_assert_eq(samples.labels[0], 1);
    bp_samples_release(&samples);
    bp_dataset_free(csv);
    bp_dataset_free(images);
    bp_schema_free(schema);
}

Test(data_samples, one_target_of_several_is_found_by_its_name)
{
    struct bp_schema_options options = schema_options();
    options.target = "y2";
    bp_dataset *dataset = table_numbers(BP_FORMAT_FANN, 2, 1, 2, (const float[]){5, 0, 1, 6, 1, 0});
    struct bp_schema *schema = schema_fit(dataset, &options);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_REQUIRED);
    cr_assert_arr_eq(samples.targets, ((const float[]){1, 0}), 2 * sizeof(float));
    bp_samples_release(&samples);
    samples = bind(schema, dataset, "y1", BP_TARGETS_REQUIRED);
    cr_assert_arr_eq(samples.targets, ((const float[]){0, 1}), 2 * sizeof(float));
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}

Test(data_samples, the_rows_of_a_part_are_borrowed_or_laid_out)
{
    struct bp_schema *schema = schema_fit_csv("a,b,c\n1,2,x\n3,4,y\n");
    static const uint32_t rows[] = {2, 0};
    bp_dataset *dataset = table_show(table_csv("a,b,c\n1,2,x\n3,4,w\n5,6,y\n", true), 2, rows);
    struct bp_samples samples = bind(schema, dataset, NULL, BP_TARGETS_REQUIRED);
    cr_assert_eq(samples.rows, dataset->rows);
    assert_inputs(&samples, 0, (const float[]){5, 6});
    cr_assert_eq(samples.labels[0], 1);
    bp_samples_release(&samples);
    bp_dataset_free(dataset);

    dataset = table_show(table_csv("b,a,c\n2,1,x\n4,3,w\n6,5,y\n", true), 2, rows);
    samples = bind(schema, dataset, NULL, BP_TARGETS_REQUIRED);
    cr_assert_null(samples.rows);
    assert_inputs(&samples, 0, (const float[]){5, 6});
    assert_inputs(&samples, 1, (const float[]){1, 2});
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    bp_schema_free(schema);
}
