/* Whether all ranks are about to do the same. */
#ifndef BP_TRAIN_RANK_MATCH_H
#define BP_TRAIN_RANK_MATCH_H

#include "train/trainer.h"

/* Compares version, model, rows and the options that bits depend on with those of rank 0; the
 * digests of the samples must be there. Collective: fails on every rank or on none. Errors: RANKS,
 * a sentence that names rank, host and the first difference; MEMORY. */
bp_status bp_rank_match(const struct bp_trainer *trainer, bp_error *error);

#endif
