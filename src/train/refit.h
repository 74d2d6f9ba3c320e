/*
 * options.refit: when the first training has found the best epoch, a second one trains from the
 * first weights on the samples of both sets, for so many epochs. Order of samples, dropout and
 * learning rates are those of a run without validation set that is stopped there. It begins at the
 * end of the last epoch of the first, before that is reported, so that a checkpoint is of one or of
 * the other.
 */
#ifndef BP_TRAIN_REFIT_H
#define BP_TRAIN_REFIT_H

#include "data/samples/samples.h"
#include "train/setup/training_setup.h"

struct bp_refit {
    struct bp_samples samples;
    size_t batch_size;                   /* 0 without a refit */
    struct bp_step *step;                /* with the team and the optimizer of the first */
    float *start_weights;                /* as network->values, before the first training */
    char samples_digest[BP_DIGEST_SIZE]; /* "" until a checkpoint needs it */
};

/* Makes the rest of a refit whose samples are bound, and copies the weights of now. `setup` and
 * `options` are those of the first training. Errors: MEMORY. */
bp_status bp_refit_make(struct bp_refit *refit, const struct bp_training_setup *setup,
                        struct bp_network *network, const bp_train_options *options,
                        bp_error *error);
void bp_refit_release(struct bp_refit *refit);

#endif
