/* A schema as JSON: the round trip, and everything that a file may not hold. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/schemas.h"
#include "support/tables.h"

/* Through text and back, as a model file does it. */
static struct bp_schema *pass_through(const struct bp_schema *schema)
{
    bp_error error = {.message = ""};
    json_t *json = bp_schema_to_json(schema);
    cr_assert_not_null(json);
    char *text = json_dumps(json, 0);
    json_t *again = json_loads(text, 0, NULL);
    struct bp_schema *copy = NULL;
    cr_assert_eq(bp_schema_from_json(&copy, again, "m", &error), BP_OK, "%s", error.message);
    json_decref(json);
    json_decref(again);
    free(text);
    return copy;
}

static void assert_same_column(const struct bp_schema_column *a, const struct bp_schema_column *b)
{
    cr_assert_str_eq(a->name, b->name);
    cr_assert_eq(a->role, b->role);
    cr_assert_eq(a->kind, b->kind);
    cr_assert_eq(a->position, b->position);
    cr_assert_eq(a->first, b->first);
    cr_assert_eq(a->neurons, b->neurons);
    cr_assert_eq(memcmp(&a->shift, &b->shift, sizeof a->shift), 0);
    cr_assert_eq(memcmp(&a->scale, &b->scale, sizeof a->scale), 0);
    cr_assert_eq(!a->category, !b->category);
    for (size_t k = 0; a->category && k < a->neurons; k++)
        cr_assert_str_eq(a->category[k], b->category[k]);
}

static void assert_same(const struct bp_schema *a, const struct bp_schema *b)
{
    cr_assert_eq(a->task, b->task);
    cr_assert_eq(a->scale, b->scale);
    cr_assert_eq(a->has_names, b->has_names);
    cr_assert_eq(a->input_columns, b->input_columns);
    cr_assert_eq(a->target_columns, b->target_columns);
    cr_assert_eq(a->inputs, b->inputs);
    cr_assert_eq(a->outputs, b->outputs);
    for (size_t k = 0; k < a->input_columns + a->target_columns; k++)
        assert_same_column(&a->column[k], &b->column[k]);
}

Test(data_schema_json, classes_and_categories_survive)
{
    struct bp_schema *schema = schema_fit_csv("a,\xC3\xA9,c\n0.1,red,x\n-7.3,\xE2\x82\xAC,\"y\n");
    struct bp_schema *copy = pass_through(schema);
    assert_same(schema, copy);
    bp_schema_free(schema);
    bp_schema_free(copy);
}

Test(data_schema_json, floats_survive_bit_for_bit)
{
    static const float odd[] = {0.1f, -0.0f, FLT_TRUE_MIN, -FLT_MAX, 16777217.0f, 1.0f / 3.0f};
    struct bp_schema *schema = schema_fit_csv("a,c\n0.1,0.5\n-7.3,1\n");
    for (size_t k = 0; k < sizeof odd / sizeof odd[0]; k++) {
        schema->column[0].shift = odd[k];
        schema->column[0].scale = odd[k] > 0 ? odd[k] : FLT_MAX;
        struct bp_schema *copy = pass_through(schema);
        assert_same(schema, copy);
        bp_schema_free(copy);
    }
    bp_schema_free(schema);
}

Test(data_schema_json, an_image_survives)
{
    const struct bp_schema_options options = schema_options();
    bp_dataset *dataset =
        table_images(2, 3, (const uint8_t[]){0, 1, 2, 3, 4, 5}, (const uint32_t[]){0, 1}, 2);
    struct bp_schema *schema = schema_fit(dataset, &options);
    struct bp_schema *copy = pass_through(schema);
    assert_same(schema, copy);
    bp_schema_free(schema);
    bp_schema_free(copy);
    bp_dataset_free(dataset);
}

static void assert_refused(const char *text, const char *message)
{
    bp_error error = {.message = ""};
    json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    cr_assert_not_null(json, "%s", text);
    struct bp_schema *schema = (struct bp_schema *)1;
    cr_assert_eq(bp_schema_from_json(&schema, json, "m", &error), BP_ERROR_INPUT, "%s", text);
    cr_assert_null(schema);
    cr_assert_str_eq(error.message, message);
    json_decref(json);
}

#define INPUT                                                                                      \
    "{\"name\":\"a\",\"role\":\"input\",\"kind\":\"number\",\"position\":0,\"neurons\":1,"         \
    "\"shift\":0.5,\"scale\":2}"
#define TARGET                                                                                     \
    "{\"name\":\"c\",\"role\":\"target\",\"kind\":\"category\",\"position\":1,\"neurons\":2,"      \
    "\"categories\":[\"x\",\"y\"]}"
