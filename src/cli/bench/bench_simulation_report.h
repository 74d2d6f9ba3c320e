/* The report of a simulation. */
#ifndef BP_CLI_BENCH_BENCH_SIMULATION_REPORT_H
#define BP_CLI_BENCH_BENCH_SIMULATION_REPORT_H

#include "cli/bench/bench_simulation.h"
#include "cli/fields/fields.h"

/* Puts it into the report of `runs`; null for programs, and nothing for people, if there is none.
 */
void bench_simulation_put(struct fields *out, const struct bench_simulation *simulation,
                          const struct bench_runs *runs);

#endif
