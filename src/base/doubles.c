/* A sort for measurements, of which there are few. */
#include "base/doubles.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void bp_doubles_sort(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
}
