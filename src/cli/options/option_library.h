/* Options of the command that are fields of the library's structs: one row of the library's table
 * each, with its name, its help, its range and its default. */
#ifndef BP_CLI_OPTIONS_OPTION_LIBRARY_H
#define BP_CLI_OPTIONS_OPTION_LIBRARY_H

#include "cli/options/option.h"

#define OPTION_ROWS 32 /* of a table that is filled from the library's */

/* The option of that name, which exists, as a field of `options`, a struct of its owner. */
struct option option_of_library(bp_option_owner owner, const char *name, void *options);

/* Appends the options of a group behind the rows of a table with room for OPTION_ROWS. */
void option_add_group(struct option *table, bp_option_owner owner, const char *group,
                      void *options);

/* Appends one row. */
void option_add(struct option *table, struct option option);

/* Whether every option of a table that was given is read by what is chosen in it: the optimizer,
 * the schedule, ... Returns EXIT_DONE, or EXIT_USAGE after a message. */
int option_check_readers(const struct option *table, const char *command);

#endif
