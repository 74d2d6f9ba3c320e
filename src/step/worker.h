/* The memory of one thread: what it computes before the join, nobody else writes. */
#ifndef BP_STEP_WORKER_H
#define BP_STEP_WORKER_H

#include "step/passes.h"
#include "step/phases.h"
#include "step/plan.h"

struct bp_worker {
    struct bp_stopwatch stopwatch;
    struct bp_activations activations;
    double *sample_loss; /* of the block in work */
    size_t shards;
    double *shard_loss; /* of the shards of its run */
    size_t buffers;
    float **gradient; /* `buffers` partial sums, laid out as network->values */
    size_t depth;
    float *scratch; /* depth x BP_SCRATCH_FLOATS, for the reduction */
};

#define BP_SCRATCH_FLOATS 1040 /* 65 rows of a panel: 64 inputs and the bias */

/* Room for what thread t does in each of the `count` plans of a step. Called on the thread that
 * will use it, so that the memory lies near it. Errors: MEMORY. */
bp_status bp_worker_create(struct bp_worker **out, const struct bp_network *network,
                           const struct bp_plan *plans, size_t count, size_t t, bp_error *error);
/* Bytes held, without the gradients. */
size_t bp_worker_bytes(const struct bp_worker *worker);

void bp_worker_free(struct bp_worker *worker);

#endif
