/* A plan is found by walking through the chunk without computing anything. */
#include "step/passes/shard_plan.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"

/* Whole subtrees for each thread leave it fewer gradients to hold; an eighth more work for the
 * busiest thread is given for that. */
static size_t choose_granule(size_t shards, size_t threads)
{
    const size_t fair = bp_size_divide_up(shards, threads);
    size_t granule = 1;
    while (granule * 2 <= shards &&
           bp_size_divide_up(bp_size_divide_up(shards, granule * 2), threads) * granule * 2 <=
               fair + fair / 8)
        granule *= 2;
    return granule;
}

static size_t count_run(const struct bp_shard_plan *plan)
{
    return plan->run.end - plan->run.begin;
}

/* Many threads work in two blocks each rather than one: the second is merged on the fly, so that it
 * takes no gradient of its own, and the workspaces are half as large. */
#define MANY_THREADS 4
#define MIN_CAPACITY 64

static size_t choose_capacity(const struct bp_shard_plan *plan, size_t capacity)
{
    const size_t run = bp_size_divide_up(count_run(plan), plan->threads) * plan->shards.size;
    while (plan->threads >= MANY_THREADS && capacity > MIN_CAPACITY && capacity >= run)
        capacity /= 2;
    return capacity;
}

struct bp_range bp_shard_plan_run(const struct bp_shard_plan *plan, size_t t)
{
    const struct bp_range all = plan->run;
    const size_t first = all.begin / plan->granule;
    const struct bp_range run =
        bp_range_of(bp_size_divide_up(all.end, plan->granule) - first, plan->threads, t);
    const size_t begin = bp_size_max((first + run.begin) * plan->granule, all.begin);
    const size_t end = bp_size_min((first + run.end) * plan->granule, all.end);
    return (struct bp_range){bp_size_min(begin, all.end), bp_size_max(end, all.begin)};
}

/* The nodes that the run of thread t leaves; returns how many gradients it holds on the way. */
static size_t walk_run(const struct bp_shard_plan *plan, size_t t, struct bp_nodes *left)
{
    const struct bp_range run = bp_shard_plan_run(plan, t);
    size_t buffers = 0;
    left->count = 0;
    for (size_t s = run.begin; s < run.end;) {
        const struct bp_node node = bp_node_next(s, run.end, plan->block_level, plan->shards);
        const size_t waiting = left->count;
        const size_t merges = bp_nodes_push(left, node, plan->shards);
        /* A shard in pieces rests in a gradient of its own until it is merged. */
        const bool pieces = plan->shards.size > plan->capacity;
        buffers = bp_size_max(buffers, waiting + (merges == 0 || pieces));
        s += (size_t)1 << node.level;
    }
    return buffers;
}

size_t bp_shard_plan_buffers(const struct bp_shard_plan *plan, size_t t)
{
    struct bp_nodes left;
    return walk_run(plan, t, &left);
}

/* All that follows from the shards, the run, the threads and the capacity. */
static bp_status make(struct bp_shard_plan *plan, size_t capacity, bp_error *error)
{
    const size_t count = count_run(plan), threads = plan->threads;
    plan->capacity = capacity = choose_capacity(plan, capacity);
    plan->granule = choose_granule(count, threads);
    const bool whole = plan->shards.rows <= capacity;
    while (bp_size_divide_up(plan->shards.count, (size_t)1 << plan->block_level) > 1 &&
           (whole || plan->shards.size <= capacity >> (plan->block_level + 1)))
        plan->block_level++;
    const size_t most = bp_size_min(count, threads * (size_t)BP_NODES_MAX);
    plan->leaf = bp_array_alloc(most, sizeof *plan->leaf);
    if (!plan->leaf)
        return bp_fail_memory(error, "the plan of a chunk");
    struct bp_nodes left, waiting = {.count = 0};
    for (size_t t = 0; t < threads; t++) {
        walk_run(plan, t, &left);
        for (size_t k = 0; k < left.count; k++) {
            plan->depth = bp_size_max(plan->depth, waiting.count + 1);
            const size_t adds = bp_nodes_push(&waiting, left.node[k], plan->shards);
            plan->leaf[plan->leaves++] = (struct bp_shard_plan_leaf){t, k, adds};
        }
    }
    plan->roots = waiting.count;
    return BP_OK;
}

bp_status bp_shard_plan_make(struct bp_shard_plan *plan, size_t rows, size_t shard_size,
                             size_t threads, size_t capacity, bp_error *error)
{
    *plan = (struct bp_shard_plan){.shards = bp_shards_cut(rows, shard_size), .threads = threads};
    plan->run = (struct bp_range){0, plan->shards.count};
    return make(plan, capacity, error);
}

bp_status bp_shard_plan_make_run(struct bp_shard_plan *plan, const struct bp_shard_plan *whole,
                                 struct bp_range run, size_t threads, bp_error *error)
{
    *plan = (struct bp_shard_plan){.shards = whole->shards, .run = run, .threads = threads};
    return make(plan, whole->capacity, error);
}

void bp_shard_plan_release(struct bp_shard_plan *plan)
{
    free(plan->leaf);
    *plan = (struct bp_shard_plan){0};
}
