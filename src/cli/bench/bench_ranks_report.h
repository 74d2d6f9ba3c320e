/* What `batchprop bench` found over ranks. */
#ifndef BP_CLI_BENCH_BENCH_RANKS_REPORT_H
#define BP_CLI_BENCH_BENCH_RANKS_REPORT_H

#include "cli/bench/bench_ranks.h"

/* Prints to stdout, as one JSON object or for people; returns an exit code. */
int rank_report_print(const struct rank_runs *runs);

#endif
