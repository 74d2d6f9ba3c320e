/* Most of the struct stays as it is until it is used: steps of small networks take less than a
 * microsecond. */
#include "step/passes/pieces.h"

#include "base/sizes.h"

void bp_pieces_begin(struct bp_pieces *pieces, const struct bp_shard_plan *plan,
                     struct bp_range run, float *const *gradient, bool keeps_last)
{
    pieces->plan = plan;
    pieces->gradient = gradient;
    pieces->keeps_last = keeps_last;
    pieces->left = run;
    pieces->begin = pieces->end = 0;
    pieces->block = (struct bp_gradient_block){.shard_rows = plan->shards.size};
    pieces->done.count = 0;
}

static void enter_node(struct bp_pieces *pieces)
{
    const struct bp_shard_plan *plan = pieces->plan;
    const struct bp_node node =
        bp_node_next(pieces->left.begin, pieces->left.end, plan->block_level, plan->shards);
    pieces->waiting = pieces->done.count;
    pieces->merges = bp_nodes_push(&pieces->done, node, plan->shards);
    for (size_t m = 0; m < pieces->merges; m++)
        pieces->merge[m] = pieces->gradient[pieces->waiting - 1 - m];
    bp_node_rows(node, plan->shards, &pieces->begin, &pieces->end);
    pieces->left.begin += (size_t)1 << node.level;
}

bool bp_pieces_next(struct bp_pieces *pieces)
{
    struct bp_gradient_block *block = &pieces->block;
    pieces->begin += block->rows;
    block->partial = block->gradient;
    if (pieces->begin == pieces->end) {
        if (pieces->left.begin >= pieces->left.end)
            return false;
        enter_node(pieces);
        block->partial = NULL;
    }
    block->rows = bp_size_min(pieces->end - pieces->begin, pieces->plan->capacity);
    const bool last = pieces->begin + block->rows == pieces->end;
    block->merge = pieces->merge;
    block->merges = last ? pieces->merges : 0;
    block->gradient = NULL;
    if (pieces->keeps_last || pieces->begin + block->rows < pieces->plan->shards.rows)
        block->gradient = pieces->gradient[pieces->waiting - block->merges];
    return true;
}
