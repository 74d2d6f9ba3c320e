/*
 * Options in a file of JSON: an object whose keys are long names of options and whose values are
 * text, numbers, true or false for flags, and arrays for lists (their items are joined by commas,
 * or taken one by one where an option may be given several times).
 *     { "hidden": [128, 64], "epochs": 50, "no-shuffle": true }
 * The key "defaults" holds an object with the values that options have which are not given; reading
 * makes sure that they still have them.
 */
#ifndef BP_CLI_OPTIONS_CONFIG_H
#define BP_CLI_OPTIONS_CONFIG_H

#include "cli/fields/text_list.h"
#include "cli/options/option.h"

/* Sets the options that `path` names and that the command line has not given, and marks them as
 * given; `kept` takes the texts that they point to. Returns EXIT_DONE, or after a message EXIT_IO,
 * EXIT_INPUT or EXIT_RESOURCES. */
int config_read(const char *path, const char *command, const struct option_group *groups,
                struct text_list *kept);

/* Prints what config_read() reads: the options given, and in "defaults" the others. Returns an exit
 * code. */
int config_print(const struct option_group *groups);

#endif
