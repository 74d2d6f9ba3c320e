/* Turns of a few steps each. The lowest eighth counts: on a busy machine most turns may be
 * interrupted, and the question is which step is faster when nothing interrupts. */
#include "train/setup/timing_comparison.h"

#include "base/clock.h"
#include "base/doubles.h"

#define MIN_TURNS (BP_COMPARISON_STEPS / 4)
#define MAX_TURNS 101

/* Many times the resolution of the clock and what reading it costs; and, of steps that are not
 * long, some, since the first ones still find threads that are waking up. */
#define TURN_SECONDS     20e-6
#define TURN_STEPS       4
#define MAX_TURN_SECONDS 1e-3

/* Steps before a turn is timed: they wake the threads, let the system move them to processors of
 * their own, and bring back the memory that the other one's steps have driven out of the caches. */
#define WARM_SECONDS 200e-6

static size_t warm_up(const struct bp_timing_comparison *comparison, struct bp_step *step)
{
    size_t steps = 0;
    const double start = bp_clock_seconds();
    do {
        bp_step_gradient(step, comparison->order, comparison->rows, comparison->gradient);
        steps++;
    } while (bp_clock_seconds() - start < WARM_SECONDS);
    return steps;
}

/* Seconds a step. */
static double take_turn(const struct bp_timing_comparison *comparison, struct bp_step *step,
                        size_t *total)
{
    size_t steps = 0;
    *total += warm_up(comparison, step);
    const double start = bp_clock_seconds();
    double passed;
    do {
        bp_step_gradient(step, comparison->order, comparison->rows, comparison->gradient);
        steps++;
        passed = bp_clock_seconds() - start;
    } while (passed < TURN_SECONDS || (steps < TURN_STEPS && passed < MAX_TURN_SECONDS));
    *total += steps;
    return passed / (double)steps;
}

void bp_timing_comparison_run(const struct bp_timing_comparison *comparison, double seconds[2])
{
    double turn[2][MAX_TURNS];
    size_t turns = 0, steps = 0;
    const double start = bp_clock_seconds();
    do {
        for (size_t k = 0; k < 2; k++)
            turn[k][turns] = take_turn(comparison, comparison->step[k], &steps);
        turns++;
    } while (turns < MIN_TURNS || (turns < MAX_TURNS && steps < comparison->steps &&
                                   bp_clock_seconds() - start < comparison->seconds));
    for (size_t k = 0; k < 2; k++) {
        bp_doubles_sort(turn[k], turns);
        seconds[k] = turn[k][turns / 8];
    }
}
