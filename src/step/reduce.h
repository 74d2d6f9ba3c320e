/* The sum of partial gradients along the tree: those of threads, or those of ranks. */
#ifndef BP_STEP_REDUCE_H
#define BP_STEP_REDUCE_H

#include "step/passes/worker.h"

/* Who has which partial sums. */
struct bp_partial_sums {
    float *const *const *gradient; /* of each thread, or rank: its buffers */
    const size_t *shift; /* NULL: all have the layout of network->values; or the distance between
                            that and what each one's buffers have of the layer */
};

/* Steps of a reduction. */
struct bp_reduction {
    const struct bp_shard_plan_leaf *leaf;
    size_t leaves;
};

/* The gradient at offset ... offset + count - 1 of network->values, count a multiple of 16 up to
 * BP_SCRATCH_FLOATS: roots[0 ...] are what is left in the end, the sum of a chunk, or the nodes of
 * a run of its shards. They stand in `scratch` (plan->depth x BP_SCRATCH_FLOATS) or in a partial
 * sum itself; the caller may change them. Race-free: reads what was written before the join, writes
 * its own scratch. */
void bp_reduce(const struct bp_reduction *reduction, const struct bp_partial_sums *sums,
               const struct bp_kernels *kernels, struct bp_unit unit, float *scratch,
               float **roots);

#endif