#define WHOLE(columns)                                                                             \
    "{\"task\":\"classify\",\"scale\":\"none\",\"has_names\":true,\"columns\":[" columns "]}"

Test(data_schema_json, the_text_that_the_following_tests_spoil_is_good)
{
    bp_error error = {.message = ""};
    json_t *json = json_loads(WHOLE(INPUT "," TARGET), 0, NULL);
    struct bp_schema *schema = NULL;
    cr_assert_eq(bp_schema_from_json(&schema, json, "m", &error), BP_OK, "%s", error.message);
    cr_assert_eq(schema->column[0].shift, 0.5f);
    cr_assert_eq(schema->column[0].scale, 2.0f);
    cr_assert_eq(schema->outputs, 2);
    bp_schema_free(schema);
    json_decref(json);
}

Test(data_schema_json, the_outer_object_is_checked)
{
    assert_refused("[]", "m: \"columns\" of the model must be an array");
    assert_refused("5", "m: \"columns\" of the model must be an array");
    assert_refused("{\"columns\":{}}", "m: \"columns\" of the model must be an array");
    assert_refused("{\"columns\":[]}",
                   "m: the columns of the model must be at least one input and one target");
    assert_refused("{\"columns\":[" INPUT "]}",
                   "m: the columns of the model must be at least one input and one target");
    assert_refused("{\"columns\":[" INPUT "," TARGET "]}",
                   "m: \"task\" of the model must be \"classify\" or \"regress\"");
    assert_refused("{\"task\":\"auto\",\"columns\":[" INPUT "," TARGET "]}",
                   "m: \"task\" of the model must be \"classify\" or \"regress\"");
    assert_refused("{\"task\":\"classify\",\"scale\":7,\"columns\":[" INPUT "," TARGET "]}",
                   "m: \"scale\" of the model must be \"standard\", \"minmax\" or \"none\"");
    assert_refused("{\"task\":\"classify\",\"scale\":\"none\",\"has_names\":1,\"columns\":[" INPUT
                   "," TARGET "]}",
                   "m: \"has_names\" of the model must be true or false");
}

Test(data_schema_json, roles_are_checked)
{
    assert_refused(WHOLE(TARGET "," INPUT), "m: column 2 of the model: an input follows a target");
    assert_refused(WHOLE("5," TARGET),
                   "m: column 1 of the model: \"role\" must be \"input\" or \"target\"");
    assert_refused(WHOLE("{\"role\":\"unknown\"}," TARGET),
                   "m: column 1 of the model: \"role\" must be \"input\" or \"target\"");
}

/* The good text with `rest` for the first column after its role, and its message. */
static void assert_input_refused(const char *rest, const char *complaint)
{
    char text[1024], message[512];
    snprintf(text, sizeof text, WHOLE("{\"role\":\"input\",%s}," TARGET), rest);
    snprintf(message, sizeof message, "m: column 1 of the model: %s", complaint);
    assert_refused(text, message);
}

Test(data_schema_json, every_key_of_a_column_is_checked)
{
    static const char name[] = "\"name\" must be a string that is not empty";
    static const char position[] = "\"position\" must be an integer from 0 to 4294967295";
    static const char neurons[] = "\"neurons\" must be an integer from 1 to 4294967295";
    static const char kind[] = "\"kind\" must be \"number\" or \"category\"";
    static const char shift[] = "\"shift\" must be a number of single precision";
    static const char scale[] = "\"scale\" must be a number of single precision";
#define NAME   "\"name\":\"a\","
#define PLACE  NAME "\"position\":0,"
#define NUMBER PLACE "\"neurons\":1,\"kind\":\"number\","
    assert_input_refused("\"name\":7", name);
    assert_input_refused("\"name\":\"\"", name);
    assert_input_refused("\"name\":\"a\\u0000b\"", name);
    assert_input_refused("\"x\":1", name);
    assert_input_refused(NAME "\"x\":1", position);
    assert_input_refused(NAME "\"position\":-1", position);
    assert_input_refused(NAME "\"position\":1.5", position);
    assert_input_refused(NAME "\"position\":4294967296", position);
    assert_input_refused(PLACE "\"neurons\":0", neurons);
    assert_input_refused(PLACE "\"neurons\":\"1\"", neurons);
    assert_input_refused(PLACE "\"neurons\":9223372036854775807", neurons);
    assert_input_refused(PLACE "\"neurons\":1", kind);
    assert_input_refused(PLACE "\"neurons\":1,\"kind\":\"text\"", kind);
    assert_input_refused(NUMBER "\"scale\":1", shift);
    assert_input_refused(NUMBER "\"shift\":1e39,\"scale\":1", shift);
    assert_input_refused(NUMBER "\"shift\":\"0\",\"scale\":1", shift);
    assert_input_refused(NUMBER "\"shift\":0", scale);
    assert_input_refused(NUMBER "\"shift\":0,\"scale\":-1e300", scale);
    assert_input_refused(NUMBER "\"shift\":0,\"scale\":0", "\"scale\" must be above 0");
    assert_input_refused(NUMBER "\"shift\":0,\"scale\":-1", "\"scale\" must be above 0");
    assert_input_refused(NUMBER "\"shift\":0,\"scale\":1e-60", "\"scale\" must be above 0");
}

