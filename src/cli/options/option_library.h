/* Options of the command that are fields of the library's structs: one row of the library's table
 * each, with its name, its help, its range and its default. */
#ifndef BP_CLI_OPTIONS_OPTION_LIBRARY_H
#define BP_CLI_OPTIONS_OPTION_LIBRARY_H

#include "cli/options/option.h"

/* Rows of a table that is filled from the library's: the largest group, those that the command adds
 * to it, and the last one. */
#define OPTION_ROWS     32
#define OPTION_ROWS_OWN 3

/* The option of that name, which exists, as a field of `options`, a struct of its owner. */
struct option option_of_library(bp_option_owner owner, const char *name, void *options);

/* Appends the options of a group after the rows of a table with room for OPTION_ROWS. */
void option_add_group(struct option *table, bp_option_owner owner, const char *group,
                      void *options);

/* Whether what is chosen in `train` reads an option of training; validation rows aside. */
bool option_is_read(const bp_option_info *info, const bp_train_options *train);

/* Appends one row. */
void option_add(struct option *table, struct option option);

#define OPTION_TABLES_MAX 3

/* What the library's check of options looks at. */
struct option_check {
    const bp_model_options *model; /* or NULL: it comes from a file */
    const bp_train_options *train;
    bool validates;                                /* there will be validation rows */
    const struct option *table[OPTION_TABLES_MAX]; /* whose options may be given; NULL ends them */
};

/* bp_options_check() with the options that were given. Returns EXIT_DONE, or EXIT_USAGE after a
 * message. */
int option_check_library(const struct option_check *check, const char *command);

#endif
