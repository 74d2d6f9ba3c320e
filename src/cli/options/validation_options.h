/* The options that say what a run is validated on, what comes of it, and what rows count. */
#ifndef BP_CLI_OPTIONS_VALIDATION_OPTIONS_H
#define BP_CLI_OPTIONS_VALIDATION_OPTIONS_H

#include "cli/options/option_library.h"

struct validation_options {
    const char *valid; /* or NULL */
    const char *valid_labels;
    double valid_fraction; /* 0: none */
    struct option table[OPTION_ROWS];
};

/* Fills defaults and the table, which points into `validation` and `train`. */
void validation_options_init(struct validation_options *validation, bp_train_options *train);

/* Whether there will be validation rows. */
bool validation_options_validates(const struct validation_options *validation);

/* Whether the files and the share go together. Returns EXIT_DONE, or EXIT_USAGE after a message
 * that names `command`. */
int validation_options_check(const struct validation_options *validation, const char *command);

#endif
