/* Collects cells, then prints them in aligned columns. */
#include "cli/fields/text_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fields/text_list.h"
#include "cli/terminal/escape.h"
#include "cli/terminal/results.h"

#define CELL_SIZE 256

struct text_table {
    const char *alignment;
    struct text_list cells;
    bool failed;
};

struct text_table *text_table_create(const char *alignment)
{
    struct text_table *table = calloc(1, sizeof *table);
    if (table)
        table->alignment = alignment;
    return table;
}

void text_table_free(struct text_table *table)
{
    if (table)
        text_list_free(&table->cells);
    free(table);
}

/* Bytes of UTF-8 that continue a character take no column on the screen. */
static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static size_t measure(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += !is_continuation(*text);
    return width;
}

/* Drops a character of UTF-8 that the end of the buffer has cut. */
static void trim_cut(char *text, size_t length)
{
    while (length > 0 && is_continuation(text[length - 1]))
        length--;
    if (length > 0 && (unsigned char)text[length - 1] >= 0xC0)
        length--;
    text[length] = '\0';
}

void text_table_add(struct text_table *table, const char *format, ...)
{
    char text[CELL_SIZE], shown[ESCAPE_FACTOR * CELL_SIZE];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (length >= CELL_SIZE)
        trim_cut(text, CELL_SIZE - 1);
    table->failed |= !text_list_take(&table->cells, strdup(escape_write(shown, text, false)));
}

static size_t measure_column(const struct text_table *table, size_t column, size_t columns)
{
    size_t width = 0;
    for (size_t i = column; i < table->cells.count; i += columns) {
        size_t cell = measure(table->cells.item[i]);
        width = cell > width ? cell : width;
    }
    return width;
}

static void print_spaces(size_t count)
{
    for (size_t i = 0; i < count; i++)
        fputc(' ', results());
}

bool text_table_print(const struct text_table *table)
{
    const size_t columns = strlen(table->alignment);
    size_t *widths = calloc(columns, sizeof *widths);
    if (table->failed || !widths) {
        free(widths);
        return false;
    }
    for (size_t column = 0; column < columns; column++)
        widths[column] = measure_column(table, column, columns);

    /* Spaces are due until a cell follows that shows something. */
    size_t due = 0;
    for (size_t i = 0; i < table->cells.count; i++) {
        size_t column = i % columns;
        const char *text = table->cells.item[i];
        size_t padding = widths[column] - measure(text);
        bool right = table->alignment[column] == 'r';
        if (text[0]) {
            print_spaces(due + (right ? padding : 0));
            fputs(text, results());
            due = 2 + (right ? 0 : padding);
        } else {
            due += widths[column] + 2;
        }
        if (column + 1 == columns) {
            fputc('\n', results());
            due = 0;
        }
    }
    free(widths);
    return true;
}
