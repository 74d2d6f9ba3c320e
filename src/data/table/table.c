/* A table's frame; the readers fill it. */
#include "data/table/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/grow.h"
#include "base/memory.h"
#include "base/sizes.h"

struct bp_table *bp_table_create(const char *path, const struct bp_reader *reader, size_t columns)
{
    struct bp_table *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    table->reader = reader;
    table->path = bp_text_copy(path, strlen(path));
    table->column = calloc(bp_size_max(columns, 1), sizeof *table->column);
    if (!table->path || !table->column) {
        bp_table_free(table);
        return NULL;
    }
    table->columns = columns;
    return table;
}

bool bp_table_add_columns(struct bp_table *table, size_t count)
{
    size_t columns, bytes;
    if (!bp_size_add(table->columns, count, &columns) ||
        !bp_size_mul(columns, sizeof *table->column, &bytes))
        return false;
    struct bp_column *column = realloc(table->column, bytes);
    if (!column)
        return false;
    memset(&column[table->columns], 0, count * sizeof *column);
    table->column = column;
    table->columns = columns;
    return true;
}

static void free_column(struct bp_column *column)
{
    for (size_t k = 0; column->category && k < column->categories; k++)
        free(column->category[k]);
    free(column->category);
    free(column->integers);
    if (!column->numbered)
        free(column->name);
}

void bp_table_free(struct bp_table *table)
{
    if (!table)
        return;
    for (size_t c = 0; c < table->columns; c++)
        free_column(&table->column[c]);
    free(table->column);
    free(table->numbered_names);
    if (table->mapping) {
        munmap(table->mapping, table->mapped);
    } else if (!table->kept) {
        free(table->values);
        free(table->bytes);
    }
    for (size_t f = 0; f < table->files; f++) {
        free(table->file[f].path);
        free(table->file[f].field);
    }
    free(table->file);
    bp_reading_release(&table->reading);
    free(table->id_text);
    free(table->id);
    free(table->targets);
    free(table->labels);
    free(table->lines);
    free(table->path);
    free(table);
}

/* The line of a row if every row takes the usual number of lines. */
static size_t usual_line(const struct bp_table *table, size_t row)
{
    const struct bp_reader *reader = table->reader;
    if (reader->row_lines == 0)
        return 0;
    return reader->first_line + table->has_header + row * reader->row_lines;
}

size_t bp_table_line(const struct bp_table *table, size_t row)
{
    return table->lines ? table->lines[row] : usual_line(table, row);
}

static uint32_t saturate(size_t line)
{
    return (uint32_t)bp_size_min(line, UINT32_MAX);
}

bool bp_table_add_line(struct bp_table *table, size_t *capacity, size_t row, size_t line)
{
    if (!table->lines && line == usual_line(table, row))
        return true;
    bool is_new = !table->lines;
    uint32_t *lines = bp_array_grow(table->lines, capacity, row + 1, sizeof *lines);
    if (!lines)
        return false;
    table->lines = lines;
    for (size_t r = 0; is_new && r < row; r++)
        lines[r] = saturate(usual_line(table, r));
    lines[row] = saturate(line);
    return true;
}

static bool copy_text(char **out, const char *text)
{
    *out = text ? bp_text_copy(text, strlen(text)) : NULL;
    return *out || !text;
}

bp_status bp_reading_copy(struct bp_reading *out, const struct bp_reading *from, bp_error *error)
{
    *out = (struct bp_reading){
        .separator = from->separator, .decimal = from->decimal, .header = from->header};
    if (copy_text(&out->missing_values, from->missing_values) &&
        copy_text(&out->categorical, from->categorical) && copy_text(&out->ignore, from->ignore) &&
        copy_text(&out->id, from->id))
        return BP_OK;
    bp_reading_release(out);
    return bp_fail_memory(error, "how the data are read");
}

void bp_reading_release(struct bp_reading *reading)
{
    free(reading->missing_values);
    free(reading->categorical);
    free(reading->ignore);
    free(reading->id);
    *reading = (struct bp_reading){0};
}
