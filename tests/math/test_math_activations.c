/*
 * (value, slope) of the activations other than the logistic: limits, signs, saturation and NaN.
 * activation_error.c holds them against long double over the whole range; test_math_saturation.c is
 * about the logistic.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "kernels/list.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct pair {
    float value, slope;
};

static struct pair activate(const struct bp_kernels *kernels, bp_activation f, float n)
{
    _Alignas(64) float in[BP_LANES], value[BP_LANES], slope[BP_LANES];
    for (size_t k = 0; k < BP_LANES; k++)
        in[k] = n;
    kernels->activate(f, in, value, slope, BP_LANES);
    return (struct pair){value[BP_LANES - 1], slope[BP_LANES - 1]};
}

struct limit {
    bp_activation f;
    float n, value, slope;
};

static void expect_limits(const struct limit *limits, size_t count)
{
    for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) {
        for (size_t c = 0; c < count; c++) {
            const struct pair pair = activate(k, limits[c].f, limits[c].n);
            cr_expect(pair.value == limits[c].value && pair.slope == limits[c].slope,
                      "%s(%g) is %g with slope %g, not %g with %g",
                      bp_choice_name(BP_CHOICE_ACTIVATION, (int)limits[c].f), (double)limits[c].n,
                      (double)pair.value, (double)pair.slope, (double)limits[c].value,
                      (double)limits[c].slope);
        }
    }
}

Test(math_activations, infinite_numbers_give_the_limits)
{
    static const struct limit limits[] = {
        {BP_ACTIVATION_TANH, INFINITY, 1.0f, 0.0f},
        {BP_ACTIVATION_TANH, -INFINITY, -1.0f, 0.0f},
        {BP_ACTIVATION_RELU, INFINITY, INFINITY, 1.0f},
        {BP_ACTIVATION_RELU, -INFINITY, 0.0f, 0.0f},
        {BP_ACTIVATION_GELU, INFINITY, INFINITY, 1.0f},
        {BP_ACTIVATION_GELU, -INFINITY, 0.0f, 0.0f},
        {BP_ACTIVATION_SILU, INFINITY, INFINITY, 1.0f},
        {BP_ACTIVATION_SILU, -INFINITY, 0.0f, 0.0f},
        {BP_ACTIVATION_ELU, INFINITY, INFINITY, 1.0f},
        {BP_ACTIVATION_ELU, -INFINITY, -1.0f, 0.0f},
        {BP_ACTIVATION_SOFTPLUS, INFINITY, INFINITY, 1.0f},
        {BP_ACTIVATION_SOFTPLUS, -INFINITY, 0.0f, 0.0f},
        {BP_ACTIVATION_IDENTITY, INFINITY, INFINITY, 1.0f},
        {BP_ACTIVATION_LEAKY_RELU, -INFINITY, -INFINITY, 0.01f},
    };
    expect_limits(limits, COUNT(limits));
}

Test(math_activations, the_largest_numbers_give_the_limits)
{
    const float most = 0x1.fffffep127f;
    const struct limit limits[] = {
        {BP_ACTIVATION_TANH, most, 1.0f, 0.0f},     {BP_ACTIVATION_TANH, -most, -1.0f, 0.0f},
        {BP_ACTIVATION_RELU, most, most, 1.0f},     {BP_ACTIVATION_RELU, -most, 0.0f, 0.0f},
        {BP_ACTIVATION_GELU, most, most, 1.0f},     {BP_ACTIVATION_GELU, -most, 0.0f, 0.0f},
        {BP_ACTIVATION_SILU, most, most, 1.0f},     {BP_ACTIVATION_SILU, -most, 0.0f, 0.0f},
        {BP_ACTIVATION_ELU, most, most, 1.0f},      {BP_ACTIVATION_ELU, -most, -1.0f, 0.0f},
        {BP_ACTIVATION_SOFTPLUS, most, most, 1.0f}, {BP_ACTIVATION_SOFTPLUS, -most, 0.0f, 0.0f},
    };
    expect_limits(limits, COUNT(limits));
}

/* f(n) is n f'(0) for the smallest numbers that are stored; values below them are 0, and slopes are
 * those of n. */
