/* The step: two parallel regions a chunk, the join between them and the join behind. */
#include "step/step.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "step/cuts.h"
#include "step/reduce.h"
#include "step/shard.h"
#include "step/update.h"
#include "team/processors.h"

struct bp_step {
    struct bp_network *network;
    const struct bp_samples *samples;
    const struct bp_kernels *kernels;
    struct bp_team *team;
    struct bp_cuts cuts;
    size_t threads;
    size_t units;
    struct bp_worker **worker; /* one a thread */
    float *total;              /* the gradient of the chunks before; NULL if there is one chunk */
    double *shard_loss;        /* of the chunk */
    bool measures;
    double seconds; /* of all steps since the begin of measuring */
};

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
    making->status[t] = bp_worker_create(&step->worker[t], step->network, step->cuts.plan,
                                         step->cuts.plans, t, NULL);
}

static bp_status make_workers(struct bp_step *step, bp_error *error)
{
    step->worker = bp_aligned_alloc(step->threads, sizeof *step->worker);
    bp_status *status = bp_array_alloc(step->threads, sizeof *status);
    if (!step->worker || !status) {
        free(status);
        return bp_fail_memory(error, "the workspaces of the threads");
    }
    bp_team_settle(step->team, make_worker, &(struct making){step, status});
    bp_status first = BP_OK;
    for (size_t t = 0; t < step->threads && !first; t++)
        first = status[t];
    free(status);
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
    if (step->cuts.cut[0].chunks.count == 1)
        return BP_OK;
    step->total = bp_aligned_alloc(step->network->floats, sizeof(float));
    return step->total ? BP_OK : bp_fail_memory(error, "the gradient of a batch");
}

bp_status bp_step_create(struct bp_step **out, struct bp_network *network,
                         const struct bp_samples *samples, const struct bp_step_options *options,
                         bp_error *error)
{
    *out = NULL;
    assert(options->batch_size >= 1 && options->batch_size <= samples->count);
    struct bp_step *step = calloc(1, sizeof *step);
    if (!step)
        return bp_fail_memory(error, "a batch step");
    step->network = network;
    step->samples = samples;
    step->kernels = options->kernels;
    step->team = options->team;
    step->threads = bp_team_threads(options->team);
    step->units = bp_units_count(network);
    const struct bp_cuts_options cuts = {
        .samples = samples->count,
        .batch_size = options->batch_size,
        .shard_size = options->shard_size,
        .threads = step->threads,
        .capacity = bp_activations_capacity(network),
    };
    bp_status status = bp_cuts_make(&step->cuts, &cuts, error);
    if (!status)
        status = make_sums(step, error);
    if (!status)
        status = make_workers(step, error);
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
    bp_aligned_free(step->shard_loss);
    bp_aligned_free(step->total);
    bp_cuts_release(&step->cuts);
    free(step);
}

/* The pass over so few parameters takes some microseconds: less than two joins. */
#define LEAST_SHARED_FLOATS 8192

/* fn for every worker: by the team, or by this thread alone where the others would only wait. */
static void run_workers(const struct bp_step *step, bool shared, bp_team_fn *fn, void *arg)
{
    if (shared) {
        bp_team_run(step->team, fn, arg);
        return;
    }
    for (size_t t = 0; t < step->threads; t++)
        fn(arg, t, step->threads);
}

/* One chunk for both regions. */
struct chunk {
    struct bp_step *step;
    struct bp_run run;
    bool first, last; /* of the batch */
    float rate;
    float *gradient; /* where the gradient goes, or NULL: into an update */
};

static void run_shards(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct chunk *chunk = arg;
    bp_run_shards(&chunk->run, chunk->step->worker[t], t);
}

/* The gradient of a unit up to this chunk; `sum` is that of the chunk. */
static const float *add_chunk(const struct chunk *chunk, struct bp_unit unit, const float *sum)
{
    const struct bp_step *step = chunk->step;
    if (chunk->first && chunk->last)
        return sum;
    float *total = step->total + unit.offset;
    if (chunk->first)
        memcpy(total, sum, unit.count * sizeof *sum);
    else
        step->kernels->add(total, total, sum, unit.count);
    return total;
}

