/* Of an object that lacks a key, and of a value of another kind, jansson says 0 or NULL. */
#include "base/json/json_value.h"

#include <stdio.h>

#include "base/number_text.h"

bool bp_json_get_whole(const json_t *object, const char *key, int64_t low, int64_t high,
                       int64_t *value)
{
    const json_t *whole = json_object_get(object, key);
    *value = json_integer_value(whole);
    return json_is_integer(whole) && *value >= low && *value <= high;
}

const char *bp_json_get_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

const char *bp_json_show(const json_t *value, char *text, size_t size)
{
    char number[BP_REAL_TEXT_SIZE];
    const char *shown = "nothing";
    if (json_is_integer(value)) {
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        shown = number;
    } else if (json_is_real(value)) {
        shown = bp_real_write(json_real_value(value), false, number);
    } else if (json_is_string(value)) {
        shown = json_string_value(value);
    } else if (value) {
        shown = json_is_boolean(value) ? json_is_true(value) ? "true" : "false"
                : json_is_null(value)  ? "null"
                : json_is_array(value) ? "a list"
                                       : "an object";
    }
    snprintf(text, size, "%s", shown);
    return text;
}
