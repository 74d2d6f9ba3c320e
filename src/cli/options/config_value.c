/* Types and texts of the values of a configuration. */
#include "cli/options/config_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/number_text.h"

#define NUMBER_SIZE BP_REAL_TEXT_SIZE

const char *config_value_type(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "text";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        break;
    }
    return "null";
}

static bool is_switch(const struct option *option)
{
    return option->kind == OPTION_FIELD && option->field.kind == BP_OPTION_SWITCH;
}

const char *config_value_wanted(const struct option *option, char text[CONFIG_WANTED_SIZE])
{
    const char *wanted = "text, a number or an array of them";
    switch (option_form(option)) {
    case OPTION_FLAG:
        wanted = "true or false";
        break;
    case OPTION_WHOLE:
    case OPTION_REAL:
        wanted = "a number";
        break;
    case OPTION_CHOICE:
        wanted = is_switch(option) ? "\"on\" or \"off\"" : "text";
        break;
    case OPTION_TEXT:
    case OPTION_LIST:
    case OPTION_FIELD:
    case OPTION_END:
        break;
    }
    if (option->word && option->high_word)
        snprintf(text, CONFIG_WANTED_SIZE, "%s, \"%s\" or \"%s\"", wanted, option->word,
                 option->high_word);
    else if (option->word)
        snprintf(text, CONFIG_WANTED_SIZE, "%s or \"%s\"", wanted, option->word);
    else
        snprintf(text, CONFIG_WANTED_SIZE, "%s", wanted);
    return text;
}

/* A text or number as text; freed with free(). NULL: no memory, or another type. */
static char *write_scalar(const json_t *value)
{
    char number[NUMBER_SIZE];
    if (json_is_string(value))
        return strdup(json_string_value(value));
    if (json_is_integer(value))
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        bp_real_write(json_real_value(value), false, number);
    else
        return NULL;
    return strdup(number);
}

bool config_text_append(struct config_text *joined, char sign, const char *item)
{
    const size_t length = item ? strlen(item) : 0, needed = joined->length + length + 2;
    char *grown = item ? bp_array_grow(joined->text, &joined->room, needed, 1) : NULL;
    if (!grown)
        return false;
    joined->text = grown;
    if (joined->items++ > 0)
        grown[joined->length++] = sign;
    memcpy(grown + joined->length, item, length + 1);
    joined->length += length;
    return true;
}

/* The items of an array, joined by commas; NULL as of write_scalar(). */
static char *write_array(const json_t *array)
{
    struct config_text joined = {0};
    size_t index;
    json_t *item;
    json_array_foreach(array, index, item)
    {
        char *text = write_scalar(item);
        const bool appended = config_text_append(&joined, ',', text);
        free(text);
        if (!appended) {
            free(joined.text);
            return NULL;
        }
    }
    return joined.text;
}

bool config_value_suits(const struct option *option, const json_t *value)
{
    const char *text = json_string_value(value);
    if (option->varies && text && strchr(text, ';'))
        return true;
    switch (option_form(option)) {
    case OPTION_FLAG:
        return json_is_boolean(value);
    case OPTION_REAL:
    case OPTION_WHOLE:
        return json_is_number(value) || (option->word && json_is_string(value));
    case OPTION_CHOICE:
        return json_is_string(value);
    case OPTION_TEXT:
    case OPTION_LIST:
    case OPTION_FIELD:
    case OPTION_END:
        break;
    }
    size_t index;
    json_t *item;
    json_array_foreach(value, index, item)
    {
        if (!json_is_string(item) && !json_is_number(item))
            return false;
    }
    return json_is_string(value) || json_is_number(value) || json_array_size(value) > 0;
}

char *config_value_text(const json_t *value)
{
    return json_is_array(value) ? write_array(value) : write_scalar(value);
}
