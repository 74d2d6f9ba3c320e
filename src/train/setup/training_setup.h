/* What trains: kernels, a team and the step that runs on them, with as many threads and by the plan
 * that pay. */
#ifndef BP_TRAIN_SETUP_TRAINING_SETUP_H
#define BP_TRAIN_SETUP_TRAINING_SETUP_H

#include "train/setup/candidate.h"

/* Processors for each of the ranks that may use the same as this one: from 1. NULL: this process
 * alone. */
size_t bp_rank_processors(const struct bp_ranks *ranks);

/*
 * Keeps network and samples. If the threads are to be chosen and a step is neither tiny nor long,
 * steps without update are timed with 1, 2, 4, ... threads and with as many as can be of use, and,
 * if the plan is to be chosen, with several threads by both plans: the fastest candidate is taken,
 * an earlier one if two are within 2 %. That takes 50 ms and 3 % of `steps`, whichever is less, but
 * for each one tried at least 12 steps and 1.5 ms. If 12 steps alone are more than the 50 ms or the
 * share, nothing is timed, all threads of use are taken, and the plan by a rule. One thread works
 * by samples unless told otherwise.
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

#endif
