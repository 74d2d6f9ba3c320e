/* A column as JSON and back; what comes from a file is trusted in nothing. */
#include "data/schema/column_json.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/text/names.h"

#define ROLE_NAME(role) ((role) == BP_ROLE_TARGET ? "target" : "input")

json_t *bp_column_to_json(const struct bp_schema_column *column, bool with_fill)
{
    json_t *json =
        json_pack("{s:s, s:s, s:s, s:I, s:I}", "name", column->name, "role",
                  ROLE_NAME(column->role), "kind", column->category ? "category" : "number",
                  "position", (json_int_t)column->position, "neurons", (json_int_t)column->neurons);
    if (!json)
        return NULL;
    bool failed = false;
    if (column->category) {
        json_t *names = json_array();
        for (size_t c = 0; c < column->neurons; c++)
            failed |= json_array_append_new(names, json_string(column->category[c])) != 0;
        failed |= json_object_set_new(json, "categories", names) != 0;
        if (column->role == BP_ROLE_INPUT && column->most_frequent != BP_NOT_COUNTED)
            failed |= json_object_set_new(json, "most_frequent",
                                          json_integer((json_int_t)column->most_frequent)) != 0;
    } else {
        if (column->origin != 0)
            failed |= json_object_set_new(json, "origin", json_real(column->origin)) != 0;
        failed |= json_object_set_new(json, "shift", json_real((double)column->shift)) != 0;
        failed |= json_object_set_new(json, "scale", json_real((double)column->scale)) != 0;
    }
    if (with_fill && !column->category && column->role == BP_ROLE_INPUT) {
        failed |= json_object_set_new(json, "fill", json_real((double)column->fill)) != 0;
        failed |= json_object_set_new(json, "indicator", json_boolean(column->indicator)) != 0;
    }
    if (failed) {
        json_decref(json);
        return NULL;
    }
    return json;
}

bp_status bp_column_fail(const struct bp_column_place *place, const char *format, ...)
{
    char sentence[BP_ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return bp_fail(place->error, BP_ERROR_INPUT, "%s: column %zu of the model: %s", place->path,
                   place->column + 1, sentence);
}

static bp_status read_float(const struct bp_column_place *place, const json_t *json,
                            const char *key, float *out)
{
    const json_t *value = json_object_get(json, key);
    double number = json_is_number(value) ? json_number_value(value) : NAN;
    if (!(fabs(number) <= (double)FLT_MAX))
        return bp_column_fail(place, "\"%s\" must be a number of single precision", key);
    *out = (float)number;
    return BP_OK;
}

static bp_status read_size(const struct bp_column_place *place, const json_t *json, const char *key,
                           json_int_t min, size_t *out)
{
    const json_t *value = json_object_get(json, key);
    json_int_t number = json_is_integer(value) ? json_integer_value(value) : min - 1;
    if (number < min || number > UINT32_MAX)
        return bp_column_fail(place, "\"%s\" must be an integer from %d to %zu", key, (int)min,
                              (size_t)UINT32_MAX);
    *out = (size_t)number;
    return BP_OK;
}

/* A copy of a string that holds no NUL. */
static bp_status read_text(const struct bp_column_place *place, const json_t *value,
                           const char *complaint, char **out)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    if (!text || strlen(text) != length)
        return bp_column_fail(place, "%s", complaint);
    *out = bp_text_copy(text, length);
    return *out ? BP_OK : bp_fail_memory(place->error, "the columns of a model");
}

/* Models that are older than the key do not have it. */
static bp_status read_most_frequent(const struct bp_column_place *place, const json_t *json,
                                    struct bp_schema_column *column)
{
    column->most_frequent = BP_NOT_COUNTED;
    if (column->role != BP_ROLE_INPUT || !json_object_get(json, "most_frequent"))
        return BP_OK;
    const bp_status status = read_size(place, json, "most_frequent", 0, &column->most_frequent);
    if (!status && column->most_frequent >= column->neurons)
        return bp_column_fail(place, "\"most_frequent\" is not the number of a category, from 0");
    return status;
}

