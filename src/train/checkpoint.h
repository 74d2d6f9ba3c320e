/* A checkpoint without the trainer that wrote it. */
#ifndef BP_TRAIN_CHECKPOINT_H
#define BP_TRAIN_CHECKPOINT_H

#include "net/safetensors.h"
#include "train/rank_state.h"

/* Whether a file is a whole checkpoint: its model can be read and its content has the digest that
 * it states. Errors: IO, INPUT, MEMORY. */
bp_status bp_checkpoint_check(const char *path, bp_error *error);

/* bp_trainer_restore() of one process alone: the arrays of the optimizer go to `whole`. */
bp_status bp_trainer_restore_here(struct bp_trainer *trainer, const struct bp_input *input,
                                  const struct bp_whole_state *whole, bp_error *error);

#endif
