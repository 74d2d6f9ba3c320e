/*
 * (value, slope) of the logistic against long double, from -110 to 110 and beyond.
 *
 * Where the bounds come from, with u = 2^-24 (half a unit in the last place), e = exp(-|n|), d = 1
 * + e:
 *
 *   exp   rounding of the reduced argument r 0.25 u; of the last two sums of the polynomial u and
 *         0.25 u; remainder of the series 0.09 u; the rest 0.07 u: e is right to 1.7 u
 *   d     its own rounding u; e enters with the weight e/d
 *   value e/d: 1.7 u / d + u + u <= 3.7 u;  1/d: 1.7 u e/d + u + u <= 2.9 u
 *   slope e/d^2: 1.7 u (1 - e)/d + 2 u + u (square) + u (quotient) <= 5.7 u
 *
 * A value below 2^-63 becomes 0, and a slope below the smallest normal number.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "support/trial.h"

#define UNIT        0x1p-24L
#define VALUE_UNITS 4
#define SLOPE_UNITS 6
#define LEAST_VALUE 0x1p-63L
#define LEAST_SLOPE 0x1p-126L

#define BLOCK 16

static float activate(bp_isa isa, float n, float *slope)
{
    _Alignas(64) float in[BLOCK], value[BLOCK], slopes[BLOCK];
    for (size_t k = 0; k < BLOCK; k++)
        in[k] = n;
    bp_kernels_select(isa)->activate(BP_ACTIVATION_LOGISTIC, in, value, slopes, BLOCK);
    *slope = slopes[0];
    return value[0];
}

static long double exact_value(float n)
{
    const long double e = expl(-fabsl((long double)n));
    return (n < 0 ? e : 1.0L) / (1.0L + e);
}

static long double exact_slope(float n)
{
    const long double e = expl(-fabsl((long double)n));
    return e / ((1.0L + e) * (1.0L + e));
}

/* Whether a result is within the bound of the exact one, or 0 where that may be below `least` and
 * only there. */
static bool is_right(float actual, long double exact, long double bound, long double least)
{
    if (actual == 0.0f)
        return exact < least + bound;
    return (long double)actual >= least && fabsl((long double)actual - exact) <= bound;
}

static void check_at(bp_isa isa, float n)
{
    float slope;
    const float value = activate(isa, n, &slope);
    const long double v = exact_value(n), s = exact_slope(n);
    cr_assert(is_right(value, v, VALUE_UNITS * UNIT * v, LEAST_VALUE),
              "sigma(%.9g) is %.9g, not %.9Lg", (double)n, (double)value, v);
    cr_assert(is_right(slope, s, SLOPE_UNITS * UNIT * s, LEAST_SLOPE),
              "sigma'(%.9g) is %.9g, not %.9Lg", (double)n, (double)slope, s);
}

Test(math_saturation, value_and_slope_are_right_from_minus_110_to_110)
{
    for (int step = -110 * 1024; step <= 110 * 1024; step++)
        check_at(BP_ISA_PORTABLE, (float)step / 1024.0f);
}

Test(math_saturation, value_and_slope_are_right_between_the_steps)
{
    float n = 110.0f;
    for (int step = 0; step < 300000; step++, n *= 0.9998f) {
        check_at(BP_ISA_PORTABLE, n);
        check_at(BP_ISA_PORTABLE, -n);
    }
    cr_expect_lt(n, 1e-20f);
}

Test(math_saturation, value_and_slope_are_right_where_they_become_zero)
{
    static const float edges[] = {43.66827f, 43.7f, 87.33f, 87.336544f, 88.0f, 104.0f};
    for (size_t k = 0; k < sizeof edges / sizeof edges[0]; k++) {
        float n = edges[k] - 0.001f;
        for (; n < edges[k] + 0.001f; n = nextafterf(n, INFINITY)) {
            check_at(BP_ISA_PORTABLE, n);
            check_at(BP_ISA_PORTABLE, -n);
        }
    }
}

/* e^-87.3365 is 2^-126. Neighbours differ by 2^-17 there, which changes e^-n by 128 u: far more
 * than its error, so that none is on the wrong side. */
Test(math_saturation, the_slope_is_positive_wherever_the_exact_one_is_a_normal_number)
{
    for (float n = 87.0f; n < 87.5f; n = nextafterf(n, INFINITY)) {
        float slope;
        activate(BP_ISA_PORTABLE, n, &slope);
        cr_assert_eq(slope > 0.0f, exact_slope(n) >= LEAST_SLOPE, "n = %.9g: slope %g, exact %Lg",
                     (double)n, (double)slope, exact_slope(n));
    }
}

Test(math_saturation, the_slope_stays_where_the_value_rounds_to_one)
{
    for (float n = 18.0f; n <= 87.0f; n += 1.0f) {
        float slope;
        const float value = activate(BP_ISA_PORTABLE, n, &slope);
        cr_assert_eq(value, 1.0f);
        cr_assert_eq(value * (1.0f - value), 0.0f, "o (1 - o) is what this replaces");
        cr_assert_gt(slope, 0.0f);
    }
}

