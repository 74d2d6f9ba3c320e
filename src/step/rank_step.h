/*
 * One batch step over several ranks, to the bits of one process:
 *
 *   rank 0   gather forward delta gradient  | reduce        merge update        | repack
 *   rank 1   gather forward delta gradient  | reduce  <-->  merge update  <-->  | repack
 *                                             own nodes     own parameters        all
 *
 * Each rank takes its shards of the batch (step/rank_plan.h) and adds up what its threads have to
 * the nodes of the tree that it completes. The owner of a parameter (step/ownership.h) gets the
 * nodes of all ranks, merges them along the tree, updates, and sends the new value to all. Layers
 * go from the last to the first, each on its way while others are added up or updated.
 */
#ifndef BP_STEP_RANK_STEP_H
#define BP_STEP_RANK_STEP_H

#include "step/rank_step_inside.h"
#include "step/step_batch.h"

/* Fills step->ranks of a step whose cuts are made. The state of the optimizer is from now on that
 * of the own parameters, before the first step. Keeps `ranks`. Errors: MEMORY. */
bp_status bp_rank_step_create(struct bp_step *step, struct bp_ranks *ranks, bp_error *error);
void bp_rank_step_free(struct bp_rank_step *ranks);

/* What thread t of this rank needs where the samples of the rank are split. */
struct bp_worker_needs bp_rank_step_needs(const struct bp_rank_step *ranks, size_t t);

/* Sums that a thread holds when an owner merges nodes, at most. */
size_t bp_rank_step_depth(const struct bp_rank_step *ranks);

/* As bp_step_run(). */
double bp_rank_step_run(struct bp_step *step, const struct bp_step_batch *batch, float rate);

/* A word that each rank sends with its next step, 0 at first; and those of all ranks in the last
 * step, or'ed: so they agree on something without a message of its own. */
void bp_rank_step_say(struct bp_rank_step *ranks, uint64_t word);
uint64_t bp_rank_step_heard(const struct bp_rank_step *ranks);

/* Ranks that have no sample of a whole batch. */
size_t bp_rank_step_idle(const struct bp_rank_step *ranks);

size_t bp_rank_step_bytes(const struct bp_rank_step *ranks);

#endif
