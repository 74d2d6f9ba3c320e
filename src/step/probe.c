/* The region is pinned: no thread takes over what the other one has not begun. */
#include "step/probe.h"

#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "team/processors.h"

/* The calling thread stays awake until the others are done, and its processor at its clock, as in
 * a step whose threads all work; but never longer than this, should both have one processor. */
#define AWAKE_SECONDS 1.0

struct region {
    const struct bp_probe *probe;
    bp_team_fn *fn;
    void *arg;
    double seconds;   /* of the worker; written by the calling thread alone */
    atomic_bool done; /* by the others; relaxed: the join orders what they wrote */
};

static void run_others(const struct region *region)
{
    const struct bp_probe *probe = region->probe;
    for (size_t w = 0; w < probe->workers; w++) {
        if (w != probe->worker)
            region->fn(region->arg, w, probe->workers);
    }
}

static void run_worker(struct region *region)
{
    const double start = bp_clock_seconds();
    region->fn(region->arg, region->probe->worker, region->probe->workers);
    region->seconds = bp_clock_seconds() - start;
}

static void stay_awake(struct region *region)
{
    const double start = bp_clock_seconds();
    while (!atomic_load_explicit(&region->done, memory_order_relaxed) &&
           bp_clock_seconds() - start < AWAKE_SECONDS) {
    }
}

/* Threads beyond the second have nothing to do. */
static void run_part(void *arg, size_t thread, size_t threads)
{
    (void)threads;
    struct region *region = arg;
    if (thread == 0) {
        run_worker(region);
        stay_awake(region);
    } else if (thread == 1) {
        run_others(region);
        atomic_store_explicit(&region->done, true, memory_order_relaxed);
    }
}

void bp_probe_begin(struct bp_probe *probe, size_t worker)
{
    probe->worker = worker;
    probe->regions = probe->joins = 0;
    probe->elapsed = 0.0;
    memset(probe->region, 0, sizeof probe->region);
}

void bp_probe_run(struct bp_probe *probe, struct bp_team *team, size_t alone, bp_team_fn *fn,
                  void *arg)
{
    const bool shared = alone == 0;
    struct region region = {.probe = probe, .fn = fn, .arg = arg};
    const size_t r = probe->regions++ % BP_PROBE_REGIONS;
    const double start = bp_clock_seconds();
    if (shared && probe->workers > 1 && bp_team_threads(team) > 1 && bp_affine_processors() > 1) {
        bp_team_run_pinned(team, run_part, &region);
    } else if (shared) {
        run_others(&region);
        run_worker(&region);
    } else {
        for (size_t w = 0; w < alone; w++)
            fn(arg, w, probe->workers);
    }
    const double elapsed = bp_clock_seconds() - start;
    probe->elapsed += elapsed;
    probe->joins += shared && probe->workers > 1;
    probe->region[r].shared = shared;
    probe->region[r].seconds += shared ? region.seconds : elapsed;
}
