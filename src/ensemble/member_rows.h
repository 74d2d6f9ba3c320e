/* Which rows a member is trained on, and which it leaves out. */
#ifndef BP_ENSEMBLE_MEMBER_ROWS_H
#define BP_ENSEMBLE_MEMBER_ROWS_H

#include "data/schema/row_weights.h"
#include "ensemble/ensemble.h"

/* The rows of `train` that count: those of weight 0 are as if they were not there. Borrows `train`.
 * Errors: as of bp_row_weights_read() and, with folds, bp_folds_check(). */
bp_status bp_ensemble_count_rows(struct bp_row_weights *counted, const struct bp_ensemble *ensemble,
                                 const bp_dataset *train, bp_error *error);

/* The rows of member m, of those that count, which the caller frees (NULL: all of `train`); those
 * that it leaves out, if they are new to it, go to ensemble->left[m]. Errors: as of
 * bp_dataset_hold_out(). */
bp_status bp_ensemble_cut(struct bp_ensemble *ensemble, const bp_dataset *train,
                          const struct bp_row_weights *counted, size_t m, bp_dataset **rows,
                          bp_error *error);

/* The rows of `train` and of `valid`, which show the same table, in the order of the table. Errors:
 * MEMORY. */
bp_status bp_ensemble_join_rows(const bp_dataset *train, const bp_dataset *valid, bp_dataset **all,
                                bp_error *error);

#endif
