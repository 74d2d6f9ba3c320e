/* First-order bounds of functions of exp: what an error of n does, and their own roundings. */
#include "check/bound_activation.h"

#include <math.h>

#include "base/flush.h"
#include "net/activation_table.h"

#define UNIT BP_BOUND_UNIT
#define TINY ((double)BP_FLUSH_BELOW) /* what is lost where a value becomes 0 */

#define RATE_UNITS 8.0 /* of exp; tests measure less */

/* With all n_k off by D at the most, no share changes by more than a factor e^2D. Rounding n_j - m
 * adds to D; the sum has `out` roundings. */
void bp_bound_softmax(const double *value, const double *number, const double *error, size_t out,
                      double *value_error)
{
    double most = 0.0, reach = 0.0;
    for (size_t j = 0; j < out; j++) {
        most = fmax(most, error[j]);
        reach = fmax(reach, fabs(number[j]));
    }
    const double moved = expm1(2.0 * (most + 2.0 * UNIT * reach));
    for (size_t j = 0; j < out; j++)
        value_error[j] = value[j] * (moved + (double)(out + 8) * UNIT * (1.0 + moved)) + 2.0 * TINY;
}

double bp_bound_rate(double rate, double error)
{
    const double moved = expm1(error);
    return rate * (moved + RATE_UNITS * UNIT * (1.0 + moved)) + TINY;
}
