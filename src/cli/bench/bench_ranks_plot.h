/* --plot over ranks: speed-up, and what a step is made of, as SVG. */
#ifndef BP_CLI_BENCH_BENCH_RANKS_PLOT_H
#define BP_CLI_BENCH_BENCH_RANKS_PLOT_H

#include "cli/bench/bench_ranks.h"

/* Replaces the file at options->plot. Returns an exit code. */
int rank_plot_write(const struct rank_runs *runs);

#endif
