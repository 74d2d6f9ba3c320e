/* The step: parallel regions, the joins between them and the join after the last one. */
#include "step/step.h"

#include "base/sizes.h"
#include "step/parameters.h"
#include "step/passes/pieces.h"
#include "step/passes/shard.h"
#include "step/rank_step.h"
#include "step/shared_passes.h"
#include "step/step_inside.h"
#include "team/processors.h"

static const struct bp_optimizer_state plain_descent = {.options.optimizer = BP_OPTIMIZER_SGD};

void bp_step_run_workers(const struct bp_step *step, struct bp_step_work work)
{
    if (step->probe) {
        bp_probe_run(step->probe, step->team, work.shared ? 0 : work.busy, work.fn, work.arg);
        return;
    }
    if (work.shared) {
        bp_team_run(step->team, work.fn, work.arg);
        return;
    }
    for (size_t t = 0; t < work.busy; t++)
        work.fn(work.arg, t, step->threads);
}

/* Both passes over the parameters after the last chunk of a batch if the gradient is clipped, else
 * the only one after any. */
static void run_parameters(struct bp_step *step, struct bp_parameters *parameters, float rate)
{
    const bool shared = bp_step_shares_parameters(step);
    const bool products =
        parameters->activations && bp_step_shares_products(step, parameters->block->rows);
    parameters->update = bp_optimizer_next(parameters->optimizer, rate, 0.0);
    bp_step_run_workers(step, (struct bp_step_work){bp_parameters_gradient, parameters,
                                                    shared || products, step->tiles.threads});
    const bool complete = !parameters->activations || !parameters->block->gradient;
    if (!parameters->last || !parameters->squares || !complete)
        return;
    const double norm = bp_parameters_norm(parameters, step->units);
    parameters->update = bp_optimizer_next(parameters->optimizer, rate, norm);
    bp_step_run_workers(
        step, (struct bp_step_work){bp_parameters_update, parameters, shared, step->tiles.threads});
}

/* One chunk of a batch. */
struct chunk {
    struct bp_run run;
    struct bp_parameters parameters;
    float rate;
};

void bp_step_run_passes(struct bp_step *step, const struct bp_run *run, size_t begin, size_t rows)
{
    struct bp_shared_passes passes = {
        .run = run,
        .store = &step->store,
        .workers = step->worker,
        .threads = step->threads,
        .begin = begin,
        .rows = rows,
    };
    bp_store_choose_grids(&step->store, &step->tiles, rows);
    while (bp_shared_passes_next(&passes))
        bp_step_run_workers(step, (struct bp_step_work){bp_shared_passes_run, &passes,
                                                        bp_step_shares_products(step, rows),
                                                        step->threads});
    bp_shared_passes_add_losses(&passes, step->shard_loss);
}

/* As bp_run_shards(), with the store of all threads in place of the memory of one. The gradient of
 * the last piece of the chunk goes into the update. */
static void run_by_parameters(struct bp_step *step, struct chunk *chunk)
{
    const struct bp_shards shards = chunk->run.plan->shards;
    struct bp_pieces pieces;
    chunk->parameters.activations = &step->store.activations;
    chunk->parameters.block = &pieces.block;
    for (size_t s = 0; s < shards.count; s++)
        step->shard_loss[s] = 0.0;
    bp_pieces_begin(&pieces, chunk->run.plan, (struct bp_range){0, shards.count},
                    step->store.gradient, false);
    while (bp_pieces_next(&pieces)) {
        const size_t rows = pieces.block.rows, end = pieces.begin + rows;
        bp_step_run_passes(step, &chunk->run, pieces.begin, rows);
        chunk->parameters.next = chunk->run.order + end;
        chunk->parameters.next_count = bp_size_min(rows, shards.rows + chunk->run.upcoming - end);
        run_parameters(step, &chunk->parameters, chunk->rate);
    }
}

struct shards_region {
    const struct bp_step *step;
    const struct bp_run *run;
};

static void run_shards(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct shards_region *region = arg;
    bp_run_shards(region->run, region->step->worker[t], t);
}

static void run_by_samples(struct bp_step *step, struct chunk *chunk)
{
    const struct bp_shard_plan *plan = chunk->run.plan;
    struct shards_region region = {step, &chunk->run};
    const size_t busy = bp_size_min(step->threads, plan->shards.count);
    bp_step_run_workers(step,
                        (struct bp_step_work){run_shards, &region, plan->shards.count > 1, busy});
    chunk->parameters.next = chunk->run.order + plan->shards.rows;
    chunk->parameters.next_count = bp_size_min(plan->shards.rows, chunk->run.upcoming);
    run_parameters(step, &chunk->parameters, chunk->rate);
    for (size_t t = 0; t < busy; t++) {
        const struct bp_range range = bp_shard_plan_run(plan, t);
        for (size_t s = range.begin; s < range.end; s++)
            step->shard_loss[s] = step->worker[t]->shard_loss[s - range.begin];
    }
}

