/* Values of options: from text to the variable, and from the variable to the text of --help. */
#include "cli/options/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/choice.h"
#include "base/number_text.h"
#include "base/status.h"
#include "cli/fields/alternatives.h"
#include "cli/fields/text_list.h"
#include "cli/options/field.h"
#include "cli/terminal/messages.h"

struct option option_json(bool *json)
{
    return (struct option){.kind = OPTION_FLAG,
                           .name = "json",
                           .value = json,
                           .help = "print the result as one JSON object"};
}

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

void option_drop(struct option *table, const char *name)
{
    for (table = option_find_in(table, name); table->kind != OPTION_END; table++)
        table[0] = table[1];
}

bool option_is_given(const struct option *table, const char *name)
{
    for (; table->kind != OPTION_END; table++) {
        if (strcmp(table->name, name) == 0)
            return table->given;
    }
    return false;
}

void option_field_get(const struct option *option, char *text, size_t size)
{
    field_get(option->field.owner, option->value, option->name, text, size);
}

size_t option_field_size(const struct option *option)
{
    return *(const size_t *)option->value; /* every options struct begins with it */
}

enum option_kind option_form(const struct option *option)
{
    if (option->kind != OPTION_FIELD)
        return option->kind;
    switch (option->field.kind) {
    case BP_OPTION_FLAG:
        return OPTION_FLAG;
    case BP_OPTION_WHOLE:
        return OPTION_WHOLE;
    case BP_OPTION_SEED:
    case BP_OPTION_REAL:
        return OPTION_REAL;
    case BP_OPTION_CHOICE:
    case BP_OPTION_SWITCH:
        return OPTION_CHOICE;
    case BP_OPTION_NAMES:
    case BP_OPTION_WIDTHS:
    case BP_OPTION_SIGN:
    case BP_OPTION_TEXT:
        break;
    }
    return OPTION_TEXT;
}

/* The default: what the variable holds. Zeros that nobody has to know of give "". */
static void write_default(const struct option *option, char *text, size_t size)
{
    switch (option->kind) {
    case OPTION_WHOLE: {
        const size_t whole = *(const size_t *)option->value;
        if (whole == 0 && option->word)
            snprintf(text, size, "%s", option->word);
        else
            snprintf(text, size, "%zu", whole);
        break;
    }
    case OPTION_REAL:
        if (*(const double *)option->value > 0)
            snprintf(text, size, "%g", *(const double *)option->value);
        break;
    case OPTION_CHOICE:
        snprintf(text, size, "%s", bp_choice_name(option->choice, *(const int *)option->value));
        break;
    case OPTION_TEXT:
        if (*(const char *const *)option->value)
            snprintf(text, size, "%s", *(const char *const *)option->value);
        break;
    case OPTION_FIELD:
        if (option_form(option) != OPTION_FLAG)
            option_field_get(option, text, size);
        break;
    case OPTION_LIST:
    case OPTION_FLAG:
    case OPTION_END:
        break;
    }
}

void option_describe(const struct option *option, char text[static OPTION_DESCRIPTION_SIZE])
{
    char names[OPTION_DESCRIPTION_SIZE / 4] = "";
    char value[OPTION_DESCRIPTION_SIZE / 4] = "";
    if (option->names || option->kind == OPTION_CHOICE || option->field.kind == BP_OPTION_CHOICE)
        bp_choice_join(option->choice, option->names ? option->names : BP_CHOICE_ALL, names,
                       sizeof names);
    if (option->instead)
        snprintf(value, sizeof value, "%s", option->instead);
    else
        write_default(option, value, sizeof value);
    snprintf(text, OPTION_DESCRIPTION_SIZE, "%s%s%s%s%s%s", option->help, names[0] ? ": " : "",
             names, value[0] ? " (default: " : "", value, value[0] ? ")" : "");
}

static bool set_whole(const struct option *option, const char *text, bp_error *error)
{
    uint64_t whole;
    if (bp_whole_take(text, 1, option->limit, option->word, &whole, error))
        return false;
    *(size_t *)option->value = (size_t)whole;
    return true;
}

static bool set_real(const struct option *option, const char *text, bp_error *error)
{
    const struct bp_range range = {.low = option->low, .high = option->high};
    double real;
    if (bp_real_take(text, &range, false, option->word, &real, error))
        return false;
    *(double *)option->value = real;
    return true;
}

static bool set_flag(const struct option *option, const char *text, bp_error *error)
{
    bool is_true = strcmp(text, "true") == 0;
    if (!is_true && strcmp(text, "false") != 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "\"%s\" is neither true nor false", text) == BP_OK;
    *(bool *)option->value = is_true;
    return true;
}

static bool set_list(const struct option *option, const char *text, bp_error *error)
{
    return text_list_take(option->value, strdup(text)) || bp_fail_memory(error, "a value") == BP_OK;
}

static bool set_one(const struct option *option, const char *text, bp_error *error)
{
    bool is_text = option->kind == OPTION_TEXT || option->kind == OPTION_LIST;
    if (is_text && text[0] == '\0')
        return bp_fail(error, BP_ERROR_ARGUMENT, "the value is empty") == BP_OK;
    switch (option->kind) {
    case OPTION_FLAG:
        return set_flag(option, text, error);
    case OPTION_WHOLE:
        return set_whole(option, text, error);
    case OPTION_REAL:
        return set_real(option, text, error);
    case OPTION_CHOICE:
        return bp_choice_value(option->choice, text, option->value, error) == BP_OK;
    case OPTION_LIST:
        return set_list(option, text, error);
    case OPTION_FIELD:
        return field_set(option->field.owner, option->value, option->name, text, error);
    case OPTION_TEXT:
        *(const char **)option->value = text;
        break;
    case OPTION_END:
        break;
    }
    return true;
}

bool option_choose(const struct option *option, size_t index, bp_error *error)
{
    char part[ALTERNATIVE_SIZE];
    if (!alternatives_take(option->alternatives, index, part))
        return bp_fail(error, BP_ERROR_ARGUMENT, "alternative %zu is longer than %d characters",
                       index + 1, ALTERNATIVE_SIZE - 1) == BP_OK;
    return set_one(option, part, error);
}

/* The last first, so that the variable holds the first one in the end. */
static bool set_alternatives(const struct option *option, bp_error *error)
{
    if (option->kind == OPTION_TEXT)
        return set_one(option, option->alternatives, error);
    for (size_t k = alternatives_count(option->alternatives); k-- > 0;) {
        if (!option_choose(option, k, error))
            return false;
    }
    return true;
}

bool option_set(struct option *option, const char *text, bp_error *error)
{
    const bool several = strchr(text, ';') != NULL;
    option->alternatives = several && option->varies ? text : NULL;
    return option->alternatives ? set_alternatives(option, error) : set_one(option, text, error);
}

int option_convert(struct option *option, const char *command, const char *text)
{
    bp_error error;
    if (option_set(option, text, &error))
        return EXIT_DONE;
    if (error.status == BP_ERROR_MEMORY)
        return message_error(&error);
    return message_usage(command, "--%s: %s", option->name, error.message);
}
