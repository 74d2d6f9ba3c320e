/*
 * The pieces of a run of shards, in order: what is computed in one go. A piece is a node of the
 * tree whose samples fit the capacity of the plan, or a part of one large shard. Gradients of nodes
 * whose right neighbours have not come yet wait in a stack: that of a node takes the place of the
 * lowest one that it is merged with; the parts of a shard before the last keep their partial sum on
 * top.
 */
#ifndef BP_STEP_PASSES_PIECES_H
#define BP_STEP_PASSES_PIECES_H

#include "step/passes/passes.h"
#include "step/passes/shard_plan.h"

struct bp_pieces {
    /* Of the piece: samples begin ... begin + block.rows - 1 of the chunk. */
    size_t begin;
    struct bp_gradient_block block;

    /* Of the run, and of the node in work. */
    const struct bp_shard_plan *plan;
    float *const *gradient;
    bool keeps_last;
    struct bp_range left; /* shards */
    size_t end;           /* of the node: samples */
    size_t waiting, merges;
    const float *merge[BP_NODES_MAX];
    struct bp_nodes done;
};

/* Keeps `plan` and `gradient`, the stack, which has as many as bp_shard_plan_buffers() says. Unless
 * `keeps_last`, the last piece of the chunk has none, NULL: what follows takes it up at once. */
void bp_pieces_begin(struct bp_pieces *pieces, const struct bp_shard_plan *plan,
                     struct bp_range run, float *const *gradient, bool keeps_last);

/* Makes the next piece the one in work; false if there is none. */
bool bp_pieces_next(struct bp_pieces *pieces);

/* Whether no other comes after the one in work. */
static inline bool bp_pieces_is_last(const struct bp_pieces *pieces)
{
    return pieces->left.begin >= pieces->left.end &&
           pieces->begin + pieces->block.rows == pieces->end;
}

#endif
