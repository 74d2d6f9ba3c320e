/* Missing cells: how they are read, what they count as, and where they are errors. */
#include <math.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/samples/samples.h"
#include "support/reading.h"
#include "support/schemas.h"

static bp_dataset *read(const char *text, const char *missing_values)
{
    bp_read_options options = bp_read_options_default();
    options.header = BP_HEADER_YES;
    options.missing_values = missing_values;
    return expect_dataset(read_text("d.csv", text, &options));
}

static struct bp_schema *fit(const bp_dataset *dataset, bp_missing missing)
{
    struct bp_schema_options options = schema_options();
    options.missing = missing;
    return schema_fit(dataset, &options);
}

static void expect_fit_error(const char *text, bp_missing missing, const char *message)
{
    struct bp_schema_options options = schema_options();
    options.missing = missing;
    bp_dataset *dataset = read(text, NULL);
    struct bp_schema *schema;
    bp_error error;
    cr_assert_eq(bp_schema_fit(&schema, dataset, &options, &error), BP_ERROR_INPUT);
    cr_assert_not_null(strstr(error.message, message), "%s", error.message);
    bp_dataset_free(dataset);
}

static bp_column_info describe(const bp_dataset *dataset, size_t column)
{
    bp_column_info info;
    cr_assert_eq(bp_dataset_describe(dataset, column, &info, NULL), BP_OK);
    return info;
}

/* Neuron value `neuron` of sample x, of samples that were copied. */
static float get_cell(const struct bp_samples *samples, size_t x, size_t neuron)
{
    for (size_t c = 0; c < samples->cells; c++) {
        const float cell = samples->values[x * samples->stride + c];
        if (samples->neuron[c] == neuron)
            return (cell - samples->shift[neuron]) * samples->scale[neuron];
        if (samples->neuron[c] == BP_ONE_HOT && cell == (float)neuron)
            return 1;
    }
    return 0;
}

static struct bp_samples bind(const struct bp_schema *schema, const bp_dataset *dataset)
{
    struct bp_samples samples;
    bp_error error = {.message = ""};
    cr_assert_eq(bp_samples_bind(&samples, schema, dataset,
                                 &(struct bp_bind_options){.need = BP_TARGETS_REQUIRED}, &error),
                 BP_OK, "%s", error.message);
    return samples;
}

static void expect_bind_error(const struct bp_schema *schema, const char *text, const char *message)
{
    struct bp_samples samples;
    bp_error error = {.message = ""};
    bp_dataset *dataset = read(text, NULL);
    cr_assert_eq(bp_samples_bind(&samples, schema, dataset,
                                 &(struct bp_bind_options){.need = BP_TARGETS_REQUIRED}, &error),
                 BP_ERROR_INPUT);
    cr_assert_not_null(strstr(error.message, message), "%s", error.message);
    bp_dataset_free(dataset);
}

Test(data_missing, empty_cells_are_missing_and_in_no_statistic)
{
    bp_dataset *dataset = read("a,b,t\n1,,x\n,,\n4,\"\",y\n7,  ,x\n", NULL);
    const bp_column_info a = describe(dataset, 0), b = describe(dataset, 1),
                         t = describe(dataset, 2);

    cr_assert_eq(a.missing, 1);
    cr_assert_eq(a.min, 1);
    cr_assert_eq(a.max, 7);
    cr_assert_eq(a.mean, 4);
    cr_assert_eq(a.std, sqrt(6.0));
    cr_assert_eq(a.distinct, 3);
    cr_assert(a.integral);
    cr_assert_eq(b.missing, 4);
    cr_assert_eq(b.distinct, 0);
    cr_assert_eq(b.mean, 0);
    cr_assert_eq(t.missing, 1);
    cr_assert_eq(t.distinct, 2);
    bp_dataset_free(dataset);
}

