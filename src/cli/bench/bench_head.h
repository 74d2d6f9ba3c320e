/* The head of a report. */
#ifndef BP_CLI_BENCH_BENCH_HEAD_H
#define BP_CLI_BENCH_BENCH_HEAD_H

#include "cli/bench/bench_options.h"
#include "cli/fields/fields.h"

/* Puts network, training, batch, kernels and the way of measuring; `info` is of the first case. */
void bench_head_put(struct fields *out, const struct bench_options *options,
                    const bp_bench_info *info);

#endif
