/* From samples to the rows that the forward pass reads. */
#ifndef BP_DATA_SAMPLES_BATCH_H
#define BP_DATA_SAMPLES_BATCH_H

#include "base/lanes.h"
#include "data/samples/samples.h"

/* Row r of `out` becomes the neuron values, (cell - shift) * scale, of sample order[r], for r below
 * `count`. Number i is at out[i / 16 * stride + r * 16 + i % 16], where `stride` is at least 16
 * count; the rest of the last panel is undefined. Any number of threads may gather, each
 * into an `out` of its own. */
void bp_batch_gather(const struct bp_samples *samples, const uint32_t *order, size_t count,
                     float *out, size_t stride);

/* The same for what the output neurons should be: numbers, or 1 for the class and 0 for the others.
 * The rest of the last panel is 0. */
void bp_batch_gather_targets(const struct bp_samples *samples, const uint32_t *order, size_t count,
                             float *out, size_t stride);

/* Begins to load the first of these samples into the cache, for the next bp_batch_gather(), which
 * does the same for the others. */
void bp_batch_prefetch(const struct bp_samples *samples, const uint32_t *order, size_t count);

/* The lines of a cache that a sample takes, and a beginning to load some, between which other work
 * is done: line begin ... end - 1 of those of all samples in order. */
size_t bp_batch_lines(const struct bp_samples *samples);
void bp_batch_prefetch_lines(const struct bp_samples *samples, const uint32_t *order, size_t begin,
                             size_t end);

/* The samples in order: order[x] = x for x below `count`. */
void bp_batch_number(uint32_t *order, size_t count);

#endif
