/* Training the members of an ensemble. */
#ifndef BP_ENSEMBLE_RUN_H
#define BP_ENSEMBLE_RUN_H

#include "data/schema/row_weights.h"
#include "ensemble/ensemble.h"

/* Trains every member, and lets it predict the rows that it left out. A member that fails has an
 * error and is no failure. BP_STOPPED if the callback wanted it. Errors: MEMORY, THREADS. */
bp_status bp_ensemble_run(struct bp_ensemble *ensemble, const bp_dataset *train,
                          const bp_dataset *valid, const struct bp_row_weights *counted,
                          bp_error *error);

#endif
