/* Trains the models of `cv` and `sweep`, with a line on a terminal that says how far they are. */
#ifndef BP_CLI_TRIALS_TRIALS_RUN_H
#define BP_CLI_TRIALS_TRIALS_RUN_H

#include "cli/options/trials_options.h"
#include "cli/trials/trials_checkpoint.h"

/* Runs `count` cross-validations at once, over ranks if there are several, for which
 * out[0 ... count - 1] is there. Collective. A note on stderr says how many held-out rows have
 * categories that their model has not seen. Returns EXIT_DONE also if models failed, or the exit
 * code after a message: EXIT_SIGNAL and the number of the signal that stopped them. */
int trials_run(bp_cross_validation **out, size_t count, struct trials_request *requests,
               const bp_dataset *dataset, const struct trials_checkpoint *checkpoint);

/* The held-out rows of all models with categories that no row trained on has; `models`, unless it
 * is NULL, becomes how many models have met some. */
size_t trials_count_unknown(const bp_cross_validation *validation, size_t *models);

/* The task of the models, to be known before the work; a note on stderr for a target that is the
 * same in all rows. Errors: as of bp_model_create(). */
bp_status trials_find_task(const struct trials_request *request, const bp_dataset *dataset,
                           bp_task *task, bp_error *error);

#endif
