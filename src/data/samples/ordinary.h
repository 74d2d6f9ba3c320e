/* Samples of which no input is too small to be stored (base/flush.h). */
#ifndef BP_DATA_SAMPLES_ORDINARY_H
#define BP_DATA_SAMPLES_ORDINARY_H

#include "data/samples/samples.h"

/* Whether every input, once it is scaled, is 0 or at least BP_FLUSH_BELOW; false if not checked, as
 * numbers are that are gathered `once`. */
bool bp_samples_are_ordinary(const struct bp_samples *samples, bool once);

#endif
