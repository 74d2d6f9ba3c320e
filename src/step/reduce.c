/* A reduction in postfix order: leaves are taken up, pairs on top are added. */
#include "step/reduce.h"

float *bp_reduce(const struct bp_shard_plan *plan, struct bp_worker *const *workers,
                 const struct bp_kernels *kernels, size_t offset, size_t count, float *scratch)
{
    float *waiting[BP_NODES_MAX];
    size_t top = 0;
    for (size_t k = 0; k < plan->leaves; k++) {
        const struct bp_shard_plan_leaf *leaf = &plan->leaf[k];
        waiting[top++] = workers[leaf->thread]->gradient[leaf->buffer] + offset;
        for (size_t a = 0; a < leaf->adds; a++) {
            float *sum = scratch + (top - 2) * BP_SCRATCH_FLOATS;
            kernels->add(sum, waiting[top - 2], waiting[top - 1], count);
            waiting[--top - 1] = sum;
        }
    }
    return waiting[0];
}
