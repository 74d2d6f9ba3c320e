/*
 * The first two rows of a CSV file: whether the first one is a header, and what the columns are
 * called. Rows are buffered here until that is known.
 */
#ifndef BP_DATA_CSV_CSV_HEADER_H
#define BP_DATA_CSV_CSV_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "data/csv/csv_column.h"
#include "data/table/table.h"

/* A row buffered for later; all zeros is an empty one. */
struct bp_csv_buffered {
    char *text; /* its cells, one after the other */
    size_t used;
    size_t text_capacity;
    struct bp_csv_buffered_end {
        size_t end;  /* after its last byte in `text` */
        size_t line; /* where it begins */
    } * ends;
    size_t cells;
    size_t cell_capacity;
};

/* False: no memory. */
bool bp_csv_buffer_cell(struct bp_csv_buffered *row, const struct bp_csv_cell *cell);
void bp_csv_buffered_release(struct bp_csv_buffered *row);

/* Cell `k` of a buffered row. */
struct bp_csv_cell bp_csv_buffered_cell(const struct bp_csv_buffered *row, size_t k);

/* `point` is the decimal sign. */
bool bp_csv_buffered_has_number(const struct bp_csv_buffered *row, char point);

/* Whether two cells that are not blank are the same. False: no memory. */
bool bp_csv_buffered_has_twin(const struct bp_csv_buffered *row, bool *twin);

/* Whether the header has one field less than `row`, the first one below it, which begins with a
 * text or an integer: R's write.table() writes names of rows and no name above them. */
bool bp_csv_header_is_short(const struct bp_csv_buffered *header, const struct bp_csv_buffered *row,
                            char point);

/* Names the columns of `table` from the cells of `header`, the last ones if it has fewer; those
 * without a cell or with a blank one, and all if it is NULL, are "column 1" and so on by their
 * number. A name is UTF-8 and there once. Errors: INPUT, MEMORY. */
bp_status bp_csv_name_columns(struct bp_table *table, const struct bp_csv_buffered *header,
                              bp_error *error);

#endif
