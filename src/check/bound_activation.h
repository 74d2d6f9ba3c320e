/* How far a neuron in binary32 may be from the exact one. */
#ifndef BP_CHECK_BOUND_ACTIVATION_H
#define BP_CHECK_BOUND_ACTIVATION_H

#include <stddef.h>

#include "batchprop/batchprop.h"

/* u: half the distance from 1 to the next binary32 number. */
#define BP_BOUND_UNIT 0x1p-24

/* The exact slope, and how far the trainer's value and slope may be from the exact ones. */
struct bp_activation_bound {
    double value_error;
    double slope;
    double slope_error;
};

/* Of a neuron with `number` n and `value` f(n), where the trainer's n may be off by `error`; not
 * softmax. */
struct bp_activation_bound bp_bound_activation(bp_activation activation, double number,
                                               double value, double error);

/* value_error[j] of a softmax with numbers that may be off by error[j]. */
void bp_bound_softmax(const double *value, const double *number, const double *error, size_t out,
                      double *value_error);

/* That of exp(n), the rate, where n may be off by `error`. */
double bp_bound_rate(double rate, double error);

#endif
