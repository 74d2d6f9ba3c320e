/* What tells one set of bound samples from another. */
#ifndef BP_TRAIN_FINGERPRINT_H
#define BP_TRAIN_FINGERPRINT_H

#include "data/samples/samples.h"

/* XXH3-128 over the cells, labels or targets, and weights of all samples in their order. Cost: one
 * pass over the data. */
void bp_samples_digest(const struct bp_samples *samples, char digest[BP_DIGEST_SIZE]);

#endif
