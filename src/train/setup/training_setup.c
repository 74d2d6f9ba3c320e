/* The number of threads and the plan by measuring: allowed, because no bit depends on them. */
#include "train/setup/training_setup.h"

#include <stdio.h>
#include <string.h>

#include "base/sizes.h"
#include "step/passes/shards.h"
#include "team/numa.h"
#include "team/processors.h"
#include "train/setup/candidates.h"
#include "train/setup/timing_comparison.h"

/* Steps with fewer operations take about two microseconds: four joins. */
#define TINY_STEP 1e4
/* A run with fewer takes about 0.15 milliseconds: to find the processors and start threads takes
 * as long. */
#define TINY_RUN 1e7
/* Steps with more take about 20 milliseconds: joins are nothing against that. */
#define LONG_STEP 1e9
/* From steps of about 20 microseconds on, finding NUMA nodes (milliseconds, and only where there
 * are several) may pay. */
#define NUMA_STEP 1e6

/* With so many samples the sums of threads weigh little beside the products. */
#define MANY_SAMPLES 512

/* What of a batch this process has: samples, and shards that its threads can work on at once. */
struct part {
    size_t rows, shards;
};

static struct part find_part(const struct bp_setup_job *job)
{
    const struct bp_training_setup_options *options = job->options;
    if (!bp_ranks_several(options->ranks))
        return (struct part){options->batch_size, bp_setup_job_shards(job)};
    const size_t count = options->ranks->count;
    const size_t shards = bp_shards_of_batch(options->batch_size, options->shard_size);
    return (struct part){bp_size_divide_up(options->batch_size, count),
                         bp_size_divide_up(shards, count)};
}

/* The plan that is asked for, or a guess: one thread has nothing to gain, nor have threads in turn
 * on one processor, which would wait at the joins of every layer; a tiny step is less than a join;
 * and as many shards as threads of long steps pay for adding up their sums. */
static bp_plan guess_plan(const struct bp_setup_job *job, size_t threads)
{
    const bp_plan plan = bp_setup_job_plan(job);
    if (plan != BP_PLAN_AUTO)
        return plan;
    const struct part part = find_part(job);
    return threads == 1 || threads > bp_affine_processors() || job->operations < TINY_STEP ||
                   (threads <= part.shards && part.rows >= MANY_SAMPLES)
               ? BP_PLAN_SAMPLES
               : BP_PLAN_PARAMETERS;
}

/* Whether the run, of which it is known how many steps it has, is over before threads are there. */
static bool is_tiny_run(const struct bp_setup_job *job)
{
    const size_t steps = job->options->steps;
    return steps > 0 && (double)steps * job->operations < TINY_RUN;
}

