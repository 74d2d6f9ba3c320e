/* Losses from n where o has lost it: nothing is infinite because an output rounded to 0 or 1. */
#include "net/loss_table.h"

#include <math.h>
#include <string.h>

#include "base/exponential.h"
#include "base/logarithm.h"

static double square(const struct bp_loss_point *point)
{
    return point->d * point->d;
}

static double distance(const struct bp_loss_point *point)
{
    return fabs(point->d);
}

static struct bp_loss_ends ones(float none)
{
    (void)none;
    return (struct bp_loss_ends){-1.0f, 1.0f};
}

static double huber(const struct bp_loss_point *point)
{
    const double d = fabs(point->d);
    const double bend = point->parameter;
    return d < bend ? d * d / 2 : bend * (d - bend / 2);
}

static struct bp_loss_ends cut_at_bend(float bend)
{
    return (struct bp_loss_ends){-bend, bend};
}

/* Koenker and Bassett 1978. */
static double pinball(const struct bp_loss_point *point)
{
    return point->d > 0.0 ? (1.0 - point->parameter) * point->d : -point->parameter * point->d;
}

static struct bp_loss_ends step_at_level(float level)
{
    return (struct bp_loss_ends){-level, 1.0f - level};
}

/* ln(1 + e) for e from 0 to 1: the rounding of 1 + e is put right to first order. */
static double log_of_one_and(double e)
{
    const double sum = 1.0 + e;
    return bp_log(sum) + (e - (sum - 1.0)) / sum;
}

static double binary_cross_entropy(const struct bp_loss_point *point)
{
    const double n = point->n;
    if (isnan(n))
        return n;
    return (n > 0.0 ? n : 0.0) - n * point->t + log_of_one_and(bp_exp(-fabs(n)));
}

static double exact_binary_cross_entropy(const struct bp_loss_point *point)
{
    return fmax(point->n, 0.0) - point->n * point->t + log1p(exp(-fabs(point->n)));
}

static double cross_entropy(const struct bp_loss_point *point)
{
    return point->t == 0.0 ? 0.0 : point->t * (point->log_sum - point->n);
}

static double poisson(const struct bp_loss_point *point)
{
    return bp_exp(point->n) - point->t * point->n;
}

static double exact_poisson(const struct bp_loss_point *point)
{
    return exp(point->n) - point->t * point->n;
}

static const struct bp_loss_row rows[] = {
    [BP_LOSS_MSE] = {.partner = BP_ACTIVATION_AUTO, .factor = 2.0, .term = square, .exact = square},
    [BP_LOSS_MAE] = {.partner = BP_ACTIVATION_AUTO,
                     .factor = 1.0,
                     .slope = BP_LOSS_SLOPE_STEP,
                     .ends = ones,
                     .term = distance,
                     .exact = distance},
    [BP_LOSS_HUBER] = {.partner = BP_ACTIVATION_AUTO,
                       .factor = 1.0,
                       .slope = BP_LOSS_SLOPE_CUT,
                       .ends = cut_at_bend,
                       .parameter = "huber_bend",
                       .usual = 1.0f,
                       .below = INFINITY,
                       .option = offsetof(bp_model_options, huber_bend),
                       .term = huber,
                       .exact = huber},
    [BP_LOSS_BINARY_CROSS_ENTROPY] = {.partner = BP_ACTIVATION_LOGISTIC,
                                      .shares = true,
                                      .factor = 1.0,
                                      .term = binary_cross_entropy,
                                      .exact = exact_binary_cross_entropy},
    [BP_LOSS_CROSS_ENTROPY] = {.partner = BP_ACTIVATION_SOFTMAX,
                               .factor = 1.0,
                               .term = cross_entropy,
                               .exact = cross_entropy},
    [BP_LOSS_POISSON] = {.partner = BP_ACTIVATION_IDENTITY,
                         .counts = true,
                         .factor = 1.0,
                         .term = poisson,
                         .exact = exact_poisson},
    [BP_LOSS_QUANTILE] = {.partner = BP_ACTIVATION_AUTO,
                          .factor = 1.0,
                          .slope = BP_LOSS_SLOPE_STEP,
                          .ends = step_at_level,
                          .parameter = "quantile_level",
                          .usual = 0.5f,
                          .below = 1.0f,
                          .option = offsetof(bp_model_options, quantile_level),
                          .term = pinball,
                          .exact = pinball},
    [BP_LOSS_AUTO] = {.partner = BP_ACTIVATION_AUTO,
                      .factor = 2.0,
                      .term = square,
                      .exact = square},
};

const struct bp_loss_row *bp_loss_get(bp_loss loss)
{
    return &rows[loss];
}

struct bp_loss_ends bp_loss_ends_of(bp_loss loss, float parameter)
{
    return rows[loss].ends ? rows[loss].ends(parameter) : (struct bp_loss_ends){0.0f, 0.0f};
}

float bp_loss_parameter(const bp_model_options *options, bp_loss loss)
{
    float parameter = 0.0f;
    if (rows[loss].parameter)
        memcpy(&parameter, (const char *)options + rows[loss].option, sizeof parameter);
    return parameter;
}