Test(data_missing, other_texts_may_stand_for_a_missing_cell)
{
    bp_dataset *dataset = read("a,b,t\nNA,1,x\n2,-99,NA\n3,-99.0,-99\n4,5,?\n", "NA,\"?\",-99");

    cr_assert_eq(describe(dataset, 0).missing, 1);
    cr_assert_eq(describe(dataset, 1).missing, 2);
    cr_assert_eq(describe(dataset, 2).missing, 3);
    bp_dataset_free(dataset);
}

Test(data_missing, what_people_write_is_named_in_the_advice)
{
    expect_failure(read_text("d.csv", "a,b\n1,2\n3,n/a\n", NULL), BP_ERROR_INPUT,
                   "d.csv:3:2: \"n/a\" is not a number; if it stands for a missing value, say "
                   "--missing-values n/a");
}

Test(data_missing, a_column_may_begin_with_missing_cells)
{
    bp_dataset *numbers = read("a,y\n,1\n,2\n5,3\n", NULL),
               *texts = read("a,y\n,1\n,2\nx,3\n", NULL);

    cr_assert_eq(describe(numbers, 0).kind, BP_COLUMN_NUMBER);
    cr_assert_eq(describe(texts, 0).kind, BP_COLUMN_CATEGORY);
    cr_assert_eq(describe(texts, 0).missing, 2);
    bp_dataset_free(numbers);
    bp_dataset_free(texts);
}

Test(data_missing, a_missing_input_is_an_error_with_its_place_unless_it_is_allowed)
{
    expect_fit_error(
        "a,b,y\n1,2,0.5\n2,,1\n,3,2\n", BP_MISSING_ERROR,
        "d.csv:3:2: the cell is empty; fill in missing values, leave out their rows, or "
        "say what to do with --missing");
    expect_fit_error("t,y\nx,0.5\n,1\n", BP_MISSING_ERROR, "d.csv:3:1: the cell is empty");
}

Test(data_missing, a_missing_target_is_always_an_error)
{
    expect_fit_error("a,y\n1,0.5\n2,\n", BP_MISSING_MEAN,
                     "d.csv:3:2: the cell is empty, and it is a target: leave out its row");
    expect_fit_error("a,y\n1,red\n2,\n3,blue\n", BP_MISSING_INDICATOR,
                     "d.csv:3:2: the cell is empty");
}

Test(data_missing, a_column_without_any_value_is_an_error)
{
    expect_fit_error("a,b,y\n1,,0.5\n2,,1\n", BP_MISSING_MEDIAN,
                     "column \"b\" is empty in all rows to learn from: leave it out with --ignore");
}

Test(data_missing, mean_and_median_are_those_of_the_cells_that_are_there)
{
    static const char text[] = "a,b,y\n1,10,0.5\n,20,1\n3,,2\n8,60,3\n";
    bp_dataset *dataset = read(text, NULL);
    struct bp_schema *mean = fit(dataset, BP_MISSING_MEAN),
                     *median = fit(dataset, BP_MISSING_MEDIAN);

    cr_assert_eq(mean->column[0].fill, 4);
    cr_assert_eq(mean->column[1].fill, 30);
    cr_assert_eq(median->column[0].fill, 3);
    cr_assert_eq(median->column[1].fill, 20);
    struct bp_samples samples = bind(median, dataset);
    cr_assert_eq(get_cell(&samples, 1, 0), 3);
    cr_assert_eq(get_cell(&samples, 2, 1), 20);
    cr_assert_eq(get_cell(&samples, 3, 1), 60);
    bp_samples_release(&samples);
    bp_schema_free(mean);
    bp_schema_free(median);
    bp_dataset_free(dataset);
}