Test(math_activations, the_smallest_numbers_keep_their_first_bit)
{
    const float least = 0x1p-63f, below = 0x1.fffffep-64f, subnormal = 0x1p-149f;
    const struct limit limits[] = {
        {BP_ACTIVATION_IDENTITY, least, least, 1.0f},
        {BP_ACTIVATION_IDENTITY, -least, -least, 1.0f},
        {BP_ACTIVATION_IDENTITY, below, 0.0f, 1.0f},
        {BP_ACTIVATION_IDENTITY, -below, 0.0f, 1.0f},
        {BP_ACTIVATION_TANH, least, least, 1.0f},
        {BP_ACTIVATION_TANH, -least, -least, 1.0f},
        {BP_ACTIVATION_TANH, below, 0.0f, 1.0f},
        {BP_ACTIVATION_RELU, least, least, 1.0f},
        {BP_ACTIVATION_RELU, subnormal, 0.0f, 1.0f},
        {BP_ACTIVATION_RELU, -subnormal, 0.0f, 0.0f},
        {BP_ACTIVATION_LEAKY_RELU, least, least, 1.0f},
        {BP_ACTIVATION_LEAKY_RELU, subnormal, 0.0f, 1.0f},
        {BP_ACTIVATION_LEAKY_RELU, -subnormal, 0.0f, 0.01f},
        {BP_ACTIVATION_GELU, 0x1p-62f, least, 0.5f},
        {BP_ACTIVATION_GELU, -0x1p-62f, -least, 0.5f},
        {BP_ACTIVATION_GELU, least, 0.0f, 0.5f},
        {BP_ACTIVATION_SILU, 0x1p-62f, least, 0.5f},
        {BP_ACTIVATION_SILU, least, 0.0f, 0.5f},
        {BP_ACTIVATION_ELU, least, least, 1.0f},
        {BP_ACTIVATION_ELU, -least, -least, 1.0f},
        {BP_ACTIVATION_ELU, -below, 0.0f, 1.0f},
    };
    expect_limits(limits, COUNT(limits));
}

/* Every 997th float of either sign: nothing that a run stores is a subnormal number. */
Test(math_activations, no_value_and_no_slope_is_a_subnormal_number)
{
    const struct bp_kernels *kernels = bp_kernels_select(BP_ISA_AUTO);
    enum { BLOCK = 1024 };
    _Alignas(64) static float n[BLOCK], value[BLOCK], slope[BLOCK];
    const uint32_t step = 997, last = 0x7F800000u;
    for (uint32_t bits = 0; bits < last - BLOCK / 2 * step;) {
        for (size_t k = 0; k < BLOCK; k += 2, bits += step) {
            memcpy(&n[k], &bits, sizeof bits);
            n[k + 1] = -n[k];
        }
        for (int f = 0; bp_choice_name(BP_CHOICE_ACTIVATION, f); f++) {
            kernels->activate((bp_activation)f, n, value, slope, BLOCK);
            for (size_t k = 0; k < BLOCK; k++) {
                cr_assert(value[k] == 0.0f || fabsf(value[k]) >= 0x1p-63f, "%d: value at %a", f,
                          (double)n[k]);
                cr_assert(slope[k] == 0.0f || fabsf(slope[k]) >= 0x1p-126f, "%d: slope at %a", f,
                          (double)n[k]);
            }
        }
    }
}

