/* The options that say how the weights of a network are changed. */
#ifndef BP_CLI_OPTIONS_TRAINING_OPTIONS_H
#define BP_CLI_OPTIONS_TRAINING_OPTIONS_H

#include "cli/options/option.h"

struct training_options {
    size_t epochs;
    size_t batch_size;
    double learning_rate; /* 0: that of the optimizer */
    int optimizer;
    double momentum;
    double beta1, beta2;
    double rho;
    double epsilon;
    int schedule;
    size_t schedule_epochs;
    double schedule_factor; /* 0: that of the schedule */
    size_t warmup_epochs;
    double weight_decay;
    double clip_value; /* 0: never */
    double clip_norm;  /* 0: never */
    double dropout;
    uint64_t seed;
    bool no_shuffle;
    size_t shard_size;
    struct option table[21];
};

/* Fills defaults and the table, which points into `training`. */
void training_options_init(struct training_options *training);

/* `hidden`: whether the network may have hidden layers. Returns EXIT_DONE, or EXIT_USAGE after a
 * message that names `command`. */
int training_options_check(const struct training_options *training, bool hidden,
                           const char *command);

/* Puts the options, which were checked, into `train`. */
void training_options_put(const struct training_options *training, bp_train_options *train);

#endif
