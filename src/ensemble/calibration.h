/* How sure an ensemble is of the rows left out, and how right it is. */
#ifndef BP_ENSEMBLE_CALIBRATION_H
#define BP_ENSEMBLE_CALIBRATION_H

#include "ensemble/ensemble.h"
#include "ensemble/selection.h"

/* Notes it of every row of the selection, with these shares of the kinds and the factors of the
 * ensemble. Errors: MEMORY. */
bp_status bp_calibration_note(struct bp_ensemble *ensemble, const struct bp_selection *selection,
                              const double *share, bp_error *error);
void bp_calibration_release(struct bp_calibration *calibration);

#endif
