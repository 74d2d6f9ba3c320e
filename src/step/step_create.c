/* What a step needs for all batches: nothing is allocated later. */
#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "step/rank_step.h"
#include "step/step.h"
#include "step/step_inside.h"

/* The worker of each thread, made on that thread. */
struct making {
    struct bp_step *step;
    bp_status *status; /* one a thread */
};

static void make_worker(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct making *making = arg;
    struct bp_step *step = making->step;
    struct bp_worker_needs needs;
    if (step->plan == BP_PLAN_PARAMETERS) {
        const struct bp_range rows =
            bp_store_rows(step->store.activations.capacity, step->threads, t);
        needs = bp_worker_needs_of_rows(rows.end - rows.begin);
        bp_store_clear(&step->store, step->network, t, step->threads);
    } else if (step->ranks) {
        needs = bp_rank_step_needs(step->ranks, t);
    } else {
        needs = bp_worker_needs_of_run(step->cuts.plan, step->cuts.plans, t);
    }
    if (step->ranks)
        needs.depth = bp_size_max(needs.depth, bp_rank_step_depth(step->ranks));
    making->status[t] = bp_worker_create(&step->worker[t], step->network, &needs, NULL);
}

static bp_status make_workers(struct bp_step *step, bp_error *error)
{
    step->worker = bp_aligned_alloc(step->threads, sizeof *step->worker);
    step->partial = bp_array_alloc(step->threads, sizeof *step->partial);
    bp_status *status = bp_array_alloc(step->threads, sizeof *status);
    if (!step->worker || !step->partial || !status) {
        free(status);
        return bp_fail_memory(error, "the workspaces of the threads");
    }
    struct making making = {step, status};
    if (step->probe)
        bp_probe_run(step->probe, step->team, step->threads, make_worker, &making);
    else
        bp_team_run_pinned(step->team, make_worker, &making);
    bp_status first = BP_OK;
    for (size_t t = 0; t < step->threads && !first; t++)
        first = status[t];
    free(status);
    for (size_t t = 0; t < step->threads && !first; t++)
        step->partial[t] = step->worker[t]->gradient;
    return first ? bp_fail_memory(error, "the workspaces of the threads") : BP_OK;
}

static bp_status make_sums(struct bp_step *step, bp_error *error)
{
    size_t shards = 0;
    for (size_t k = 0; k < step->cuts.plans; k++)
        shards = bp_size_max(shards, step->cuts.plan[k].shards.count);
    step->shard_loss = bp_aligned_alloc(shards, sizeof(double));
    if (!step->shard_loss)
        return bp_fail_memory(error, "the losses of a batch");
    const bool clips = step->optimizer && step->optimizer->options.clip_norm > 0.0f;
    if (clips)
        step->squares = bp_aligned_alloc(step->units, sizeof(double));
    if (clips || (!step->ranks && step->cuts.cut[0].chunks.count > 1))
        step->total = bp_aligned_alloc(step->network->floats, sizeof(float));
    else
        return BP_OK;
    return step->total && (step->squares || !clips)
               ? BP_OK
               : bp_fail_memory(error, "the gradient of a batch");
}

static bp_status check_options(const struct bp_network *network,
                               const struct bp_step_options *options, bp_error *error)
{
    if (options->dropout > 0.0f && network->hidden_delta == BP_HIDDEN_DELTA_AS_PRINTED)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "dropout needs the slopes of hidden neurons, which the rule of deltas as "
                       "printed leaves out: take the chain rule, or no dropout");
    return BP_OK;
}

/* By samples, tiles are units, which are neighbours in memory. By parameters a product over two
 * panels is faster. A sum of squares is of a whole unit. */
static struct bp_tile_shape find_largest_tile(const struct bp_step *step)
{
    return (struct bp_tile_shape){.panels = step->plan == BP_PLAN_PARAMETERS ? BP_TILE_PANELS : 1,
                                  .inputs = BP_UNIT_INPUTS};
}

/* One worker has all tiles where no pass over them is shared: those without any would be called for
 * nothing. */
static size_t count_tile_threads(const struct bp_step *step)
{
    const bool alone = step->plan == BP_PLAN_SAMPLES && !bp_step_shares_parameters(step);
    return alone ? 1 : step->threads;
}

/* `rows`: samples of a full batch that are computed at a time. */
static bp_status make_tiles(struct bp_step *step, size_t rows, bp_error *error)
{
    const bool clips = step->optimizer && step->optimizer->options.clip_norm > 0.0f;
    const struct bp_tile_shape most = find_largest_tile(step);
    const size_t threads = count_tile_threads(step);
    if (step->plan == BP_PLAN_SAMPLES)
        rows = 0; /* products are not made in tiles */
    return clips ? bp_tiles_make(&step->tiles, step->network, most, rows, threads, error)
                 : bp_tiles_make_even(&step->tiles, step->network, most, rows, threads, error);
}

static bp_status make_parts(struct bp_step *step, const struct bp_step_options *options,
                            bp_error *error)
{
    const bool parameters = step->plan == BP_PLAN_PARAMETERS;
    const struct bp_cuts_options cuts = {
        .samples = step->samples->count,
        .batch_size = options->batch_size,
        .shard_size = options->shard_size,
        .threads = parameters ? 1 : step->threads,
        .capacity = parameters ? bp_activations_shared_capacity(step->network)
                               : bp_activations_capacity(step->network),
    };
    bp_status status = bp_cuts_make(&step->cuts, &cuts, error);
    if (!status)
        status = make_tiles(step, bp_size_min(cuts.batch_size, cuts.capacity), error);
    if (!status && parameters)
        status =
            bp_store_make(&step->store, step->network, step->cuts.plan, step->cuts.plans, error);
    if (!status && bp_ranks_several(options->ranks))
        status = bp_rank_step_create(step, options->ranks, error);
    if (!status)
        status = make_sums(step, error);
    return status ? status : make_workers(step, error);
}

bp_status bp_step_create(struct bp_step **out, struct bp_network *network,
                         const struct bp_samples *samples, const struct bp_step_options *options,
                         bp_error *error)
{
    *out = NULL;
    assert(options->batch_size >= 1 && options->batch_size <= samples->count);
    bp_status status = check_options(network, options, error);
    if (status)
        return status;
    struct bp_step *step = calloc(1, sizeof *step);
    if (!step)
        return bp_fail_memory(error, "a batch step");
    step->network = network;
    step->samples = samples;
    step->kernels = options->kernels;
    step->team = options->team;
    step->optimizer = options->optimizer;
    step->dropout = bp_dropout_make(options->dropout, options->seed);
    step->plan = options->plan == BP_PLAN_PARAMETERS ? BP_PLAN_PARAMETERS : BP_PLAN_SAMPLES;
    step->probe = options->probe;
    step->threads = options->probe ? options->probe->workers : bp_team_threads(options->team);
    step->units = bp_units_count(network);
    status = make_parts(step, options, error);
    if (status) {
        bp_step_free(step);
        return status;
    }
    *out = step;
    return BP_OK;
}

void bp_step_free(struct bp_step *step)
{
    if (!step)
        return;
    for (size_t t = 0; step->worker && t < step->threads; t++)
        bp_worker_free(step->worker[t]);
    bp_aligned_free(step->worker);
    free(step->partial);
    bp_aligned_free(step->shard_loss);
    bp_aligned_free(step->total);
    bp_aligned_free(step->squares);
    bp_rank_step_free(step->ranks);
    bp_store_release(&step->store);
    bp_tiles_release(&step->tiles);
    bp_cuts_release(&step->cuts);
    free(step);
}
