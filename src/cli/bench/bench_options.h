/* Everything that `batchprop bench` can be asked for, parsed and checked. */
#ifndef BP_CLI_BENCH_BENCH_OPTIONS_H
#define BP_CLI_BENCH_BENCH_OPTIONS_H

#include "cli/bench/bench_lists.h"
#include "cli/options/arguments.h"
#include "cli/options/network_options.h"
#include "cli/options/training_options.h"

#define BENCH_HIDDEN_SIZE (BP_LAYERS_MAX * sizeof "1048576,")

/* Holds pointers into itself: not to be copied. */
struct bench_options {
    struct option measured[11];
    char hidden[BENCH_HIDDEN_SIZE]; /* the hidden layers of --layers as a text of --hidden */
    struct network_options network;
    struct training_options training;
    bp_run_options run;
    bp_model_options model; /* what `network` says */
    bp_bench_options shape; /* of network and batch, and where they run; with both of the above */
    struct bench_threads threads;
    struct bench_threads simulated;       /* none: nothing is simulated */
    struct bench_threads simulated_ranks; /* the same */
    struct bench_links links;             /* between them */
    unsigned scaling;                     /* of enum bench_scaling */
    bool free_order;
    size_t repetitions;
    double seconds; /* of one figure in one repetition */
    bool json;
    const char *plot; /* or NULL */
};

/* Parses the command line and checks it. Returns as arguments_parse(). */
int bench_options_parse(struct bench_options *options, struct arguments **arguments, int argc,
                        char **argv);

/* Part of that: what goes together. Returns EXIT_DONE, or EXIT_USAGE after a message. */
int bench_options_check(struct bench_options *options);

/* Parts of that, of the options that the library knows (bench_network.c): the tables, and after
 * parsing what they say of network and training, with --layers. Returns EXIT_DONE, or EXIT_USAGE
 * after a message. */
void bench_network_init(struct bench_options *options);
int bench_network_take(struct bench_options *options, const char *layers);

#endif
