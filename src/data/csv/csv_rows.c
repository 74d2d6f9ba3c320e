/* The first rows wait until it is known whether there is a header; the others go to the table. */
#include "data/csv/csv_rows.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/sizes.h"
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

static bp_status add_cell(struct bp_csv_rows *rows, struct bp_csv_cell cell, bp_error *error)
{
    struct bp_table *table = rows->table;
    size_t column = rows->field++;
    if (column == 0) {
        bp_status status = begin_rows(rows, 1, cell.line, error);
        if (status != BP_OK)
            return status;
        rows->row_line = cell.line;
    }
    if (column >= table->columns)
        return BP_OK; /* one too many: the end of the row knows how many */
    cell.field = column + 1;
    if (table->column[column].role == BP_ROLE_ID) {
        bp_status status = keep_id(rows, &cell, error);
        if (status != BP_OK)
            return status;
    }
    const struct bp_csv_context context = get_context(rows, error);
    float *row = table->values + table->rows * table->cells;
    const bp_status status =
        bp_csv_column_read(&rows->column[column], &context, &cell, &row[column]);
    if (status == BP_OK)
        keep_rest(rows, &cell, column, row);
    return status;
}

static bp_status end_row(struct bp_csv_rows *rows, bp_error *error)
{
    size_t expected = rows->table->columns;
    if (rows->field != expected)
        return bp_fail(
            error, BP_ERROR_INPUT, "%s:%zu: the row has %zu field%s, but the first row has %zu",
            rows->table->path, rows->row_line, rows->field, rows->field == 1 ? "" : "s", expected);
    rows->field = 0;
    rows->table->rows++;
    return BP_OK;
}

/* Columns that may be narrow, or are so for a model, get a further cell in each row. */
static void give_rests(struct bp_csv_rows *rows)
{
    struct bp_table *table = rows->table;
    for (size_t c = 0; c < table->columns; c++) {
        struct bp_csv_column *column = &rows->column[c];
        const bool narrow = c < rows->narrow.fields && rows->narrow.field[c];
        if (!column->skipped && !column->listed &&
            (narrow || bp_csv_narrow_of_model(rows->options->of_model, table->column[c].name) != 0))
            column->rest = table->cells++;
    }
}

static bp_status begin_table(struct bp_csv_rows *rows, bool has_header, bp_error *error)
{
    const struct bp_csv_buffered *first = &rows->buffered[0];
    struct bp_table *table = rows->table;
    if (!bp_table_add_columns(table, first->cells) ||
        !(rows->column = calloc(first->cells, sizeof *rows->column)))
        return bp_fail_memory(error, table->path);
    table->has_header = has_header;
    table->cells = table->columns;
    bp_status status = bp_csv_name_columns(table, has_header ? first : NULL, error);
    if (status == BP_OK)
        status = bp_csv_mark(table, rows->options, error);
    for (size_t c = 0; c < table->columns; c++) {
        struct bp_column *column = &table->column[c];
        column->offset = c;
        column->width = 1;
        rows->has_id |= column->role == BP_ROLE_ID;
        rows->column[c] = (struct bp_csv_column){.skipped = column->role == BP_ROLE_IGNORED ||
                                                            column->role == BP_ROLE_ID,
                                                 .listed = column->kind == BP_COLUMN_CATEGORY,
                                                 .has_name = has_header,
                                                 .below_name = rows->first.cell != NULL,
                                                 .kind = BP_COLUMN_CATEGORY};
    }
    give_rests(rows);
    return status;
}

/* It is known whether the first row is a header: names the columns and adds what was buffered. */
static bp_status add_buffered(struct bp_csv_rows *rows, bool has_header, bp_error *error)
{
    bp_status status = begin_table(rows, has_header, error);
    for (size_t r = has_header; r < rows->buffered_rows && status == BP_OK; r++) {
        for (size_t k = 0; k < rows->buffered[r].cells && status == BP_OK; k++)
            status = add_cell(rows, bp_csv_buffered_cell(&rows->buffered[r], k), error);
        if (status == BP_OK)
            status = end_row(rows, error);
    }
    bp_csv_buffered_release(&rows->buffered[0]);
    bp_csv_buffered_release(&rows->buffered[1]);
    return status;
}

