/* From samples to the rows that the forward pass reads. */
#ifndef BP_DATA_BATCH_H
#define BP_DATA_BATCH_H

#include "data/samples.h"

/* Row r of `out` becomes the neuron values, (cell - shift) * scale, of sample order[r], for r below
 * `count`. A row is `stride` floats long, at least samples->inputs rounded up to 16; what lies
 * between the two is set to 0. Any number of threads may gather into rows of their own. */
void bp_batch_gather(const struct bp_samples *samples, const uint32_t *order, size_t count,
                     float *out, size_t stride);

/* The samples in order: order[x] = x for x below `count`. */
void bp_batch_number(uint32_t *order, size_t count);

#endif
