/* Everything that `batchprop train` can be asked for, parsed and checked. */
#ifndef BP_CLI_TRAIN_OPTIONS_H
#define BP_CLI_TRAIN_OPTIONS_H

#include "arguments.h"
#include "data_options.h"
#include "run_options.h"

/* Variables of options that are put into `model` and `train` at the end, and the tables. */
struct train_choices {
    const char *hidden;
    int activation;
    int output_activation;
    int loss;
    int hidden_delta;
    int scale;
    int task;
    int optimizer;
    double learning_rate;
    bool no_shuffle;
    uint64_t seed;
    struct run_options run;
    struct option network[9];
    struct option training[8];
    struct option validation[4];
    struct option output[5];
};

/* Holds pointers into itself: not to be copied. */
struct train_options {
    const char *data_path;
    const char *out;
    const char *log;   /* or NULL */
    const char *from;  /* or NULL: a new network as `model` says */
    const char *valid; /* or NULL */
    const char *valid_labels;
    double valid_fraction; /* 0: none */
    double learning_rate;  /* as it was given; that of `train` is its float */
    uint64_t seed;
    bool json;
    struct data_options data;
    bp_model_options model;
    bp_train_options train;
    struct train_choices choices;
};

/* Parses the command line and checks what can be checked without reading data, output paths among
 * it. Returns as arguments_parse(). */
int train_options_parse(struct train_options *options, struct arguments **arguments, int argc,
                        char **argv);

#endif
