/* Comparisons of steps without update: no bit depends on what they find. */
#include "train/setup/candidates.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/batch.h"
#include "train/setup/timing_comparison.h"

/* Another candidate is taken if it saves so much of a step; less is noise. */
#define MIN_GAIN 0.02

/* Measuring takes about this share of the steps to come at most, and so many seconds. */
#define MEASURE_SHARE   0.03
#define MEASURE_SECONDS 50e-3

void bp_reason_append(char reason[BP_REASON_SIZE], const char *format, ...)
{
    const size_t length = strlen(reason);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason + length, BP_REASON_SIZE - length, format, arguments);
    va_end(arguments);
}

static void add_candidates(struct bp_candidates *candidates, const struct bp_setup_job *job,
                           size_t threads)
{
    const bp_plan asked = bp_setup_job_plan(job);
    const bool shards = threads <= bp_setup_job_shards(job) || candidates->count == 0;
    if (asked == BP_PLAN_SAMPLES || (asked == BP_PLAN_AUTO && shards))
        candidates->candidate[candidates->count++] =
            (struct bp_candidate){threads, BP_PLAN_SAMPLES};
    if (asked == BP_PLAN_PARAMETERS || (asked == BP_PLAN_AUTO && threads > 1))
        candidates->candidate[candidates->count++] =
            (struct bp_candidate){threads, BP_PLAN_PARAMETERS};
}

struct bp_candidates bp_candidates_find(const struct bp_setup_job *job, size_t most)
{
    struct bp_candidates candidates = {.count = 0};
    size_t threads = job->options->threads ? most : 1;
    for (; threads < most; threads *= 2)
        add_candidates(&candidates, job, threads);
    add_candidates(&candidates, job, most);
    return candidates;
}

static void tell_time(char reason[BP_REASON_SIZE], const struct bp_candidates *candidates, size_t k,
                      double seconds)
{
    const struct bp_candidate *candidate = &candidates->candidate[k];
    const bool again = k > 0 && candidate->threads == candidate[-1].threads;
    bp_reason_append(reason, again ? " or" : k > 0 ? "," : "");
    bp_reason_append(reason, k == 0 ? " %.3g ms a step" : " %.3g", seconds * 1e3);
    if (!again)
        bp_reason_append(reason, " with %zu%s", candidate->threads,
                         k > 0                     ? ""
                         : candidate->threads == 1 ? " thread"
                                                   : " threads");
    if (candidate->plan == BP_PLAN_PARAMETERS)
        bp_reason_append(reason, " by parameters");
}

/* Compares the best setup so far with candidate k; leaves the faster one in `setup` and a few words
 * in `reason`. */
static bp_status compare_with(struct bp_training_setup *setup, const struct bp_setup_job *job,
                              const struct bp_candidates *candidates, size_t k,
                              struct bp_timing_comparison *comparison, char reason[BP_REASON_SIZE])
{
    struct bp_training_setup other;
    const bp_status status = bp_candidate_make(&other, job, candidates->candidate[k], NULL);
    if (status) {
        bp_reason_append(reason, "; %zu threads cannot be had: %s",
                         candidates->candidate[k].threads, bp_status_text(status));
        return status;
    }
    double seconds[2];
    comparison->step[0] = setup->step;
    comparison->step[1] = other.step;
    bp_timing_comparison_run(comparison, seconds);
    if (k == 1)
        tell_time(reason, candidates, 0, seconds[0]);
    tell_time(reason, candidates, k, seconds[1]);
    const bool gains = seconds[1] < (1.0 - MIN_GAIN) * seconds[0];
    bp_training_setup_release(gains ? setup : &other);
    if (gains)
        *setup = other;
    return BP_OK;
}

size_t bp_candidates_steps(const struct bp_setup_job *job, size_t comparisons)
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

bool bp_candidates_compare(struct bp_training_setup *setup, const struct bp_setup_job *job,
                           const struct bp_candidates *candidates, char reason[BP_REASON_SIZE])
{
    const size_t rows = job->options->batch_size, comparisons = candidates->count - 1;
    uint32_t *order = bp_array_alloc(rows, sizeof *order);
    float *gradient = bp_aligned_alloc(job->network->floats, sizeof *gradient);
    bool measured = true;
    struct bp_timing_comparison comparison = {
        .order = order,
        .rows = rows,
        .gradient = gradient,
        .seconds = MEASURE_SECONDS / (double)comparisons,
        .steps = bp_candidates_steps(job, comparisons),
    };
    if (order && gradient) {
        bp_batch_number(order, rows);
        measured = BP_COMPARISON_STEPS * time_step(&comparison, setup->step) <= MEASURE_SECONDS;
        if (measured)
            snprintf(reason, BP_REASON_SIZE,
                     "%smeasured:", job->options->threads ? "as asked; " : "");
        for (size_t k = 1; measured && k < candidates->count; k++) {
            if (compare_with(setup, job, candidates, k, &comparison, reason))
                break;
        }
    } else {
        snprintf(reason, BP_REASON_SIZE, "no memory to measure others");
    }
    free(order);
    bp_aligned_free(gradient);
    return measured;
}
