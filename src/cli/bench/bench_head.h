/* The head of a report. */
#ifndef BP_CLI_BENCH_BENCH_HEAD_H
#define BP_CLI_BENCH_BENCH_HEAD_H

#include "cli/bench/bench_runs.h"
#include "cli/terminal/fields.h"

/* Puts network, training, batch, kernels and the way of measuring. */
void bench_head_put(struct fields *out, const struct bench_runs *runs);

#endif
