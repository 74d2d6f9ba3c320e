/* How far outputs in binary32 may be from the exact ones where net/activation_table.h does not say
 * it: softmax, and the rate of the Poisson loss. */
#ifndef BP_CHECK_BOUND_ACTIVATION_H
#define BP_CHECK_BOUND_ACTIVATION_H

#include <stddef.h>

/* value_error[j] of a softmax with numbers that may be off by error[j]. */
void bp_bound_softmax(const double *value, const double *number, const double *error, size_t out,
                      double *value_error);

/* That of exp(n), the rate, where n may be off by `error`. */
double bp_bound_rate(double rate, double error);

#endif
