/* The classes of the items of an IDX file, from a second one. */
#ifndef BP_DATA_IDX_LABELS_H
#define BP_DATA_IDX_LABELS_H

#include "data/table.h"

/* Reads integers, one for each of table->rows, from the IDX file `path`. They become table->labels
 * and the classes of `column`, in ascending order of value. Errors: INPUT, IO, MEMORY. */
bp_status bp_idx_read_labels(struct bp_table *table, struct bp_column *column, const char *path,
                             bp_error *error);

#endif
