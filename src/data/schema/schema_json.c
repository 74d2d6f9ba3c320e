/* A schema as JSON and back: what holds for all of its columns together. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/schema/column_json.h"
#include "data/schema/reading_json.h"
#include "data/schema/schema.h"
#include "data/text/names.h"

/* NULL if there is no memory. */
static json_t *columns_to_json(const struct bp_schema *schema)
{
    json_t *columns = json_array();
    for (size_t k = 0; columns && k < schema->input_columns + schema->target_columns; k++) {
        json_t *column = bp_column_to_json(&schema->column[k], schema->missing != BP_MISSING_ERROR);
        if (json_array_append_new(columns, column) != 0) {
            json_decref(columns);
            return NULL;
        }
    }
    return columns;
}

json_t *bp_schema_to_json(const struct bp_schema *schema)
{
    json_t *json = json_pack(
        "{s:s, s:s, s:s, s:b, s:I}", "task", bp_choice_name(BP_CHOICE_TASK, (int)schema->task),
        "scale", bp_choice_name(BP_CHOICE_SCALE, (int)schema->scale), "missing",
        bp_choice_name(BP_CHOICE_MISSING, (int)schema->missing), "has_names",
        (int)schema->has_names, "file_columns", (json_int_t)schema->file_columns);
    const bool complete = json &&
                          (!schema->weight ||
                           json_object_set_new(json, "weight", json_string(schema->weight)) == 0) &&
                          bp_reading_put(json, &schema->reading) &&
                          json_object_set_new(json, "columns", columns_to_json(schema)) == 0;
    if (complete)
        return json;
    json_decref(json);
    return NULL;
}

/* Counts the inputs, which come first, and the targets. */
static bp_status count_roles(const json_t *columns, const char *path, size_t count[2],
                             bp_error *error)
{
    count[0] = count[1] = 0;
    for (size_t k = 0; k < json_array_size(columns); k++) {
        const struct bp_column_place place = {path, k, error};
        const char *role = json_string_value(json_object_get(json_array_get(columns, k), "role"));
        bool input = role && strcmp(role, "input") == 0;
        if (!input && !(role && strcmp(role, "target") == 0))
            return bp_column_fail(&place, "\"role\" must be \"input\" or \"target\"");
        if (input && count[1] > 0)
            return bp_column_fail(&place, "an input follows a target");
        count[input ? 0 : 1]++;
    }
    if (count[0] == 0 || count[1] == 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the columns of the model must be at least one input and one target",
                       path);
    return BP_OK;
}

static bp_status read_choice(const json_t *json, const char *path, const char *key, int *value,
                             bp_error *error)
{
    static const struct {
        const char *key;
        bp_choice choice;
        const char *names;
    } lists[] = {
        {"task", BP_CHOICE_TASK, "\"classify\" or \"regress\""},
        {"scale", BP_CHOICE_SCALE, "\"standard\", \"minmax\" or \"none\""},
        {"missing", BP_CHOICE_MISSING, "\"error\", \"mean\", \"median\" or \"indicator\""}};
    size_t k = 0;
    while (strcmp(lists[k].key, key) != 0)
        k++;
    const char *name = json_string_value(json_object_get(json, key));
    if (!name || bp_choice_value(lists[k].choice, name, value, NULL) ||
        (lists[k].choice == BP_CHOICE_TASK && *value == BP_TASK_AUTO))
        return bp_fail(error, BP_ERROR_INPUT, "%s: \"%s\" of the model must be %s", path, key,
                       lists[k].names);
    return BP_OK;
}

/* What models of earlier versions do not have: then no cell may be missing, and all columns of the
 * training file are inputs and targets. */
static bp_status read_later_keys(struct bp_schema *schema, const json_t *json, const char *path,
                                 bp_error *error)
{
    int missing = BP_MISSING_ERROR;
    const json_t *columns = json_object_get(json, "file_columns");
    const json_t *weight = json_object_get(json, "weight");
    bp_status status = BP_OK;
    if (json_object_get(json, "missing"))
        status = read_choice(json, path, "missing", &missing, error);
    if (status)
        return status;
    schema->missing = (bp_missing)missing;
    if (columns) {
        const json_int_t count = json_is_integer(columns) ? json_integer_value(columns) : 0;
        if (count < (json_int_t)schema->file_columns || count > UINT32_MAX)
            return bp_fail(
                error, BP_ERROR_INPUT,
                "%s: \"file_columns\" of the model must be an integer from the number of "
                "its columns on",
                path);
        schema->file_columns = (size_t)count;
    }
    if (weight) {
        const char *name = json_string_value(weight);
        if (!name || name[0] == '\0' || strlen(name) != json_string_length(weight))
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: \"weight\" of the model must be a string that is not empty", path);
        if (!(schema->weight = bp_text_copy(name, strlen(name))))
            return bp_fail_memory(error, "the columns of a model");
    }
    return bp_reading_from_json(&schema->reading, json_object_get(json, "reading"), path, error);
}

