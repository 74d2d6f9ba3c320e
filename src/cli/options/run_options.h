/* The options that say where the arithmetic runs; the same for every subcommand that computes. */
#ifndef BP_CLI_OPTIONS_RUN_OPTIONS_H
#define BP_CLI_OPTIONS_RUN_OPTIONS_H

#include "cli/options/option.h"

struct run_options {
    size_t threads;
    int backend;
    int isa;
    struct option table[4];
};

/* Fills defaults and the table, which points into `run`. */
void run_options_init(struct run_options *run);

/* As options of the library; `target` may be NULL. */
bp_run_options run_options_get(const struct run_options *run, const char *target);

#endif
