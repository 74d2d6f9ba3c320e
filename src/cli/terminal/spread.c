/* Order statistics: a machine that does other work now and then does not move them. */
#include "cli/terminal/spread.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct spread spread_of(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    const double low = values[(count - 1) / 2], high = values[count / 2];
    return (struct spread){
        .median = (low + high) / 2, .least = values[0], .greatest = values[count - 1]};
}
