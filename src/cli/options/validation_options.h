/* The options that say what a run is validated on, what comes of it, and what rows count. */
#ifndef BP_CLI_OPTIONS_VALIDATION_OPTIONS_H
#define BP_CLI_OPTIONS_VALIDATION_OPTIONS_H

#include "cli/options/option.h"

struct validation_options {
    const char *valid; /* or NULL */
    const char *valid_labels;
    double valid_fraction; /* 0: none */
    int metric;
    size_t patience; /* 0: all epochs */
    double min_delta;
    bool no_keep_best;
    const char *class_weight; /* or NULL */
    bool always;              /* a validation set is there without any of the first three */
    struct option table[9];
};

/* Fills defaults and the table, which points into `validation`. */
void validation_options_init(struct validation_options *validation);

/* Returns EXIT_DONE, or EXIT_USAGE after a message that names `command`. */
int validation_options_check(const struct validation_options *validation, const char *command);

/* Puts the options, which were checked, into `train`. */
void validation_options_put(const struct validation_options *validation, bp_train_options *train);

#endif
