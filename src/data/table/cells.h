/* One cell of a table, however it is stored, and its place in messages. */
#ifndef BP_DATA_TABLE_CELLS_H
#define BP_DATA_TABLE_CELLS_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>

#include "data/table/table.h"

/* Whether a column was read: it is neither ignored nor the id. */
static inline bool bp_column_is_read(const struct bp_column *column)
{
    return column->role != BP_ROLE_IGNORED && column->role != BP_ROLE_ID;
}

/* Whether the codes of a column are in table->labels. */
static inline bool bp_column_is_separate(const struct bp_table *table, size_t column)
{
    return table->labels && column + 1 == table->columns;
}

/* Cell k of those that a column has in a row is values[row * stride + k], or that of bytes. */
struct bp_cells {
    const float *values; /* one of the two is NULL */
    const uint8_t *bytes;
    size_t stride;
};

/* Where the cells of a number column are. */
static inline struct bp_cells bp_column_cells(const struct bp_table *table,
                                              const struct bp_column *column)
{
    const size_t at = column->offset;
    if (table->targets && (column->role == BP_ROLE_TARGET || column->role == BP_ROLE_WEIGHT))
        return (struct bp_cells){.values = table->targets + at, .stride = table->target_cells};
    return (struct bp_cells){.values = table->values ? table->values + at : NULL,
                             .bytes = table->bytes ? table->bytes + at : NULL,
                             .stride = bp_table_stride(table)};
}

/* The only cell of a column in a row: its number less the origin of the column. */
static inline float bp_column_cell(const struct bp_table *table, size_t row, size_t column)
{
    const struct bp_cells cells = bp_column_cells(table, &table->column[column]);
    const size_t at = row * cells.stride;
    return cells.values ? cells.values[at] : (float)cells.bytes[at];
}

/* The number itself, rounded to binary32. */
static inline float bp_column_number(const struct bp_table *table, size_t row, size_t column)
{
    const double origin = table->column[column].origin;
    const float cell = bp_column_cell(table, row, column);
    return origin == 0.0 ? cell : (float)(origin + (double)cell);
}

/* What a cell of a column is beside another origin, such as that of a model. */
static inline float bp_cell_move(float cell, double from, double to)
{
    return from == to ? cell : (float)((double)cell + (from - to));
}

/* Cell `cell` of a row, of those that are not separate, as it is stored. */
static inline float bp_cell_number(const struct bp_table *table, size_t row, size_t cell)
{
    size_t at = row * bp_table_stride(table) + cell;
    return table->values ? table->values[at] : (float)table->bytes[at];
}

/* The code of a category column in a storage row. */
static inline uint32_t bp_cell_code(const struct bp_table *table, size_t row, size_t column)
{
    if (bp_column_is_separate(table, column))
        return table->labels[row];
    return (uint32_t)bp_cell_number(table, row, table->column[column].offset);
}

/* The text in a cell of a column of categories. */
static inline const char *bp_cell_text(const struct bp_table *table, size_t row, size_t column)
{
    return table->column[column].category[bp_cell_code(table, row, column)];
}

/* Whether the cell of a column that is read is missing. */
static inline bool bp_cell_is_missing(const struct bp_table *table, size_t row, size_t column)
{
    if (table->column[column].missing == 0)
        return false;
    if (table->column[column].kind == BP_COLUMN_NUMBER)
        return isnan(bp_column_number(table, row, column));
    return bp_cell_text(table, row, column)[0] == '\0';
}

/* "iris.csv:17:3" (file, line, field), "net.data:17" (a sample of FANN spans lines), "images.idx:
 * item 17", "x.npy: row 17", "memory: row 17, column \"x2\""; counted from 1, cut to `size` bytes.
 */
void bp_cell_place(const struct bp_table *table, size_t row, size_t column, char *text,
                   size_t size);

struct bp_cell {
    const struct bp_table *table;
    size_t row, column;
};

/* `status` with the place of a cell and a sentence about it; and INPUT. */
bp_status bp_cell_fail_as(bp_status status, const struct bp_cell *cell, bp_error *error,
                          const char *format, va_list arguments) BP_PRINTF(4, 0);
bp_status bp_cell_fail(const struct bp_table *table, size_t row, size_t column, bp_error *error,
                       const char *format, ...) BP_PRINTF(5, 6);

/* The failure of the first missing cell, row by row, in some columns: INPUT; BP_OK if there is
 * none. `why` follows "the cell is empty", as these do. */
#define BP_MISSING_TARGET ", and it is a target: leave out its row"
#define BP_MISSING_INPUT                                                                           \
    "; fill in missing values, leave out their rows, or say what to do with --missing"
bp_status bp_columns_refuse_missing(const bp_dataset *dataset, const size_t *columns, size_t count,
                                    const char *why, bp_error *error);

/* The option that makes the texts of a column of categories missing values, "; if it stands for a
 * missing value, say --missing-values NA", if all of them are words for one; else "". Written to
 * `text`, which is returned. */
#define BP_WORDS_ADVICE_SIZE 384
const char *bp_column_advise_words(const struct bp_table *table, size_t column,
                                   char text[BP_WORDS_ADVICE_SIZE]);

/* The first storage row shown whose text in a column of categories is not a number, or SIZE_MAX. */
size_t bp_column_find_text(const bp_dataset *dataset, size_t column);

#endif
