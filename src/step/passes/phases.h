/* How long the workers of a step spend in each of its phases. Off, it costs one test a phase. */
#ifndef BP_STEP_PASSES_PHASES_H
#define BP_STEP_PASSES_PHASES_H

#include <stdbool.h>

#include "base/clock.h"

enum bp_phase {
    BP_PHASE_GATHER,
    BP_PHASE_FORWARD,
    BP_PHASE_DELTA,
    BP_PHASE_GRADIENT,
    BP_PHASE_REDUCE, /* of the workers' partial sums */
    BP_PHASE_UPDATE, /* and the layout that the next delta pass reads */
    BP_PHASE_WAITING /* what the threads of a step do besides: start, and wait for one another */
};

#define BP_PHASES 7

/* Of one worker; nobody else writes it. */
struct bp_stopwatch {
    bool on;
    double last; /* when the phase before ended */
    double seconds[BP_PHASES];
};

static inline void bp_stopwatch_start(struct bp_stopwatch *watch)
{
    if (watch->on)
        watch->last = bp_clock_seconds();
}

/* The time since the start or the last call belongs to `phase`. */
static inline void bp_stopwatch_mark(struct bp_stopwatch *watch, enum bp_phase phase)
{
    if (!watch->on)
        return;
    const double now = bp_clock_seconds();
    watch->seconds[phase] += now - watch->last;
    watch->last = now;
}

#endif
