/* The options of one trial, as this library knows them. */
#ifndef BP_TRIALS_TRIAL_SETTINGS_H
#define BP_TRIALS_TRIAL_SETTINGS_H

#include "base/status.h"

/* Points into itself: not to be copied. */
struct bp_trial_settings {
    bp_model_options model; /* of an ensemble, and below: of its first kind, which says for all how
                               rows are held out and read */
    bp_train_options train;
    bp_holdout holdout;
    double valid_fraction;
    bool is_ensemble;         /* what follows is for those */
    bp_member_kind only_kind; /* where no kinds are given */
    const bp_member_kind *kinds;
    size_t kind_count;
    bp_ensemble_options ensemble; /* without a callback */
};

/* Reads those of trial `number`, for one thread. Trials have the size that the first one says.
 * Errors: ARGUMENT. */
bp_status bp_trial_settings_read(struct bp_trial_settings *settings, const bp_trials *trials,
                                 size_t number, bp_error *error);

#endif
