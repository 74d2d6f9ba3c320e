/* What a trained member says of the rows that it left out. */
#ifndef BP_ENSEMBLE_PREDICT_LEFT_H
#define BP_ENSEMBLE_PREDICT_LEFT_H

#include "ensemble/ensemble.h"

/* Room for the outputs of member m for the rows that it left out, of which there are some. Errors:
 * MEMORY. */
bp_status bp_ensemble_make_outputs(struct bp_ensemble *ensemble, size_t m, bp_error *error);

/* Fills them, by one thread. Errors: MEMORY; INPUT as of bp_samples_bind(); NOT_FINITE: outputs
 * that cannot be averaged with those of others. */
bp_status bp_ensemble_predict_left(struct bp_ensemble *ensemble, size_t m, bp_error *error);

#endif
