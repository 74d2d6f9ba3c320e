/* What members say of the rows that they left out: the weights of kinds, and how good they are. */
#ifndef BP_ENSEMBLE_LEFT_OUT_H
#define BP_ENSEMBLE_LEFT_OUT_H

#include "data/schema/row_weights.h"
#include "ensemble/ensemble.h"

/* After all members have ended: chooses the weight of every kind and member, and fills the figures
 * of the rows left out. Errors: MEMORY; INPUT as of bp_samples_bind(). */
bp_status bp_ensemble_weigh(struct bp_ensemble *ensemble, const bp_dataset *train,
                            const struct bp_row_weights *counted, bp_error *error);

#endif
