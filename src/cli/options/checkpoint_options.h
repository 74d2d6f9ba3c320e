/* The options that say where the state of a run is kept, how often, and whether to go on from
 * it. */
#ifndef BP_CLI_OPTIONS_CHECKPOINT_OPTIONS_H
#define BP_CLI_OPTIONS_CHECKPOINT_OPTIONS_H

#include "cli/options/option.h"

struct checkpoint_options {
    const char *folder; /* or NULL: none is kept */
    const char *every;  /* as given */
    bool resume;
    struct option table[4];
    size_t epochs;  /* `every` in epochs, or 0 */
    double seconds; /* the same as a time, or 0; one of the two is not */
};

/* Fills defaults and the table, which points into `checkpoint`. */
void checkpoint_options_init(struct checkpoint_options *checkpoint);

/* Fills `epochs` or `seconds`. Returns EXIT_DONE, or EXIT_USAGE after a message that names
 * `command`. */
int checkpoint_options_check(struct checkpoint_options *checkpoint, const char *command);

/* Makes the folder of a run that is not one network, if it is missing. Returns an exit code: not
 * EXIT_DONE, after a message, also where it holds the checkpoints of one network. */
int checkpoint_options_open_folder(const char *folder, const char *command);

#endif
