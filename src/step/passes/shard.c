/* The part of a step before the join: a run of shards, piece by piece. */
#include "step/passes/shard.h"

#include "base/sizes.h"
#include "data/samples/batch.h"
#include "step/passes/pieces.h"

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

void bp_run_shards(const struct bp_run *run, struct bp_worker *worker, size_t t)
{
    const struct bp_range range = bp_shard_plan_run(run->plan, t);
    struct bp_pieces pieces;
    bp_stopwatch_start(&worker->stopwatch);
    for (size_t s = range.begin; s < range.end; s++)
        worker->shard_loss[s - range.begin] = 0.0;
    bp_pieces_begin(&pieces, run->plan, range, worker->gradient, true);
    while (bp_pieces_next(&pieces)) {
        const size_t begin = pieces.begin, end = begin + pieces.block.rows;
        bp_rows_run(run, worker, begin, end, worker->sample_loss);
        add_losses(run, worker, range.begin, begin, end);
        bp_gradient_layers(run->network, run->kernels, &worker->activations, &pieces.block);
        bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_GRADIENT);
        prefetch_next(run, range, end);
    }
}