Test(data_missing, a_median_of_two_is_between_them)
{
    bp_dataset *dataset = read("a,y\n1,0.5\n2,1\n,2\n", NULL);
    struct bp_schema *schema = fit(dataset, BP_MISSING_MEDIAN);
    cr_assert_eq(schema->column[0].fill, 1.5f);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

/* Numbers that are not scaled have no origin: neither has what fills them. */
Test(data_missing, what_fills_a_column_is_in_the_units_of_the_column)
{
    bp_dataset *dataset = read("a,y\n1700000001,0.5\n1700000003,1\n,2\n", NULL);
    struct bp_schema *schema = fit(dataset, BP_MISSING_MEAN);
    cr_assert_neq(dataset->table->column[0].origin, 0);
    cr_assert_eq(schema->column[0].fill, 1700000002.0f);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_missing, an_indicator_is_one_neuron_more_for_each_column_with_missing_cells)
{
    bp_dataset *dataset = read("a,b,t,y\n1,5,x,0.5\n,6,,1\n3,7,z,2\n", NULL);
    struct bp_schema *schema = fit(dataset, BP_MISSING_INDICATOR);

    cr_assert(schema->column[0].indicator);
    cr_assert_not(schema->column[1].indicator);
    cr_assert_eq(schema->inputs, 2 + 1 + 3);
    struct bp_samples samples = bind(schema, dataset);
    for (size_t x = 0; x < 3; x++)
        cr_assert_eq(get_cell(&samples, x, 1), x == 1 ? 1.0f : 0.0f);
    cr_assert_eq(get_cell(&samples, 1, 0), 2);
    cr_assert_eq(get_cell(&samples, 2, 2), 7);
    cr_assert_eq(get_cell(&samples, 1, 3), 1); /* "" comes first among texts */
    cr_assert_eq(get_cell(&samples, 0, 4), 1);
    bp_samples_release(&samples);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_missing, a_column_that_had_none_in_training_is_filled_all_the_same)
{
    bp_dataset *train = read("a,b,y\n1,4,0.5\n3,,1\n", NULL),
               *other = read("b,a,y\n,,1\n5,6,2\n", NULL);
    struct bp_schema *schema = fit(train, BP_MISSING_MEAN);
    struct bp_samples samples = bind(schema, other);

    cr_assert_eq(get_cell(&samples, 0, 0), 2);
    cr_assert_eq(get_cell(&samples, 0, 1), 4);
    cr_assert_eq(get_cell(&samples, 1, 1), 5);
    bp_samples_release(&samples);
    bp_schema_free(schema);
    bp_dataset_free(train);
    bp_dataset_free(other);
}

Test(data_missing, a_model_that_met_no_missing_cells_refuses_them)
{
    bp_dataset *train = read("a,t,y\n1,u,0.5\n3,v,1\n", NULL);
    struct bp_schema *strict = fit(train, BP_MISSING_ERROR), *mean = fit(train, BP_MISSING_MEAN);

    expect_bind_error(strict, "a,t,y\n1,u,1\n,u,1\n", "d.csv:3:1: the cell is empty; fill in");
    expect_bind_error(mean, "a,t,y\n1,u,1\n2,,1\n",
                      "d.csv:3:2: the cell is empty, and no empty cell of column \"t\" was in the "
                      "training data");
    expect_bind_error(mean, "a,t,y\n1,u,1\n2,v,\n",
                      "d.csv:3:3: the cell is empty, and it is a target");
    bp_schema_free(strict);
    bp_schema_free(mean);
    bp_dataset_free(train);
}

Test(data_missing, all_of_it_survives_the_model_file)
{
    bp_read_options options = {.size = sizeof(bp_read_options),
                               .header = BP_HEADER_YES,
                               .separator = ';',
                               .decimal = ',',
                               .missing_values = "NA,?",
                               .categorical = "3",
                               .ignore = "\"x, y\"",
                               .id = "key"};
    bp_dataset *dataset = expect_dataset(
        read_text("d.csv", "a;x, y;zip;key;w;y\n1,5;j;007;k1;1;0,5\nNA;j;?;k2;2;1\n", &options));
    struct bp_schema_options fitting = schema_options();
    fitting.missing = BP_MISSING_INDICATOR;
    fitting.weight = "w";
    struct bp_schema *schema = schema_fit(dataset, &fitting), *back;
    json_t *json = bp_schema_to_json(schema);
    bp_error error = {.message = ""};
    cr_assert_eq(bp_schema_from_json(&back, json, "m", &error), BP_OK, "%s", error.message);

    json_t *again = bp_schema_to_json(back);
    cr_assert(json_equal(json, again));
    cr_assert_eq(back->missing, BP_MISSING_INDICATOR);
    cr_assert_eq(back->file_columns, 6);
    cr_assert_str_eq(back->weight, "w");
    cr_assert_eq(back->reading.separator, ';');
    cr_assert_eq(back->reading.decimal, ',');
    cr_assert_str_eq(back->reading.missing_values, "NA,?");
    cr_assert_str_eq(back->reading.categorical, "zip");
    cr_assert_str_eq(back->reading.ignore, "\"x, y\"");
    cr_assert_str_eq(back->reading.id, "key");
    cr_assert(back->column[0].indicator);
    cr_assert_eq(back->column[0].fill, 1.5f);
    cr_assert_str_eq(back->column[1].category[1], "");
    cr_assert_eq(back->input_columns, 2);
    json_decref(json);
    json_decref(again);
    bp_schema_free(schema);
    bp_schema_free(back);
    bp_dataset_free(dataset);
}

Test(data_missing, a_model_without_the_keys_is_one_of_earlier_versions)
{
    json_t *json = json_loads(
        "{\"task\":\"regress\",\"scale\":\"none\",\"has_names\":true,\"columns\":["
        "{\"name\":\"a\",\"role\":\"input\",\"kind\":\"number\",\"position\":0,\"neurons\":1,"
        "\"shift\":0,\"scale\":1},"
        "{\"name\":\"y\",\"role\":\"target\",\"kind\":\"number\",\"position\":1,\"neurons\":1,"
        "\"shift\":0,\"scale\":1}]}",
        0, NULL);
    struct bp_schema *schema;
    cr_assert_eq(bp_schema_from_json(&schema, json, "m", NULL), BP_OK);

    cr_assert_eq(schema->missing, BP_MISSING_ERROR);
    cr_assert_eq(schema->file_columns, 2);
    cr_assert_null(schema->weight);
    cr_assert_eq(schema->reading.separator, '\0');
    cr_assert_not(schema->column[0].indicator);
    bp_schema_free(schema);
    json_decref(json);
}

Test(data_missing, keys_of_the_wrong_kind_are_refused)
{
    static const struct {
        const char *keys, *message;
    } cases[] = {
        {"\"missing\":\"zero\"",
         "m: \"missing\" of the model must be \"error\", \"mean\", \"median\" or \"indicator\""},
        {"\"file_columns\":1",
         "m: \"file_columns\" of the model must be an integer from the number "
         "of its columns on"},
        {"\"weight\":7", "m: \"weight\" of the model must be a string that is not empty"},
        {"\"reading\":[]", "m: \"reading\" of the model must be an object"},
        {"\"reading\":{\"separator\":\"\\\"\"}",
         "m: \"separator\" in \"reading\" of the model must be a sign that may be one"},
        {"\"reading\":{\"ignore\":\"\\\"a\"}",
         "m: \"ignore\" in \"reading\" of the model must be the text of a list"},
        {"\"reading\":{\"id\":3}", "m: \"id\" in \"reading\" of the model must be a text"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "{\"task\":\"regress\",\"scale\":\"none\",\"has_names\":true,%s,\"columns\":["
                 "{\"name\":\"a\",\"role\":\"input\",\"kind\":\"number\",\"position\":0,"
                 "\"neurons\":1,\"shift\":0,\"scale\":1},"
                 "{\"name\":\"y\",\"role\":\"target\",\"kind\":\"number\",\"position\":1,"
                 "\"neurons\":1,\"shift\":0,\"scale\":1}]}",
                 cases[k].keys);
        json_t *json = json_loads(text, 0, NULL);
        struct bp_schema *schema;
        bp_error error = {.message = ""};
        cr_assert_eq(bp_schema_from_json(&schema, json, "m", &error), BP_ERROR_INPUT, "%s", text);
        cr_assert_str_eq(error.message, cases[k].message);
        json_decref(json);
    }
}
