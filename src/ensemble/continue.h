/* Training that goes on from the members of a model: which kind and round each is of, and whether
 * rows that it leaves out are new to it. */
#ifndef BP_ENSEMBLE_CONTINUE_H
#define BP_ENSEMBLE_CONTINUE_H

#include "ensemble/ensemble.h"

/* As bp_ensemble_plan(): copies options and `kinds` (each may be NULL), and fills every member.
 * `from` and its texts are borrowed until the training is over. Errors: as
 * bp_ensemble_continue(). */
bp_status bp_ensemble_plan_continue(struct bp_ensemble *ensemble, const struct bp_model *from,
                                    const bp_train_options *kinds,
                                    const bp_ensemble_options *options, bp_error *error);

/* Copies the networks, and compares the rows with those of the training before. Errors: ARGUMENT
 * (rows that are new are needed), INPUT (as bp_samples_bind()), MEMORY. */
bp_status bp_ensemble_copy_networks(struct bp_ensemble *ensemble, const bp_dataset *train,
                                    bp_error *error);

#endif
