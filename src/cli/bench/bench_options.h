/* Everything that `batchprop bench` can be asked for, parsed and checked. */
#ifndef BP_CLI_BENCH_BENCH_OPTIONS_H
#define BP_CLI_BENCH_BENCH_OPTIONS_H

#include "cli/bench/bench_lists.h"
#include "cli/options/arguments.h"

enum bench_scaling {
    BENCH_STRONG = 1, /* the batch stays */
    BENCH_WEAK = 2    /* the batch grows with the threads */
};

struct bench_options {
    bp_bench_options shape; /* the network, the batch and where it runs */
    struct bench_threads threads;
    unsigned scaling; /* of enum bench_scaling */
    bool free_order;
    size_t repetitions;
    double seconds; /* of one figure in one repetition */
    bool json;
    const char *plot; /* or NULL */
};

/* Parses the command line and checks it. Returns as arguments_parse(). */
int bench_options_parse(struct bench_options *options, struct arguments **arguments, int argc,
                        char **argv);

#endif
