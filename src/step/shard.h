/* What a thread does with its run of shards. */
#ifndef BP_STEP_SHARD_H
#define BP_STEP_SHARD_H

#include "step/dropout.h"
#include "step/worker.h"

struct bp_run {
    const struct bp_network *network;
    const struct bp_kernels *kernels;
    const struct bp_samples *samples;
    const struct bp_plan *plan;
    const uint32_t *order; /* numbers of the samples of the chunk */
    size_t upcoming;       /* numbers after those of the chunk, of samples that come next */
    size_t batch;          /* samples of the batch */
    struct bp_dropout dropout;
    uint64_t number; /* of the first sample of the chunk in the whole run */
};

/* Gather, forward, delta and gradient for the shards of thread t. What the tree completes within
 * the run stands in worker->gradient[0 ...] in order; losses in worker->shard_loss. */
void bp_run_shards(const struct bp_run *run, struct bp_worker *worker, size_t t);

#endif
