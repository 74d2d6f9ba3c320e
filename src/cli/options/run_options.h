/* The options that say where the arithmetic runs; the same for every subcommand that computes. */
#ifndef BP_CLI_OPTIONS_RUN_OPTIONS_H
#define BP_CLI_OPTIONS_RUN_OPTIONS_H

#include "cli/options/option_library.h"

struct run_options {
    bp_run_options options;
    struct option table[OPTION_ROWS];
};

/* Fills defaults and the table, which points into `run`. */
void run_options_init(struct run_options *run);

#endif
