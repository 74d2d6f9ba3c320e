/* What `batchprop bench` found. */
#ifndef BP_CLI_BENCH_BENCH_REPORT_H
#define BP_CLI_BENCH_BENCH_REPORT_H

#include "cli/bench/bench_rank_model.h"
#include "cli/bench/bench_simulation.h"

/* Prints to stdout, as one JSON object or for people; returns an exit code. */
int bench_report_print(const struct bench_runs *runs, const struct bench_simulation *simulation,
                       const struct rank_model *model);

#endif