/* The processors that a step can use, and 1 for a tiny step or run. */
static size_t limit_threads(const struct bp_setup_job *job, char reason[BP_REASON_SIZE])
{
    const struct bp_training_setup_options *options = job->options;
    if (options->backend == BP_BACKEND_SERIAL) {
        snprintf(reason, BP_REASON_SIZE, "the serial backend has one");
        return 1;
    }
    if (is_tiny_run(job)) {
        snprintf(reason, BP_REASON_SIZE, "the run is too small to share");
        return 1;
    }
    const size_t usable = bp_usable_processors();
    const size_t shards =
        bp_setup_job_plan(job) == BP_PLAN_SAMPLES ? bp_setup_job_shards(job) : BP_THREADS_MAX;
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

/* As many threads as can be had, from `threads` down to 1. */
static bp_status make_setup_or_smaller(struct bp_training_setup *setup,
                                       const struct bp_setup_job *job, size_t threads,
                                       char reason[BP_REASON_SIZE], bp_error *error)
{
    bp_status status = bp_candidate_make(
        setup, job, (struct bp_candidate){threads, guess_plan(job, threads)}, error);
    while ((status == BP_ERROR_THREADS || status == BP_ERROR_MEMORY) && threads > 1) {
        snprintf(reason, BP_REASON_SIZE, "%zu cannot be had: %s", threads, bp_status_text(status));
        threads /= 2;
        status = bp_candidate_make(setup, job,
                                   (struct bp_candidate){threads, guess_plan(job, threads)}, error);
    }
    return status;
}

/* The fastest of the candidates, if steps are short enough and enough of them will be run to try
 * them; else, and then a guess is left to make, *tried is false. */
static bp_status try_candidates(struct bp_training_setup *setup, const struct bp_setup_job *job,
                                const struct bp_candidates *candidates, char reason[BP_REASON_SIZE],
                                bool *tried, bp_error *error)
{
    *tried = false;
    if (candidates->count == 1 || job->operations > LONG_STEP)
        return BP_OK;
    const char *what = job->options->threads ? "the other plan" : "others";
    if (bp_candidates_steps(job, candidates->count - 1) < BP_COMPARISON_STEPS) {
        bp_reason_append(reason, "; too few steps to measure %s", what);
        return BP_OK;
    }
    const bp_status status = bp_candidate_make(setup, job, candidates->candidate[0], error);
    *tried = status == BP_OK && bp_candidates_compare(setup, job, candidates, reason);
    if (status || *tried)
        return status;
    bp_training_setup_release(setup);
    bp_reason_append(reason, "; steps are too long to measure %s", what);
    return BP_OK;
}

static bp_status make_asked_setup(struct bp_training_setup *setup, const struct bp_setup_job *job,
                                  char reason[BP_REASON_SIZE], bp_error *error)
{
    const size_t threads = job->options->threads, processors = bp_affine_processors();
    if (threads > processors)
        snprintf(reason, BP_REASON_SIZE, "as asked, in turn on %zu processor%s", processors,
                 processors == 1 ? "" : "s");
    else
        snprintf(reason, BP_REASON_SIZE, "as asked");
    const struct bp_candidates candidates = bp_candidates_find(job, threads);
    bool tried = false;
    bp_status status = BP_OK;
    if (threads > 1 && threads <= processors)
        status = try_candidates(setup, job, &candidates, reason, &tried, error);
    return status || tried
               ? status
               : bp_candidate_make(setup, job,
                                   (struct bp_candidate){threads, guess_plan(job, threads)}, error);
}

static bp_status make_chosen_setup(struct bp_training_setup *setup, const struct bp_setup_job *job,
                                   char reason[BP_REASON_SIZE], bp_error *error)
{
    const size_t most = limit_threads(job, reason);
    const struct bp_candidates candidates = bp_candidates_find(job, most);
    bool tried = false;
    const bp_status status =
        most == 1 ? BP_OK : try_candidates(setup, job, &candidates, reason, &tried, error);
    return status || tried ? status : make_setup_or_smaller(setup, job, most, reason, error);
}

size_t bp_rank_processors(const struct bp_ranks *ranks)
{
    return bp_size_max(1, bp_usable_processors() / (ranks ? ranks->sharing : 1));
}

/* Nothing is timed, since each rank would find something else. Each may have as many threads as it
 * can: no message depends on them. */
static bp_status make_rank_setup(struct bp_training_setup *setup, const struct bp_setup_job *job,
                                 char reason[BP_REASON_SIZE], bp_error *error)
{
    const size_t asked = job->options->threads;
    const size_t each = bp_rank_processors(job->options->ranks);
    const size_t threads = asked ? asked
                           : job->options->backend == BP_BACKEND_SERIAL
                               ? 1
                               : bp_size_min(each, BP_THREADS_MAX);
    snprintf(reason, BP_REASON_SIZE, "%s each of %zu ranks",
             asked ? "as asked, in" : "usable processors of", job->options->ranks->count);
    return asked ? bp_candidate_make(
                       setup, job, (struct bp_candidate){threads, guess_plan(job, threads)}, error)
                 : make_setup_or_smaller(setup, job, threads, reason, error);
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
        status = bp_optimizer_create(&optimizer, network, options->train, options->ranks, error);
    if (status)
        return status;
    struct bp_numa *numa =
        options->threads == 1 || operations < NUMA_STEP ? NULL : bp_numa_find(NULL);
    const struct bp_setup_job job = {network, samples, options, numa, optimizer, operations};
    char reason[BP_REASON_SIZE];
    if (bp_ranks_several(options->ranks))
        status = make_rank_setup(setup, &job, reason, error);
    else
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
    const struct bp_setup_job job = {
        .network = network, .samples = samples, .options = options, .optimizer = setup->optimizer};
    return bp_setup_job_make_step(out, &setup->engine, &job, setup->plan, error);
}
