/* Arrays of numbers in binary64. */
#ifndef BP_BASE_DOUBLES_H
#define BP_BASE_DOUBLES_H

#include <stddef.h>

/* Into ascending order; none of them is a NaN. */
void bp_doubles_sort(double *values, size_t count);

#endif
