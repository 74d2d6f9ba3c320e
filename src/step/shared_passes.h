/*
 * Forward and delta of a block of samples, shared by all threads where parameters are split. Each
 * pass is split by samples or also by the panels of its layer (step/passes/grid.h), whatever moves
 * less memory from thread to thread: weights, of which a thread updates some panels
 * (step/passes/tiles.h), or what samples leave. A pass that is split by panels is a region of its
 * own; neighbouring ones by samples share one:
 *
 *   many samples, narrow layers    gather forward forward output delta | join
 *   few samples, wide layers       gather | forward | forward output | delta | join
 */
#ifndef BP_STEP_SHARED_PASSES_H
#define BP_STEP_SHARED_PASSES_H

#include "step/passes/rows.h"
#include "step/store.h"

struct bp_shared_passes {
    const struct bp_run *run; /* the chunk */
    const struct bp_store *store;
    struct bp_worker *const *workers; /* with views of the store */
    size_t threads;
    size_t begin, rows;     /* the block: samples begin ... begin + rows - 1 of the chunk */
    struct bp_range region; /* the passes, by number, that run without a join */
};

/* The region after `passes->region`, {0, 0} at first; false if there is none. */
bool bp_shared_passes_next(struct bp_shared_passes *passes);

/* What thread t does in a region. `arg`: const struct bp_shared_passes. */
void bp_shared_passes_run(void *arg, size_t t, size_t threads);

/* After the last region: losses are added one by one, in order, to those of the shards of the
 * chunk. */
void bp_shared_passes_add_losses(const struct bp_shared_passes *passes, double *shard_loss);

#endif