Test(math_saturation, special_values_give_the_limits)
{
    static const struct {
        float n, value, slope;
    } cases[] = {
        {0.0f, 0.5f, 0.25f},       {-0.0f, 0.5f, 0.25f},     {0x1p-149f, 0.5f, 0.25f},
        {-0x1p-149f, 0.5f, 0.25f}, {0x1p-126f, 0.5f, 0.25f}, {-0x1p-126f, 0.5f, 0.25f},
        {87.34f, 1.0f, 0.0f},      {-87.34f, 0.0f, 0.0f},    {110.0f, 1.0f, 0.0f},
        {-110.0f, 0.0f, 0.0f},     {1e30f, 1.0f, 0.0f},      {-1e30f, 0.0f, 0.0f},
        {INFINITY, 1.0f, 0.0f},    {-INFINITY, 0.0f, 0.0f},  {0x1.fffffep127f, 1.0f, 0.0f},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) {
            float slope;
            const float value = activate(k->isa, cases[c].n, &slope);
            cr_expect_eq(value, cases[c].value, "sigma(%g) is %g", (double)cases[c].n,
                         (double)value);
            cr_expect_eq(slope, cases[c].slope, "sigma'(%g) is %g", (double)cases[c].n,
                         (double)slope);
        }
    }
}

Test(math_saturation, not_a_number_comes_through)
{
    for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) {
        float slope, value = activate(k->isa, NAN, &slope);
        cr_expect(isnan(value) && isnan(slope));
        value = activate(k->isa, -NAN, &slope);
        cr_expect(isnan(value) && isnan(slope));
    }
}

/* Both share d: its error u; the quotients round by 2^-25 and 2^-26. In all 1.75 u, below 2^-23. */
Test(math_saturation, values_of_n_and_of_minus_n_add_up_to_one)
{
    for (int step = 0; step <= 110 * 1024; step++) {
        const float n = (float)step / 1024.0f;
        float slope, mirrored;
        const double sum = (double)activate(BP_ISA_PORTABLE, n, &slope) +
                           (double)activate(BP_ISA_PORTABLE, -n, &mirrored);
        cr_assert_leq(fabs(sum - 1.0), 1.75 * 0x1p-24, "n = %g", (double)n);
        cr_assert_eq(slope, mirrored, "the slope is even");
    }
}

/* In steps of 2^-7 e changes by far more than its error, and rounding is monotone. */
Test(math_saturation, values_rise_with_n_and_slopes_fall_with_its_magnitude)
{
    float value = 0.0f, slope = 0.0f;
    for (int step = -110 * 128; step <= 110 * 128; step++) {
        const float before = value, slope_before = slope;
        value = activate(BP_ISA_PORTABLE, (float)step / 128.0f, &slope);
        cr_assert_geq(value, before, "n = %g", step / 128.0);
        cr_assert(step <= 0 ? slope >= slope_before : slope <= slope_before, "n = %g",
                  step / 128.0);
    }
}

Test(math_saturation, every_instruction_set_gives_the_same_bits)
{
    _Alignas(64) static float n[4096], value[2][4096], slope[2][4096];
    for (int block = -60; block < 60; block++) {
        for (int k = 0; k < 4096; k++)
            n[k] = ((float)block + (float)k / 4096.0f) * 2.0f + 1e-4f * (float)(k % 7);
        bp_kernels_select(BP_ISA_PORTABLE)
            ->activate(BP_ACTIVATION_LOGISTIC, n, value[0], slope[0], 4096);
        for (const struct bp_kernels *kernels = bp_kernels_next(NULL); kernels;
             kernels = bp_kernels_next(kernels)) {
            kernels->activate(BP_ACTIVATION_LOGISTIC, n, value[1], slope[1], 4096);
            cr_assert_arr_eq(value[0], value[1], sizeof value[0]);
            cr_assert_arr_eq(slope[0], slope[1], sizeof slope[0]);
        }
    }
}

/* Neurons at n from 20 to 36: every o_j is 1, and o (1 - o) would leave no gradient at all. */
static void check_saturated(bool reduced)
{
    const struct bp_network_spec spec = {.layers = 2, .widths = {2, 3, 1}, .reduced = reduced};
    struct trial *trial = trial_create(&spec, 4, false, 2);
    if (reduced) {
        for (size_t k = 0; k < 4 * 2; k++)
            trial->input[k] = trial->samples.owned_values[k] = 1.0f;
        trial_set(trial, 0, (const float[6]){10, 10, 14, 14, 18, 18}, (const float[3]){0, 0, 0});
    } else {
        trial_set(trial, 0, (const float[6]){1, -1, 2, 1, -1, 1}, (const float[3]){-20, -28, -36});
    }
    reference_propagate(trial->reference, trial->input, trial->target, 4);
    for (size_t k = 0; k < 4 * 3; k++)
        cr_assert_eq((float)trial->reference->layer[0].value[k].value, 1.0f);
    float *gradient = trial_values_alloc(trial);
    trial_gradient(trial, BP_ISA_AUTO, 1, gradient);
    trial_expect_sums(trial, gradient);
    float weights[6];
    bp_layer_unpack(&trial->network->layer[0], gradient, weights, NULL);
    for (size_t k = 0; k < 6; k++)
        cr_expect_neq(weights[k], 0.0f);
    trial_values_free(gradient);
    trial_free(trial);
}

Test(math_saturation, a_saturated_neuron_has_the_gradient_of_the_exact_function)
{
    check_saturated(false);
    check_saturated(true);
}
