/* What a thread does with its run of shards. */
#ifndef BP_STEP_PASSES_SHARD_H
#define BP_STEP_PASSES_SHARD_H

#include "step/passes/rows.h"

/* Gather, forward, delta and gradient for the shards of thread t. What the tree completes within
 * the run stands in worker->gradient[0 ...] in order; losses in worker->shard_loss. */
void bp_run_shards(const struct bp_run *run, struct bp_worker *worker, size_t t);

#endif
