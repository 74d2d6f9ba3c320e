/* Values of options: from text to the variable, and from the variable to the text of --help. */
#include "option.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"
#include "report.h"

#define DESCRIPTION_SIZE 512

size_t option_count(const struct option *options)
{
    size_t count = 0;
    while (options[count].kind != OPTION_END)
        count++;
    return count;
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
    case OPTION_FLAG:
    case OPTION_END:
        break;
    }
    char text[DESCRIPTION_SIZE + DESCRIPTION_SIZE];
    snprintf(text, sizeof text, "%s%s%s%s%s%s", option->help, names[0] ? ": " : "", names,
             value[0] ? " (default: " : "", value, value[0] ? ")" : "");
    return strdup(text);
}

static int convert_whole(const struct option *option, const char *command, const char *text)
{
    uint64_t parsed = 0;
    bool is_word = option->word && strcmp(text, option->word) == 0;
    if (!is_word && !number_parse_whole(text, 1, option->limit, &parsed))
        return report_usage(command,
                            "--%s: \"%s\" is not a whole number from 1 to %" PRIu64 "%s%s%s",
                            option->name, text, option->limit, option->word ? " or \"" : "",
                            option->word ? option->word : "", option->word ? "\"" : "");
    *(size_t *)option->value = (size_t)parsed;
    return EXIT_DONE;
}

static int convert_seed(const struct option *option, const char *command, const char *text)
{
    if (!number_parse_whole(text, 0, option->limit, option->value))
        return report_usage(command, "--%s: \"%s\" is not a whole number from 0 to %" PRIu64,
                            option->name, text, option->limit);
    return EXIT_DONE;
}

static int convert_real(const struct option *option, const char *command, const char *text)
{
    if (!number_parse_real(text, option->low, option->high, option->value))
        return report_usage(command, "--%s: \"%s\" is not a number above %g and below %g",
                            option->name, text, option->low, option->high);
    return EXIT_DONE;
}

static int convert_choice(const struct option *option, const char *command, const char *text)
{
    bp_error error;
    if (bp_choice_value(option->choice, text, option->value, &error) != BP_OK)
        return report_usage(command, "--%s: %s", option->name, error.message);
    return EXIT_DONE;
}

int option_convert(const struct option *option, const char *command, const char *text)
{
    switch (option->kind) {
    case OPTION_WHOLE:
        return convert_whole(option, command, text);
    case OPTION_SEED:
        return convert_seed(option, command, text);
    case OPTION_REAL:
        return convert_real(option, command, text);
    case OPTION_CHOICE:
        return convert_choice(option, command, text);
    case OPTION_TEXT:
        if (text[0] == '\0')
            return report_usage(command, "--%s: the value is empty", option->name);
        *(const char **)option->value = text;
        return EXIT_DONE;
    case OPTION_FLAG:
    case OPTION_END:
        break;
    }
    return EXIT_DONE;
}
