/* The metadata of a checkpoint: where the run is, and with what it was made. */
#ifndef BP_TRAIN_CHECKPOINT_JSON_H
#define BP_TRAIN_CHECKPOINT_JSON_H

#include "train/trainer.h"

/* The text under BP_CHECKPOINT_KEY (freed with free()), or NULL if there is no memory. The digests
 * of the samples must be there. `steps` are those that the optimizer has done. */
char *bp_checkpoint_format(const struct bp_trainer *trainer, uint64_t steps);

/* The opposite, for a trainer with the same options and samples; `written` is the model in the
 * file. Error: INPUT, a sentence that begins with `path` and names the first difference. */
bp_status bp_checkpoint_parse(const struct bp_trainer *trainer, const struct bp_model *written,
                              const char *text, const char *path, struct bp_position *position,
                              uint64_t *steps, bp_error *error);

#endif
