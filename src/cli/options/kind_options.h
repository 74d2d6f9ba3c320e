/* Options with alternatives, separated by ';': one for each kind of networks of an ensemble. */
#ifndef BP_CLI_OPTIONS_KIND_OPTIONS_H
#define BP_CLI_OPTIONS_KIND_OPTIONS_H

#include "cli/options/network_options.h"

/* Allows alternatives for the options of a table that belong to the library, but for seeds, flags
 * and texts, of which ';' may be a part. */
void kind_options_allow(struct option *table);

/* The number of kinds: that of the alternatives of every option that has some. Returns EXIT_DONE,
 * or EXIT_USAGE after a message where numbers differ. */
int kind_options_count(const struct option_group *groups, const char *command, size_t *kinds);

/* Takes kind `kind`, which is in the variables then. Returns an exit code. */
typedef int kind_options_visit(void *arg, size_t kind);

/* Calls `visit` for every kind, until one fails; then, or in the end, the first is left in the
 * variables. `network` is that of the groups. Returns the exit code of the last call. */
int kind_options_each(const struct option_group *groups, struct network_options *network,
                      size_t kinds, kind_options_visit *visit, void *arg);

#endif
