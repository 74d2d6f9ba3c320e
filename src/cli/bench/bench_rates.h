/* How fast a step is in each of its phases. */
#ifndef BP_CLI_BENCH_BENCH_RATES_H
#define BP_CLI_BENCH_BENCH_RATES_H

#include "cli/bench/bench_runs.h"
#include "cli/fields/fields.h"

/* Puts the rates of a case into a row: operations a second and share of the peak for the products,
 * bytes a second for the other phases. */
void bench_rates_put(struct fields *out, const struct bench_runs *runs,
                     const struct bench_case *one);

#endif
