/* The columns of a CSV file that options speak of: categorical, ignored, the id. */
#ifndef BP_DATA_CSV_CSV_MARK_H
#define BP_DATA_CSV_CSV_MARK_H

#include "data/table/table.h"

/* Marks columns of a table whose columns have names: `categorical` by their kind, `ignore` and `id`
 * by their role; and notes all of it, columns by name, in table->reading. What the options leave
 * open, options->of_model says. A name that is also a number is taken as the name. Errors: ARGUMENT
 * (no such column, with the nearest name; ignored and the id at once), MEMORY. */
bp_status bp_csv_mark(struct bp_table *table, const bp_read_options *options, bp_error *error);

#endif
