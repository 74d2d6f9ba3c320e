/* Readings as JSON and back; what comes from a file is checked before a reader believes it. */
#include "data/schema/reading_json.h"

#include <string.h>

#include "base/memory.h"
#include "data/text/list.h"

/* A text that is NULL is left out. */
static bool put_text(json_t *object, const char *key, const char *text)
{
    return !text || json_object_set_new(object, key, json_string(text)) == 0;
}

bool bp_reading_put(json_t *json, const struct bp_reading *reading)
{
    const char separator[] = {reading->separator, '\0'}, decimal[] = {reading->decimal, '\0'};
    json_t *object = json_object();
    bool complete =
        object &&
        put_text(object, "header",
                 reading->header ? bp_choice_name(BP_CHOICE_HEADER, (int)reading->header) : NULL) &&
        put_text(object, "separator", separator[0] ? separator : NULL) &&
        put_text(object, "decimal", decimal[0] ? decimal : NULL) &&
        put_text(object, "missing_values", reading->missing_values) &&
        put_text(object, "categorical", reading->categorical) &&
        put_text(object, "ignore", reading->ignore) && put_text(object, "id", reading->id);
    if (complete && json_object_size(object) > 0)
        complete = json_object_set(json, "reading", object) == 0;
    json_decref(object);
    return complete;
}

static bp_status fail_key(const char *path, const char *key, const char *what, bp_error *error)
{
    return bp_fail(error, BP_ERROR_INPUT, "%s: \"%s\" in \"reading\" of the model must be %s", path,
                   key, what);
}

/* One of `signs`; '\0' if the key is not there. */
static bp_status read_sign(const json_t *json, const char *path, const char *key, const char *signs,
                           char *out, bp_error *error)
{
    const json_t *value = json_object_get(json, key);
    const char *text = json_string_value(value);
    if (!value)
        return BP_OK;
    if (!text || json_string_length(value) != 1 || !strchr(signs, text[0]))
        return fail_key(path, key, "a sign that may be one", error);
    *out = text[0];
    return BP_OK;
}

static bp_status read_header(const json_t *json, const char *path, bp_header *out, bp_error *error)
{
    const json_t *value = json_object_get(json, "header");
    const char *name = json_string_value(value);
    int header = BP_HEADER_AUTO;
    if (value && (!name || bp_choice_value(BP_CHOICE_HEADER, name, &header, NULL)))
        return fail_key(path, "header", "\"yes\" or \"no\"", error);
    *out = (bp_header)header;
    return BP_OK;
}

static bp_status read_text(const json_t *json, const char *path, const char *key, char **out,
                           bp_error *error)
{
    const json_t *value = json_object_get(json, key);
    const char *text = json_string_value(value);
    if (!value)
        return BP_OK;
    if (!text || strlen(text) != json_string_length(value))
        return fail_key(path, key, "a text", error);
    *out = bp_text_copy(text, strlen(text));
    return *out ? BP_OK : bp_fail_memory(error, "how the data are read");
}

static bp_status read_list(const json_t *json, const char *path, const char *key, char **out,
                           bp_error *error)
{
    struct bp_list list;
    bp_status status = read_text(json, path, key, out, error);
    if (status || !*out)
        return status;
    status = bp_list_parse(&list, *out, key, error);
    if (status == BP_ERROR_ARGUMENT)
        return fail_key(path, key, "the text of a list", error);
    bp_list_release(&list);
    return status;
}

bp_status bp_reading_from_json(struct bp_reading *reading, const json_t *json, const char *path,
                               bp_error *error)
{
    if (!json)
        return BP_OK;
    if (!json_is_object(json))
        return bp_fail(error, BP_ERROR_INPUT, "%s: \"reading\" of the model must be an object",
                       path);
    bp_status status = read_header(json, path, &reading->header, error);
    if (!status)
        status = read_sign(json, path, "separator", BP_SEPARATORS, &reading->separator, error);
    if (!status)
        status = read_sign(json, path, "decimal", ".,", &reading->decimal, error);
    if (!status)
        status = read_list(json, path, "missing_values", &reading->missing_values, error);
    if (!status)
        status = read_list(json, path, "categorical", &reading->categorical, error);
    if (!status)
        status = read_list(json, path, "ignore", &reading->ignore, error);
    if (!status)
        status = read_text(json, path, "id", &reading->id, error);
    return status;
}
