/* A reduction in postfix order: leaves are taken up, pairs on top are added. */
#include "step/reduce.h"

void bp_reduce(const struct bp_reduction *reduction, const struct bp_partial_sums *sums,
               const struct bp_kernels *kernels, struct bp_unit unit, float *scratch, float **roots)
{
    float **waiting = roots;
    size_t top = 0;
    for (size_t k = 0; k < reduction->leaves; k++) {
        const struct bp_shard_plan_leaf *leaf = &reduction->leaf[k];
        const size_t shift = sums->shift ? sums->shift[leaf->thread] : 0;
        waiting[top++] = sums->gradient[leaf->thread][leaf->buffer] + (unit.offset - shift);
        for (size_t a = 0; a < leaf->adds; a++) {
            float *sum = scratch + (top - 2) * BP_SCRATCH_FLOATS;
            kernels->add(sum, waiting[top - 2], waiting[top - 1], unit.count);
            waiting[--top - 1] = sum;
        }
    }
}
