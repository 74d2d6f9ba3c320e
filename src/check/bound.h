/* How far the trainer's gradient in binary32 may be from the exact one. */
#ifndef BP_CHECK_BOUND_H
#define BP_CHECK_BOUND_H

#include "check/binary64.h"

/*
 * A first-order running error analysis (Higham 2002, Accuracy and Stability of Numerical
 * Algorithms, sections 3.1 and 3.3) of the chains of the numeric contract over the samples of
 * `net`: a sum of K products is off by K u sum |a||b| with u = 2^-24, errors of its terms are
 * carried along. bound[l][j * (in + 1) + i] is that of dE/dw_ij of layer l, i = in that of the
 * threshold; freed with one free(bound[0]). Errors: MEMORY.
 */
bp_status bp_bound_make(double *bound[BP_LAYERS_MAX], struct bp_binary64 *net, bp_error *error);

#endif
