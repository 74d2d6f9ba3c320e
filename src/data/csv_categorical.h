/* The list of columns of a CSV file whose cells are categories even where they look like numbers.
 */
#ifndef BP_DATA_CSV_CATEGORICAL_H
#define BP_DATA_CSV_CATEGORICAL_H

#include "data/table.h"

/* The columns in `list` (names, or numbers from 1, by comma) become categories; a name that is also
 * a number is taken as the name. Errors: ARGUMENT, MEMORY. */
bp_status bp_csv_mark_categorical(struct bp_table *table, const char *list, bp_error *error);

#endif
