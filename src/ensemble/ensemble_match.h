/* Whether all ranks train the same ensemble. */
#ifndef BP_ENSEMBLE_ENSEMBLE_MATCH_H
#define BP_ENSEMBLE_ENSEMBLE_MATCH_H

#include "ensemble/ensemble.h"

/* Collective, once the networks are made; `status` says how that went on this rank. Compares rows,
 * `valid` (or NULL), options and networks with those of rank 0. Errors: `status` of any rank, RANKS
 * (a difference), MEMORY. */
bp_status bp_ensemble_match(const struct bp_ensemble *ensemble, const bp_dataset *train,
                            const bp_dataset *valid, bp_status status, bp_error *error);

#endif
