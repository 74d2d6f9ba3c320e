/* A checkpoint without the trainer that wrote it. */
#ifndef BP_TRAIN_CHECKPOINT_H
#define BP_TRAIN_CHECKPOINT_H

#include "base/status.h"

/* Whether a file is a whole checkpoint: its model can be read and its content has the digest that
 * it states. Errors: IO, INPUT, MEMORY. */
bp_status bp_checkpoint_check(const char *path, bp_error *error);

#endif
