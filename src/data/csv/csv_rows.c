/* Rows go to the table cell by cell, or many at once from what was parsed elsewhere. */
#include "data/csv/csv_rows.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/sizes.h"
#include "data/table/cells.h"
#include "data/text/number.h"
#include "data/text/text.h"

void bp_csv_rows_begin(struct bp_csv_rows *rows, struct bp_table *table,
                       const bp_read_options *options, const struct bp_csv_dialect *dialect)
{
    *rows = (struct bp_csv_rows){.table = table, .options = options, .dialect = dialect};
}

static void release_columns(struct bp_csv_rows *rows)
{
    for (size_t c = 0; rows->column && c < rows->table->columns; c++)
        bp_dictionary_release(&rows->column[c].texts);
    free(rows->column);
    rows->column = NULL;
}

void bp_csv_rows_release(struct bp_csv_rows *rows)
{
    release_columns(rows);
    bp_dictionary_release(&rows->words.texts);
    bp_csv_first_row_release(&rows->first);
    bp_exact_release(&rows->exact);
    bp_csv_buffered_release(&rows->buffered[0]);
    bp_csv_buffered_release(&rows->buffered[1]);
    bp_csv_narrow_release(&rows->narrow);
}

static struct bp_csv_context get_context(struct bp_csv_rows *rows, bp_error *error)
{
    return (struct bp_csv_context){.path = rows->table->path,
                                   .dialect = rows->dialect,
                                   .words = &rows->words,
                                   .exact = &rows->exact,
                                   .row = rows->table->rows,
                                   .error = error};
}

/* Makes room for `count` more rows, one a line from `line` on. */
static bp_status begin_rows(struct bp_csv_rows *rows, size_t count, size_t line, bp_error *error)
{
    struct bp_table *table = rows->table;
    if (count > UINT32_MAX - table->rows)
        return bp_fail(error, BP_ERROR_INPUT, "%s:%zu: a table has at most %zu rows",
                       rows->table->path, line + UINT32_MAX - table->rows, (size_t)UINT32_MAX);
    size_t needed;
    float *values = NULL;
    if (bp_size_mul(table->rows + count, table->cells, &needed))
        values = bp_array_grow(table->values, &rows->value_capacity, needed, sizeof *values);
    if (!values)
        return bp_fail_memory(error, rows->table->path);
    table->values = values;
    for (size_t k = 0; k < count; k++)
        if (!bp_table_add_line(table, &rows->line_capacity, table->rows + k, line + k))
            return bp_fail_memory(error, rows->table->path);
    return BP_OK;
}

bp_status bp_csv_rows_add(struct bp_csv_rows *rows, size_t count, size_t line, float **values,
                          bp_error *error)
{
    struct bp_table *table = rows->table;
    bp_status status = begin_rows(rows, count, line, error);
    if (status != BP_OK)
        return status;
    *values = table->values + table->rows * table->cells;
    table->rows += count;
    return BP_OK;
}

/* Keeps the id of the current row. */
static bp_status keep_id(struct bp_csv_rows *rows, const struct bp_csv_cell *cell, bp_error *error)
{
    struct bp_table *table = rows->table;
    const bp_status status = bp_csv_cell_check(cell, table->path, error);
    if (status)
        return status;
    size_t *id = bp_array_grow(table->id, &rows->id_capacity, table->rows + 1, sizeof *id);
    if (!id)
        return bp_fail_memory(error, rows->table->path);
    table->id = id;
    char *text = bp_array_grow(table->id_text, &rows->id_text_capacity,
                               rows->id_text_size + cell->length + 1, 1);
    if (!text)
        return bp_fail_memory(error, rows->table->path);
    table->id_text = text;
    id[table->rows] = rows->id_text_size;
    memcpy(text + rows->id_text_size, cell->text, cell->length);
    rows->id_text_size += cell->length;
    text[rows->id_text_size++] = '\0';
    return BP_OK;
}

/* What binary32 has rounded off the number of a cell. */
static void keep_rest(const struct bp_csv_rows *rows, const struct bp_csv_cell *cell, size_t c,
                      float *row)
{
    const struct bp_csv_column *column = &rows->column[c];
    if (column->rest == 0)
        return;
    const bool number = column->kind == BP_COLUMN_NUMBER && !isnan(row[c]);
    row[column->rest] =
        number ? bp_number_rest(cell->text, cell->text + cell->length, rows->dialect->point, row[c])
               : 0;
}

/* The cell of a column of the current row. */
static bp_status read_cell(struct bp_csv_rows *rows, const struct bp_csv_cell *cell, size_t column,
                           bp_error *error)
{
    struct bp_table *table = rows->table;
    if (table->column[column].role == BP_ROLE_ID) {
        bp_status status = keep_id(rows, cell, error);
        if (status != BP_OK)
            return status;
    }
    const struct bp_csv_context context = get_context(rows, error);
    float *row = table->values + table->rows * table->cells;
    const bp_status status =
        bp_csv_column_read(&rows->column[column], &context, cell, &row[column]);
    if (status == BP_OK)
        keep_rest(rows, cell, column, row);
    return status;
}

/* What is wrong with a cell waits for the end of the row: one with too few or too many fields has
 * them in the wrong columns. */
