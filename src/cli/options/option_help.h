/* The list of options in --help. */
#ifndef BP_CLI_OPTIONS_OPTION_HELP_H
#define BP_CLI_OPTIONS_OPTION_HELP_H

#include <stdio.h>

#include "cli/options/option.h"

/* Prints each group under its title: two columns, the right one with lines of at most 79
 * characters. --help itself, which has no row, is the last. */
void option_help_print(const struct option_group *groups, FILE *stream);

#endif
