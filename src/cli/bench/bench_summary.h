/* What the repetitions of the measurements say together. */
#ifndef BP_CLI_BENCH_BENCH_SUMMARY_H
#define BP_CLI_BENCH_BENCH_SUMMARY_H

#include "cli/bench/bench_runs.h"
#include "cli/fields/fields.h"

/* Of `count` values, which are put into ascending order; of none, of what is not a number. */
struct summary summary_of(double *values, size_t count);

/* Of scale * over[r] / under[r], formed for each of `count` repetitions; `under` may be NULL.
 * `scratch` holds as many. */
struct summary summary_of_ratio(double scale, const double *over, const double *under, size_t count,
                                double *scratch);

/* For programs: median, min and max. */
void summary_put(struct fields *out, const char *key, struct summary summary);

/* Fills the figures of every case from its speeds and peaks, one a repetition, and compares the
 * number of threads that the library chose with the best fixed one. Returns an exit code. */
int bench_summary_make(struct bench_runs *runs);

#endif
