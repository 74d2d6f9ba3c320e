/* Two shares: what an error of n does, by the mean value theorem, and roundings of the function. */
#include "check/bound_activation.h"

#include <float.h>
#include <math.h>

#define UNIT BP_BOUND_UNIT
#define TINY ((double)FLT_TRUE_MIN)

/* A few roundings of exp, polynomials, the division and the sums in between; tests measure less. */
#define VALUE_UNITS 8.0
#define SLOPE_UNITS 12.0

/* sigma' changes by a factor of at most e^d over a distance d, tanh' of at most e^2d: that is
 * `rate`. */
static struct bp_activation_bound bound_sigmoid(double value, double slope, double error,
                                                double rate)
{
    const double growth = exp(rate * error);
    return (struct bp_activation_bound){
        slope * growth * error + VALUE_UNITS * UNIT * fabs(value) + TINY,
        slope,
        slope * (growth - 1.0 + SLOPE_UNITS * UNIT) + TINY,
    };
}

/* Near the kink the trainer may be on either side. */
static struct bp_activation_bound bound_rectified(double number, double error, double leak)
{
    const double slope = number > 0.0 ? 1.0 : leak;
    const bool either = fabs(number) <= error;
    return (struct bp_activation_bound){
        (either ? 1.0 : slope) * error + UNIT * fabs(leak * number) + TINY,
        slope,
        (either ? 1.0 - leak : 0.0) + UNIT * leak,
    };
}

/* |f'| < 1.13 and |f''| <= 2/sqrt(2 pi) < 0.8. The slope is a sum of Phi and n phi. */
static struct bp_activation_bound bound_gelu(double number, double value, double error)
{
    const double phi = exp(-number * number / 2.0) / sqrt(2.0 * acos(-1.0));
    const double share = 0.5 * erfc(-number / sqrt(2.0));
    return (struct bp_activation_bound){
        1.13 * error + 2.0 * VALUE_UNITS * UNIT * fabs(value) + TINY * fmax(1.0, fabs(number)),
        share + number * phi,
        0.8 * error + 2.0 * SLOPE_UNITS * UNIT * (share + fabs(number) * phi) +
            TINY * fmax(1.0, fabs(number)),
    };
}

/* |f'| < 1.1 and |f''| <= 1/2. The slope is sigma(n) (1 + n sigma(-n)). */
static struct bp_activation_bound bound_silu(double number, double value, double error)
{
    const double sigma = 1.0 / (1.0 + exp(-number)), rest = 1.0 / (1.0 + exp(number));
    return (struct bp_activation_bound){
        1.1 * error + VALUE_UNITS * UNIT * fabs(value) + TINY * fmax(1.0, fabs(number)),
        sigma * (1.0 + number * rest),
        0.5 * error + SLOPE_UNITS * UNIT * sigma * (1.0 + fabs(number) * rest) +
            TINY * fmax(1.0, fabs(number)),
    };
}

struct bp_activation_bound bp_bound_activation(bp_activation activation, double number,
                                               double value, double error)
{
    switch (activation) {
    case BP_ACTIVATION_LOGISTIC:
        return bound_sigmoid(value, value * (1.0 / (1.0 + exp(number))), error, 1.0);
    case BP_ACTIVATION_TANH:
        return bound_sigmoid(value, 1.0 / (cosh(number) * cosh(number)), error, 2.0);
    case BP_ACTIVATION_RELU:
        return bound_rectified(number, error, 0.0);
    case BP_ACTIVATION_LEAKY_RELU:
        return bound_rectified(number, error, (double)0.01f);
    case BP_ACTIVATION_GELU:
        return bound_gelu(number, value, error);
    case BP_ACTIVATION_SILU:
        return bound_silu(number, value, error);
    case BP_ACTIVATION_IDENTITY:
    case BP_ACTIVATION_SOFTMAX:
    case BP_ACTIVATION_AUTO:
        break;
    }
    return (struct bp_activation_bound){error, 1.0, 0.0};
}

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
    return rate * (moved + VALUE_UNITS * UNIT * (1.0 + moved)) + TINY;
}
