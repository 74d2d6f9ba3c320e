/*
 * A file format: how it is recognized and read, and what its tables are like. Each format has one
 * row, in the file that reads it; read/readers.c lists the rows. All other code asks the fields of
 * a row, never which format it is.
 */
#ifndef BP_DATA_TABLE_READER_H
#define BP_DATA_TABLE_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct bp_source;
struct bp_table;

struct bp_reader {
    bp_format format;

    /* Whether the file `path`, which begins with `head`, is of the format. The last of a list of
     * formats takes what no other recognizes, and may have NULL. */
    bool (*recognizes)(const char *path, const unsigned char *head, size_t size);

    /* Fills an empty table from the whole of a source: columns, rows, and cells that can be
     * trusted. Looks only at the options of its own format. Errors: ARGUMENT, INPUT (with file,
     * line and field), IO, MEMORY; the caller frees the table. NULL: the table is not read from a
     * file. */
    bp_status (*read)(struct bp_table *table, struct bp_source *source,
                      const bp_read_options *options, bp_error *error);

    /* Adds the targets of `table` from a file of labels in this format (labels.h helps). Errors:
     * the same. NULL: the format cannot be that of labels. */
    bp_status (*read_labels)(struct bp_table *table, struct bp_source *source, bp_error *error);

    bool takes_labels;            /* its targets are in a file of labels */
    bool has_roles;               /* it says which columns are inputs and which are targets */
    bool may_have_header;         /* it may have names of columns, and options of CSV are for it */
    bool may_be_appended;         /* several files may be read as one */
    bool integers_may_be_classes; /* if they are small, and the user has not said */
    bool has_fields;              /* a message names line and field of a cell */
    bool names_columns;           /* it names row and column of a cell */
    size_t first_line;            /* of row 0, without a header; lines count from 1 */
    size_t row_lines;             /* lines that a row takes; 0: it is not a text */
    const char *row_word;         /* what a message calls a row that has no line: "item" */
};

#endif
