/* What the numbers of a FANN file are: inputs, and outputs or classes. */
#ifndef BP_DATA_READ_FANN_COLUMNS_H
#define BP_DATA_READ_FANN_COLUMNS_H

#include "data/table/table.h"

/* Gives `table`, whose rows hold inputs and outputs side by side, its columns: "x1", "x2", ... and
 * "y1", "y2", ...; but where every sample has two outputs or more, a single 1 and otherwise 0, the
 * outputs become one column "class" with these names as categories. Errors: MEMORY. */
bp_status bp_fann_set_columns(struct bp_table *table, size_t inputs, size_t outputs,
                              bp_error *error);

#endif
