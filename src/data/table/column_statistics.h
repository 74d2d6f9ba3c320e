/* Range, mean and standard deviation of number columns over the rows that a dataset shows. */
#ifndef BP_DATA_TABLE_COLUMN_STATISTICS_H
#define BP_DATA_TABLE_COLUMN_STATISTICS_H

#include <stddef.h>

#include "data/table/column_sums.h"

/* statistics[k] becomes that of column first + k, k below `count`; zeros for categories, and where
 * all cells are missing. All cells of a column that is wider than one (an image) count as one
 * group. All columns in the same passes. `weight` is that of each row shown, above 0; NULL: all 1;
 * images have none. */
void bp_columns_get_statistics(const bp_dataset *dataset, const float *weight, size_t first,
                               size_t count, struct bp_column_statistics *statistics);

#define BP_BYTE_VALUES 256

/* times[v] becomes the number of cells of a column of bytes that are v, v below BP_BYTE_VALUES. */
void bp_bytes_count(const bp_dataset *dataset, const struct bp_column *column, size_t *times);

/* The number in the middle, less the origin, of those of a column of one cell that are not missing,
 * one or more: the first in ascending order up to which the weights, as above, are more than half
 * of their sum; the mean of two where they are just the half. Errors: MEMORY. */
bp_status bp_column_median(const bp_dataset *dataset, const float *weight, size_t column,
                           double *median, bp_error *error);

#endif
