/* Datasets made by hand, so that what is tested does not depend on the readers. */
#ifndef BP_TESTS_TABLES_H
#define BP_TESTS_TABLES_H

#include <stdbool.h>

#include "data/table/table.h"

/* "a,b\n1,red\n2,blue\n" as a CSV dataset called test.csv, without quoting. A column with a cell
 * that is no number is a column of categories, one that begins with ' too (which is taken off).
 * Without a header the columns are called "column 1" and so on. */
bp_dataset *table_csv(const char *text, bool header);

/* Numbers in rows of inputs and outputs, called x1, ... and y1, ...; FANN ("test.data") or arrays
 * ("memory"). */
bp_dataset *table_numbers(bp_format format, size_t rows, size_t inputs, size_t outputs,
                          const float *values);

/* IDX ("test.idx"): images of `pixels` bytes and, if `labels` is not NULL, the column "label" with
 * codes below `classes`, whose names are the numbers from classes - 1 down to 0. */
bp_dataset *table_images(size_t rows, size_t pixels, const uint8_t *bytes, const uint32_t *labels,
                         size_t classes);

/* Shows the rows given only, in that order; returns `dataset`. */
bp_dataset *table_show(bp_dataset *dataset, size_t count, const uint32_t *rows);

#endif
