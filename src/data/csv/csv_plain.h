/*
 * Plain rows of a CSV file, read in one pass over the text and without libcsv: one line, as many
 * cells as there are columns, each a number, a text that its column has shown before, or missing;
 * quoted or not. All other rows, faulty ones too, are irregular and left to csv_reader.h, with
 * which this file agrees on plain rows.
 */
#ifndef BP_DATA_CSV_CSV_PLAIN_H
#define BP_DATA_CSV_CSV_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "data/csv/csv_column.h"

/* What rows are read by; does not change while they are. */
struct bp_csv_shape {
    const struct bp_csv_column *column;
    size_t columns;
    size_t cells; /* of a row: `columns`, and one for each column that has a rest */
    const struct bp_csv_dialect *dialect;
};

/* Text between plain rows. */
struct bp_csv_irregular {
    const char *text;
    const char *end;
    size_t rows; /* plain rows before it */
};

/* All zeros is an empty one. */
struct bp_csv_plain {
    float *values; /* rows x cells; with irregular text, room for one row more */
    size_t rows;
    bool has_missing;                   /* a cell of a plain row is missing */
    struct bp_csv_irregular *irregular; /* in the order of the text */
    size_t irregulars;
    size_t value_capacity;
    size_t irregular_capacity;
};

/* Reads one plain row of a text that ends at `end`, after an LF, to `values`, its cells.
 * Returns where the row ends; NULL: it is not plain. *has_missing becomes true if a cell is
 * missing. */
const char *bp_csv_plain_row(const struct bp_csv_shape *shape, const char *text, const char *end,
                             float *values, bool *has_missing);

/* Reads the rows from `text` to `end`, both after an end of line outside of quotes, in place of
 * what `plain` held; `plain` borrows the text. False: no memory. */
bool bp_csv_plain_read(struct bp_csv_plain *plain, const struct bp_csv_shape *shape,
                       const char *text, const char *end);

void bp_csv_plain_release(struct bp_csv_plain *plain);

#endif
