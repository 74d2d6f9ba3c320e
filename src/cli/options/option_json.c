/* From the variables of options to JSON. */
#include "cli/options/option_json.h"

#include <string.h>

#include "base/number_text.h"
#include "base/utf8.h"
#include "cli/fields/json_output.h"
#include "cli/fields/text_list.h"

#define TEXT_SIZE 128

static json_t *list_to_json(const struct text_list *list)
{
    json_t *array = list->count ? json_array() : json_null();
    for (size_t k = 0; array && k < list->count; k++) {
        if (json_array_append_new(array, json_output_string(list->item[k])) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}

static json_t *whole_to_json(const struct option *option)
{
    size_t whole = *(const size_t *)option->value;
    if (whole > 0)
        return json_output_whole(whole);
    return option->word ? json_string(option->word) : json_null();
}

/* A word in the place of a number, such as a rate of "auto", is null. */
static json_t *field_to_json(const struct option *option)
{
    char text[TEXT_SIZE];
    uint64_t whole;
    double real;
    option_field_get(option, text, sizeof text);
    switch (option->field.kind) {
    case BP_OPTION_FLAG:
        return json_boolean(strcmp(text, "true") == 0);
    case BP_OPTION_WHOLE:
    case BP_OPTION_SEED:
        return bp_whole_parse(text, 0, UINT64_MAX, &whole) ? json_output_whole(whole)
                                                           : json_string(text);
    case BP_OPTION_REAL:
        return bp_real_parse(text, &real) ? json_real(real) : json_null();
    case BP_OPTION_SIGN:
        return strcmp(text, "auto") == 0 ? json_null() : json_string(text);
    case BP_OPTION_CHOICE:
    case BP_OPTION_SWITCH:
    case BP_OPTION_NAMES:
    case BP_OPTION_WIDTHS:
    case BP_OPTION_TEXT:
        break;
    }
    return json_output_string(text);
}

json_t *option_to_json(const struct option *option)
{
    if (option->alternatives)
        return json_output_string(option->alternatives);
    switch (option->kind) {
    case OPTION_FLAG:
        return json_boolean(*(const bool *)option->value);
    case OPTION_TEXT: {
        const char *text = *(const char *const *)option->value;
        return json_output_string(text);
    }
    case OPTION_LIST:
        return list_to_json(option->value);
    case OPTION_WHOLE:
        return whole_to_json(option);
    case OPTION_REAL: {
        const double real = *(const double *)option->value;
        if (real > option->low && real < option->high)
            return json_real(real);
        return option->word && option->given ? json_string(option->word) : json_null();
    }
    case OPTION_CHOICE:
        return json_string(bp_choice_name(option->choice, *(const int *)option->value));
    case OPTION_FIELD:
        return field_to_json(option);
    case OPTION_END:
        break;
    }
    return json_null();
}

static bool is_utf8(const char *text)
{
    return !text || bp_utf8_check(text, strlen(text));
}

bool option_is_utf8(const struct option *option)
{
    if (option->alternatives)
        return is_utf8(option->alternatives);
    if (option->kind == OPTION_TEXT)
        return is_utf8(*(const char *const *)option->value);
    const struct text_list *list = option->kind == OPTION_LIST ? option->value : NULL;
    for (size_t k = 0; list && k < list->count; k++) {
        if (!is_utf8(list->item[k]))
            return false;
    }
    char text[TEXT_SIZE];
    if (option->kind == OPTION_FIELD)
        option_field_get(option, text, sizeof text);
    return option->kind != OPTION_FIELD || is_utf8(text);
}

json_t *options_to_json(const struct option_group *groups)
{
    json_t *object = json_object();
    for (; object && groups->title; groups++) {
        for (const struct option *option = groups->options; option->kind != OPTION_END; option++) {
            json_t *value = option_to_json(option);
            if (json_is_null(value))
                continue;
            if (json_object_set_new(object, option->name, value) != 0) {
                json_decref(object);
                return NULL;
            }
        }
    }
    return object;
}
