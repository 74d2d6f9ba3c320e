/* Where a cell stands, in the words of its format. */
#include "data/table/cells.h"

#include <stdio.h>

static void place_field(const struct bp_table *table, size_t row, size_t column, char *text,
                        size_t size)
{
    const struct bp_table_file *file = table->file;
    for (size_t f = 1; f < table->files && table->file[f].first <= row; f++)
        file++;
    snprintf(text, size, "%s:%zu:%zu", file ? file->path : table->path, bp_table_line(table, row),
             (file ? file->field[column] : column) + 1);
}

void bp_cell_place(const struct bp_table *table, size_t row, size_t column, char *text, size_t size)
{
    const struct bp_reader *reader = table->reader;
    if (reader->has_fields)
        place_field(table, row, column, text, size);
    else if (reader->row_lines > 0)
        snprintf(text, size, "%s:%zu", table->path, bp_table_line(table, row));
    else
        snprintf(text, size, "%s: %s %zu", table->path, reader->row_word, row + 1);
}

/* The first of the columns whose cell is missing in a row, or `count`. */
static size_t find_missing(const struct bp_table *table, size_t row, const size_t *columns,
                           size_t count)
{
    size_t k = 0;
    while (k < count && !bp_cell_is_missing(table, row, columns[k]))
        k++;
    return k;
}

bp_status bp_columns_refuse_missing(const bp_dataset *dataset, const size_t *columns, size_t count,
                                    const char *why, bp_error *error)
{
    const struct bp_table *table = dataset->table;
    bool any = false;
    for (size_t k = 0; k < count; k++)
        any |= table->column[columns[k]].missing > 0;
    for (size_t x = 0; any && x < dataset->count; x++) {
        const size_t row = bp_dataset_row(dataset, x);
        const size_t k = find_missing(table, row, columns, count);
        if (k == count)
            continue;
        char place[BP_ERROR_MESSAGE_SIZE / 2];
        bp_cell_place(table, row, columns[k], place, sizeof place);
        return bp_fail(error, BP_ERROR_INPUT, "%s: the cell is empty%s", place, why);
    }
    return BP_OK;
}
