/* Trains the nets of `cv` and `sweep`, with a line on a terminal that says how far they are. */
#ifndef BP_CLI_TRIALS_TRIALS_RUN_H
#define BP_CLI_TRIALS_TRIALS_RUN_H

#include "cli/options/trials_options.h"

/* `count` trials and what came of them. */
struct trials_set {
    size_t count;
    struct trial_parts *trial;
    bp_trial_result *result;
    size_t threads; /* that were asked for, or suit: trials at once */
    double seconds;
};

/* Room for `count` trials, which the caller fills in. Returns an exit code. */
int trials_set_create(struct trials_set *set, size_t count);
void trials_set_free(struct trials_set *set);

/* Runs all. Returns EXIT_DONE also if trials failed, or the exit code after a message: EXIT_SIGNAL
 * and the number of the signal that stopped them. */
int trials_set_run(struct trials_set *set, const struct run_options *run,
                   const bp_dataset *dataset);

#endif
