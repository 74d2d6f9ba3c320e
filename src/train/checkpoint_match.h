/* What a trainer must have in common with the one that wrote a checkpoint. */
#ifndef BP_TRAIN_CHECKPOINT_MATCH_H
#define BP_TRAIN_CHECKPOINT_MATCH_H

#include <jansson.h>

#include "train/trainer.h"

/* The options that bits depend on, and what tells the samples, whose digests must be there, from
 * others. NULL if there is no memory; the caller owns the reference. */
json_t *bp_match_options(const struct bp_trainer *trainer);
json_t *bp_match_data(const struct bp_trainer *trainer);

/* Compares the two, under "options" and "data" of the metadata of a checkpoint, and the model in it
 * with those of a trainer. Errors: INPUT, a sentence that begins with `path` and names the first
 * difference; MEMORY. */
bp_status bp_match_check(const struct bp_trainer *trainer, const struct bp_model *written,
                         const json_t *metadata, const char *path, bp_error *error);

#endif