static double run_batch(struct bp_step *step, const struct bp_step_batch *batch, float rate,
                        float *gradient)
{
    const struct bp_cut *cut = bp_cuts_find(&step->cuts, batch->count);
    const double start = step->measures ? bp_clock_seconds() : 0.0;
    double loss = 0.0;
    for (size_t begin = 0, rows; begin < batch->count; begin += rows) {
        rows = bp_size_min(batch->count - begin, cut->chunks.size);
        const struct bp_shard_plan *plan = bp_cut_plan(cut, rows);
        struct chunk chunk = {
            .run = {.network = step->network,
                    .kernels = step->kernels,
                    .samples = step->samples,
                    .plan = plan,
                    .order = batch->order + begin,
                    .upcoming = batch->count - begin - rows + batch->upcoming,
                    .batch = batch->count,
                    .dropout = step->dropout,
                    .number = batch->number + begin},
            .parameters = {.network = step->network,
                           .kernels = step->kernels,
                           .workers = step->worker,
                           .samples = step->samples,
                           .tiles = &step->tiles,
                           .layers = {0, step->network->layers},
                           .plan = plan,
                           .reduction = {plan->leaf, plan->leaves},
                           .sums = {step->partial, NULL},
                           .first = begin == 0,
                           .last = begin + rows == batch->count,
                           .total = step->total,
                           .squares = gradient ? NULL : step->squares,
                           .gradient = gradient,
                           .optimizer = step->optimizer ? step->optimizer : &plain_descent},
            .rate = rate,
        };
        if (step->plan == BP_PLAN_PARAMETERS)
            run_by_parameters(step, &chunk);
        else
            run_by_samples(step, &chunk);
        loss += bp_shards_sum(step->shard_loss, plan->shards.count);
    }
    if (step->measures)
        step->seconds += bp_clock_seconds() - start;
    return loss;
}

double bp_step_run(struct bp_step *step, const struct bp_step_batch *batch, float learning_rate)
{
    const double loss = step->ranks ? bp_rank_step_run(step, batch, learning_rate)
                                    : run_batch(step, batch, learning_rate, NULL);
    if (step->optimizer)
        step->optimizer->steps++;
    return loss;
}

double bp_step_gradient(struct bp_step *step, const uint32_t *order, size_t count, float *gradient)
{
    return run_batch(step, &(struct bp_step_batch){.order = order, .count = count}, 0.0f, gradient);
}

void bp_step_say(struct bp_step *step, uint64_t word)
{
    if (step->ranks)
        bp_rank_step_say(step->ranks, word);
    else
        step->word = word;
}

uint64_t bp_step_heard(const struct bp_step *step)
{
    return step->ranks ? bp_rank_step_heard(step->ranks) : step->word;
}

size_t bp_step_idle_ranks(const struct bp_step *step)
{
    return step->ranks ? bp_rank_step_idle(step->ranks) : 0;
}

struct bp_optimizer_state *bp_step_optimizer(const struct bp_step *step)
{
    return step->optimizer;
}

void bp_step_measure_phases(struct bp_step *step, bool on)
{
    step->measures = on;
    step->seconds = step->transfer = 0.0;
    for (size_t t = 0; t < step->threads; t++)
        step->worker[t]->stopwatch = (struct bp_stopwatch){.on = on};
}

bp_phases bp_step_phases(const struct bp_step *step)
{
    double seconds[BP_PHASES] = {0};
    double busy = 0.0;
    for (size_t phase = 0; phase < BP_PHASE_WAITING; phase++) {
        for (size_t t = 0; t < step->threads; t++)
            seconds[phase] += step->worker[t]->stopwatch.seconds[phase];
        busy += seconds[phase];
    }
    /* More workers than processors take turns. */
    const double all = step->seconds * (double)bp_size_min(step->threads, bp_affine_processors());
    return (bp_phases){
        .gather = seconds[BP_PHASE_GATHER],
        .forward = seconds[BP_PHASE_FORWARD],
        .delta = seconds[BP_PHASE_DELTA],
        .gradient = seconds[BP_PHASE_GRADIENT],
        .reduce = seconds[BP_PHASE_REDUCE],
        .update = seconds[BP_PHASE_UPDATE],
        .waiting = all > busy ? all - busy : 0.0,
    };
}

double bp_step_transfer(const struct bp_step *step)
{
    return step->transfer;
}

size_t bp_step_partial_sums(const struct bp_step *step)
{
    if (step->plan == BP_PLAN_PARAMETERS)
        return 0;
    const struct bp_cut *cut = &step->cuts.cut[0];
    const size_t last = cut->plan[1] ? cut->plan[1]->leaves : 0;
    return (cut->chunks.count - (cut->plan[1] != NULL)) * cut->plan[0]->leaves + last;
}

size_t bp_step_gradient_bytes(const struct bp_step *step)
{
    size_t buffers = 0;
    for (size_t t = 0; t < step->threads; t++)
        buffers += step->worker[t]->buffers;
    const size_t ranks = step->ranks ? bp_rank_step_bytes(step->ranks) : 0;
    return ranks + (buffers + step->store.buffers + (step->total != NULL)) * step->network->floats *
                       sizeof(float);
}

size_t bp_step_workspace_bytes(const struct bp_step *step)
{
    size_t bytes = bp_store_bytes(&step->store);
    for (size_t t = 0; t < step->threads; t++)
        bytes += bp_worker_bytes(step->worker[t]);
    return bytes;
}
