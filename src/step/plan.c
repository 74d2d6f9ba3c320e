/* A plan is found by walking through the batch without computing anything. */
#include "step/plan.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "team/range.h"

/* The nodes that the run of thread t leaves; notes how many gradients it holds on the way. */
static void walk_run(struct bp_plan *plan, size_t t, struct bp_nodes *left)
{
    const struct bp_range run = bp_range_of(plan->shards.count, plan->threads, t);
    left->count = 0;
    for (size_t s = run.begin; s < run.end;) {
        const struct bp_node node = bp_node_next(s, run.end, plan->block_level, plan->shards);
        /* The block that is being computed needs a gradient of its own until it is merged. */
        plan->buffers = bp_size_max(plan->buffers, left->count + 1);
        bp_nodes_push(left, node, plan->shards);
        s += (size_t)1 << node.level;
    }
}

bp_status bp_plan_make(struct bp_plan *plan, size_t rows, size_t shard_size, size_t threads,
                       size_t capacity, bp_error *error)
{
    *plan = (struct bp_plan){.shards = bp_shards_cut(rows, shard_size), .threads = threads};
    while (plan->shards.size <= capacity >> (plan->block_level + 1) &&
           plan->shards.count >> plan->block_level > 1)
        plan->block_level++;
    const size_t most = bp_size_min(plan->shards.count, threads * (size_t)BP_NODES_MAX);
    plan->leaf = bp_array_alloc(most, sizeof *plan->leaf);
    if (!plan->leaf)
        return bp_fail_memory(error, "the plan of a batch");
    struct bp_nodes left, waiting = {.count = 0};
    for (size_t t = 0; t < threads; t++) {
        walk_run(plan, t, &left);
        for (size_t k = 0; k < left.count; k++) {
            plan->depth = bp_size_max(plan->depth, waiting.count + 1);
            const size_t adds = bp_nodes_push(&waiting, left.node[k], plan->shards);
            plan->leaf[plan->leaves++] = (struct bp_plan_leaf){t, k, adds};
        }
    }
    return BP_OK;
}

void bp_plan_release(struct bp_plan *plan)
{
    free(plan->leaf);
    *plan = (struct bp_plan){0};
}
