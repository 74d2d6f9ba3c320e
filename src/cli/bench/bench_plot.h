/* --plot: speed-up and phases over the numbers of threads, as SVG. */
#ifndef BP_CLI_BENCH_BENCH_PLOT_H
#define BP_CLI_BENCH_BENCH_PLOT_H

#include "cli/bench/bench_simulation.h"

/* Replaces the file at options->plot. Returns an exit code. */
int bench_plot_write(const struct bench_runs *runs, const struct bench_simulation *simulation);

#endif
