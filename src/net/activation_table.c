/* The activations in binary64, for checks and not for training, with a bound of the trainer's
 * error: what an error of n does, by the mean value theorem, and the roundings of the function. */
#include "net/activation_table.h"

#include <float.h>
#include <math.h>
#include <stddef.h>

#include "base/flush.h"

#define UNIT BP_BOUND_UNIT

/* What is lost where a value or a slope becomes 0. */
#define TINY_VALUE ((double)BP_FLUSH_BELOW * (1.0 + 16.0 * UNIT))
#define TINY_SLOPE ((double)FLT_MIN * (1.0 + 16.0 * UNIT))

/* A few roundings of exp, polynomials, the division and the sums in between; tests measure less. */
#define VALUE_UNITS 8.0
#define SLOPE_UNITS 12.0

static double logistic(double n)
{
    return 1.0 / (1.0 + exp(-n));
}

/* The slope changes by a factor of at most e^(rate d) over a distance d: tanh' with rate 2, the
 * others with rate 1. */
static struct bp_activation_bound bound_growth(double value, double slope, double error,
                                               double rate)
{
    const double growth = exp(rate * error);
    return (struct bp_activation_bound){
        slope * growth * error + VALUE_UNITS * UNIT * fabs(value) + TINY_VALUE,
        slope,
        slope * (growth - 1.0 + SLOPE_UNITS * UNIT) + TINY_SLOPE,
    };
}

static struct bp_activation_bound bound_logistic(double number, double value, double error)
{
    return bound_growth(value, value * logistic(-number), error, 1.0);
}

static double identity(double n)
{
    return n;
}

static struct bp_activation_bound bound_identity(double number, double value, double error)
{
    (void)number;
    (void)value;
    return (struct bp_activation_bound){error + TINY_VALUE, 1.0, 0.0};
}

static struct bp_activation_bound bound_tanh(double number, double value, double error)
{
    return bound_growth(value, 1.0 / (cosh(number) * cosh(number)), error, 2.0);
}

/* Near the kink the trainer may be on either side. */
static struct bp_activation_bound bound_rectified(double number, double error, double leak)
{
    const double slope = number > 0.0 ? 1.0 : leak;
    const bool either = fabs(number) <= error;
    return (struct bp_activation_bound){
        (either ? 1.0 : slope) * error + UNIT * fabs(leak * number) + TINY_VALUE,
        slope,
        (either ? 1.0 - leak : 0.0) + UNIT * leak,
    };
}

static double relu(double n)
{
    return n > 0.0 ? n : 0.0;
}

static struct bp_activation_bound bound_relu(double number, double value, double error)
{
    (void)value;
    return bound_rectified(number, error, 0.0);
}

static double leaky_relu(double n)
{
    return n > 0.0 ? n : (double)0.01f * n;
}

static struct bp_activation_bound bound_leaky_relu(double number, double value, double error)
{
    (void)value;
    return bound_rectified(number, error, (double)0.01f);
}

static double gelu(double n)
{
    return n * 0.5 * erfc(-n / sqrt(2.0));
}

/* |f'| < 1.13 and |f''| <= 2/sqrt(2 pi) < 0.8. The slope is a sum of Phi and n phi. */
static struct bp_activation_bound bound_gelu(double number, double value, double error)
{
    const double phi = exp(-number * number / 2.0) / sqrt(2.0 * acos(-1.0));
    const double share = 0.5 * erfc(-number / sqrt(2.0));
    return (struct bp_activation_bound){
        1.13 * error + 2.0 * VALUE_UNITS * UNIT * fabs(value) + TINY_VALUE,
        share + number * phi,
        0.8 * error + 2.0 * SLOPE_UNITS * UNIT * (share + fabs(number) * phi) + TINY_SLOPE,
    };
}

static double silu(double n)
{
    return n / (1.0 + exp(-n));
}

/* |f'| < 1.1 and |f''| <= 1/2. The slope is sigma(n) (1 + n sigma(-n)). */
static struct bp_activation_bound bound_silu(double number, double value, double error)
{
    const double sigma = logistic(number), mirrored = logistic(-number);
    return (struct bp_activation_bound){
        1.1 * error + VALUE_UNITS * UNIT * fabs(value) + TINY_VALUE,
        sigma * (1.0 + number * mirrored),
        0.5 * error + SLOPE_UNITS * UNIT * sigma * (1.0 + fabs(number) * mirrored) + TINY_SLOPE,
    };
}

static double elu(double n)
{
    return n > 0.0 ? n : expm1(n);
}

static struct bp_activation_bound bound_elu(double number, double value, double error)
{
    return bound_growth(value, exp(fmin(number, 0.0)), error, 1.0);
}

static double softplus(double n)
{
    return fmax(n, 0.0) + log1p(exp(-fabs(n)));
}

static struct bp_activation_bound bound_softplus(double number, double value, double error)
{
    return bound_growth(value, logistic(number), error, 1.0);
}

/* Targets of a neuron with a bounded range lie inside it, so that it can reach them (LeCun et al.
 * 1998, Efficient BackProp, section 4.5). Functions that pass one half of their range call for
 * weights sqrt(2) times as large (He et al. 2015, section 2.2). */
static const struct bp_activation_row rows[] = {
    [BP_ACTIVATION_LOGISTIC] = {.init = BP_INIT_GLOROT,
                                .low = 0.1f,
                                .high = 0.9f,
                                .value = logistic,
                                .bound = bound_logistic},
    [BP_ACTIVATION_IDENTITY] = {.init = BP_INIT_GLOROT, .value = identity, .bound = bound_identity},
    [BP_ACTIVATION_TANH] =
        {.init = BP_INIT_GLOROT, .low = -0.9f, .high = 0.9f, .value = tanh, .bound = bound_tanh},
    [BP_ACTIVATION_RELU] = {.has_kink = true,
                            .init = BP_INIT_HE,
                            .value = relu,
                            .bound = bound_relu},
    [BP_ACTIVATION_LEAKY_RELU] = {.has_kink = true,
                                  .init = BP_INIT_HE,
                                  .value = leaky_relu,
                                  .bound = bound_leaky_relu},
    [BP_ACTIVATION_GELU] = {.init = BP_INIT_HE, .value = gelu, .bound = bound_gelu},
    [BP_ACTIVATION_SILU] = {.init = BP_INIT_HE, .value = silu, .bound = bound_silu},
    [BP_ACTIVATION_SOFTMAX] = {.whole_layer = true,
                               .init = BP_INIT_GLOROT,
                               .value = identity,
                               .bound = bound_identity},
    [BP_ACTIVATION_AUTO] = {.init = BP_INIT_GLOROT, .value = identity, .bound = bound_identity},
    [BP_ACTIVATION_ELU] =
        {.init = BP_INIT_HE, .low = -0.9f, .high = 0.9f, .value = elu, .bound = bound_elu},
    [BP_ACTIVATION_SOFTPLUS] =
        {.init = BP_INIT_HE, .low = 0.1f, .high = 0.9f, .value = softplus, .bound = bound_softplus},
};

const struct bp_activation_row *bp_activation_get(bp_activation activation)
{
    return &rows[activation];
}
