/* The first rows wait until it is known whether there is a header: then the table begins. */
#include "data/csv/csv_rows.h"

#include <stdlib.h>
#include <string.h>

#include "data/table/cells.h"

/* Columns that may be narrow, or are so for a model, get a further cell in each row. */
static void give_rests(struct bp_csv_rows *rows)
{
    struct bp_table *table = rows->table;
    for (size_t c = 0; c < table->columns; c++) {
        struct bp_csv_column *column = &rows->column[c];
        const bool narrow = c >= rows->narrow.fields || rows->narrow.field[c];
        if (!column->skipped && !column->listed &&
            (narrow || bp_csv_narrow_of_model(rows->options->of_model, table->column[c].name) != 0))
            column->rest = table->cells++;
    }
}

static bp_status begin_table(struct bp_csv_rows *rows, bool has_header, bp_error *error)
{
    const struct bp_csv_buffered *first = &rows->buffered[0];
    struct bp_table *table = rows->table;
    rows->names_rows = has_header && rows->buffered_rows == 2 &&
                       bp_csv_header_is_short(first, &rows->buffered[1], rows->dialect->point);
    const size_t columns = first->cells + rows->names_rows;
    if (!bp_table_add_columns(table, columns) ||
        !(rows->column = calloc(columns, sizeof *rows->column)))
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
        rows->column[c] = (struct bp_csv_column){.skipped = !bp_column_is_read(column) ||
                                                            (rows->names_rows && c == 0),
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
            status = bp_csv_rows_add_cell(rows, bp_csv_buffered_cell(&rows->buffered[r], k), error);
        if (status == BP_OK)
            status = bp_csv_rows_end_cells(rows, error);
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

bp_status bp_csv_rows_end_buffered(struct bp_csv_rows *rows, bp_error *error)
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
        if (header == BP_HEADER_YES && !bp_csv_buffered_has_twin(&rows->buffered[0], &twin))
            return bp_fail_memory(error, rows->table->path);
    }
    if (twin) /* no names: the model will say that it needs some */
        header = BP_HEADER_NO;
    if (header == BP_HEADER_YES && rows->buffered_rows < 2)
        return BP_OK; /* the row below tells whether each field has a name */
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
    if (rows->dialect->point == '.' && rows->dialect->separator != ',' &&
        bp_csv_buffered_has_number(last, ','))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s:%zu: the row has numbers with a decimal comma; say --decimal-comma, or "
                       "--header yes or --header no if they are names",
                       rows->table->path, last->ends[0].line);
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s:%zu: neither of the first two rows holds a number, so that the first may be "
                   "a header or data; say --header yes or --header no",
                   rows->table->path, rows->buffered[0].ends[0].line);
}
