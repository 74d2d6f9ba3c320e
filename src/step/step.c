/* The step: two parallel regions, the join between them and the join behind. */
#include "step/step.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "step/reduce.h"
#include "step/shard.h"
#include "step/update.h"
#include "team/range.h"

struct bp_step {
    struct bp_network *network;
    const struct bp_samples *samples;
    const struct bp_kernels *kernels;
    struct bp_team *team;
    struct bp_plan plan[2]; /* of a full batch, and of the last one if that is smaller */
    size_t threads;
    size_t units;
    struct bp_worker **worker; /* one a thread */
    double *shard_loss;        /* of the batch */
};

/* The worker of each thread, made on that thread. */
struct making {
    struct bp_step *step;
    size_t capacity;
    bp_status *status; /* one a thread */
};

static void make_worker(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct making *making = arg;
    struct bp_step *step = making->step;
    making->status[t] =
        bp_worker_create(&step->worker[t], step->network, step->plan, making->capacity, NULL);
}

static bp_status make_workers(struct bp_step *step, size_t capacity, bp_error *error)
{
    step->worker = bp_aligned_alloc(step->threads, sizeof *step->worker);
    bp_status *status = bp_array_alloc(step->threads, sizeof *status);
    if (!step->worker || !status) {
        free(status);
        return bp_fail_memory(error, "the workspaces of the threads");
    }
    bp_team_run(step->team, make_worker, &(struct making){step, capacity, status});
    bp_status first = BP_OK;
    for (size_t t = 0; t < step->threads && !first; t++)
        first = status[t];
    free(status);
    return first ? bp_fail_memory(error, "the workspaces of the threads") : BP_OK;
}

bp_status bp_step_create(struct bp_step **out, struct bp_network *network,
                         const struct bp_samples *samples, const struct bp_step_options *options,
                         bp_error *error)
{
    *out = NULL;
    struct bp_step *step = calloc(1, sizeof *step);
    if (!step)
        return bp_fail_memory(error, "a batch step");
    step->network = network;
    step->samples = samples;
    step->kernels = options->kernels;
    step->team = options->team;
    step->threads = bp_team_threads(options->team);
    step->units = bp_units_count(network);
    assert(options->batch_size >= 1 && options->batch_size <= samples->count);
    const size_t sizes[2] = {options->batch_size, samples->count % options->batch_size};
    const size_t capacity =
        bp_size_min(bp_activations_capacity(network), bp_size_round_up(sizes[0], BP_LANES));
    bp_status status = BP_OK;
    for (size_t k = 0; k < 2 && !status; k++) {
        if (sizes[k])
            status = bp_plan_make(&step->plan[k], sizes[k], options->shard_size, step->threads,
                                  capacity, error);
    }
    if (status)
        goto fail;
    step->shard_loss = bp_aligned_alloc(
        bp_size_max(step->plan[0].shards.count, step->plan[1].shards.count), sizeof(double));
    if (!step->shard_loss) {
        status = bp_fail_memory(error, "the losses of a batch");
        goto fail;
    }
    status = make_workers(step, capacity, error);
    if (status)
        goto fail;
    *out = step;
    return BP_OK;

fail:
    bp_step_free(step);
    return status;
}

void bp_step_free(struct bp_step *step)
{
    if (!step)
        return;
    for (size_t t = 0; step->worker && t < step->threads; t++)
        bp_worker_free(step->worker[t]);
    bp_aligned_free(step->worker);
    bp_aligned_free(step->shard_loss);
    bp_plan_release(&step->plan[0]);
    bp_plan_release(&step->plan[1]);
    free(step);
}

/* One batch for both regions. */
struct batch {
    struct bp_step *step;
    struct bp_run run;
    float rate;
    float *gradient; /* where the gradient goes, or NULL: into an update */
};

static void run_shards(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct batch *batch = arg;
    bp_run_shards(&batch->run, batch->step->worker[t], t);
}

static void reduce_and_update(void *arg, size_t t, size_t threads)
{
    const struct batch *batch = arg;
    const struct bp_step *step = batch->step;
    const struct bp_range range = bp_range_of(step->units, threads, t);
    struct bp_stopwatch *stopwatch = &step->worker[t]->stopwatch;
    bp_stopwatch_mark(stopwatch, BP_PHASE_WAITING);
    if (range.begin == range.end)
        return;
    struct bp_unit unit = bp_unit_at(step->network, range.begin);
    for (size_t u = range.begin; u < range.end; u++) {
        const float *sum = bp_reduce(batch->run.plan, step->worker, step->kernels, unit.offset,
                                     unit.count, step->worker[t]->scratch);
        bp_stopwatch_mark(stopwatch, BP_PHASE_REDUCE);
        if (batch->gradient) {
            memcpy(batch->gradient + unit.offset, sum, unit.count * sizeof *sum);
        } else {
            step->kernels->sgd(step->network->values + unit.offset, sum, unit.count, batch->rate);
            bp_unit_transpose(step->network, unit);
        }
        bp_stopwatch_mark(stopwatch, BP_PHASE_UPDATE);
        unit = bp_unit_next(step->network, unit);
    }
}

static double sum_losses(const struct bp_step *step, const struct bp_plan *plan)
{
    for (size_t t = 0; t < step->threads; t++) {
        const struct bp_range range = bp_range_of(plan->shards.count, step->threads, t);
        for (size_t s = range.begin; s < range.end; s++)
            step->shard_loss[s] = step->worker[t]->shard_loss[s - range.begin];
    }
    return bp_shards_sum(step->shard_loss, plan->shards.count);
}

static double run_batch(struct bp_step *step, const uint32_t *order, size_t count, float rate,
                        float *gradient)
{
    const struct bp_plan *plan = &step->plan[count != step->plan[0].shards.rows];
    assert(plan->shards.rows == count);
    struct batch batch = {
        .step = step,
        .run = {step->network, step->kernels, step->samples, plan, order},
        .rate = rate,
        .gradient = gradient,
    };
    bp_team_run(step->team, run_shards, &batch);
    bp_team_run(step->team, reduce_and_update, &batch);
    return sum_losses(step, plan);
}

double bp_step_run(struct bp_step *step, const uint32_t *order, size_t count, float learning_rate)
{
    return run_batch(step, order, count, learning_rate, NULL);
}

double bp_step_gradient(struct bp_step *step, const uint32_t *order, size_t count, float *gradient)
{
    return run_batch(step, order, count, 0.0f, gradient);
}

void bp_step_measure_phases(struct bp_step *step, bool on)
{
    for (size_t t = 0; t < step->threads; t++)
        step->worker[t]->stopwatch = (struct bp_stopwatch){.on = on, .last = bp_clock_seconds()};
}

void bp_step_phase_seconds(const struct bp_step *step, double seconds[BP_PHASES])
{
    for (size_t phase = 0; phase < BP_PHASES; phase++) {
        seconds[phase] = 0.0;
        for (size_t t = 0; t < step->threads; t++)
            seconds[phase] += step->worker[t]->stopwatch.seconds[phase];
    }
}

size_t bp_step_gradient_bytes(const struct bp_step *step)
{
    size_t buffers = 0;
    for (size_t t = 0; t < step->threads; t++)
        buffers += step->worker[t]->buffers;
    return buffers * step->network->floats * sizeof(float);
}

size_t bp_step_workspace_bytes(const struct bp_step *step)
{
    size_t bytes = 0;
    for (size_t t = 0; t < step->threads; t++)
        bytes += bp_worker_bytes(step->worker[t]);
    return bytes;
}
