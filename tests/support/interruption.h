/*
 * Runs that are interrupted where a test wants it: on iris, 120 samples to train on and 30 for
 * validation, with 4-16-3 neurons. Every function asserts that it works.
 */
#ifndef BP_TESTS_INTERRUPTION_H
#define BP_TESTS_INTERRUPTION_H

#include "batchprop/batchprop.h"

/* A trainer and what belongs to it. */
struct training {
    bp_dataset *train;
    bp_dataset *valid;
    bp_model *model;
    bp_trainer *trainer;
};

/* Six epochs in batches of 32, four an epoch, on one thread. */
bp_train_options training_options(bp_optimizer optimizer);

/* From the first weights of seed 1, or those of `from` (a model file; NULL for none). Error: that of
 * bp_trainer_create(). */
struct training training_create(const bp_train_options *options, const char *from);
void training_free(struct training *training);

/* Runs to the end. */
bp_train_result training_finish(struct training *training);

/* Runs until `samples` of the epoch after `epochs` (from 1) are done, 0 for none of it, writes a checkpoint to
 * `path` from within the callback, and stops. */
void training_interrupt(struct training *training, size_t epochs, size_t samples, const char *path);

#endif
