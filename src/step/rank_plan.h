/*
 * Which rank does what of a batch: the shards of all its chunks are dealt to the ranks in runs of
 * neighbours, as those of one chunk are to threads. What the tree completes within the run of a
 * rank is a node; an owner of parameters merges the nodes of all ranks along the tree, and adds the
 * chunks in order.
 *
 *   chunk      0               1               2 (the last has fewer shards)
 *   shards   . . . . . . . . . . . . . . . . . . . . . .
 *   rank     |    0    |    1    |    2    |     3     |
 *   nodes     0          1   0     0   1     0       1
 */
#ifndef BP_STEP_RANK_PLAN_H
#define BP_STEP_RANK_PLAN_H

#include "step/cuts.h"

/* The shards of one chunk that a rank has; its nodes are `first_node` and on of that rank. */
struct bp_rank_piece {
    size_t begin; /* the first sample of the chunk in the batch */
    struct bp_shard_plan plan;
    size_t first_node;
    size_t first_loss; /* the number of its first shard among those of the batch */
};

struct bp_rank_plan {
    struct bp_chunks chunks;
    size_t ranks;
    size_t pieces;
    struct bp_rank_piece *piece;     /* of this rank, in order */
    size_t *nodes;                   /* of each rank */
    size_t *shards;                  /* ranks + 1: the first shard of each rank in the batch */
    struct bp_shard_plan_leaf *leaf; /* of the reduction at an owner: `thread` is a rank, `buffer`
                                        its node; the sums of chunks are added on the way */
    size_t leaves;
    size_t depth; /* sums that wait there, at most */
};

/* For batches that are cut as `cut` says; `threads` of this rank. Errors: MEMORY; then `plan` is
 * zeroed. */
bp_status bp_rank_plan_make(struct bp_rank_plan *plan, const struct bp_cut *cut, size_t ranks,
                            size_t rank, size_t threads, bp_error *error);
void bp_rank_plan_release(struct bp_rank_plan *plan);

#endif
