/* What several measurements of one thing say. */
#ifndef BP_CLI_TERMINAL_SPREAD_H
#define BP_CLI_TERMINAL_SPREAD_H

#include <stddef.h>

struct spread {
    double median;
    double least;
    double greatest;
};

/* Of `count` >= 1 values, which are put into ascending order. */
struct spread spread_of(double *values, size_t count);

#endif
