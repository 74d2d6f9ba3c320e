/* Everything that `batchprop train` can be asked for, parsed and checked. */
#ifndef BP_CLI_TRAIN_OPTIONS_H
#define BP_CLI_TRAIN_OPTIONS_H

#include "arguments.h"
#include "data_options.h"
#include "network_options.h"
#include "run_options.h"
#include "training_options.h"
#include "validation_options.h"

#define TRAIN_GROUPS 7 /* with the empty last one */

/* Holds pointers into itself: not to be copied. */
struct train_options {
    const char *data_path;
    const char *out;
    const char *log;  /* or NULL */
    const char *from; /* or NULL: a new network as `model` says */
    bool json;
    struct option files[5];
    struct network_options network;
    struct training_options training;
    struct validation_options validation;
    struct data_options data;
    struct run_options run;
    struct option_group groups[TRAIN_GROUPS];
    bp_model_options model; /* what the groups say */
    bp_train_options train;
};

/* Parses the command line and checks what can be checked without reading data, output paths among
 * it. Returns as arguments_parse(). */
int train_options_parse(struct train_options *options, struct arguments **arguments, int argc,
                        char **argv);

#endif
