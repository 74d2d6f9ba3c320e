/* The most that the processors can do. */
#ifndef BP_BENCH_PEAK_H
#define BP_BENCH_PEAK_H

#include "model/engine.h"

/* Floating-point operations in a second when the threads of the team, as many at a time as have
 * processors, run kernels->peak() for about `seconds`. Errors: MEMORY. */
bp_status bp_peak_measure(const struct bp_engine *engine, double seconds, double *rate,
                          bp_error *error);

#endif
