/* Two columns for people: how an option is written, and what it does. Four fields for shells. */
#include "cli/options/option_help.h"

#include <ctype.h>
#include <string.h>

#define LINE_WIDTH 79
#define INDENT     "      " /* where a short name would stand */
#define GAP        5        /* after the longest option */

/* Characters of "--name=ARGUMENT". */
static size_t measure(const struct option *option)
{
    return 2 + strlen(option->name) + (option->argument ? 1 + strlen(option->argument) : 0);
}

static size_t find_longest(const struct option_group *groups)
{
    size_t longest = strlen("--help");
    for (; groups->title; groups++) {
        for (const struct option *option = groups->options; option->kind != OPTION_END; option++) {
            if (measure(option) > longest)
                longest = measure(option);
        }
    }
    return longest;
}

/* The characters of `text` that go into a line of `width`: up to the last blank that fits, or to
 * the first one if there is none. */
static size_t cut_line(const char *text, size_t width)
{
    if (strlen(text) <= width)
        return strlen(text);
    size_t end = width;
    while (end > 0 && text[end] != ' ')
        end--;
    return end > 0 ? end : strcspn(text, " ");
}

static void print_text(const char *text, size_t column, FILE *stream)
{
    for (;;) {
        const size_t length = cut_line(text, LINE_WIDTH - column);
        fprintf(stream, "%.*s\n", (int)length, text);
        text += length;
        text += strspn(text, " ");
        if (*text == '\0')
            return;
        fprintf(stream, "%*s", (int)column, "");
    }
}

static void print_option(const struct option *option, size_t longest, FILE *stream)
{
    char text[OPTION_DESCRIPTION_SIZE];
    option_describe(option, text);
    fprintf(stream, INDENT "--%s%s%s%*s", option->name, option->argument ? "=" : "",
            option->argument ? option->argument : "", (int)(longest + GAP - measure(option)), "");
    print_text(text, strlen(INDENT) + longest + GAP, stream);
}

void option_help_print(const struct option_group *groups, FILE *stream)
{
    const size_t longest = find_longest(groups);
    for (; groups->title; groups++) {
        fprintf(stream, "\n%s\n", groups->title);
        for (const struct option *option = groups->options; option->kind != OPTION_END; option++)
            print_option(option, longest, stream);
    }
    fprintf(stream, "\nHelp:\n  -h, --help%*sshow this help and end\n",
            (int)(longest + GAP - strlen("--help")), "");
}

/* Words that the value of an option may be, separated by blanks, or "-" if there are none. */
static void write_words(const struct option *option, char *text, size_t size)
{
    const bool chooses = option->kind == OPTION_CHOICE || option->field.kind == BP_OPTION_CHOICE ||
                         option->field.kind == BP_OPTION_NAMES;
    const uint64_t chosen = option->names ? option->names : UINT64_MAX;
    const char *words[64 + 3];
    size_t count = 0, length = 0;
    for (int value = 0; chooses && value < 64 && bp_choice_name(option->choice, value); value++) {
        if (chosen >> value & 1)
            words[count++] = bp_choice_name(option->choice, value);
    }
    if (option->argument && islower((unsigned char)option->argument[0]))
        words[count++] = option->argument; /* on|off */
    if (option->word)
        words[count++] = option->word;
    if (option->high_word)
        words[count++] = option->high_word;
    snprintf(text, size, "-");
    for (size_t k = 0; k < count && length < size; k++)
        length += (size_t)snprintf(text + length, size - length, "%s%s", k ? " " : "", words[k]);
    for (char *bar = text; (bar = strchr(bar, '|'));)
        *bar = ' ';
}

/* The characters of `help` before its first semicolon that is not in brackets. */
static int measure_first_part(const char *help)
{
    const char *end = help;
    for (int depth = 0; *end && (depth > 0 || strncmp(end, "; ", 2) != 0); end++)
        depth += (*end == '(') - (*end == ')');
    return (int)(end - help);
}

void option_help_list(const struct option_group *groups, FILE *stream)
{
    for (; groups->title; groups++) {
        for (const struct option *option = groups->options; option->kind != OPTION_END; option++) {
            char words[OPTION_DESCRIPTION_SIZE];
            write_words(option, words, sizeof words);
            fprintf(stream, "--%s\t%s\t%s\t%.*s\n", option->name,
                    option->argument ? option->argument : "-", words,
                    measure_first_part(option->help), option->help);
        }
    }
    fputs("--help\t-\t-\tshow the options and end\n", stream);
}
