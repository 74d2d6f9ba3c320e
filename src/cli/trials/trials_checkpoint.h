/* Where `cv` and `sweep` keep what has come of their models: a file in the folder of
 * --checkpoint. */
#ifndef BP_CLI_TRIALS_TRIALS_CHECKPOINT_H
#define BP_CLI_TRIALS_TRIALS_CHECKPOINT_H

#include "cli/options/checkpoint_options.h"

struct trials_checkpoint {
    const char *folder; /* or NULL: nothing is kept */
    char *path;         /* of the journal of the library; NULL: none, as on other ranks than 0 */
};

/* Makes the folder. Without --resume it may hold nothing of a run. Returns an exit code;
 * trials_checkpoint_release() in any case. */
int trials_checkpoint_open(struct trials_checkpoint *checkpoint,
                           const struct checkpoint_options *options, const char *command);
void trials_checkpoint_release(struct trials_checkpoint *checkpoint);

#endif
