/* What it costs to run a team at all. */
#ifndef BP_BENCH_JOIN_H
#define BP_BENCH_JOIN_H

#include "team/team.h"

/* Seconds of a region with nothing in it, one after the other for about `seconds`: of stretches of
 * it, each of which gives a mean, the lowest eighth. 0 for one thread. */
double bp_join_measure(struct bp_team *team, double seconds);

/* Seconds that each further thread adds to such a region, by what two threads can measure: the
 * calling one writes a line of memory that the other has read, and reads one that it has written,
 * many of them in a row. Takes about `seconds`. Errors: MEMORY. */
bp_status bp_join_measure_further(struct bp_team *team, double seconds, double *further,
                                  bp_error *error);

#endif
