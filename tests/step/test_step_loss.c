/* Losses of single samples: at the ends of their range, against long double, with weights, and the
 * same from a step as from an evaluation. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "base/exponential.h"
#include "base/logarithm.h"
#include "kernels/kernels.h"
#include "step/passes/loss.h"
#include "step/passes/passes.h"

enum { OUT = 3 };

/* A layer of three neurons whose numbers n are its thresholds' negatives, for one sample. */
struct layer_case {
    struct bp_network *network;
    struct bp_activations room;
};

static struct layer_case layer_case_create_with(bp_activation output, bp_loss loss, float parameter,
                                                const float n[OUT])
{
    const struct bp_network_spec spec = {.layers = 1,
                                         .widths = {1, OUT},
                                         .activations = {output},
                                         .loss = loss,
                                         .loss_parameter = parameter};
    struct layer_case layer;
    cr_assert_eq(bp_network_create(&layer.network, &spec, NULL), BP_OK);
    bp_layer_pack(&layer.network->layer[0], layer.network->values, NULL, n);
    cr_assert_eq(bp_activations_make(&layer.room, layer.network, 1, true, NULL), BP_OK);
    bp_forward(layer.network, bp_kernels_select(BP_ISA_AUTO), &layer.room, 1);
    return layer;
}

static struct layer_case layer_case_create(bp_activation output, bp_loss loss, const float n[OUT])
{
    return layer_case_create_with(output, loss, 0.0f, n);
}

static void layer_case_free(struct layer_case *layer)
{
    bp_activations_release(&layer->room);
    bp_network_free(layer->network);
}

/* The loss of the targets, with a parameter; the deltas go to delta. */
static double measure_with(bp_activation output, bp_loss loss, float parameter, const float n[OUT],
                           const float t[OUT], float delta[OUT])
{
    struct layer_case layer = layer_case_create_with(output, loss, parameter, n);
    memcpy(layer.room.target, t, OUT * sizeof *t);
    double sum;
    bp_delta_output(layer.network, bp_kernels_select(BP_ISA_AUTO), &layer.room, 1, 1, &sum);
    memcpy(delta, layer.room.slope[0], OUT * sizeof *delta);
    layer_case_free(&layer);
    return sum;
}

static double measure(bp_activation output, bp_loss loss, const float n[OUT], const float t[OUT],
                      float delta[OUT])
{
    return measure_with(output, loss, 0.0f, n, t, delta);
}

static void expect_near(double actual, long double exact, const char *what)
{
    cr_expect(fabsl((long double)actual - exact) <= 0x1p-22L * fabsl(exact),
              "%s is %.17g, not %.17Lg", what, actual, exact);
}

Test(step_loss, cross_entropy_stays_finite_where_the_share_of_the_class_rounds_to_zero)
{
    float delta[OUT];
    const double loss =
        measure(BP_ACTIVATION_SOFTMAX, BP_LOSS_CROSS_ENTROPY, (float[]){-1000.0f, 500.0f, 0.0f},
                (float[]){1.0f, 0.0f, 0.0f}, delta);
    cr_expect_eq(loss, 1500.0);
    cr_expect(delta[0] == -1.0f && delta[1] == 1.0f && delta[2] == 0.0f);
}

Test(step_loss, cross_entropy_is_small_where_the_class_is_certain)
{
    float delta[OUT];
    const double loss = measure(BP_ACTIVATION_SOFTMAX, BP_LOSS_CROSS_ENTROPY,
                                (float[]){12.0f, 1.0f, 0.0f}, (float[]){1.0f, 0.0f, 0.0f}, delta);
    /* The sum of the shares is a binary32 number next to 1. */
    cr_expect(fabs(loss - log1p(exp(-11.0) + exp(-12.0))) <= 0x1p-23);
    cr_expect_lt(delta[0], 0.0f);
}

Test(step_loss, cross_entropy_takes_targets_that_are_shares)
{
    float delta[OUT];
    const double loss =
        measure(BP_ACTIVATION_SOFTMAX, BP_LOSS_CROSS_ENTROPY, (float[]){0.5f, -0.25f, 2.0f},
                (float[]){0.25f, 0.25f, 0.5f}, delta);
    const long double sum = logl(expl(0.5L) + expl(-0.25L) + expl(2.0L));
    expect_near(loss, sum - 0.25L * 0.5L + 0.25L * 0.25L - 0.5L * 2.0L, "the loss");
}

Test(step_loss, binary_cross_entropy_stays_finite_where_the_output_rounds_to_zero_or_one)
{
    float delta[OUT];
    const double loss =
        measure(BP_ACTIVATION_LOGISTIC, BP_LOSS_BINARY_CROSS_ENTROPY,
                (float[]){300.0f, -300.0f, 300.0f}, (float[]){0.0f, 1.0f, 1.0f}, delta);
    cr_expect_eq(loss, 600.0);
    cr_expect(delta[0] == 1.0f && delta[1] == -1.0f && delta[2] == 0.0f);
}

