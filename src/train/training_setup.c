/* The number of threads by measuring: allowed, because no bit depends on it. */
#include "train/training_setup.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/batch.h"
#include "step/shards.h"
#include "team/numa.h"
#include "team/processors.h"
#include "train/timing_comparison.h"

/* Steps with fewer operations take about two microseconds: four joins. */
#define TINY_STEP 1e4
/* Steps with more take about 20 milliseconds: joins are nothing against that. */
#define LONG_STEP 1e9
/* From steps of about 20 microseconds on, finding NUMA nodes (milliseconds, and only where there
 * are several) may pay. */
#define NUMA_STEP 1e6

/* More threads are taken if they save so much of a step; less is noise. */
#define MIN_GAIN 0.02

/* Measuring takes about this share of the steps to come at most, and so many seconds. */
#define MEASURE_SHARE   0.03
#define MEASURE_SECONDS 50e-3

void bp_training_setup_release(struct bp_training_setup *setup)
{
    bp_step_free(setup->step);
    bp_optimizer_free(setup->optimizer);
    bp_engine_release(&setup->engine);
    *setup = (struct bp_training_setup){0};
}

/* What a setup is made for. */
struct job {
    struct bp_network *network;
    const struct bp_samples *samples;
    const struct bp_training_setup_options *options;
    const struct bp_numa *numa;
    struct bp_optimizer_state *optimizer;
    double operations; /* of a step */
};

static bp_status make_step(struct bp_step **out, const struct bp_engine *engine,
                           const struct job *job, bp_error *error)
{
    const bp_train_options *train = job->options->train;
    const struct bp_step_options step = {
        .kernels = engine->kernels,
        .team = engine->team,
        .batch_size = job->options->batch_size,
        .shard_size = job->options->shard_size,
        .optimizer = job->optimizer,
        .dropout = train ? train->dropout : 0.0f,
        .seed = train ? train->seed : 0,
    };
    return bp_step_create(out, job->network, job->samples, &step, error);
}

static bp_status make_setup(struct bp_training_setup *setup, const struct job *job, size_t threads,
                            bp_error *error)
{
    *setup = (struct bp_training_setup){0};
    const struct bp_engine_options engine = {.threads = threads,
                                             .backend = job->options->backend,
                                             .isa = job->options->isa,
                                             .numa = job->numa};
    bp_status status = bp_engine_make(&setup->engine, &engine, error);
    if (status)
        return status;
    status = make_step(&setup->step, &setup->engine, job, error);
    if (status)
        bp_training_setup_release(setup);
    return status;
}

/* The processors that a step can use, and 1 for a tiny one. */
static size_t limit_threads(const struct job *job, char reason[BP_REASON_SIZE])
{
    const struct bp_training_setup_options *options = job->options;
    if (options->backend == BP_BACKEND_SERIAL) {
        snprintf(reason, BP_REASON_SIZE, "the serial backend has one");
        return 1;
    }
    const size_t usable = bp_usable_processors();
    const size_t shards = bp_shards_at_once(options->batch_size, options->shard_size);
    if (usable > 1 && shards == 1) {
        snprintf(reason, BP_REASON_SIZE, "a batch is one shard; %zu processors are usable", usable);
        return 1;
    }
    if (usable > 1 && job->operations < TINY_STEP) {
        snprintf(reason, BP_REASON_SIZE, "a step is too small to share; %zu processors are usable",
                 usable);
        return 1;
    }
    const size_t threads = bp_size_min(bp_size_min(usable, shards), BP_THREADS_MAX);
    if (threads < usable)
        snprintf(reason, BP_REASON_SIZE, "%zu shards at a time; %zu processors are usable", shards,
                 usable);
    else
        snprintf(reason, BP_REASON_SIZE,
                 usable == 1 ? "one usable processor" : "all usable processors");
    return threads;
}

static void append(char reason[BP_REASON_SIZE], const char *format, ...)
{
    const size_t length = strlen(reason);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason + length, BP_REASON_SIZE - length, format, arguments);
    va_end(arguments);
}

/* Compares the best setup so far with one of `threads`; leaves the faster one in `setup` and a few
 * words in `reason`. */
static bp_status compare_with(struct bp_training_setup *setup, const struct job *job,
                              size_t threads, struct bp_timing_comparison *comparison,
                              char reason[BP_REASON_SIZE])
{
    struct bp_training_setup other;
    const bp_status status = make_setup(&other, job, threads, NULL);
    if (status) {
        append(reason, "%s%zu threads cannot be had: %s", reason[0] ? "; " : "", threads,
               bp_status_text(status));
        return status;
    }
    double seconds[2];
    comparison->step[0] = setup->step;
    comparison->step[1] = other.step;
    bp_timing_comparison_run(comparison, seconds);
    if (!reason[0])
        append(reason, "measured: %.3g ms a step with 1 thread", seconds[0] * 1e3);
    append(reason, ", %.3g with %zu", seconds[1] * 1e3, threads);
    const bool gains = seconds[1] < (1.0 - MIN_GAIN) * seconds[0];
    bp_training_setup_release(gains ? setup : &other);
    if (gains)
        *setup = other;
    return BP_OK;
}

static size_t count_comparisons(size_t most)
{
    size_t comparisons = 0;
    for (size_t threads = 1; threads < most; threads *= 2)
        comparisons++;
    return comparisons;
}

