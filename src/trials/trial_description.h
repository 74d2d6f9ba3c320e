/* All that the result of a trial depends on beside the data, as texts. */
#ifndef BP_TRIALS_TRIAL_DESCRIPTION_H
#define BP_TRIALS_TRIAL_DESCRIPTION_H

#include <jansson.h>

#include "trials/trial_settings.h"

/*
 *     {"kinds": [{"model": {NAME: TEXT, ...}, "training": {...}}, ...], "ensemble": {...},
 *      "valid_fraction": TEXT, "seed": TEXT, "holdout": {NAME: TEXT, ...}}
 * "kinds" and "ensemble" as in a recipe (model/recipe.h); "ensemble" is null for a network alone,
 * and "seed" that of its weights. NULL if there is no memory; the caller owns the reference.
 */
json_t *bp_trial_describe(const struct bp_trial_settings *settings);

/* Whether `now` is what `then`, which may be anything, says. Error: INPUT, a sentence that begins
 * with `what` and names the first difference: "WHAT was made with learning-rate 0.1, not 0.2: give
 * the same ...". */
bp_status bp_trial_compare(const json_t *then, const json_t *now, const char *what,
                           bp_error *error);

#endif