Test(step_loss, binary_cross_entropy_is_that_of_the_definition)
{
    float delta[OUT];
    const float n[OUT] = {-3.0f, 0.0f, 20.0f}, t[OUT] = {0.0f, 0.3f, 1.0f};
    long double exact = 0.0L;
    for (size_t j = 0; j < OUT; j++)
        exact += (long double)t[j] * log1pl(expl(-(long double)n[j])) +
                 (1.0L - (long double)t[j]) * log1pl(expl((long double)n[j]));
    const double loss = measure(BP_ACTIVATION_LOGISTIC, BP_LOSS_BINARY_CROSS_ENTROPY, n, t, delta);
    cr_expect(fabsl((long double)loss - exact) <= 0x1p-50L * exact);
}

Test(step_loss, the_poisson_loss_is_that_of_the_definition)
{
    float delta[OUT];
    const float n[OUT] = {-40.0f, 1.5f, 3.0f}, t[OUT] = {2.0f, 0.0f, 20.0f};
    long double exact = 0.0L;
    for (size_t j = 0; j < OUT; j++)
        exact += expl((long double)n[j]) - (long double)t[j] * (long double)n[j];
    const double loss = measure(BP_ACTIVATION_IDENTITY, BP_LOSS_POISSON, n, t, delta);
    cr_expect(fabsl((long double)loss - exact) <= 0x1p-48L * fabsl(exact));
    expect_near((double)delta[0], expl(-40.0L) - 2.0L, "the first delta");
    expect_near((double)delta[1], expl(1.5L), "the second delta");
}

Test(step_loss, the_output_of_a_network_with_the_poisson_loss_is_the_rate)
{
    struct layer_case layer =
        layer_case_create(BP_ACTIVATION_IDENTITY, BP_LOSS_POISSON, (float[]){0.0f, 1.0f, -2.0f});
    float rate[OUT];
    bp_activations_outputs(&layer.room, layer.network, 1, rate);
    expect_near((double)rate[0], 1.0L, "exp(0)");
    expect_near((double)rate[1], expl(1.0L), "exp(1)");
    expect_near((double)rate[2], expl(-2.0L), "exp(-2)");
    layer_case_free(&layer);
}

Test(step_loss, absolute_error_has_slope_zero_where_it_is_zero)
{
    float delta[OUT];
    const double loss =
        measure(BP_ACTIVATION_IDENTITY, BP_LOSS_MAE, (float[]){1.0f, 0x1p-63f, -3.0f},
                (float[]){1.0f, 0.0f, 0.5f}, delta);
    cr_expect_eq(loss, 3.5 + 0x1p-63);
    cr_expect(delta[0] == 0.0f && delta[1] == 1.0f && delta[2] == -1.0f);
}

Test(step_loss, the_huber_loss_is_a_square_up_to_one_and_a_line_beyond)
{
    float delta[OUT];
    const double loss = measure(BP_ACTIVATION_IDENTITY, BP_LOSS_HUBER, (float[]){0.5f, 1.0f, -3.0f},
                                (float[]){0.0f, 0.0f, 0.0f}, delta);
    cr_expect_eq(loss, 0.125 + 0.5 + 2.5);
    cr_expect(delta[0] == 0.5f && delta[1] == 1.0f && delta[2] == -1.0f);
}

Test(step_loss, the_huber_loss_is_a_line_from_its_bend_on)
{
    float delta[OUT];
    const float n[OUT] = {0.125f, 0.25f, -3.0f}, t[OUT] = {0.0f, 0.0f, 0.0f};
    double loss = measure_with(BP_ACTIVATION_IDENTITY, BP_LOSS_HUBER, 0.25f, n, t, delta);
    cr_expect_eq(loss, 0.125 * 0.125 / 2 + 0.25 * 0.25 / 2 + 0.25 * (3.0 - 0.125));
    cr_expect(delta[0] == 0.125f && delta[1] == 0.25f && delta[2] == -0.25f);
    loss = measure_with(BP_ACTIVATION_IDENTITY, BP_LOSS_HUBER, 4.0f, n, t, delta);
    cr_expect_eq(loss, 0.125 * 0.125 / 2 + 0.25 * 0.25 / 2 + 4.5);
    cr_expect(delta[0] == 0.125f && delta[1] == 0.25f && delta[2] == -3.0f);
}

Test(step_loss, the_quantile_loss_weighs_what_is_below_by_its_level_and_what_is_above_by_the_rest)
{
    float delta[OUT];
    const float n[OUT] = {1.0f, -3.0f, 0.5f}, t[OUT] = {-1.0f, 1.0f, 0.5f};
    const double loss = measure_with(BP_ACTIVATION_IDENTITY, BP_LOSS_QUANTILE, 0.875f, n, t, delta);
    cr_expect_eq(loss, 0.125 * 2.0 + 0.875 * 4.0);
    cr_expect(delta[0] == 0.125f && delta[1] == -0.875f && delta[2] == 0.0f);
}

