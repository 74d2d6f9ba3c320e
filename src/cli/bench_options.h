/* Everything that `batchprop bench` can be asked for, parsed and checked. */
#ifndef BP_CLI_BENCH_OPTIONS_H
#define BP_CLI_BENCH_OPTIONS_H

#include "arguments.h"

#define BENCH_COUNTS_MAX  64   /* numbers of threads in one run */
#define BENCH_THREADS_MAX 1024 /* of one team */

enum bench_scaling {
    BENCH_STRONG = 1, /* the batch stays */
    BENCH_WEAK = 2    /* the batch grows with the threads */
};

struct bench_options {
    bp_bench_options shape; /* the network, the batch and where it runs */
    size_t counts;
    size_t threads[BENCH_COUNTS_MAX]; /* ascending, without repetition */
    bool automatic;                   /* and the number that the library chooses */
    unsigned scaling;                 /* of enum bench_scaling */
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
