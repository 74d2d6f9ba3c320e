/* Datasets made by hand. */
#include "support/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/memory/memory.h"
#include "data/read/readers.h"

#define CELL_MAX 64

static char *copy_text(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    cr_assert_not_null(copy);
    return strcpy(copy, text);
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    cr_assert_not_null(memory);
    return memory;
}

static char *number_name(const char *prefix, size_t number)
{
    char name[CELL_MAX];
    snprintf(name, sizeof name, "%s%zu", prefix, number);
    return copy_text(name);
}

static struct bp_table *create_table(const char *path, bp_format format, size_t columns)
{
    const struct bp_reader *reader = bp_readers_find(&bp_all_readers, format);
    struct bp_table *table = bp_table_create(path, reader ? reader : &bp_memory_format, columns);
    cr_assert_not_null(table);
    for (size_t k = 0; k < columns; k++) {
        table->column[k].offset = k;
        table->column[k].width = 1;
    }
    return table;
}

static bp_dataset *wrap(struct bp_table *table)
{
    bp_error error = {.message = ""};
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_wrap(&dataset, table, &error), BP_OK, "%s", error.message);
    return dataset;
}

/* Field `field` of line `line` of the text. */
static void get_cell(const char *text, size_t line, size_t field, char cell[CELL_MAX])
{
    for (; line > 0; line--)
        text = strchr(text, '\n') + 1;
    for (; field > 0; field--)
        text = strchr(text, ',') + 1;
    size_t length = strcspn(text, ",\n");
    cr_assert(length < CELL_MAX);
    memcpy(cell, text, length);
    cell[length] = '\0';
}

static size_t count_character(const char *text, size_t length, char character)
{
    size_t count = 0;
    for (size_t k = 0; k < length; k++)
        count += text[k] == character;
    return count;
}

static float code_of(struct bp_column *column, const char *name)
{
    size_t code = 0;
    while (code < column->categories && strcmp(column->category[code], name) != 0)
        code++;
    if (code == column->categories)
        column->category[column->categories++] = copy_text(name);
    return (float)code;
}

static void read_column(struct bp_table *table, const char *text, size_t k)
{
    struct bp_column *column = &table->column[k];
    char cell[CELL_MAX];
    for (size_t row = 0; row < table->rows; row++) {
        char *end;
        get_cell(text, row + table->has_header, k, cell);
        table->values[row * table->cells + k] = strtof(cell, &end);
        if (*end)
            column->kind = BP_COLUMN_CATEGORY;
    }
    if (column->kind == BP_COLUMN_NUMBER)
        return;
    column->category = allocate(table->rows, sizeof *column->category);
    for (size_t row = 0; row < table->rows; row++) {
        get_cell(text, row + table->has_header, k, cell);
        table->values[row * table->cells + k] = code_of(column, cell + (cell[0] == '\''));
    }
}

bp_dataset *table_csv(const char *text, bool header)
{
    size_t columns = count_character(text, strcspn(text, "\n"), ',') + 1;
    struct bp_table *table = create_table("test.csv", BP_FORMAT_CSV, columns);
    char cell[CELL_MAX];
    table->has_header = header;
    table->rows = count_character(text, strlen(text), '\n') - header;
    table->cells = columns;
    table->values = allocate(table->rows * columns, sizeof *table->values);
    for (size_t k = 0; k < columns; k++) {
        get_cell(text, 0, k, cell);
        table->column[k].name = header ? copy_text(cell) : number_name("column ", k + 1);
        read_column(table, text, k);
    }
    return wrap(table);
}

bp_dataset *table_numbers(bp_format format, size_t rows, size_t inputs, size_t outputs,
                          const float *values)
{
    struct bp_table *table =
        create_table(format == BP_FORMAT_FANN ? "test.data" : "memory", format, inputs + outputs);
    table->rows = rows;
    table->cells = inputs + outputs;
    table->values = allocate(rows * table->cells, sizeof *table->values);
    memcpy(table->values, values, rows * table->cells * sizeof *values);
    for (size_t k = 0; k < table->columns; k++) {
        table->column[k].role = k < inputs ? BP_ROLE_INPUT : BP_ROLE_TARGET;
        table->column[k].name =
            number_name(k < inputs ? "x" : "y", k < inputs ? k + 1 : k - inputs + 1);
    }
    return wrap(table);
}

bp_dataset *table_images(size_t rows, size_t pixels, const uint8_t *bytes, const uint32_t *labels,
                         size_t classes)
{
    struct bp_table *table = create_table("test.idx", BP_FORMAT_IDX, labels ? 2 : 1);
    table->rows = rows;
    table->cells = pixels;
    table->bytes = allocate(rows * pixels, 1);
    memcpy(table->bytes, bytes, rows * pixels);
    table->column[0].name = copy_text("pixels");
    table->column[0].role = BP_ROLE_INPUT;
    table->column[0].width = pixels;
    if (labels) {
        struct bp_column *column = &table->column[1];
        table->labels = allocate(rows, sizeof *labels);
        memcpy(table->labels, labels, rows * sizeof *labels);
        column->name = copy_text("label");
        column->kind = BP_COLUMN_CATEGORY;
        column->role = BP_ROLE_TARGET;
        column->categories = classes;
        column->category = allocate(classes, sizeof *column->category);
        for (size_t code = 0; code < classes; code++)
            column->category[code] = number_name("", classes - 1 - code);
    }
    return wrap(table);
}

bp_dataset *table_show(bp_dataset *dataset, size_t count, const uint32_t *rows)
{
    dataset->rows = allocate(count, sizeof *rows);
    memcpy(dataset->rows, rows, count * sizeof *rows);
    dataset->count = count;
    return dataset;
}
