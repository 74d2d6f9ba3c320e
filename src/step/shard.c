/* The part of a step before the join: a run of shards, block by block. */
#include "step/shard.h"

#include "base/sizes.h"
#include "data/batch.h"
#include "team/range.h"

/* Samples begin ... end - 1 of the batch: everything but the gradient. The losses of the samples of
 * a shard are added one by one, in order; `first` is the first shard of the run. */
static void run_rows(const struct bp_run *run, struct bp_worker *worker, size_t first, size_t begin,
                     size_t end)
{
    const struct bp_shards shards = run->plan->shards;
    const size_t rows = end - begin;
    const uint32_t *order = run->order + begin;
    struct bp_activations *activations = &worker->activations;
    bp_batch_gather(run->samples, order, rows, activations->value[0], activations->stride[0]);
    bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_GATHER);
    bp_forward(run->network, run->kernels, activations, rows);
    bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_FORWARD);
    bp_delta_output(run->network, activations, run->samples, order, rows, shards.rows,
                    worker->sample_loss);
    bp_delta_hidden(run->network, run->kernels, activations, rows);
    for (size_t r = 0; r < rows; r++)
        worker->shard_loss[(begin + r) / shards.size - first] += worker->sample_loss[r];
    bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_DELTA);
}

/*
 * One node of the tree: a block of whole shards that fits the workspace, or one shard in pieces.
 * Its gradient takes the place of the lowest one that it is merged with; the pieces of a shard
 * before the last keep their partial sum in gradient[waiting].
 */
static void run_block(const struct bp_run *run, struct bp_worker *worker, size_t first,
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
        run_rows(run, worker, first, begin, begin + rows);
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
    }
}

void bp_run_shards(const struct bp_run *run, struct bp_worker *worker, size_t t)
{
    const struct bp_plan *plan = run->plan;
    const struct bp_range range = bp_range_of(plan->shards.count, plan->threads, t);
    struct bp_nodes done = {.count = 0};
    bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_WAITING);
    for (size_t s = range.begin; s < range.end; s++)
        worker->shard_loss[s - range.begin] = 0.0;
    for (size_t s = range.begin; s < range.end;) {
        const struct bp_node node = bp_node_next(s, range.end, plan->block_level, plan->shards);
        const size_t waiting = done.count;
        const size_t merges = bp_nodes_push(&done, node, plan->shards);
        run_block(run, worker, range.begin, node, waiting, merges);
        s += (size_t)1 << node.level;
    }
}