Test(math_activations, zero_of_either_sign_gives_zero_and_the_slope_there)
{
    const struct limit limits[] = {
        {BP_ACTIVATION_TANH, 0.0f, 0.0f, 1.0f},
        {BP_ACTIVATION_TANH, -0.0f, 0.0f, 1.0f},
        {BP_ACTIVATION_RELU, 0.0f, 0.0f, 0.0f},
        {BP_ACTIVATION_RELU, -0.0f, 0.0f, 0.0f},
        {BP_ACTIVATION_GELU, 0.0f, 0.0f, 0.5f},
        {BP_ACTIVATION_GELU, -0.0f, 0.0f, 0.5f},
        {BP_ACTIVATION_SILU, 0.0f, 0.0f, 0.5f},
        {BP_ACTIVATION_SILU, -0.0f, 0.0f, 0.5f},
        {BP_ACTIVATION_LEAKY_RELU, 0.0f, 0.0f, 0.01f},
        {BP_ACTIVATION_LEAKY_RELU, -0.0f, 0.0f, 0.01f},
        {BP_ACTIVATION_ELU, 0.0f, 0.0f, 1.0f},
        {BP_ACTIVATION_ELU, -0.0f, 0.0f, 1.0f},
    };
    expect_limits(limits, COUNT(limits));
}

Test(math_activations, leaky_relu_has_slope_one_above_zero_and_a_hundredth_below)
{
    const struct limit limits[] = {
        {BP_ACTIVATION_LEAKY_RELU, 3.0f, 3.0f, 1.0f},
        {BP_ACTIVATION_LEAKY_RELU, -3.0f, -0.03f, 0.01f},
        {BP_ACTIVATION_LEAKY_RELU, -100.0f, -1.0f, 0.01f},
    };
    expect_limits(limits, COUNT(limits));
}

/* A net that diverged must show it: ReLU of a NaN is no 0. */
Test(math_activations, not_a_number_comes_through_every_activation)
{
    for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) {
        for (int f = 0; bp_choice_name(BP_CHOICE_ACTIVATION, f); f++) {
            const bool identity = f == BP_ACTIVATION_IDENTITY || f == BP_ACTIVATION_SOFTMAX ||
                                  f == BP_ACTIVATION_AUTO;
            for (int sign = 0; sign < 2; sign++) {
                const struct pair pair = activate(k, (bp_activation)f, sign ? -NAN : NAN);
                cr_expect(isnan(pair.value), "value of activation %d", f);
                cr_expect(identity || isnan(pair.slope), "slope of activation %d", f);
            }
        }
    }
}

/* tanh'(n) = 4 exp(-2n) / (1 + exp(-2n))^2, where 1 - tanh(n)^2 has been 0 since n = 9. */
Test(math_activations, the_slope_of_tanh_stays_where_the_value_rounds_to_one)
{
    const struct bp_kernels *kernels = bp_kernels_select(BP_ISA_PORTABLE);
    for (float n = 10.0f; n < 44.3f; n += 0.25f) {
        const struct pair pair = activate(kernels, BP_ACTIVATION_TANH, n);
        cr_assert_eq(pair.value, 1.0f);
        const long double exact = 4.0L * expl(-2.0L * (long double)n);
        cr_assert(fabsl((long double)pair.slope - exact) <= 3 * 0x1p-23L * exact, "tanh'(%g) is %g",
                  (double)n, (double)pair.slope);
        cr_assert_gt(pair.slope, 0.0f);
    }
}

/* -n exp(-n^2/2) / sqrt(2 pi) and less: long gone where Phi is 1 - something. The slope goes on
 * where the value is 0. */
Test(math_activations, the_tail_of_gelu_is_right_to_the_smallest_number)
{
    const struct bp_kernels *kernels = bp_kernels_select(BP_ISA_PORTABLE);
    for (float n = -5.0f; n > -13.2f; n -= 0.0625f) {
        const struct pair pair = activate(kernels, BP_ACTIVATION_GELU, n);
        const long double share = erfcl(-(long double)n / sqrtl(2.0L)) / 2.0L;
        const long double phi = expl(-(long double)n * (long double)n / 2.0L) / 2.50662827463L;
        const long double exact = (long double)n * share, slope = share + (long double)n * phi;
        cr_assert(exact > -0x1p-63L
                      ? pair.value == 0.0f
                      : fabsl((long double)pair.value - exact) <= 8 * 0x1p-23L * fabsl(exact),
                  "gelu(%g) is %g, not %Lg", (double)n, (double)pair.value, exact);
        cr_assert(fabsl((long double)pair.slope - slope) <= 8 * 0x1p-23L * fabsl(slope),
                  "gelu'(%g) is %g, not %Lg", (double)n, (double)pair.slope, slope);
    }
    cr_assert_lt(activate(kernels, BP_ACTIVATION_GELU, -13.2f).slope, -0x1p-126f);
}