static int compare_positions(const void *left, const void *right)
{
    const struct bp_schema_column *a = *(const struct bp_schema_column *const *)left;
    const struct bp_schema_column *b = *(const struct bp_schema_column *const *)right;
    return a->position != b->position ? (a->position > b->position) - (a->position < b->position)
                                      : (a > b) - (a < b);
}

/* Each column has a place of its own in the training file, of which only the number of columns is
 * known, however large. */
static bp_status check_positions(const struct bp_schema *schema, const char *path, bp_error *error)
{
    const size_t columns = schema->input_columns + schema->target_columns;
    const struct bp_schema_column **sorted = bp_array_alloc(columns, sizeof(void *));
    if (!sorted)
        return bp_fail_memory(error, "the columns of a model");
    for (size_t k = 0; k < columns; k++)
        sorted[k] = &schema->column[k];
    qsort(sorted, columns, sizeof(void *), compare_positions);
    bp_status status = BP_OK;
    for (size_t k = 0; k < columns && !status; k++) {
        const size_t position = sorted[k]->position;
        const bool is_after = position >= schema->file_columns;
        if (is_after || (k > 0 && position == sorted[k - 1]->position))
            status =
                bp_fail(error, BP_ERROR_INPUT,
                        "%s: column \"%s\" of the model has position %zu, which is %s", path,
                        sorted[k]->name, position, is_after ? "after the last" : "that of another");
    }
    free(sorted);
    return status;
}

/* What only all columns together show. */
static bp_status check_whole(const struct bp_schema *schema, const char *path, bp_error *error)
{
    const struct bp_schema_column *target = &schema->column[schema->input_columns];
    bool classify = schema->task == BP_TASK_CLASSIFY;
    for (size_t k = 0; k < schema->target_columns; k++) {
        if ((target[k].kind == BP_COLUMN_CATEGORY) != classify)
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: target \"%s\" of the model does not suit its task", path,
                           target[k].name);
    }
    if (classify && schema->target_columns != 1)
        return bp_fail(error, BP_ERROR_INPUT, "%s: a model of classes must have one target", path);
    struct bp_name_index index;
    size_t columns = schema->input_columns + schema->target_columns;
    if (!bp_name_index_create(&index, columns))
        return bp_fail_memory(error, "the columns of a model");
    for (size_t k = 0; k < columns; k++)
        bp_name_index_add(&index, schema->column[k].name, k);
    bp_name_index_sort(&index);
    const char *twin = bp_name_index_twin(&index);
    bp_name_index_release(&index);
    if (twin)
        return bp_fail(error, BP_ERROR_INPUT, "%s: two columns of the model are called \"%s\"",
                       path, twin);
    return BP_OK;
}

static bp_status read_schema(struct bp_schema *schema, const json_t *json, const char *path,
                             bp_error *error)
{
    int task = 0, scale = 0;
    const json_t *has_names = json_object_get(json, "has_names");
    bp_status status = read_choice(json, path, "task", &task, error);
    if (!status)
        status = read_choice(json, path, "scale", &scale, error);
    if (status)
        return status;
    if (!json_is_boolean(has_names))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: \"has_names\" of the model must be true or false", path);
    schema->task = (bp_task)task;
    schema->scale = (bp_scale)scale;
    schema->has_names = json_is_true(has_names);
    if ((status = read_later_keys(schema, json, path, error)))
        return status;
    const json_t *columns = json_object_get(json, "columns");
    for (size_t k = 0; k < json_array_size(columns); k++) {
        const struct bp_column_place place = {path, k, error};
        if ((status = bp_column_from_json(&place, json_array_get(columns, k), &schema->column[k])))
            return status;
    }
    if ((status = check_whole(schema, path, error)))
        return status;
    if ((status = check_positions(schema, path, error)))
        return status;
    return bp_schema_number(schema, path, error);
}

bp_status bp_schema_from_json(struct bp_schema **out, const json_t *json, const char *path,
                              bp_error *error)
{
    *out = NULL;
    const json_t *columns = json_object_get(json, "columns");
    if (!json_is_array(columns))
        return bp_fail(error, BP_ERROR_INPUT, "%s: \"columns\" of the model must be an array",
                       path);
    size_t count[2];
    bp_status status = count_roles(columns, path, count, error);
    if (status)
        return status;
    struct bp_schema *schema = bp_schema_create(count[0], count[1]);
    if (!schema)
        return bp_fail_memory(error, "the columns of a model");
    status = read_schema(schema, json, path, error);
    if (status) {
        bp_schema_free(schema);
        return status;
    }
    *out = schema;
    return BP_OK;
}
