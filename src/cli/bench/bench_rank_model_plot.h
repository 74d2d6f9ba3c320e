/* --plot with --simulate-ranks: predicted speed-up and efficiency over the ranks, as SVG. */
#ifndef BP_CLI_BENCH_BENCH_RANK_MODEL_PLOT_H
#define BP_CLI_BENCH_BENCH_RANK_MODEL_PLOT_H

#include "cli/bench/bench_rank_model.h"

/* Replaces the file at --plot of `runs`, with which `model` was made. Returns an exit code. */
int rank_model_plot_write(const struct rank_model *model, const struct bench_runs *runs);

#endif
