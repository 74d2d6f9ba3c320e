/* In most stretches a thread may be interrupted. */
#include "bench/join.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/doubles.h"
#include "base/memory.h"

#define STRETCHES 31
#define REGIONS   16 /* between two looks at the clock */

/* Threads whose lines are written and read; the same of one are subtracted. */
#define FURTHER 64

static void do_nothing(void *arg, size_t t, size_t threads)
{
    (void)arg;
    (void)t;
    (void)threads;
}

static double measure_stretch(struct bp_team *team, double seconds)
{
    const double start = bp_clock_seconds();
    double passed = 0.0, regions = 0.0;
    do {
        /* Each worker on its own thread: else the calling one is done before others have begun. */
        for (size_t k = 0; k < REGIONS; k++)
            bp_team_run_pinned(team, do_nothing, NULL);
        regions += REGIONS;
        passed = bp_clock_seconds() - start;
    } while (passed < seconds);
    return passed / regions;
}

double bp_join_measure(struct bp_team *team, double seconds)
{
    double stretch[STRETCHES];
    if (bp_team_threads(team) == 1)
        return 0.0;
    for (size_t k = 0; k < STRETCHES; k++)
        stretch[k] = measure_stretch(team, seconds / STRETCHES);
    bp_doubles_sort(stretch, STRETCHES);
    return stretch[STRETCHES / 8];
}

/* What the backend of pthreads has of a thread (team/pthreads.c). */
struct lines {
    _Alignas(BP_ALIGNMENT) atomic_size_t order; /* written by the calling thread */
    _Alignas(BP_ALIGNMENT) atomic_size_t slot;  /* by the other one */
};

static void answer(void *arg, size_t t, size_t threads)
{
    (void)threads;
    struct lines *lines = arg;
    for (size_t k = 0; t == 1 && k < FURTHER; k++) {
        const size_t order = atomic_load_explicit(&lines[k].order, memory_order_acquire);
        atomic_store_explicit(&lines[k].slot, order, memory_order_release);
    }
}

/* The seconds that the calling thread spends on `count` others. */
static double exchange(struct lines *lines, size_t count, size_t order)
{
    const double start = bp_clock_seconds();
    for (size_t k = count; k-- > 1;)
        atomic_store_explicit(&lines[k].order, order, memory_order_release);
    atomic_store_explicit(&lines[0].order, order, memory_order_seq_cst);
    for (size_t k = 0; k < count; k++)
        (void)atomic_load_explicit(&lines[k].slot, memory_order_acquire);
    return bp_clock_seconds() - start;
}

/* The seconds of most exchanges: some are interrupted. */
static double find_usual(struct bp_team *team, struct lines *lines, size_t count, double seconds,
                         size_t *order)
{
    double usual[STRETCHES];
    const double start = bp_clock_seconds();
    do {
        for (size_t k = 0; k < STRETCHES; k++) {
            usual[k] = exchange(lines, count, ++*order);
            bp_team_run_pinned(team, answer, lines);
        }
        bp_doubles_sort(usual, STRETCHES);
    } while (bp_clock_seconds() - start < seconds);
    return usual[STRETCHES / 2];
}

bp_status bp_join_measure_further(struct bp_team *team, double seconds, double *further,
                                  bp_error *error)
{
    *further = 0.0;
    if (bp_team_threads(team) == 1)
        return BP_OK;
    struct lines *lines = bp_aligned_alloc(FURTHER, sizeof *lines);
    if (!lines)
        return bp_fail_memory(error, "lines that threads write");
    size_t order = 0;
    const double many = find_usual(team, lines, FURTHER, seconds / 2, &order);
    const double one = find_usual(team, lines, 1, seconds / 2, &order);
    *further = many > one ? (many - one) / (FURTHER - 1) : 0.0;
    bp_aligned_free(lines);
    return BP_OK;
}
