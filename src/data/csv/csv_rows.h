/* Builds a table from the cells of a CSV file as they come. */
#ifndef BP_DATA_CSV_CSV_ROWS_H
#define BP_DATA_CSV_CSV_ROWS_H

#include <stddef.h>

#include "data/csv/csv_first_row.h"
#include "data/csv/csv_header.h"
#include "data/csv/csv_narrow.h"
#include "data/csv/csv_plain.h"
#include "data/table/table.h"

struct bp_csv_rows {
    struct bp_table *table;
    const bp_read_options *options;
    const struct bp_csv_dialect *dialect;
    struct bp_csv_buffered buffered[2]; /* the first rows, until it is known what they are */
    size_t buffered_rows;
    struct bp_csv_first_row first; /* if it was read as data, and may be names */
    struct bp_csv_column *column;  /* of each column of the table; NULL until then */
    bool has_id;                   /* one of them is the id, whose texts are kept */
    bool has_missing;              /* a cell of a plain row is missing */
    bool names_rows;               /* the header is one field short: see bp_csv_header_is_short() */
    bp_status cell_status;         /* of the current row; its cells are only counted then */
    struct bp_csv_narrow narrow;   /* of the first rows */
    struct bp_csv_words words;
    struct bp_exact exact;
    size_t value_capacity;
    size_t line_capacity;
    size_t id_capacity;
    size_t id_text_capacity;
    size_t id_text_size;
    size_t field; /* cells of the current row so far */
    size_t row_line;
};

/* Will fill `table`, which is empty; borrows all three until the release. */
void bp_csv_rows_begin(struct bp_csv_rows *rows, struct bp_table *table,
                       const bp_read_options *options, const struct bp_csv_dialect *dialect);

/* What plain rows are read by, once the columns are known. */
static inline struct bp_csv_shape bp_csv_rows_shape(const struct bp_csv_rows *rows)
{
    return (struct bp_csv_shape){.column = rows->column,
                                 .columns = rows->table->columns,
                                 .cells = rows->table->cells,
                                 .dialect = rows->dialect};
}

/* The next cell of the current row; cell->field is not read. */
bp_status bp_csv_rows_cell(struct bp_csv_rows *rows, const struct bp_csv_cell *cell,
                           bp_error *error);

/* Adds whole rows, one a line from `line` on, after the last one. *values is where the caller puts
 * them (count x table->cells), before the next call: numbers, and the codes of texts that
 * their columns know. The table has a row. Errors: INPUT, MEMORY. */
bp_status bp_csv_rows_add(struct bp_csv_rows *rows, size_t count, size_t line, float **values,
                          bp_error *error);

/* The current row, of one cell or more, is whole. */
bp_status bp_csv_rows_end_row(struct bp_csv_rows *rows, bp_error *error);

/* There are no more rows. */
bp_status bp_csv_rows_finish(struct bp_csv_rows *rows, bp_error *error);

void bp_csv_rows_release(struct bp_csv_rows *rows);

/* ---- steps of the above, in files of their own ---- */

/* A row of those that wait is whole. Once they are known to have a header or none, the table has
 * its columns and they are added to it. Errors: INPUT, ARGUMENT, MEMORY. */
bp_status bp_csv_rows_end_buffered(struct bp_csv_rows *rows, bp_error *error);

/* The next cell of a row of the table, and the end of the row. */
bp_status bp_csv_rows_add_cell(struct bp_csv_rows *rows, struct bp_csv_cell cell, bp_error *error);
bp_status bp_csv_rows_end_cells(struct bp_csv_rows *rows, bp_error *error);

/* Marks columns of a table whose columns have names: `categorical` by their kind, `ignore` and `id`
 * by their role; and notes all of it, columns by name, in table->reading. What the options leave
 * open, options->of_model says. A name that is also a number is taken as the name. Errors: ARGUMENT
 * (no such column, with the nearest name; ignored and the id at once), MEMORY. */
bp_status bp_csv_mark(struct bp_table *table, const bp_read_options *options, bp_error *error);

/* Gives missing cells (NaN) the form that struct bp_column describes, and counts them. `column`:
 * that of each column of the table. Error: MEMORY. */
bp_status bp_csv_missing_finish(struct bp_table *table, struct bp_csv_column *column,
                                bp_error *error);

#endif
