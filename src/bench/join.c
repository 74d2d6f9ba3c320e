/* In most stretches a thread may be interrupted. */
#include "bench/join.h"

#include "base/clock.h"
#include "base/doubles.h"

#define STRETCHES 31
#define REGIONS   16 /* between two looks at the clock */

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
