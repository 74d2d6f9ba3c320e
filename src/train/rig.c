/* The number of threads by measuring: allowed, because no bit depends on it. */
#include "train/rig.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "data/batch.h"
#include "step/shards.h"

/* Steps with fewer operations take about two microseconds: less than two joins. */
#define TINY_STEP 1e5
/* Steps with more take about 20 milliseconds: joins are nothing against that. */
#define LONG_STEP 1e9

#define WARM_UPS 2
#define TIMINGS  7 /* the median counts */

void bp_rig_release(struct bp_rig *rig)
{
    bp_step_free(rig->step);
    bp_engine_release(&rig->engine);
    *rig = (struct bp_rig){0};
}

/* What a rig is made for. */
struct job {
    struct bp_network *network;
    const struct bp_samples *samples;
    const struct bp_rig_options *options;
};

static bp_status make_rig(struct bp_rig *rig, const struct job *job, size_t threads,
                          bp_error *error)
{
    *rig = (struct bp_rig){0};
    const struct bp_engine_options engine = {
        .threads = threads, .backend = job->options->backend, .isa = job->options->isa};
    bp_status status = bp_engine_make(&rig->engine, &engine, error);
    if (status)
        return status;
    const struct bp_step_options step = {
        .kernels = rig->engine.kernels,
        .team = rig->engine.team,
        .batch_size = job->options->batch_size,
        .shard_size = job->options->shard_size,
    };
    status = bp_step_create(&rig->step, job->network, job->samples, &step, error);
    if (status)
        bp_rig_release(rig);
    return status;
}

/* The processors that a step can use, and 1 for a tiny one. */
static size_t limit_threads(const struct job *job, double operations, char reason[BP_REASON_SIZE])
{
    const struct bp_rig_options *options = job->options;
    if (options->backend == BP_BACKEND_SERIAL) {
        snprintf(reason, BP_REASON_SIZE, "the serial backend has one");
        return 1;
    }
    const size_t usable = bp_usable_processors();
    const size_t shards = bp_shards_cut(options->batch_size, options->shard_size).count;
    if (usable > 1 && shards == 1) {
        snprintf(reason, BP_REASON_SIZE, "a batch is one shard; %zu processors are usable", usable);
        return 1;
    }
    if (usable > 1 && operations < TINY_STEP) {
        snprintf(reason, BP_REASON_SIZE, "a step is too small to share; %zu processors are usable",
                 usable);
        return 1;
    }
    const size_t threads = bp_size_min(bp_size_min(usable, shards), BP_THREADS_MAX);
    if (threads < usable)
        snprintf(reason, BP_REASON_SIZE, "a batch has %zu shards; %zu processors are usable",
                 shards, usable);
    else
        snprintf(reason, BP_REASON_SIZE,
                 usable == 1 ? "one usable processor" : "all usable processors");
    return threads;
}

static int compare_seconds(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median time of a step; `gradient` takes what it computes. */
static double time_step(const struct bp_rig *rig, const uint32_t *order, size_t rows,
                        float *gradient)
{
    double seconds[TIMINGS];
    for (size_t k = 0; k < WARM_UPS + TIMINGS; k++) {
        const double start = bp_clock_seconds();
        bp_step_gradient(rig->step, order, rows, gradient);
        if (k >= WARM_UPS)
            seconds[k - WARM_UPS] = bp_clock_seconds() - start;
    }
    qsort(seconds, TIMINGS, sizeof *seconds, compare_seconds);
    return seconds[TIMINGS / 2];
}

/* Replaces the rig by one with half the threads unless those that go make it a tenth faster: less
 * is not worth a processor, nor the risk that another program needs it. A smaller rig that cannot
 * be made leaves the larger one in place. */
static void halve_threads(struct bp_rig *rig, const struct job *job, const uint32_t *order,
                          float *gradient)
{
    const size_t rows = job->options->batch_size;
    double seconds = time_step(rig, order, rows, gradient);
    size_t threads = bp_team_threads(rig->engine.team);
    snprintf(rig->reason, BP_REASON_SIZE, "measured: %.3g ms a step", seconds * 1e3);
    while (threads > 1) {
        struct bp_rig half;
        if (make_rig(&half, job, threads / 2, NULL))
            return;
        const double half_seconds = time_step(&half, order, rows, gradient);
        const bool enough = half_seconds <= 1.1 * seconds;
        snprintf(enough ? half.reason : rig->reason, BP_REASON_SIZE,
                 "measured: %.3g ms a step, with %zu %.3g ms",
                 (enough ? half_seconds : seconds) * 1e3, enough ? threads : threads / 2,
                 (enough ? seconds : half_seconds) * 1e3);
        if (!enough) {
            bp_rig_release(&half);
            return;
        }
        bp_rig_release(rig);
        *rig = half;
        seconds = half_seconds;
        threads /= 2;
    }
}

/* Without memory for the measurement the rig stays as it is. */
static void measure_threads(struct bp_rig *rig, const struct job *job)
{
    const size_t rows = job->options->batch_size;
    uint32_t *order = bp_array_alloc(rows, sizeof *order);
    float *gradient = bp_aligned_alloc(job->network->floats, sizeof *gradient);
    if (order && gradient) {
        bp_batch_number(order, rows);
        halve_threads(rig, job, order, gradient);
    }
    free(order);
    bp_aligned_free(gradient);
}

/* As many threads as can be had, from `threads` down to 1. */
static bp_status make_rig_or_smaller(struct bp_rig *rig, const struct job *job, size_t threads,
                                     char reason[BP_REASON_SIZE], bp_error *error)
{
    bp_status status = make_rig(rig, job, threads, error);
    while ((status == BP_ERROR_THREADS || status == BP_ERROR_MEMORY) && threads > 1) {
        snprintf(reason, BP_REASON_SIZE, "%zu cannot be had: %s", threads, bp_status_text(status));
        threads /= 2;
        status = make_rig(rig, job, threads, error);
    }
    return status;
}

bp_status bp_rig_make(struct bp_rig *rig, struct bp_network *network,
                      const struct bp_samples *samples, const struct bp_rig_options *options,
                      bp_error *error)
{
    const struct job job = {network, samples, options};
    if (options->threads) {
        const bp_status status = make_rig(rig, &job, options->threads, error);
        snprintf(rig->reason, BP_REASON_SIZE, "as asked");
        return status;
    }
    /* Forward and gradient 2 a weight and sample each, delta up to 2 more. */
    const double operations = 6.0 * (double)network->parameters * (double)options->batch_size;
    char reason[BP_REASON_SIZE];
    const size_t threads = limit_threads(&job, operations, reason);
    const bp_status status = make_rig_or_smaller(rig, &job, threads, reason, error);
    if (status)
        return status;
    snprintf(rig->reason, BP_REASON_SIZE, "%s", reason);
    if (bp_team_threads(rig->engine.team) > 1 && operations <= LONG_STEP)
        measure_threads(rig, &job);
    return BP_OK;
}