Test(data_schema_json, categories_are_checked)
{
    static const char array[] =
        "\"categories\" must be an array of as many names as there are neurons";
    static const char text[] = "a category must be a string";
    static const char order[] = "the categories are not in order, or one is there twice";
#define CATEGORIES PLACE "\"neurons\":2,\"kind\":\"category\","
    assert_input_refused(CATEGORIES "\"x\":1", array);
    assert_input_refused(CATEGORIES "\"categories\":{}", array);
    assert_input_refused(CATEGORIES "\"categories\":[\"a\"]", array);
    assert_input_refused(CATEGORIES "\"categories\":[\"a\",\"b\",\"c\"]", array);
    assert_input_refused(PLACE "\"neurons\":4294967295,\"kind\":\"category\",\"categories\":[]",
                         array);
    assert_input_refused(CATEGORIES "\"categories\":[\"a\",7]", text);
    assert_input_refused(CATEGORIES "\"categories\":[\"b\",\"a\"]", order);
    assert_input_refused(CATEGORIES "\"categories\":[\"a\",\"a\"]", order);
    assert_input_refused(CATEGORIES "\"categories\":[\"10\",\"9\"]", order);
}

Test(data_schema_json, columns_must_suit_each_other)
{
    assert_refused(WHOLE(INPUT ",{\"name\":\"c\",\"role\":\"target\",\"kind\":\"number\","
                               "\"position\":1,\"neurons\":1,\"shift\":0,\"scale\":1}"),
                   "m: target \"c\" of the model does not suit its task");
    assert_refused("{\"task\":\"regress\",\"scale\":\"none\",\"has_names\":true,\"columns\":[" INPUT
                   "," TARGET "]}",
                   "m: target \"c\" of the model does not suit its task");
    assert_refused(WHOLE(INPUT "," TARGET "," TARGET),
                   "m: a model of classes must have one target");
    assert_refused(WHOLE(INPUT "," INPUT "," TARGET),
                   "m: two columns of the model are called \"a\"");
    assert_refused("{\"task\":\"regress\",\"scale\":\"none\",\"has_names\":true,\"columns\":[" INPUT
                   ",{\"name\":\"c\",\"role\":\"target\",\"kind\":\"number\",\"position\":1,"
                   "\"neurons\":2,\"shift\":0,\"scale\":1}]}",
                   "m: column 2 of the model: a target that is a number has one neuron");
    assert_refused(WHOLE("{\"name\":\"a\",\"role\":\"input\",\"kind\":\"number\",\"position\":0,"
                         "\"neurons\":4294967295,\"shift\":0,\"scale\":1}," TARGET),
                   "m: more than 1048576 input neurons are needed, from column \"a\" on (it has "
                   "4294967295 cells)");
}

Test(data_schema_json, each_position_is_there_once)
{
#define TARGET_AT(position)                                                                        \
    "{\"name\":\"c\",\"role\":\"target\",\"kind\":\"category\",\"position\":" position             \
    ",\"neurons\":2,\"categories\":[\"x\",\"y\"]}"
    assert_refused(WHOLE(INPUT "," TARGET_AT("0")),
                   "m: column \"c\" of the model has position 0, which is that of another");
    assert_refused(WHOLE(INPUT "," TARGET_AT("2")),
                   "m: column \"c\" of the model has position 2, which is after the last");
}

Test(data_schema_json, a_text_changed_anywhere_never_crashes)
{
    static const char good[] = WHOLE(INPUT "," TARGET);
    static const char changes[] = "0-9\"[]{},:ae";
    char text[sizeof good];
    size_t read = 0, refused = 0;
    for (size_t at = 0; at < sizeof good - 1; at++) {
        for (const char *change = changes; *change; change++) {
            memcpy(text, good, sizeof good);
            text[at] = *change;
            json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
            if (!json)
                continue;
            struct bp_schema *schema;
            bp_status status = bp_schema_from_json(&schema, json, "m", NULL);
            cr_assert(status == BP_OK || (status == BP_ERROR_INPUT && !schema));
            read += status == BP_OK;
            refused += status != BP_OK;
            bp_schema_free(schema);
            json_decref(json);
        }
    }
    cr_assert(read > 0 && refused > 0);
}
