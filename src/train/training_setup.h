/* What trains: kernels, a team and the step that runs on them, with as many threads as pay. */
#ifndef BP_TRAIN_TRAINING_SETUP_H
#define BP_TRAIN_TRAINING_SETUP_H

#include "model/engine.h"
#include "step/step.h"

struct bp_training_setup {
    struct bp_engine engine;
    struct bp_step *step;
    struct bp_optimizer_state *optimizer; /* of the step; NULL: plain gradient descent */
    char reason[BP_REASON_SIZE];          /* why the team has that many threads */
};

struct bp_training_setup_options {
    size_t threads; /* 0: chosen */
    bp_backend backend;
    bp_isa isa;
    size_t batch_size;             /* 1 to samples->count */
    size_t shard_size;             /* 0: chosen */
    size_t steps;                  /* that will be run, 0: many; fewer are worth less measuring */
    const bp_train_options *train; /* its optimizer, weight decay, clipping and dropout, checked;
                                      NULL: plain gradient descent */
};

/*
 * Keeps network and samples. If the threads are to be chosen and a step is neither tiny nor long,
 * steps without update are timed with 1, 2, 4, ... threads and with as many as can be of use: the
 * fastest number is taken, the smaller one if two are within 2 %. That takes 50 ms and 3 % of
 * `steps`, whichever is less, but for each number tried at least 12 steps and 1.5 ms. If 12 steps
 * alone are more than the 50 ms or the share, nothing is timed and all threads of use are taken.
 * Whatever it finds, trained bits are the same. Errors: as bp_engine_make() and bp_step_create().
 */
bp_status bp_training_setup_make(struct bp_training_setup *setup, struct bp_network *network,
                                 const struct bp_samples *samples,
                                 const struct bp_training_setup_options *options, bp_error *error);

/* Another step with the team and the optimizer of the setup, which `options` were for; its
 * batch_size and shard_size are those of `samples`. Errors: as of bp_step_create(). */
bp_status bp_training_setup_add(struct bp_step **out, const struct bp_training_setup *setup,
                                struct bp_network *network, const struct bp_samples *samples,
                                const struct bp_training_setup_options *options, bp_error *error);
void bp_training_setup_release(struct bp_training_setup *setup);

#endif
