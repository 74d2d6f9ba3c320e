/* Values of options: from text to the variable, and from the variable to the text of --help. */
#include "cli/options/option.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/text_list.h"

#define DESCRIPTION_SIZE 512

size_t option_count(const struct option *options)
{
    size_t count = 0;
    while (options[count].kind != OPTION_END)
        count++;
    return count;
}

struct option *option_find_in(struct option *table, const char *name)
{
    for (; table->kind != OPTION_END; table++) {
        if (strcmp(table->name, name) == 0)
            return table;
    }
    return NULL;
}

struct option *option_find(const struct option_group *groups, const char *name)
{
    for (; groups->title; groups++) {
        struct option *option = option_find_in(groups->options, name);
        if (option)
            return option;
    }
    return NULL;
}

bool option_is_given(const struct option *table, const char *name)
{
    for (; table->kind != OPTION_END; table++) {
        if (strcmp(table->name, name) == 0)
            return table->given;
    }
    return false;
}

/* " logistic, identity": the names of a choice. */
static void join_names(bp_choice choice, char *text, size_t size)
{
    size_t length = 0;
    const char *name;
    text[0] = '\0';
    for (int value = 0; (name = bp_choice_name(choice, value)) != NULL && length < size; value++)
        length += (size_t)snprintf(text + length, size - length, "%s%s", value ? ", " : "", name);
}

char *option_describe(const struct option *option)
{
    char names[DESCRIPTION_SIZE / 2] = "";
    char value[DESCRIPTION_SIZE / 4] = "";
    switch (option->kind) {
    case OPTION_WHOLE: {
        size_t whole = *(const size_t *)option->value;
        if (whole == 0 && option->word)
            snprintf(value, sizeof value, "%s", option->word);
        else
            snprintf(value, sizeof value, "%zu", whole);
        break;
    }
    case OPTION_SEED:
        snprintf(value, sizeof value, "%" PRIu64, *(const uint64_t *)option->value);
        break;
    case OPTION_REAL:
        if (*(const double *)option->value > 0)
            snprintf(value, sizeof value, "%g", *(const double *)option->value);
        break;
    case OPTION_CHOICE:
        join_names(option->choice, names, sizeof names);
        snprintf(value, sizeof value, "%s",
                 bp_choice_name(option->choice, *(const int *)option->value));
        break;
    case OPTION_TEXT:
        if (*(const char *const *)option->value)
            snprintf(value, sizeof value, "%s", *(const char *const *)option->value);
        break;
    case OPTION_LIST:
    case OPTION_FLAG:
    case OPTION_END:
        break;
    }
    char text[DESCRIPTION_SIZE + DESCRIPTION_SIZE];
    snprintf(text, sizeof text, "%s%s%s%s%s%s", option->help, names[0] ? ": " : "", names,
             value[0] ? " (default: " : "", value, value[0] ? ")" : "");
    return strdup(text);
}

/* Fills `error`; returns false. */
static bool fail(bp_error *error, const char *format, ...) BP_PRINTF(2, 3);

static bool fail(bp_error *error, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    error->status = BP_ERROR_ARGUMENT;
    vsnprintf(error->message, sizeof error->message, format, values);
    va_end(values);
    return false;
}

static bool set_whole(const struct option *option, const char *text, bp_error *error)
{
    uint64_t parsed = 0;
    bool is_word = option->word && strcmp(text, option->word) == 0;
    if (!is_word && !number_parse_whole(text, 1, option->limit, &parsed))
        return fail(error, "\"%s\" is not a whole number from 1 to %" PRIu64 "%s%s%s", text,
                    option->limit, option->word ? " or \"" : "", option->word ? option->word : "",
                    option->word ? "\"" : "");
    *(size_t *)option->value = (size_t)parsed;
    return true;
}

static bool set_real(const struct option *option, const char *text, bp_error *error)
{
    double value = 0;
    const double above = option->from_low ? option->low - 1 : option->low;
    if (!number_parse_real(text, above, option->high, &value) || value < option->low)
        return fail(error, "\"%s\" is not a number %s %g %s below %g", text,
                    option->from_low ? "from" : "above", option->low,
                    option->from_low ? "to" : "and", option->high);
    if (option->narrow && value != 0 && (float)value == 0.0f)
        return fail(error, "\"%s\" is 0 in binary32: give a greater one", text);
    if (option->narrow && (float)value >= (float)option->high)
        return fail(error, "\"%s\" is %g in binary32: give a smaller one", text, option->high);
    *(double *)option->value = value;
    return true;
}

static bool set_flag(const struct option *option, const char *text, bp_error *error)
{
    bool is_true = strcmp(text, "true") == 0;
    if (!is_true && strcmp(text, "false") != 0)
        return fail(error, "\"%s\" is neither true nor false", text);
    *(bool *)option->value = is_true;
    return true;
}

static bool set_list(const struct option *option, const char *text, bp_error *error)
{
    return text_list_take(option->value, strdup(text)) || fail(error, "out of memory");
}

bool option_set(const struct option *option, const char *text, bp_error *error)
{
    bool is_text = option->kind == OPTION_TEXT || option->kind == OPTION_LIST;
    if (is_text && text[0] == '\0')
        return fail(error, "the value is empty");
    switch (option->kind) {
    case OPTION_FLAG:
        return set_flag(option, text, error);
    case OPTION_WHOLE:
        return set_whole(option, text, error);
    case OPTION_SEED:
        return number_parse_whole(text, 0, option->limit, option->value) ||
               fail(error, "\"%s\" is not a whole number from 0 to %" PRIu64, text, option->limit);
    case OPTION_REAL:
        return set_real(option, text, error);
    case OPTION_CHOICE:
        return bp_choice_value(option->choice, text, option->value, error) == BP_OK;
    case OPTION_LIST:
        return set_list(option, text, error);
    case OPTION_TEXT:
        *(const char **)option->value = text;
        break;
    case OPTION_END:
        break;
    }
    return true;
}

int option_convert(const struct option *option, const char *command, const char *text)
{
    bp_error error;
    if (option_set(option, text, &error))
        return EXIT_DONE;
    return message_usage(command, "--%s: %s", option->name, error.message);
}
