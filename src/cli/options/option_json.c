/* From the variables of options to JSON. */
#include "cli/options/option_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/terminal/json_output.h"
#include "cli/terminal/text_list.h"

#define NUMBER_SIZE 32

static json_t *list_to_json(const struct text_list *list)
{
    json_t *array = list->count ? json_array() : json_null();
    for (size_t k = 0; array && k < list->count; k++) {
        if (json_array_append_new(array, json_string(list->item[k])) != 0) {
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

/* Of the numbers that are rounded to the same binary32, the one with the fewest digits. */
static double shortest_narrow(double value)
{
    char text[NUMBER_SIZE];
    if ((double)(float)value != value)
        return value;
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtof(text, NULL) == (float)value)
            break;
    }
    return strtod(text, NULL);
}

json_t *option_to_json(const struct option *option)
{
    switch (option->kind) {
    case OPTION_FLAG:
        return json_boolean(*(const bool *)option->value);
    case OPTION_TEXT: {
        const char *text = *(const char *const *)option->value;
        return text ? json_string(text) : json_null();
    }
    case OPTION_LIST:
        return list_to_json(option->value);
    case OPTION_WHOLE:
        return whole_to_json(option);
    case OPTION_SEED:
        return json_output_whole(*(const uint64_t *)option->value);
    case OPTION_REAL: {
        double real = *(const double *)option->value;
        if (option->narrow)
            real = shortest_narrow(real);
        return real > option->low && real < option->high ? json_real(real) : json_null();
    }
    case OPTION_CHOICE:
        return json_string(bp_choice_name(option->choice, *(const int *)option->value));
    case OPTION_END:
        break;
    }
    return json_null();
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
