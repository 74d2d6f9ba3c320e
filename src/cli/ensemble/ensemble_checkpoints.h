/* Folders of checkpoints, one for each network below that of the run. */
#ifndef BP_CLI_ENSEMBLE_ENSEMBLE_CHECKPOINTS_H
#define BP_CLI_ENSEMBLE_ENSEMBLE_CHECKPOINTS_H

#include "cli/run/checkpoints.h"

/* One network's. */
struct member_checkpoints {
    struct checkpoint_options options; /* of the run, but for the folder, which is owned */
    struct checkpoints checkpoints;
};

/* DIR/member-07 of member 6; freed with free(). NULL: no memory. */
char *member_folder_name(const char *folder, size_t member);

/* Opens the folders of `count` networks on every rank, and says what there is to go on from.
 * Collective; nothing without --checkpoint. Returns the exit code that all have settled on. */
int ensemble_checkpoints_open(struct member_checkpoints *members, size_t count,
                              const struct checkpoint_options *options);
void ensemble_checkpoints_close(struct member_checkpoints *members, size_t count);

#endif
