/* The step: two parallel regions a chunk, the join between them and the join after them. */
#include "step/step.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "step/cuts.h"
#include "step/parameters.h"
#include "step/shard.h"
#include "team/processors.h"

static const struct bp_optimizer_state plain_descent = {.options.optimizer = BP_OPTIMIZER_SGD};

struct bp_step {
    struct bp_network *network;
    const struct bp_samples *samples;
    const struct bp_kernels *kernels;
    struct bp_team *team;
    struct bp_cuts cuts;
    size_t threads;
    size_t units;
    struct bp_worker **worker;            /* one a thread */
    struct bp_optimizer_state *optimizer; /* or NULL */
    struct bp_dropout dropout;
    float *total;       /* the gradient up to a chunk; NULL if there is one chunk and no clipping */
    double *squares;    /* of the gradient, one a unit; NULL without clipping */
    double *shard_loss; /* of the chunk */
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
    bp_team_run_pinned(step->team, make_worker, &(struct making){step, status});
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
    const bool clips = step->optimizer && step->optimizer->options.clip_norm > 0.0f;
    if (clips)
        step->squares = bp_aligned_alloc(step->units, sizeof(double));
    if (clips || step->cuts.cut[0].chunks.count > 1)
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
    step->threads = bp_team_threads(options->team);
    step->units = bp_units_count(network);
    const struct bp_cuts_options cuts = {
        .samples = samples->count,
        .batch_size = options->batch_size,
        .shard_size = options->shard_size,
        .threads = step->threads,
        .capacity = bp_activations_capacity(network),
    };
    status = bp_cuts_make(&step->cuts, &cuts, error);
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
    bp_aligned_free(step->squares);
    bp_cuts_release(&step->cuts);
    free(step);
}

/* One chunk for the region before the join. */
struct shards_region {
    struct bp_step *step;
    struct bp_run run;
};

/* The pass over so few parameters takes some microseconds: less than two joins. */
#define MIN_SHARED_FLOATS 8192

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

static void run_shards(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct shards_region *region = arg;
    bp_run_shards(&region->run, region->step->worker[t], t);
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

/* Both passes over the parameters after the last chunk of a batch if the gradient is clipped, else
 * the only one after any. */
static void run_parameters(struct bp_step *step, struct bp_parameters *parameters, float rate)
{
    const bool shared = step->network->floats >= MIN_SHARED_FLOATS;
    parameters->update = bp_optimizer_next(parameters->optimizer, rate, 0.0);
    run_workers(step, shared, bp_parameters_reduce, parameters);
    if (!parameters->last || !parameters->squares)
        return;
    const double norm = bp_parameters_norm(parameters);
    parameters->update = bp_optimizer_next(parameters->optimizer, rate, norm);
    run_workers(step, shared, bp_parameters_update, parameters);
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
        struct shards_region shards = {
            .step = step,
            .run = {.network = step->network,
                    .kernels = step->kernels,
                    .samples = step->samples,
                    .plan = plan,
                    .order = batch->order + begin,
                    .upcoming = batch->count - begin - rows + batch->upcoming,
                    .batch = batch->count,
                    .dropout = step->dropout,
                    .number = batch->number + begin},
        };
        struct bp_parameters parameters = {
            .network = step->network,
            .kernels = step->kernels,
            .workers = step->worker,
            .plan = plan,
            .units = step->units,
            .first = begin == 0,
            .last = begin + rows == batch->count,
            .total = step->total,
            .squares = gradient ? NULL : step->squares,
            .gradient = gradient,
            .optimizer = step->optimizer ? step->optimizer : &plain_descent,
        };
        run_workers(step, plan->shards.count > 1, run_shards, &shards);
        run_parameters(step, &parameters, rate);
        loss += sum_losses(step, plan);
    }
    if (step->measures)
        step->seconds += bp_clock_seconds() - start;
    return loss;
}

double bp_step_run(struct bp_step *step, const struct bp_step_batch *batch, float learning_rate)
{
    const double loss = run_batch(step, batch, learning_rate, NULL);
    if (step->optimizer)
        step->optimizer->steps++;
    return loss;
}

double bp_step_gradient(struct bp_step *step, const uint32_t *order, size_t count, float *gradient)
{
    return run_batch(step, &(struct bp_step_batch){.order = order, .count = count}, 0.0f, gradient);
}

struct bp_optimizer_state *bp_step_optimizer(const struct bp_step *step)
{
    return step->optimizer;
}

void bp_step_measure_phases(struct bp_step *step, bool on)
{
    step->measures = on;
    step->seconds = 0.0;
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

size_t bp_step_partial_sums(const struct bp_step *step)
{
    const struct bp_cut *cut = &step->cuts.cut[0];
    const size_t last = cut->plan[1] ? cut->plan[1]->leaves : 0;
    return (cut->chunks.count - (cut->plan[1] != NULL)) * cut->plan[0]->leaves + last;
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
