/* How good outputs are, beside one answer for all rows. */
#ifndef BP_TRAIN_QUALITY_H
#define BP_TRAIN_QUALITY_H

#include "model/metrics.h"

/* From the outputs that were added to `measured`, which holds those of the one answer afterwards,
 * and the targets of `train`: the rows that the answer is known from, in their weights. Both may be
 * the same. Errors: MEMORY. */
bp_status bp_quality_fill(bp_quality *quality, const struct bp_metric_accumulator *train,
                          struct bp_metric_accumulator *measured, bp_error *error);

#endif
