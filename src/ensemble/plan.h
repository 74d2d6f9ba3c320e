/* What each member of an ensemble is, before anything is trained. */
#ifndef BP_ENSEMBLE_PLAN_H
#define BP_ENSEMBLE_PLAN_H

#include "ensemble/ensemble.h"

/* Copies options and kinds, and fills kind, round and seed of every member. Errors: ARGUMENT. */
bp_status bp_ensemble_plan(struct bp_ensemble *ensemble, const bp_dataset *train,
                           const bp_member_kind *kinds, size_t kind_count,
                           const bp_ensemble_options *options, bp_error *error);

/* Makes the networks of all members, which share the columns of the first. Errors: as of
 * bp_model_create(). */
bp_status bp_ensemble_make_networks(struct bp_ensemble *ensemble, const bp_dataset *train,
                                    bp_error *error);

#endif
