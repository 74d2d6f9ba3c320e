/* The files of a folder of checkpoints: their names, and what else a killed run leaves there. */
#ifndef BP_TRAIN_CHECKPOINT_FOLDER_H
#define BP_TRAIN_CHECKPOINT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* Where in a run a checkpoint was written. */
struct bp_checkpoint_mark {
    size_t epochs;
    size_t samples; /* of the epoch after them */
};

bool bp_checkpoint_mark_equal(struct bp_checkpoint_mark a, struct bp_checkpoint_mark b);

/* The path of a checkpoint; freed with free(), NULL if there is no memory. */
char *bp_checkpoint_path(const char *folder, struct bp_checkpoint_mark mark);

/* Makes the folder if it is missing, and removes the temporary files of processes that have ended.
 * Error: IO. */
bp_status bp_checkpoint_folder_prepare(const char *folder, bp_error *error);

/* The checkpoints in the folder, in no order; freed with free(). Errors: IO, MEMORY. */
bp_status bp_checkpoint_folder_list(const char *folder, struct bp_checkpoint_mark **marks,
                                    size_t *count, bp_error *error);

#endif
