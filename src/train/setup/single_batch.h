/* Batches that come one at a time, each with samples of its own, for a step on all of them. */
#ifndef BP_TRAIN_SETUP_SINGLE_BATCH_H
#define BP_TRAIN_SETUP_SINGLE_BATCH_H

#include "train/setup/training_setup.h"

/* All zeros at first. It must stay where it is: the step points into it. */
struct bp_single_batch {
    struct bp_samples samples; /* those of now; the caller binds and releases them */
    struct bp_step *step;      /* for batches of `rows` samples; NULL: none yet */
    size_t rows;
    uint32_t *order; /* of the samples: as they come */
};

/* Makes a step for as many samples as there are now, on the team and with the optimizer of the
 * setup, unless the one that is there suits them. `train` as in struct bp_training_setup_options.
 * Errors: MEMORY, and of bp_step_create(); then there is none. */
bp_status bp_single_batch_prepare(struct bp_single_batch *batch,
                                  const struct bp_training_setup *setup, struct bp_network *network,
                                  const bp_train_options *train, bp_error *error);
void bp_single_batch_release(struct bp_single_batch *batch);

#endif