/* `column->neurons` is the number of names read, so that bp_schema_free() finds them. */
static bp_status read_categories(const struct bp_column_place *place, const json_t *json,
                                 struct bp_schema_column *column)
{
    const json_t *names = json_object_get(json, "categories");
    size_t count = column->neurons;
    column->neurons = 0;
    column->scale = 1;
    if (!json_is_array(names) || json_array_size(names) != count)
        return bp_column_fail(place,
                              "\"categories\" must be an array of as many names as there are "
                              "neurons");
    column->category = calloc(count, sizeof *column->category);
    if (!column->category)
        return bp_fail_memory(place->error, "the categories of a model");
    for (; column->neurons < count; column->neurons++) {
        size_t c = column->neurons;
        bp_status status = read_text(place, json_array_get(names, c), "a category must be a string",
                                     &column->category[c]);
        if (status)
            return status;
        if (column->category[c][0] == '\0' && column->role == BP_ROLE_TARGET) {
            column->neurons++;
            return bp_column_fail(place, "a class must be a string that is not empty");
        }
        if (c > 0 && bp_name_compare(column->category[c - 1], column->category[c]) >= 0) {
            column->neurons++;
            return bp_column_fail(place, "the categories are not in order, or one is there twice");
        }
    }
    return BP_OK;
}

/* Models that know nothing of missing cells have neither key. */
static bp_status read_fill(const struct bp_column_place *place, const json_t *json,
                           struct bp_schema_column *column)
{
    const json_t *indicator = json_object_get(json, "indicator");
    bp_status status = BP_OK;
    if (json_object_get(json, "fill"))
        status = read_float(place, json, "fill", &column->fill);
    if (status || !indicator)
        return status;
    if (!json_is_boolean(indicator))
        return bp_column_fail(place, "\"indicator\" must be true or false");
    column->indicator = json_is_true(indicator);
    if (column->indicator && column->neurons < 2)
        return bp_column_fail(place, "a column with an indicator has two neurons or more");
    return BP_OK;
}

/* Most columns have none. */
static bp_status read_origin(const struct bp_column_place *place, const json_t *json,
                             struct bp_schema_column *column)
{
    float origin = 0;
    const bp_status status =
        json_object_get(json, "origin") ? read_float(place, json, "origin", &origin) : BP_OK;
    column->origin = (double)origin;
    return status;
}

static bp_status read_numbers(const struct bp_column_place *place, const json_t *json,
                              struct bp_schema_column *column)
{
    bp_status status = read_origin(place, json, column);
    if (!status)
        status = read_float(place, json, "shift", &column->shift);
    if (!status)
        status = read_float(place, json, "scale", &column->scale);
    if (!status && !(column->scale > 0))
        status = bp_column_fail(place, "\"scale\" must be above 0");
    if (!status && column->role == BP_ROLE_TARGET && column->neurons != 1)
        status = bp_column_fail(place, "a target that is a number has one neuron");
    return status || column->role == BP_ROLE_TARGET ? status : read_fill(place, json, column);
}

bp_status bp_column_from_json(const struct bp_column_place *place, const json_t *json,
                              struct bp_schema_column *column)
{
    if (!json_is_object(json))
        return bp_column_fail(place, "it must be an object");
    const char *kind = json_string_value(json_object_get(json, "kind"));
    static const char complaint[] = "\"name\" must be a string that is not empty";
    bp_status status = read_text(place, json_object_get(json, "name"), complaint, &column->name);
    if (!status && column->name[0] == '\0')
        status = bp_column_fail(place, "%s", complaint);
    if (!status)
        status = read_size(place, json, "position", 0, &column->position);
    if (!status)
        status = read_size(place, json, "neurons", 1, &column->neurons);
    if (status)
        return status;
    if (kind && strcmp(kind, "number") == 0) {
        column->kind = BP_COLUMN_NUMBER;
        return read_numbers(place, json, column);
    }
    if (kind && strcmp(kind, "category") == 0) {
        column->kind = BP_COLUMN_CATEGORY;
        status = read_categories(place, json, column);
        return status ? status : read_most_frequent(place, json, column);
    }
    return bp_column_fail(place, "\"kind\" must be \"number\" or \"category\"");
}
