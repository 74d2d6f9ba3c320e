/* The part of a step before gradients, for some samples of a chunk: one thread does all of it. */
#ifndef BP_STEP_PASSES_ROWS_H
#define BP_STEP_PASSES_ROWS_H

#include "step/passes/dropout.h"
#include "step/passes/worker.h"

/* A chunk of a batch. */
struct bp_run {
    const struct bp_network *network;
    const struct bp_kernels *kernels;
    const struct bp_samples *samples;
    const struct bp_shard_plan *plan;
    const uint32_t *order; /* numbers of the samples of the chunk */
    size_t upcoming;       /* numbers after those of the chunk, of samples that come next */
    size_t batch;          /* samples of the batch */
    struct bp_dropout dropout;
    uint64_t number; /* of the first sample of the chunk in the whole run */
};

/* Of samples begin ... end - 1 of the chunk, which fit worker->activations: inputs, targets and
 * weights. */
void bp_rows_gather(const struct bp_run *run, struct bp_worker *worker, size_t begin, size_t end);

/* The same, and all passes up to the deltas. Their losses go to loss[0] and on. */
void bp_rows_run(const struct bp_run *run, struct bp_worker *worker, size_t begin, size_t end,
                 double *loss);

#endif
