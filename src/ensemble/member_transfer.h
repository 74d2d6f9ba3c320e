/* What has become of a member goes from the rank that has trained it to all. */
#ifndef BP_ENSEMBLE_MEMBER_TRANSFER_H
#define BP_ENSEMBLE_MEMBER_TRANSFER_H

#include "data/schema/row_weights.h"
#include "ensemble/ensemble.h"

/* Collective, of member m from rank `root`: its result; of one that ended well also its weights and
 * recipe, and what it says of the rows that it left out, which each rank finds by itself among
 * those of `train` that count. Fails on every rank or on none. Errors: MEMORY. */
bp_status bp_member_send(struct bp_ensemble *ensemble, const bp_dataset *train,
                         const struct bp_row_weights *counted, size_t m, size_t root,
                         bp_error *error);

#endif
