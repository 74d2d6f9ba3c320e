/* What each member of an ensemble is, before anything is trained. */
#ifndef BP_ENSEMBLE_PLAN_H
#define BP_ENSEMBLE_PLAN_H

#include "ensemble/ensemble.h"

/* Copies options, of which ranks are there also after a failure, and kinds; fills kind, round and
 * seed of every member. Errors: ARGUMENT. */
bp_status bp_ensemble_plan(struct bp_ensemble *ensemble, const bp_dataset *train,
                           const bp_member_kind *kinds, size_t kind_count,
                           const bp_ensemble_options *options, bp_error *error);

/* The seed of a member. */
uint64_t bp_member_seed(uint64_t seed, size_t kind, size_t round);

/* Whether options are in their ranges and go together. Errors: ARGUMENT. */
bp_status bp_ensemble_check_options(const bp_ensemble_options *options, bp_error *error);

/* Fills a member of the plan. */
void bp_ensemble_plan_member(struct bp_ensemble *ensemble, size_t m, size_t kind, size_t round);

/* Whether classes can be decided as the options say, now that networks are there. Errors:
 * ARGUMENT. */
bp_status bp_ensemble_check_targets(const struct bp_ensemble *ensemble, bp_error *error);

/* Takes columns and costs from the networks, which are there. */
void bp_ensemble_take_networks(struct bp_ensemble *ensemble);

/* Makes the networks of all members, which share the columns of the first. Errors: as of
 * bp_model_create(). */
bp_status bp_ensemble_make_networks(struct bp_ensemble *ensemble, const bp_dataset *train,
                                    bp_error *error);

#endif
