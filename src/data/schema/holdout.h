/* How many folds the rows of a dataset can be divided into. */
#ifndef BP_DATA_SCHEMA_HOLDOUT_H
#define BP_DATA_SCHEMA_HOLDOUT_H

#include "base/status.h"

/* From 2 to the number of rows. Error: ARGUMENT. */
bp_status bp_folds_check(const bp_dataset *dataset, size_t folds, bp_error *error);

#endif
