/* The targets of samples from a second file: classes from integers, numbers from floats. */
#ifndef BP_DATA_READ_LABELS_H
#define BP_DATA_READ_LABELS_H

#include "data/read/items.h"
#include "data/read/readers.h"

/* Adds to a table the targets in the file options->labels, by the reader of its format. Errors:
 * INPUT, IO, MEMORY. */
bp_status bp_labels_read(struct bp_table *table, const struct bp_readers *readers,
                         const bp_read_options *options, bp_error *error);

/* Whether there are as many rows in a file of labels as in its table. Error: INPUT. */
bp_status bp_labels_check_rows(const struct bp_table *table, const struct bp_items *items,
                               const char *path, bp_error *error);

/* Reads one integer a row, as many as the table has rows: they become table->labels and the classes
 * of a new column "label", in ascending order of value. Errors: INPUT, IO, MEMORY. */
bp_status bp_labels_read_classes(struct bp_table *table, struct bp_source *source,
                                 const struct bp_items *items, bp_error *error);

#endif