static bool has_numbers_alone(const struct bp_csv_buffered *row)
{
    for (size_t k = 0; k < row->used; k++)
        if (row->text[k] == '\0' || !strchr("0123456789+-.eE ", row->text[k]))
            return false;
    return true;
}

/* A table of one column is useless: if there are other separators, they were meant. Blanks are
 * separators between numbers; texts may hold them. */
static bp_status check_separator(const struct bp_csv_rows *rows, bp_error *error)
{
    const struct bp_csv_buffered *first = &rows->buffered[0];
    const struct bp_csv_buffered *last = &rows->buffered[rows->buffered_rows - 1];
    char used[4], wanted[4];
    const char *separator = bp_csv_dialect_name(rows->dialect, wanted);
    const char *others = rows->dialect->blanks ? ",;|" : ";\t|";
    for (size_t k = 0; first->cells == 1 && k < first->used; k++)
        if (first->text[k] != '\0' && strchr(others, first->text[k]))
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s:%zu: the row has a %s but no %s, which is said to separate fields",
                           rows->table->path, first->ends[0].line,
                           bp_csv_separator_name(first->text[k], used), separator);
    if (last->cells == 1 && last->used > 0 && memchr(last->text, ' ', last->used) &&
        has_numbers_alone(last))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s:%zu: the row has blanks between numbers but no %s; say --separator ' ' "
                       "if they separate fields, or --format fann if this is a FANN file",
                       rows->table->path, last->ends[0].line, separator);
    return BP_OK;
}

static bp_status end_buffered_row(struct bp_csv_rows *rows, bp_error *error)
{
    const struct bp_csv_buffered *last = &rows->buffered[rows->buffered_rows++];
    rows->field = 0;
    bp_status status = check_separator(rows, error);
    if (status != BP_OK)
        return status;
    const bp_read_options *of_model = rows->options->of_model;
    bp_header header = rows->options->header;
    bool twin = false;
    if (header == BP_HEADER_AUTO && of_model) {
        header = of_model->header;
        if (header == BP_HEADER_YES && !bp_csv_buffered_has_twin(last, &twin))
            return bp_fail_memory(error, rows->table->path);
    }
    if (twin) /* no names: the model will say that it needs some */
        header = BP_HEADER_NO;
    if (header != BP_HEADER_AUTO)
        return add_buffered(rows, header == BP_HEADER_YES, error);
    if (bp_csv_buffered_has_number(last, rows->dialect->point)) {
        const bool has_header = rows->buffered_rows == 2;
        if (!has_header && !of_model &&
            !bp_csv_first_row_look(&rows->first, last, rows->dialect->point))
            return bp_fail_memory(error, rows->table->path);
        return add_buffered(rows, has_header, error);
    }
    if (rows->buffered_rows < 2)
        return BP_OK;
    if (of_model)
        return add_buffered(rows, false, error);
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s:%zu: neither of the first two rows holds a number, so that the first may be "
                   "a header or data; say --header yes or --header no",
                   rows->table->path, rows->buffered[0].ends[0].line);
}

bp_status bp_csv_rows_cell(struct bp_csv_rows *rows, const struct bp_csv_cell *cell,
                           bp_error *error)
{
    if (rows->column)
        return add_cell(rows, *cell, error);
    if (rows->field++ == BP_WIDTH_MAX)
        return bp_fail(error, BP_ERROR_INPUT, "%s:%zu: the row has more than %d fields",
                       rows->table->path, cell->line, BP_WIDTH_MAX);
    if (!bp_csv_buffer_cell(&rows->buffered[rows->buffered_rows], cell))
        return bp_fail_memory(error, rows->table->path);
    return BP_OK;
}

bp_status bp_csv_rows_end_row(struct bp_csv_rows *rows, bp_error *error)
{
    return rows->column ? end_row(rows, error) : end_buffered_row(rows, error);
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
