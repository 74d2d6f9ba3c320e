/* The sum of the partial gradients of all threads, along the tree. */
#ifndef BP_STEP_REDUCE_H
#define BP_STEP_REDUCE_H

#include "step/worker.h"

/* The gradient of the batch at offset ... offset + count - 1 of network->values, count a multiple
 * of 16 up to BP_SCRATCH_FLOATS. It stands in `scratch` (plan->depth x BP_SCRATCH_FLOATS) or in the
 * only partial sum; the caller may change it. Race-free: reads what was written before the join,
 * writes its own scratch. */
float *bp_reduce(const struct bp_shard_plan *plan, struct bp_worker *const *workers,
                 const struct bp_kernels *kernels, size_t offset, size_t count, float *scratch);

#endif
