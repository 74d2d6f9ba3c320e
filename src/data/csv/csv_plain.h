/*
 * Plain rows of a CSV file, read in one pass over the text and without libcsv: one line, as many
 * cells as there are columns, each a number, a text that its column has shown before, or missing;
 * quoted or not. Whatever is not plain, faulty rows among it, is left to csv_reader.h, whose
 * messages and results hold: nothing is decided here but what the two must agree on.
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
    const struct bp_csv_dialect *dialect;
};

/* Text between plain rows. */
struct bp_csv_odd {
    const char *text;
    const char *end;
    size_t rows; /* plain rows before it */
};

/* All zeros is an empty one. */
struct bp_csv_plain {
    float *values; /* rows x columns; with odd text, room for one row more */
    size_t rows;
    bool absent;            /* a cell of a plain row is missing */
    struct bp_csv_odd *odd; /* in the order of the text */
    size_t odds;
    size_t value_capacity;
    size_t odd_capacity;
};

/* Reads one plain row of a text that ends at `end`, behind an LF, to `values`, a float a column.
 * Returns where the row ends; NULL: it is not plain. *absent becomes true if a cell is missing. */
const char *bp_csv_plain_row(const struct bp_csv_shape *shape, const char *text, const char *end,
                             float *values, bool *absent);

/* Reads the rows from `text` to `end`, both behind an end of line that stands outside of quotes, in
 * place of what `plain` held; `plain` borrows the text. False: no memory. */
bool bp_csv_plain_read(struct bp_csv_plain *plain, const struct bp_csv_shape *shape,
                       const char *text, const char *end);

void bp_csv_plain_release(struct bp_csv_plain *plain);

#endif
