/* The lists of options of --help and --complete. */
#ifndef BP_CLI_OPTIONS_OPTION_HELP_H
#define BP_CLI_OPTIONS_OPTION_HELP_H

#include <stdio.h>

#include "cli/options/option.h"

/* Prints each group under its title: two columns, the right one with lines of at most 79
 * characters. --help itself, which has no row, is the last. */
void option_help_print(const struct option_group *groups, FILE *stream);

/* Prints a line for each option, for programs: its name with the dashes, the argument, the words
 * that it may be, separated by blanks, and what it does, up to the first semicolon. Fields are
 * separated by tabs; "-" stands for one that is empty. --help is the last. */
void option_help_list(const struct option_group *groups, FILE *stream);

#endif