/* The steps that each of `comparisons` may take. */
static size_t share_steps(const struct job *job, size_t comparisons)
{
    const size_t steps = job->options->steps;
    return steps ? (size_t)(MEASURE_SHARE * (double)steps) / comparisons : SIZE_MAX;
}

static double time_step(const struct bp_timing_comparison *comparison, struct bp_step *step)
{
    const double start = bp_clock_seconds();
    bp_step_gradient(step, comparison->order, comparison->rows, comparison->gradient);
    return bp_clock_seconds() - start;
}

/* Comparisons of the setup, of one thread, with those of 2, 4, 8, ... and `most`: the best so far
 * with the next, so that no more than two take memory. Returns false, and leaves the setup and the
 * reason as they are, if steps are too long for that. */
static bool measure_threads(struct bp_training_setup *setup, const struct job *job, size_t most,
                            char reason[BP_REASON_SIZE])
{
    const size_t rows = job->options->batch_size, comparisons = count_comparisons(most);
    uint32_t *order = bp_array_alloc(rows, sizeof *order);
    float *gradient = bp_aligned_alloc(job->network->floats, sizeof *gradient);
    bool measured = true;
    struct bp_timing_comparison comparison = {
        .order = order,
        .rows = rows,
        .gradient = gradient,
        .seconds = MEASURE_SECONDS / (double)comparisons,
        .steps = share_steps(job, comparisons),
    };
    if (order && gradient) {
        bp_batch_number(order, rows);
        measured = BP_COMPARISON_STEPS * time_step(&comparison, setup->step) <= MEASURE_SECONDS;
        reason[0] = measured ? '\0' : reason[0];
        for (size_t threads = 1; measured && threads < most;) {
            threads = bp_size_min(2 * threads, most);
            if (compare_with(setup, job, threads, &comparison, reason))
                break;
        }
    } else {
        snprintf(reason, BP_REASON_SIZE, "no memory to measure others");
    }
    free(order);
    bp_aligned_free(gradient);
    return measured;
}

/* As many threads as can be had, from `threads` down to 1. */
static bp_status make_setup_or_smaller(struct bp_training_setup *setup, const struct job *job,
                                       size_t threads, char reason[BP_REASON_SIZE], bp_error *error)
{
    bp_status status = make_setup(setup, job, threads, error);
    while ((status == BP_ERROR_THREADS || status == BP_ERROR_MEMORY) && threads > 1) {
        snprintf(reason, BP_REASON_SIZE, "%zu cannot be had: %s", threads, bp_status_text(status));
        threads /= 2;
        status = make_setup(setup, job, threads, error);
    }
    return status;
}

static bp_status make_asked_setup(struct bp_training_setup *setup, const struct job *job,
                                  char reason[BP_REASON_SIZE], bp_error *error)
{
    const size_t threads = job->options->threads, processors = bp_affine_processors();
    if (threads > processors)
        snprintf(reason, BP_REASON_SIZE, "as asked, in turn on %zu processor%s", processors,
                 processors == 1 ? "" : "s");
    else
        snprintf(reason, BP_REASON_SIZE, "as asked");
    return make_setup(setup, job, threads, error);
}

static bp_status make_chosen_setup(struct bp_training_setup *setup, const struct job *job,
                                   char reason[BP_REASON_SIZE], bp_error *error)
{
    const size_t most = limit_threads(job, reason);
    if (most == 1 || job->operations > LONG_STEP)
        return make_setup_or_smaller(setup, job, most, reason, error);
    if (share_steps(job, count_comparisons(most)) < BP_COMPARISON_STEPS) {
        append(reason, "; too few steps to measure fewer threads");
        return make_setup_or_smaller(setup, job, most, reason, error);
    }
    const bp_status status = make_setup(setup, job, 1, error);
    if (status || measure_threads(setup, job, most, reason))
        return status;
    bp_training_setup_release(setup);
    append(reason, "; steps are too long to measure fewer threads");
    return make_setup_or_smaller(setup, job, most, reason, error);
}

bp_status bp_training_setup_make(struct bp_training_setup *setup, struct bp_network *network,
                                 const struct bp_samples *samples,
                                 const struct bp_training_setup_options *options, bp_error *error)
{
    /* Forward and gradient 2 a weight and sample each, delta up to 2 more. */
    const double operations = 6.0 * (double)network->parameters * (double)options->batch_size;
    *setup = (struct bp_training_setup){0};
    struct bp_optimizer_state *optimizer = NULL;
    bp_status status = BP_OK;
    if (options->train)
        status = bp_optimizer_create(&optimizer, network, options->train, error);
    if (status)
        return status;
    struct bp_numa *numa =
        options->threads == 1 || operations < NUMA_STEP ? NULL : bp_numa_find(NULL);
    const struct job job = {network, samples, options, numa, optimizer, operations};
    char reason[BP_REASON_SIZE];
    status = options->threads ? make_asked_setup(setup, &job, reason, error)
                              : make_chosen_setup(setup, &job, reason, error);
    bp_numa_free(numa);
    memcpy(setup->reason, reason, sizeof reason);
    if (status)
        bp_optimizer_free(optimizer);
    else
        setup->optimizer = optimizer;
    return status;
}

bp_status bp_training_setup_add(struct bp_step **out, const struct bp_training_setup *setup,
                                struct bp_network *network, const struct bp_samples *samples,
                                const struct bp_training_setup_options *options, bp_error *error)
{
    const struct job job = {
        .network = network, .samples = samples, .options = options, .optimizer = setup->optimizer};
    return make_step(out, &setup->engine, &job, error);
}
