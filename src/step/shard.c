/* The part of a step before the join: a run of shards, block by block. */
#include "step/shard.h"

#include "base/sizes.h"
#include "data/samples/batch.h"

/* Begins to fetch the samples after `end` that this thread gathers next in its run of shards; those
 * of the next chunk are fetched during the update. */
static void prefetch_next(const struct bp_run *run, struct bp_range range, size_t end)
{
    const struct bp_shards shards = run->plan->shards;
    const size_t run_end = bp_size_min(range.end * shards.size, shards.rows);
    if (end < run_end)
        bp_batch_prefetch(run->samples, run->order + end, run_end - end);
}

/* The losses of samples begin ... end - 1 of the chunk are added one by one, in order, to those of
 * their shards; `first` is the first shard of the run. */
static void add_losses(const struct bp_run *run, struct bp_worker *worker, size_t first,
                       size_t begin, size_t end)
{
    const size_t size = run->plan->shards.size;
    size_t shard = begin / size;
    for (size_t x = begin; x < end; shard++) {
        const size_t shard_end = bp_size_min((shard + 1) * size, end);
        double sum = worker->shard_loss[shard - first];
        for (size_t r = x - begin; x < shard_end; x++, r++)
            sum += worker->sample_loss[r];
        worker->shard_loss[shard - first] = sum;
    }
}

/*
 * One node of the tree: a block of whole shards that fits the workspace, or one shard in pieces.
 * Its gradient takes the place of the lowest one that it is merged with; the pieces of a shard
 * before the last keep their partial sum in gradient[waiting].
 */
static void run_block(const struct bp_run *run, struct bp_worker *worker, struct bp_range range,
                      struct bp_node node, size_t waiting, size_t merges)
{
    const struct bp_shards shards = run->plan->shards;
    const size_t capacity = worker->activations.capacity;
    const float *merge[BP_NODES_MAX];
    for (size_t m = 0; m < merges; m++)
        merge[m] = worker->gradient[waiting - 1 - m];
    size_t begin, end;
    bp_node_rows(node, shards, &begin, &end);
    const float *partial = NULL;
    while (begin < end) {
        const size_t rows = bp_size_min(end - begin, capacity);
        const bool last = begin + rows == end;
        bp_rows_run(run, worker, begin, begin + rows, worker->sample_loss);
        add_losses(run, worker, range.begin, begin, begin + rows);
        float *gradient = worker->gradient[last ? waiting - merges : waiting];
        bp_gradient(run->network, run->kernels, &worker->activations,
                    &(struct bp_gradient_block){.rows = rows,
                                                .shard_rows = shards.size,
                                                .partial = partial,
                                                .merge = merge,
                                                .merges = last ? merges : 0,
                                                .gradient = gradient});
        bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_GRADIENT);
        partial = gradient;
        begin += rows;
        prefetch_next(run, range, begin);
    }
}

void bp_run_shards(const struct bp_run *run, struct bp_worker *worker, size_t t)
{
    const struct bp_shard_plan *plan = run->plan;
    const struct bp_range range = bp_shard_plan_run(plan, t);
    struct bp_nodes done = {.count = 0};
    bp_stopwatch_start(&worker->stopwatch);
    for (size_t s = range.begin; s < range.end; s++)
        worker->shard_loss[s - range.begin] = 0.0;
    for (size_t s = range.begin; s < range.end;) {
        const struct bp_node node = bp_node_next(s, range.end, plan->block_level, plan->shards);
        const size_t waiting = done.count;
        const size_t merges = bp_nodes_push(&done, node, plan->shards);
        run_block(run, worker, range, node, waiting, merges);
        s += (size_t)1 << node.level;
    }
}
