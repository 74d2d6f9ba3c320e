/* The targets of samples from a second file: classes from integers, numbers from floats. */
#ifndef BP_DATA_READ_LABELS_H
#define BP_DATA_READ_LABELS_H

#include "data/table/table.h"

/* Reads the IDX or NPY file `path`, which has a row for each of the table. Integers, one a row,
 * become table->labels and the classes of a new column "label", in ascending order of value;
 * floats (NPY) become table->targets and new columns "y1", "y2", ... Errors: INPUT, IO, MEMORY. */
bp_status bp_labels_read(struct bp_table *table, const char *path, bp_error *error);

#endif
