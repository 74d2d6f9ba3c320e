/*
 * Columns of numbers that are near one another and far from 0, such as times in seconds: binary32
 * does not tell them apart. Of such a column the table holds what is left of each number after its
 * origin is taken off, which binary32 does hold.
 */
#ifndef BP_DATA_TABLE_ORIGIN_H
#define BP_DATA_TABLE_ORIGIN_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* What was seen of a column. */
struct bp_column_range {
    double min, max;
    bool rounded; /* a number is not one of binary32 */
};

/* Nothing. */
static inline struct bp_column_range bp_column_range_begin(void)
{
    return (struct bp_column_range){.min = (double)INFINITY, .max = -(double)INFINITY};
}

static inline void bp_column_range_add(struct bp_column_range *range, double number)
{
    range->min = number < range->min ? number : range->min;
    range->max = number > range->max ? number : range->max;
    range->rounded |= (double)(float)number != number;
}

/* A range is narrow if it is less than this share of the largest magnitude in it: rounding to
 * binary32 takes more than 2^-13 of it from a number. Part of a narrow range is narrow. */
#define BP_NARROW_SHARE 0x1p-11

static inline bool bp_column_range_is_narrow(const struct bp_column_range *range)
{
    return range->max - range->min < BP_NARROW_SHARE * fmax(fabs(range->min), fabs(range->max));
}

/* The origin of a column of that range: of binary32; 0 unless it is narrow and a number is rounded.
 */
static inline double bp_column_range_origin(const struct bp_column_range *range)
{
    return range->rounded && bp_column_range_is_narrow(range) ? (double)(float)range->min : 0.0;
}

/* Makes rows x width floats of as many doubles, each less the origin of its column, in their place;
 * returns where they are, as realloc() does. origin[k] becomes that of column k; with `together`
 * all columns have one, origin[0]. */
float *bp_origin_narrow(double *numbers, size_t rows, size_t width, bool together, double *origin);

#endif
