/* Each thread works until the same moment; a pass over its arrays counts when it is complete. */
#include "bench/stream.h"

#include "base/clock.h"
#include "base/memory.h"

/* Of each array of a thread: several times the last-level cache that a thread has to itself. */
#define ARRAY_BYTES ((size_t)64 << 20)
#define PIECE       ((size_t)1 << 16) /* floats between two looks at the clock */

struct streaming {
    const struct bp_kernels *kernels;
    double deadline;
    float **array; /* three a thread, made and first written by it */
    double *bytes; /* one a thread, a line apart */
};

#define ARRAYS 3
#define APART  (BP_ALIGNMENT / sizeof(double))

static void make_arrays(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct streaming *job = arg;
    for (size_t k = 0; k < ARRAYS; k++)
        job->array[ARRAYS * t + k] = bp_aligned_alloc(ARRAY_BYTES, 1);
}

static void stream(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct streaming *job = arg;
    float *const *array = job->array + ARRAYS * t;
    const size_t floats = ARRAY_BYTES / sizeof(float);
    size_t at = 0;
    /* Once even if the time is over before the thread begins. */
    do {
        job->kernels->add(array[0] + at, array[1] + at, array[2] + at, PIECE);
        job->bytes[APART * t] += (double)(ARRAYS * PIECE * sizeof(float));
        at = at + PIECE < floats ? at + PIECE : 0;
    } while (bp_clock_seconds() < job->deadline);
}

bp_status bp_stream_measure(const struct bp_engine *engine, double seconds, double *rate,
                            bp_error *error)
{
    const size_t threads = bp_team_threads(engine->team);
    struct streaming job = {
        .kernels = engine->kernels,
        .array = bp_aligned_alloc(ARRAYS * threads, sizeof *job.array),
        .bytes = bp_aligned_alloc(APART * threads, sizeof *job.bytes),
    };
    bool made = job.array && job.bytes;
    if (made)
        bp_team_run_pinned(engine->team, make_arrays, &job);
    for (size_t k = 0; made && k < ARRAYS * threads; k++)
        made = job.array[k] != NULL;
    if (made) {
        const double start = bp_clock_seconds();
        job.deadline = start + seconds;
        bp_team_run_pinned(engine->team, stream, &job);
        const double passed = bp_clock_seconds() - start;
        *rate = 0.0;
        for (size_t t = 0; t < threads; t++)
            *rate += job.bytes[APART * t] / passed;
    }
    for (size_t k = 0; job.array && k < ARRAYS * threads; k++)
        bp_aligned_free(job.array[k]);
    bp_aligned_free(job.array);
    bp_aligned_free(job.bytes);
    return made ? BP_OK : bp_fail_memory(error, "arrays that no cache holds");
}