/* ln(1 + exp(n)) by ln(1 + x) = x - x^2/2 + ..., where 1 + exp(n) has rounded to 1. */
Test(math_activations, the_tail_of_softplus_is_right_to_the_smallest_number)
{
    const struct bp_kernels *kernels = bp_kernels_select(BP_ISA_PORTABLE);
    for (float n = -17.0f; n > -87.3f; n -= 0.0625f) {
        const struct pair pair = activate(kernels, BP_ACTIVATION_SOFTPLUS, n);
        const long double exact = log1pl(expl((long double)n));
        cr_assert(exact < 0x1p-63L ? pair.value == 0.0f
                                   : fabsl((long double)pair.value - exact) <= 2 * 0x1p-23L * exact,
                  "softplus(%g) is %g", (double)n, (double)pair.value);
        cr_assert_gt(pair.slope, 0.0f, "softplus'(%g)", (double)n);
    }
    cr_assert_eq(activate(kernels, BP_ACTIVATION_SOFTPLUS, 0.0f).value, 0x1.62e43p-1f, "ln 2");
    cr_assert_eq(activate(kernels, BP_ACTIVATION_SOFTPLUS, -0.0f).slope, 0.5f);
}

/* exp(n) - 1 would have lost all bits. */
Test(math_activations, elu_keeps_its_bits_near_zero)
{
    const struct bp_kernels *kernels = bp_kernels_select(BP_ISA_PORTABLE);
    for (float n = -1.0f; n < -1e-18f; n *= 0.875f) {
        const struct pair pair = activate(kernels, BP_ACTIVATION_ELU, n);
        const long double exact = expm1l((long double)n);
        cr_assert(fabsl((long double)pair.value - exact) <= 1.5L * 0x1p-23L * fabsl(exact),
                  "elu(%g) is %g", (double)n, (double)pair.value);
    }
}

Test(math_activations, tanh_is_odd_and_its_slope_even)
{
    const struct bp_kernels *kernels = bp_kernels_select(BP_ISA_PORTABLE);
    for (float n = 1e-20f; n < 100.0f; n *= 1.01f) {
        const struct pair above = activate(kernels, BP_ACTIVATION_TANH, n);
        const struct pair below = activate(kernels, BP_ACTIVATION_TANH, -n);
        cr_assert_eq(above.value, -below.value, "n = %g", (double)n);
        cr_assert_eq(above.slope, below.slope, "n = %g", (double)n);
        cr_assert_leq(above.value, n * (1.0f + 0x1p-22f), "|tanh n| <= |n|");
    }
}

Test(math_activations, exp_overflows_to_infinity_and_underflows_to_zero)
{
    _Alignas(64) float n[BP_LANES] = {88.72283f,  88.72284f, 89.0f, INFINITY, -43.66827f,
                                      -43.66828f, -INFINITY, 0.0f,  NAN};
    _Alignas(64) float e[BP_LANES];
    for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) {
        k->exponential(n, e, BP_LANES);
        cr_expect(isfinite(e[0]));
        cr_expect(isinf(e[1]) && isinf(e[2]) && isinf(e[3]));
        cr_expect(e[4] >= 0x1p-63f && e[4] < 0x1.0001p-63f);
        cr_expect(e[5] == 0.0f && e[6] == 0.0f && e[7] == 1.0f);
        cr_expect(isnan(e[8]));
    }
}
