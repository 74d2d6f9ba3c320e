/* Cells are added to a block of memory that grows by halves. */
#include "cli/fields/csv_output.h"

#include <stdio.h>
#include <string.h>

#include "base/grow.h"
#include "base/number_text.h"

#define NUMBER_SIZE 40

static void add(struct csv_output *output, const char *bytes, size_t size)
{
    if ((output->size + size > output->capacity || !output->text) && !output->failed) {
        char *text = bp_array_grow(output->text, &output->capacity, output->size + size, 1);
        output->failed = !text;
        output->text = text ? text : output->text;
    }
    if (output->failed)
        return;
    memcpy(output->text + output->size, bytes, size);
    output->size += size;
}

void csv_output_reserve(struct csv_output *output)
{
    add(output, "", 0);
}

static bool is_plain(const char *text)
{
    while (*text && *text != ',' && *text != '"' && *text != '\r' && *text != '\n' && *text != '\t')
        text++;
    return !*text;
}

/* Spaces at an end are kept by readers only in quotes; an empty line is no row. */
static bool needs_quotes(const char *first, const char *second)
{
    const char *begin = *first ? first : second;
    const char *end = *second ? second : first;
    return !*begin || *begin == ' ' || end[strlen(end) - 1] == ' ' || !is_plain(first) ||
           !is_plain(second);
}

static void add_quoted(struct csv_output *output, const char *text)
{
    for (; *text; text++)
        add(output, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
}

/* Also the wide forms of the signs, U+FF1D, FF0B, FF0D and FF20, which spreadsheets in East Asian
 * languages take for them. What is a number has no apostrophe, which would make a text of it. */
static bool is_formula(const char *first, const char *second)
{
    const char *text = *first ? first : second;
    static const char *const signs[] = {"=",  "+",      "-",      "@",      "\t",    "\r",
                                        "\n", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
    bool begins = false;
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
        begins |= strncmp(text, signs[k], strlen(signs[k])) == 0;
    double value;
    return begins && !((!*first || !*second) && bp_real_parse(text, &value));
}

void csv_output_joined(struct csv_output *output, const char *first, const char *second)
{
    if (!output->spreadsheet && !needs_quotes(first, second)) {
        add(output, first, strlen(first));
        add(output, second, strlen(second));
        return;
    }
    add(output, "\"", 1);
    if (output->spreadsheet && is_formula(first, second))
        add(output, "'", 1);
    add_quoted(output, first);
    add_quoted(output, second);
    add(output, "\"", 1);
}

void csv_output_text(struct csv_output *output, const char *text)
{
    csv_output_joined(output, text, "");
}

void csv_output_number(struct csv_output *output, double value, int digits)
{
    char text[NUMBER_SIZE];
    add(output, text, (size_t)snprintf(text, sizeof text, "%.*g", digits, value));
}

void csv_output_whole(struct csv_output *output, size_t value)
{
    char text[NUMBER_SIZE];
    add(output, text, (size_t)snprintf(text, sizeof text, "%zu", value));
}

void csv_output_comma(struct csv_output *output)
{
    add(output, ",", 1);
}

void csv_output_line(struct csv_output *output)
{
    add(output, "\n", 1);
}
