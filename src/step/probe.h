/*
 * A step of more workers than there are threads, in which one worker is timed: what it would take
 * if each had a processor of its own. Two threads of a team: the calling one runs the parts of the
 * worker in question, between the joins of the step, and the other one those of all others.
 *
 *   calling thread   part of worker w, timed | join | part of w, timed | join
 *   the other one    parts of all others     |      | parts of others  |
 *
 * So the caches of the calling thread hold what those of worker w would: its own memory, and
 * nothing that another worker has written since. What cannot be seen: that others share the
 * bandwidth of memory and of caches, and run farther away than the other thread.
 */
#ifndef BP_STEP_PROBE_H
#define BP_STEP_PROBE_H

#include <stdbool.h>

#include "team/team.h"

/* Regions of a step that are told apart; of a step with more, region r counts as
 * r % BP_PROBE_REGIONS. */
#define BP_PROBE_REGIONS 64

struct bp_probe {
    size_t workers; /* of the step */
    size_t worker;  /* the one that is timed */
    size_t regions; /* of the steps since bp_probe_begin(); the rest is of these */
    size_t joins;   /* regions that are shared */
    double elapsed; /* seconds in regions, with the waiting for the other thread */
    struct {
        double seconds; /* of the worker; of all workers if the region is not shared */
        bool shared;
    } region[BP_PROBE_REGIONS];
};

/* Forgets what was measured; worker `worker` is timed from now on. */
void bp_probe_begin(struct bp_probe *probe, size_t worker);

/* One region of the step: fn(arg, w, workers) for every worker w; or, if `alone` is not 0, for the
 * first `alone` of them, by the calling thread, as in a region that is not shared. */
void bp_probe_run(struct bp_probe *probe, struct bp_team *team, size_t alone, bp_team_fn *fn,
                  void *arg);

#endif
