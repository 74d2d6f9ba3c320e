/*
 * One column of a CSV file: numbers or texts. The cells of either kind are all that is in it; words
 * that people write for a missing value may be texts, and are noted where they stand among numbers.
 */
#ifndef BP_DATA_CSV_CSV_COLUMN_H
#define BP_DATA_CSV_CSV_COLUMN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "data/csv/csv_dialect.h"
#include "data/table/dictionary.h"
#include "data/table/exact.h"

/* Bytes of a cell; a longer one is a quote that was forgotten. */
#define BP_CSV_CELL_MAX (64 << 10)

struct bp_csv_cell {
    const char *text; /* without NUL, also at its end */
    size_t length;
    size_t line;  /* where it begins, from 1 */
    size_t field; /* from 1 */
};

/* Whether a cell that is kept as text is UTF-8. Error: INPUT. */
bp_status bp_csv_cell_check(const struct bp_csv_cell *cell, const char *path, bp_error *error);

/* One of which no cell was seen: zeros but for the kind, CATEGORY. */
struct bp_csv_column {
    bool skipped;        /* ignored, or the id: its cells count as 0 */
    bool listed;         /* in options.categorical: texts, whatever they look like */
    bool has_name;       /* in the header */
    bool below_name;     /* the first row was read as data, and may be names */
    bool known;          /* a cell was seen that is not missing */
    bool only_words;     /* known, and all texts look like missing values: it may become NUMBER */
    bool has_missing;    /* a cell was missing */
    bool inexact;        /* a number has shown that it is not one of integers told apart */
    bp_column_kind kind; /* CATEGORY until it is known */
    size_t first_line;   /* of that cell */
    size_t rest;         /* cell of a row for what binary32 rounds off its numbers; 0: none */
    struct bp_dictionary texts;
};

/* Words for missing values among numbers; all zeros if there are none. */
struct bp_csv_words {
    struct bp_dictionary texts; /* different ones */
    size_t line, field;         /* of the first one in the file */
    uint32_t first;             /* its number among the texts */
};

/* What the cells of a file are read by. */
struct bp_csv_context {
    const char *path;
    const struct bp_csv_dialect *dialect;
    struct bp_csv_words *words;
    struct bp_exact *exact;
    size_t row; /* of the table */
    bp_error *error;
};

/* What is stored for a cell: the number, or the code of the text; NaN where it is missing, and for
 * a word among numbers, which goes to the words. Errors: INPUT, MEMORY. */
bp_status bp_csv_column_read(struct bp_csv_column *column, const struct bp_csv_context *context,
                             const struct bp_csv_cell *cell, float *value);

/* The failure of a file with words among numbers, which names the option that makes them missing
 * values: INPUT. */
bp_status bp_csv_words_fail(const struct bp_csv_context *context);

#endif
