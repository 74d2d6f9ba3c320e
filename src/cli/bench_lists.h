/* The lists among the options of `batchprop bench`. */
#ifndef BP_CLI_BENCH_LISTS_H
#define BP_CLI_BENCH_LISTS_H

#include "bench_options.h"

/* "784-128-10" as the widths of `shape`. Returns EXIT_DONE, or EXIT_USAGE after a message. */
int bench_lists_layers(const char *text, bp_bench_options *shape);

/* "1,2,auto" as the numbers of threads, in ascending order, and `automatic`. Returns the same. */
int bench_lists_threads(const char *text, struct bench_options *options);

#endif
