/* How long a thread spends in each phase of a step. Off, it costs one test a phase. */
#ifndef BP_STEP_PHASES_H
#define BP_STEP_PHASES_H

#include <stdbool.h>

#include "base/clock.h"

enum bp_phase {
    BP_PHASE_GATHER,
    BP_PHASE_FORWARD,
    BP_PHASE_DELTA,
    BP_PHASE_GRADIENT,
    BP_PHASE_REDUCE, /* of the threads' partial sums */
    BP_PHASE_UPDATE, /* and the layout that the next delta pass reads */
    BP_PHASE_WAITING /* for the other threads, and for the caller between two steps */
};

#define BP_PHASES 7

/* Of one thread; nobody else writes it. */
struct bp_stopwatch {
    bool on;
    double last; /* when the phase before ended */
    double seconds[BP_PHASES];
};

/* The time since the last call belongs to `phase`. */
static inline void bp_stopwatch_mark(struct bp_stopwatch *watch, enum bp_phase phase)
{
    if (!watch->on)
        return;
    const double now = bp_clock_seconds();
    watch->seconds[phase] += now - watch->last;
    watch->last = now;
}

#endif
