/* Cells to values of neurons, for few rows: what batch.c does for the samples of a dataset, and a
 * look at whether they are finite. */
#ifndef BP_DATA_SAMPLES_SCALING_H
#define BP_DATA_SAMPLES_SCALING_H

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/flush.h"

/* Where a whole panel has a number of cells that the compiler knows. */
#if defined(__GNUC__)
#define BP_INLINED static inline __attribute__((always_inline))
#else
#define BP_INLINED static inline
#endif

/* out[k] = (cell[k] - shift[k]) * scale[k], or 0 where that is too small to be stored; false: one
 * is not finite. Without a branch, so that compilers vectorize it. */
BP_INLINED bool bp_cells_scale(const float *restrict cell, const float *restrict shift,
                               const float *restrict scale, size_t count, float *restrict out)
{
    uint32_t beyond = 0;
    for (size_t k = 0; k < count; k++) {
        const float value = (cell[k] - shift[k]) * scale[k];
        beyond |= fabsf(value) <= FLT_MAX ? 0 : 1;
        out[k] = bp_flush(value);
    }
    return beyond == 0;
}

#endif
