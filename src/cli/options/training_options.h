/* The options that say how the weights of a network are changed. */
#ifndef BP_CLI_OPTIONS_TRAINING_OPTIONS_H
#define BP_CLI_OPTIONS_TRAINING_OPTIONS_H

#include "cli/options/option_library.h"

struct training_options {
    bp_train_options train;
    struct option table[OPTION_ROWS];
};

/* Fills defaults and the table, which points into `training`. */
void training_options_init(struct training_options *training);

#endif
