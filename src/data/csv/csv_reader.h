/*
 * The rows of a CSV file from its text, piece by piece, through libcsv. This reader is the
 * definition: results and messages are what it gives. Plain rows that were read elsewhere are added
 * in between.
 */
#ifndef BP_DATA_CSV_CSV_READER_H
#define BP_DATA_CSV_CSV_READER_H

#include <csv.h>
#include <stdbool.h>
#include <stddef.h>

#include "data/csv/csv_rows.h"

struct bp_csv_reader {
    struct csv_parser parser;
    struct bp_csv_rows rows;
    const char *path;
    bp_error *error;
    bp_status status;  /* the first failure; what libcsv still reports is ignored */
    size_t line;       /* where the next cell begins */
    size_t cells;      /* of the current row so far */
    size_t blank_line; /* the first of the blank lines just read; 0: none */
    bool after_return; /* a line feed now belongs to the carriage return before it */
    bool row_ended;    /* by a line feed that was the last byte */
};

/* Will fill `table`, which is empty; borrows all four until the release. Errors: INTERNAL. */
bp_status bp_csv_reader_begin(struct bp_csv_reader *reader, struct bp_table *table,
                              const bp_read_options *options, const struct bp_csv_dialect *dialect,
                              bp_error *error);

/* Reads on: a text that may begin and end anywhere. Errors: INPUT, MEMORY. */
bp_status bp_csv_reader_feed(struct bp_csv_reader *reader, const char *text, const char *end);

/* Whether plain rows may follow: a row has ended, and there is no id column. */
bool bp_csv_reader_takes_rows(const struct bp_csv_reader *reader);

/* Adds plain rows, which took a line each, where the reader takes them. *values is where the caller
 * puts them (count x columns) before the next call. Errors: INPUT, MEMORY. */
bp_status bp_csv_reader_add(struct bp_csv_reader *reader, size_t count, float **values);

/* The file is at its end, and the table is whole. Errors: INPUT, MEMORY. */
bp_status bp_csv_reader_finish(struct bp_csv_reader *reader);

void bp_csv_reader_release(struct bp_csv_reader *reader);

#endif
