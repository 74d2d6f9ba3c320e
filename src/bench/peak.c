/* Every thread works until the same moment, so that all of them are busy at the same time; workers
 * that have to wait for a processor come too late and add nothing, in no time. */
#include "bench/peak.h"

#include "base/clock.h"
#include "base/memory.h"

/* A call of peak() shall be long against a look at the clock, and short against the whole. */
#define FIRST_ROUNDS 64
#define CALLS        64

struct job {
    const struct bp_kernels *kernels;
    double seconds;
    double deadline;
    struct operations *done; /* one a thread */
};

/* On a cache line of its own. */
struct operations {
    _Alignas(BP_ALIGNMENT) double count;
};

static void work(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct job *job = arg;
    double now = bp_clock_seconds();
    size_t rounds = FIRST_ROUNDS;
    /* The first worker measures something even if the time is over before it begins. */
    while (now < job->deadline || (t == 0 && job->done[0].count == 0.0)) {
        const double before = now;
        job->done[t].count += job->kernels->peak(rounds);
        now = bp_clock_seconds();
        if (now - before < job->seconds / CALLS)
            rounds *= 2;
    }
}

bp_status bp_peak_measure(const struct bp_engine *engine, double seconds, double *rate,
                          bp_error *error)
{
    const size_t threads = bp_team_threads(engine->team);
    struct job job = {.kernels = engine->kernels,
                      .seconds = seconds,
                      .done = bp_aligned_alloc(threads, sizeof(struct operations))};
    if (!job.done)
        return bp_fail_memory(error, "the counts of the threads");
    const double start = bp_clock_seconds();
    job.deadline = start + seconds;
    bp_team_run_pinned(engine->team, work, &job);
    const double passed = bp_clock_seconds() - start;
    double operations = 0.0;
    for (size_t t = 0; t < threads; t++)
        operations += job.done[t].count;
    *rate = operations / passed;
    bp_aligned_free(job.done);
    return BP_OK;
}
