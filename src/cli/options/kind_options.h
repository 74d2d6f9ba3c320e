/* Options with alternatives, separated by ';': one for each kind of networks of an ensemble. */
#ifndef BP_CLI_OPTIONS_KIND_OPTIONS_H
#define BP_CLI_OPTIONS_KIND_OPTIONS_H

#include "cli/options/option.h"

/* Allows alternatives for the options of a table that belong to the library, but for seeds, flags
 * and texts, of which ';' may be a part. */
void kind_options_allow(struct option *table);

/* The number of kinds: that of the alternatives of every option that has some. Returns EXIT_DONE,
 * or EXIT_USAGE after a message where numbers differ. */
int kind_options_count(const struct option_group *groups, const char *command, size_t *kinds);

/* Puts what kind `kind` has into the variables of all options with alternatives, and what --preset
 * says beside it into those that are not given. */
void kind_options_choose(const struct option_group *groups, size_t kind);

#endif
