/* The options that say which networks make a model, and on which rows each is trained. */
#ifndef BP_CLI_OPTIONS_ENSEMBLE_OPTIONS_H
#define BP_CLI_OPTIONS_ENSEMBLE_OPTIONS_H

#include "cli/options/option_library.h"

struct ensemble_options {
    bp_ensemble_options options;
    const char *out_of_fold; /* or NULL */
    struct option table[OPTION_ROWS];
};

/* Fills defaults and the table, which points into `ensemble`. */
void ensemble_options_init(struct ensemble_options *ensemble);

/* Whether they ask, with so many kinds, for anything but one network trained on all rows. */
bool ensemble_options_several(const struct ensemble_options *ensemble, size_t kinds);

/* Whether they go together. Returns EXIT_DONE, or EXIT_USAGE after a message that names
 * `command`. */
int ensemble_options_check(const struct ensemble_options *ensemble, size_t kinds,
                           const char *command);

/* Whether --out-of-fold has rows to write, as far as options tell. Returns as
 * ensemble_options_check(). */
int ensemble_options_check_rows(const struct ensemble_options *ensemble, const char *command);

#endif
