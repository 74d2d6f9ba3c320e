/* Two columns: how an option is written, and what it does. */
#include "cli/options/option_help.h"

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
