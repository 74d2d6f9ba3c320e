/* What is known of a column of numbers, and the sums over columns of floats. */
#ifndef BP_DATA_TABLE_COLUMN_SUMS_H
#define BP_DATA_TABLE_COLUMN_SUMS_H

#include <stdbool.h>
#include <stddef.h>

#include "data/table/table.h"

struct bp_column_statistics {
    double origin; /* of the column: min, max and mean are less this */
    double min;
    double max;
    double mean;   /* sum of weight * cell over rows and cells, in order, in binary64, / that of the
                      weights */
    double std;    /* sqrt(sum of weight * (cell - mean)^2 / that of the weights); in the same
                      order, but in that of values for bytes, each difference times the cells that
                      have it */
    bool integral; /* every cell is an integer */
    size_t cells;  /* that are not missing; only these count above */
    double weight; /* their sum of weights */
};

/* Fills statistics[k] of column[k], k below `count`, which are columns of floats, or of bytes of
 * one cell; those of categories are left out. `statistics` has their origins, and min, max and
 * integral of no cell. `weight`: as of bp_columns_get_statistics(). */
void bp_columns_sum_floats(const bp_dataset *dataset, const float *weight,
                           const struct bp_column *column, size_t count,
                           struct bp_column_statistics *statistics);

#endif