Test(step_loss, the_quantile_loss_with_level_one_half_is_half_the_absolute_error)
{
    float half[OUT], whole[OUT];
    const float n[OUT] = {1.0f, -0x1p-63f, 0.5f}, t[OUT] = {-1.0f, 0.0f, 0.5f};
    const double quantile = measure(BP_ACTIVATION_TANH, BP_LOSS_QUANTILE, n, t, half);
    cr_expect_eq(2.0 * quantile, measure(BP_ACTIVATION_TANH, BP_LOSS_MAE, n, t, whole));
    for (size_t j = 0; j < OUT; j++)
        cr_expect_eq(2.0f * half[j], whole[j]);
}

Test(step_loss, not_a_number_shows_in_every_loss)
{
    static const struct {
        bp_activation output;
        bp_loss loss;
    } cases[] = {
        {BP_ACTIVATION_LOGISTIC, BP_LOSS_MSE},
        {BP_ACTIVATION_IDENTITY, BP_LOSS_MAE},
        {BP_ACTIVATION_TANH, BP_LOSS_HUBER},
        {BP_ACTIVATION_IDENTITY, BP_LOSS_QUANTILE},
        {BP_ACTIVATION_LOGISTIC, BP_LOSS_BINARY_CROSS_ENTROPY},
        {BP_ACTIVATION_SOFTMAX, BP_LOSS_MSE},
        {BP_ACTIVATION_SOFTMAX, BP_LOSS_CROSS_ENTROPY},
        {BP_ACTIVATION_IDENTITY, BP_LOSS_POISSON},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        float delta[OUT];
        const double loss = measure(cases[c].output, cases[c].loss, (float[]){0.0f, NAN, 1.0f},
                                    (float[]){0.0f, 0.0f, 1.0f}, delta);
        cr_expect(isnan(loss), "case %zu", c);
        cr_expect(isnan(delta[1]), "case %zu", c);
    }
}

/* E = (1/n) sum w(x) E(x): a power of two passes through every product. */
Test(step_loss, a_weight_multiplies_loss_and_deltas)
{
    const float n[OUT] = {0.3f, -1.0f, 2.0f}, t[OUT] = {0.0f, 1.0f, 0.0f};
    for (int kind = 0; bp_choice_name(BP_CHOICE_LOSS, kind); kind++) {
        const bp_loss loss = (bp_loss)kind;
        if (loss == BP_LOSS_AUTO)
            continue;
        const bp_activation output = loss == BP_LOSS_CROSS_ENTROPY ? BP_ACTIVATION_SOFTMAX
                                     : loss == BP_LOSS_POISSON     ? BP_ACTIVATION_IDENTITY
                                                                   : BP_ACTIVATION_LOGISTIC;
        float delta[OUT];
        const double plain = measure(output, loss, n, t, delta);
        struct layer_case layer = layer_case_create(output, loss, n);
        memcpy(layer.room.target, t, sizeof t);
        layer.room.weighted = true;
        layer.room.factor[0] = 4.0f;
        double weighted;
        bp_delta_output(layer.network, bp_kernels_select(BP_ISA_AUTO), &layer.room, 1, 1,
                        &weighted);
        cr_expect_eq(weighted, 4.0 * plain, "loss %d", (int)loss);
        for (size_t j = 0; j < OUT; j++)
            cr_expect_eq(layer.room.slope[0][j], 4.0f * delta[j], "loss %d", (int)loss);
        layer_case_free(&layer);
    }
}

/* ---- the functions below the losses ---- */

Test(step_loss, exp_is_right_to_one_unit_in_the_last_place)
{
    for (double x = -708.0; x < 709.7; x += 0.0137) {
        const long double exact = expl((long double)x);
        int exponent;
        frexpl(exact, &exponent);
        cr_assert(fabsl((long double)bp_exp(x) - exact) <= ldexpl(1.0L, exponent - 53),
                  "exp(%.17g)", x);
    }
}

Test(step_loss, exp_has_its_limits)
{
    cr_expect_eq(bp_exp(0.0), 1.0);
    cr_expect(bp_exp(-(double)INFINITY) == 0.0 && bp_exp(-708.001) == 0.0 &&
              bp_exp(-708.0) >= 0x1p-1022);
    cr_expect(isinf(bp_exp(709.79)) && isinf(bp_exp((double)INFINITY)) && isfinite(bp_exp(709.78)));
    cr_expect(isnan(bp_exp((double)NAN)));
}

Test(step_loss, exp_undoes_the_logarithm)
{
    for (double x = 1e-300; x < 1e300; x *= 1.7)
        cr_assert(fabs(bp_exp(bp_log(x)) / x - 1.0) <= 0x1p-51 * (1.0 + fabs(bp_log(x))), "%g", x);
}
