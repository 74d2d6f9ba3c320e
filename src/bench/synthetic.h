/* Synthetic samples, for measuring: only their shape matters. */
#ifndef BP_BENCH_SYNTHETIC_H
#define BP_BENCH_SYNTHETIC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct bp_synthetic_shape {
    size_t count; /* samples */
    size_t inputs;
    size_t outputs;
    bool numbers; /* outputs are numbers, however many there are */
};

/* A dataset: inputs uniform with mean 0 and std 1; classes where there are 2 to 65536 outputs, else
 * numbers from 0.1 to 0.9. Errors: ARGUMENT, MEMORY. */
bp_status bp_synthetic_create(bp_dataset **out, const struct bp_synthetic_shape *shape,
                              bp_error *error);

#endif
