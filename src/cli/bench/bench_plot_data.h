/* The data in the script of a plot, as named blocks. */
#ifndef BP_CLI_BENCH_BENCH_PLOT_DATA_H
#define BP_CLI_BENCH_BENCH_PLOT_DATA_H

#include <stdio.h>

#include "cli/bench/bench_simulation.h"

/* What is drawn. */
struct bench_picture {
    const struct bench_runs *runs;
    const struct bench_simulation *simulation;
};

/* $NAME: threads, speed-up, its minimum and maximum. */
void bench_plot_put_series(FILE *script, const struct bench_runs *runs, enum bench_series series,
                           bool automatic, const char *name);

/* $simulated_PLAN: threads and speed-up, over the same measured step as that of the others. */
void bench_plot_put_simulated(FILE *script, const struct bench_picture *picture, bp_plan plan);

/* $phases: a label and the share of each phase in percent, a row for each case of the first series.
 * Returns the number of rows. */
size_t bench_plot_put_phases(FILE *script, const struct bench_runs *runs);

#endif
