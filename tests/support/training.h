/*
 * Training runs that a test interrupts where it wants, and goes on with: on iris, 120 samples to
 * train on and 30 for validation, with 4-16-3 neurons. Every function asserts that it works.
 */
#ifndef BP_TESTS_TRAINING_H
#define BP_TESTS_TRAINING_H

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

/* 16 hidden neurons; the rest is the default. */
bp_model_options training_model(void);

/* A new model: `model` NULL is training_model(). Or that of a model file. */
struct training training_create(const bp_train_options *options, const bp_model_options *model);
struct training training_load(const bp_train_options *options, const char *path);
void training_free(struct training *training);

/* The end is after so many epochs in all. */
void training_set_epochs(struct training *training, size_t epochs);

/* Runs to the end. */
bp_train_result training_finish(struct training *training);

/* Runs until `samples` of the epoch after `epochs` (from 1) are done, 0 for none of it, writes a
 * checkpoint to `path` from within the callback, and stops. */
void training_interrupt(struct training *training, size_t epochs, size_t samples, const char *path);

/* The same in a new trainer each: a whole run; the first part of one, up to a checkpoint; and the
 * second part, from the checkpoint on. */
bp_train_result training_run(const bp_train_options *options, const bp_model_options *model);
void training_checkpoint(const bp_train_options *options, const bp_model_options *model,
                         size_t epochs, size_t samples, const char *path);
bp_train_result training_resume(const bp_train_options *options, const bp_model_options *model,
                                const char *path);

/* The same weights, losses to the last bit, and end. */
void training_expect_equal(const bp_train_result *result, const bp_train_result *expected);

#endif
