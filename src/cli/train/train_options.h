/* Everything that `batchprop train` can be asked for. */
#ifndef BP_CLI_TRAIN_TRAIN_OPTIONS_H
#define BP_CLI_TRAIN_TRAIN_OPTIONS_H

#include "cli/fields/text_list.h"
#include "cli/options/arguments.h"
#include "cli/options/checkpoint_options.h"
#include "cli/options/data_options.h"
#include "cli/options/ensemble_options.h"
#include "cli/options/network_options.h"
#include "cli/options/run_options.h"
#include "cli/options/training_options.h"
#include "cli/options/validation_options.h"

#define TRAIN_COMMAND "train"

#define TRAIN_GROUPS 9 /* with the empty last one */

/* Holds pointers into itself: not to be copied. */
struct train_options {
    const char **data_paths;
    size_t data_count; /* from 1 */
    const char *out;
    const char *log;         /* or NULL */
    const char *tensorboard; /* or NULL */
    const char *from;        /* or NULL: a new network as `model` says */
    bool json;
    struct option files[6];
    struct network_options network;
    struct training_options training;
    struct ensemble_options ensemble;
    struct validation_options validation;
    struct checkpoint_options checkpoint;
    struct data_options data;
    struct run_options run;
    struct option_group groups[TRAIN_GROUPS];
    bp_model *start;        /* the model of --from, read; or NULL */
    struct text_list kept;  /* texts of its recipe */
    bp_model_options model; /* what the groups say, of the first kind of networks that
                               is used */
    bp_train_options train;
    bool several;   /* networks are to be trained as an ensemble */
    bool continues; /* from the networks of one: its kinds are those here */
    size_t kinds;   /* of them, from 1 */
    struct train_kind {
        bp_model_options model;
        bp_train_options train;
        bool used; /* it has networks: not so where the model of --from has none of them */
    } kind[BP_KINDS_MAX];
};

/* No option is given yet. */
void train_options_init(struct train_options *options);

/* Frees what parsing allocated besides the arguments. */
void train_options_release(struct train_options *options);

#endif
