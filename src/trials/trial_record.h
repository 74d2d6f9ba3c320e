/* The result of a trial as JSON, and back to the same bits but for those of a NaN. */
#ifndef BP_TRIALS_TRIAL_RECORD_H
#define BP_TRIALS_TRIAL_RECORD_H

#include <jansson.h>
#include <stdbool.h>

#include "batchprop/batchprop.h"

/*
 *     {"status": NUMBER, "message": TEXT, "task": NAME, "metrics": {NAME: NUMBER, ...},
 *      "train": {NAME: NUMBER | TEXT, ..., "valid": {NAME: NUMBER, ...}}}
 * Names are those of the members of the structs; null is a NaN. NULL if there is no memory; the
 * caller owns the reference.
 */
json_t *bp_trial_to_json(const bp_trial_result *result);

/* False: `json`, which may be anything, is not such an object. */
bool bp_trial_from_json(bp_trial_result *result, const json_t *json);

#endif
