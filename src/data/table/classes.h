/* Whether a column is taken for classes, and which class every row is of. */
#ifndef BP_DATA_TABLE_CLASSES_H
#define BP_DATA_TABLE_CLASSES_H

#include <stddef.h>
#include <stdint.h>

#include "data/table/table.h"

/* Where the user leaves it open (BP_TASK_AUTO): categories are classes, and the integers of a CSV
 * file if all of them lie from -1 to 26. */
bool bp_column_is_classes(const bp_dataset *dataset, size_t column);

/* code[x] becomes the number of the class of row x, below *classes: rows of the same category or
 * number have the same one. `column` has one cell a row. Error: MEMORY. */
bp_status bp_column_class_codes(const bp_dataset *dataset, size_t column, uint32_t *code,
                                size_t *classes, bp_error *error);

#endif
