/* A schema as JSON and back: what holds for all of its columns together. */
#include <stdlib.h>
#include <string.h>

#include "data/column_json.h"
#include "data/names.h"
#include "data/schema.h"

json_t *bp_schema_to_json(const struct bp_schema *schema)
{
    json_t *columns = json_array();
    for (size_t k = 0; k < schema->input_columns + schema->target_columns; k++) {
        if (json_array_append_new(columns, bp_column_to_json(&schema->column[k])) != 0) {
            json_decref(columns);
            return NULL;
        }
    }
    /* The format "o" takes `columns`, also when packing fails. */
    return json_pack("{s:s, s:s, s:b, s:o}", "task",
                     bp_choice_name(BP_CHOICE_TASK, (int)schema->task), "scale",
                     bp_choice_name(BP_CHOICE_SCALE, (int)schema->scale), "has_names",
                     (int)schema->has_names, "columns", columns);
}

/* Counts the inputs, which come first, and the targets behind them. */
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
            return bp_column_fail(&place, "an input stands behind a target");
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
    bp_choice choice = strcmp(key, "task") == 0 ? BP_CHOICE_TASK : BP_CHOICE_SCALE;
    const char *name = json_string_value(json_object_get(json, key));
    if (!name || bp_choice_value(choice, name, value, NULL) ||
        (choice == BP_CHOICE_TASK && *value == BP_TASK_AUTO))
        return bp_fail(error, BP_ERROR_INPUT, "%s: \"%s\" of the model must be %s", path, key,
                       choice == BP_CHOICE_TASK ? "\"classify\" or \"regress\""
                                                : "\"standard\", \"minmax\" or \"none\"");
    return BP_OK;
}

/* What only all the columns together can tell. */
/* The columns of the training file, each once. */
static bp_status check_positions(const struct bp_schema *schema, const char *path, bp_error *error)
{
    const size_t columns = schema->input_columns + schema->target_columns;
    bool *taken = calloc(columns, sizeof *taken);
    if (!taken)
        return bp_fail_memory(error, "the columns of a model");
    bp_status status = BP_OK;
    for (size_t k = 0; k < columns && !status; k++) {
        const size_t position = schema->column[k].position;
        if (position >= columns || taken[position])
            status = bp_fail(error, BP_ERROR_INPUT,
                             "%s: column \"%s\" of the model has position %zu, which is %s", path,
                             schema->column[k].name, position,
                             position >= columns ? "behind the last" : "that of another");
        else
            taken[position] = true;
    }
    free(taken);
    return status;
}

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
    if (classify && (schema->target_columns != 1 || target->neurons < 2))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: a model of classes must have one target of at least two", path);
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