bp_status bp_csv_rows_add_cell(struct bp_csv_rows *rows, struct bp_csv_cell cell, bp_error *error)
{
    size_t column = rows->field++;
    if (column == 0) {
        bp_status status = begin_rows(rows, 1, cell.line, error);
        if (status != BP_OK)
            return status;
        rows->row_line = cell.line;
    }
    if (column >= rows->table->columns || rows->cell_status != BP_OK)
        return BP_OK;
    cell.field = column + 1;
    const bp_status status = read_cell(rows, &cell, column, error);
    if (status != BP_ERROR_INPUT)
        return status;
    rows->cell_status = status;
    return BP_OK;
}

/* `what` has `expected` fields. */
static bp_status fail_fields(const struct bp_csv_rows *rows, size_t line, size_t fields,
                             const char *what, size_t expected, bp_error *error)
{
    return bp_fail(error, BP_ERROR_INPUT, "%s:%zu: the row has %zu field%s, but the %s has %zu",
                   rows->table->path, line, fields, fields == 1 ? "" : "s", what, expected);
}

/* Names of rows are to be announced: the header may as well lack another name. */
static bool has_unsaid_names(const struct bp_csv_rows *rows)
{
    return rows->names_rows && bp_column_is_read(&rows->table->column[0]);
}

static bp_status check_fields(const struct bp_csv_rows *rows, bp_error *error)
{
    const struct bp_table *table = rows->table;
    const size_t expected = table->columns;
    if (rows->field == expected)
        return BP_OK;
    if (has_unsaid_names(rows) && table->rows > 0) /* then the first row was wrong */
        return fail_fields(rows, bp_table_line(table, 0), expected, "header", expected - 1, error);
    return fail_fields(rows, rows->row_line, rows->field,
                       rows->names_rows    ? "first row below the header"
                       : table->has_header ? "header"
                                           : "first row",
                       expected, error);
}

bp_status bp_csv_rows_end_cells(struct bp_csv_rows *rows, bp_error *error)
{
    const bp_status status = check_fields(rows, error);
    if (status != BP_OK)
        return status;
    if (rows->cell_status != BP_OK)
        return rows->cell_status;
    rows->field = 0;
    rows->table->rows++;
    return BP_OK;
}

bp_status bp_csv_rows_cell(struct bp_csv_rows *rows, const struct bp_csv_cell *cell,
                           bp_error *error)
{
    if (rows->column)
        return bp_csv_rows_add_cell(rows, *cell, error);
    if (rows->field++ == BP_WIDTH_MAX)
        return bp_fail(error, BP_ERROR_INPUT, "%s:%zu: the row has more than %d fields",
                       rows->table->path, cell->line, BP_WIDTH_MAX);
    if (!bp_csv_buffer_cell(&rows->buffered[rows->buffered_rows], cell))
        return bp_fail_memory(error, rows->table->path);
    return BP_OK;
}

bp_status bp_csv_rows_end_row(struct bp_csv_rows *rows, bp_error *error)
{
    return rows->column ? bp_csv_rows_end_cells(rows, error)
                        : bp_csv_rows_end_buffered(rows, error);
}

/* The kinds and texts of the columns become those of the table. */
static void hand_over_columns(struct bp_csv_rows *rows)
{
    for (size_t c = 0; c < rows->table->columns; c++) {
        struct bp_column *column = &rows->table->column[c];
        struct bp_dictionary *texts = &rows->column[c].texts;
        column->kind = rows->column[c].kind;
        column->categories = texts->count;
        column->category = bp_array_trim(texts->text, texts->count, sizeof *texts->text);
        texts->text = NULL;
        texts->count = 0;
    }
}

bp_status bp_csv_rows_finish(struct bp_csv_rows *rows, bp_error *error)
{
    struct bp_table *table = rows->table;
    if (rows->buffered_rows == 0)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file has no rows", rows->table->path);
    if (table->rows == 0)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file has a header but no rows",
                       rows->table->path);
    if (has_unsaid_names(rows))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s:1: the header has %zu field%s, but each row has %zu; if the first one "
                       "of a row is its name, as R's write.table() writes it, say --ignore 1, or "
                       "--id 1 to keep it; else the header lacks a name",
                       table->path, table->columns - 1, table->columns == 2 ? "" : "s",
                       table->columns);
    if (rows->words.line > 0) {
        const struct bp_csv_context context = get_context(rows, error);
        return bp_csv_words_fail(&context);
    }
    bool missing = rows->has_missing;
    for (size_t c = 0; c < table->columns; c++)
        missing |= rows->column[c].has_missing;
    bp_status status = missing ? bp_csv_missing_finish(table, rows->column, error) : BP_OK;
    if (status != BP_OK)
        return status;
    hand_over_columns(rows);
    if (!bp_exact_finish(&rows->exact, table, 0))
        return bp_fail_memory(error, table->path);
    bp_csv_narrow_finish(table, rows->column, rows->options->of_model);
    release_columns(rows);
    if ((status = bp_csv_first_row_check(&rows->first, table, error)))
        return status;
    table->values = bp_array_trim(table->values, table->rows * table->cells, sizeof *table->values);
    table->lines = bp_array_trim(table->lines, table->rows, sizeof *table->lines);
    return BP_OK;
}
