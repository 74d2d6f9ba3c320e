/* What it costs to run a team at all. */
#ifndef BP_BENCH_JOIN_H
#define BP_BENCH_JOIN_H

#include "team/team.h"

/* Seconds of a region with nothing in it, one after the other for about `seconds`: of stretches of
 * it, each of which gives a mean, the lowest eighth. 0 for one thread. */
double bp_join_measure(struct bp_team *team, double seconds);

#endif
