/* The memory of one thread: what it computes before the join, nobody else writes. */
#ifndef BP_STEP_PASSES_WORKER_H
#define BP_STEP_PASSES_WORKER_H

#include "step/passes/passes.h"
#include "step/passes/phases.h"
#include "step/passes/shard_plan.h"

struct bp_worker {
    struct bp_stopwatch stopwatch;
    struct bp_activations activations; /* its own, or its view of those of all threads */
    double *sample_loss;               /* of the samples of `activations` */
    size_t shards;
    double *shard_loss; /* of the shards of its run */
    size_t buffers;
    float **gradient; /* `buffers` partial sums, laid out as network->values */
    size_t depth;
    float *scratch; /* depth x BP_SCRATCH_FLOATS, for the reduction or a tile */
};

/* What a thread needs room for. */
struct bp_worker_needs {
    bool views;      /* activations of all threads */
    size_t capacity; /* samples computed in one go, or in the view */
    size_t shards;   /* of its run */
    size_t buffers;
    size_t depth;
};

/* Adds what a run of thread t takes more than `needs`. */
void bp_worker_needs_add(struct bp_worker_needs *needs, const struct bp_shard_plan *plan, size_t t);
/* Of thread t, the most that any of the `count` plans of a step needs. */
struct bp_worker_needs bp_worker_needs_of_run(const struct bp_shard_plan *plans, size_t count,
                                              size_t t);
/* Of a thread that has up to `rows` of the samples of all threads, and tiles. */
struct bp_worker_needs bp_worker_needs_of_rows(size_t rows);

/* Called on the thread that will use it, so that the memory lies near it. Errors: MEMORY. */
bp_status bp_worker_create(struct bp_worker **out, const struct bp_network *network,
                           const struct bp_worker_needs *needs, bp_error *error);
/* Bytes held, without the gradients. */
size_t bp_worker_bytes(const struct bp_worker *worker);

void bp_worker_free(struct bp_worker *worker);

#endif