/* Units lie side by side in the memory of a range, so that no two threads write the same one. */
static void reduce_and_update(void *arg, size_t t, size_t threads)
{
    const struct chunk *chunk = arg;
    const struct bp_step *step = chunk->step;
    const struct bp_range range = bp_range_of(step->units, threads, t);
    struct bp_stopwatch *stopwatch = &step->worker[t]->stopwatch;
    bp_stopwatch_start(stopwatch);
    if (range.begin == range.end)
        return;
    struct bp_unit unit = bp_unit_at(step->network, range.begin);
    for (size_t u = range.begin; u < range.end; u++) {
        const float *sum = bp_reduce(chunk->run.plan, step->worker, step->kernels, unit.offset,
                                     unit.count, step->worker[t]->scratch);
        sum = add_chunk(chunk, unit, sum);
        bp_stopwatch_mark(stopwatch, BP_PHASE_REDUCE);
        if (chunk->last && chunk->gradient) {
            memcpy(chunk->gradient + unit.offset, sum, unit.count * sizeof *sum);
        } else if (chunk->last) {
            step->kernels->sgd(step->network->values + unit.offset, sum, unit.count, chunk->rate);
            bp_unit_transpose(step->network, step->kernels, unit);
        }
        bp_stopwatch_mark(stopwatch, BP_PHASE_UPDATE);
        unit = bp_unit_next(step->network, unit);
    }
}

static double sum_losses(const struct bp_step *step, const struct bp_plan *plan)
{
    for (size_t t = 0; t < step->threads; t++) {
        const struct bp_range range = bp_plan_run(plan, t);
        for (size_t s = range.begin; s < range.end; s++)
            step->shard_loss[s] = step->worker[t]->shard_loss[s - range.begin];
    }
    return bp_shards_sum(step->shard_loss, plan->shards.count);
}

static double run_batch(struct bp_step *step, const struct bp_step_batch *batch, float rate,
                        float *gradient)
{
    const struct bp_cut *cut = bp_cuts_find(&step->cuts, batch->count);
    const double start = step->measures ? bp_clock_seconds() : 0.0;
    double loss = 0.0;
    for (size_t begin = 0, rows; begin < batch->count; begin += rows) {
        rows = bp_size_min(batch->count - begin, cut->chunks.size);
        const struct bp_plan *plan = bp_cut_plan(cut, rows);
        struct chunk chunk = {
            .step = step,
            .run = {.network = step->network,
                    .kernels = step->kernels,
                    .samples = step->samples,
                    .plan = plan,
                    .order = batch->order + begin,
                    .upcoming = batch->count - begin - rows + batch->upcoming,
                    .batch = batch->count},
            .first = begin == 0,
            .last = begin + rows == batch->count,
            .rate = rate,
            .gradient = gradient,
        };
        run_workers(step, plan->shards.count > 1, run_shards, &chunk);
        run_workers(step, step->network->floats >= LEAST_SHARED_FLOATS, reduce_and_update, &chunk);
        loss += sum_losses(step, plan);
    }
    if (step->measures)
        step->seconds += bp_clock_seconds() - start;
    return loss;
}

double bp_step_run(struct bp_step *step, const struct bp_step_batch *batch, float learning_rate)
{
    return run_batch(step, batch, learning_rate, NULL);
}

double bp_step_gradient(struct bp_step *step, const uint32_t *order, size_t count, float *gradient)
{
    return run_batch(step, &(struct bp_step_batch){order, count, 0}, 0.0f, gradient);
}

void bp_step_measure_phases(struct bp_step *step, bool on)
{
    step->measures = on;
    step->seconds = 0.0;
    for (size_t t = 0; t < step->threads; t++)
        step->worker[t]->stopwatch = (struct bp_stopwatch){.on = on};
}

void bp_step_phase_seconds(const struct bp_step *step, double seconds[BP_PHASES])
{
    double busy = 0.0;
    for (size_t phase = 0; phase < BP_PHASE_WAITING; phase++) {
        seconds[phase] = 0.0;
        for (size_t t = 0; t < step->threads; t++)
            seconds[phase] += step->worker[t]->stopwatch.seconds[phase];
        busy += seconds[phase];
    }
    /* More workers than processors take turns. */
    const double all = step->seconds * (double)bp_size_min(step->threads, bp_affine_processors());
    seconds[BP_PHASE_WAITING] = all > busy ? all - busy : 0.0;
}

size_t bp_step_gradient_bytes(const struct bp_step *step)
{
    size_t buffers = 0;
    for (size_t t = 0; t < step->threads; t++)
        buffers += step->worker[t]->buffers;
    return (buffers + (step->total != NULL)) * step->network->floats * sizeof(float);
}

size_t bp_step_workspace_bytes(const struct bp_step *step)
{
    size_t bytes = 0;
    for (size_t t = 0; t < step->threads; t++)
        bytes += bp_worker_bytes(step->worker[t]);
    return bytes;
}
