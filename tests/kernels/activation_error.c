/*
 * activation_error [STRIDE]: the largest errors of the activations, their slopes and the exp below
 * them, against the C library in long double. Looks at every STRIDE-th float of n from -104 to 104
 * (1: all of them, which takes an hour). The exit status says whether the errors are below the
 * bounds that docs/numerics.md states.
 *
 * Errors are in units in the last place of the exact result; where the slope of GELU and SiLU
 * crosses 0, of the greater of the two terms whose sum it is.
 */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernels.h"

#include "kernels/vector_portable.h"

#include "kernels/activate.inc.h" /* the portable exp and activate() themselves */

#define BLOCK 1024

/* The exact value and slope, and the size that the error of the slope is measured by. */
struct exact {
    long double value, slope, slope_size;
};

static struct exact find_logistic(long double n)
{
    const long double e = expl(-fabsl(n)), d = 1.0L + e;
    return (struct exact){(n < 0 ? e : 1.0L) / d, e / (d * d), e / (d * d)};
}

static struct exact find_tanh(long double n)
{
    const long double e = expl(-2.0L * fabsl(n)), d = 1.0L + e;
    return (struct exact){tanhl(n), 4.0L * e / (d * d), 4.0L * e / (d * d)};
}

static struct exact find_gelu(long double n)
{
    const long double share = erfcl(-n / sqrtl(2.0L)) / 2.0L;
    const long double moment = n * expl(-n * n / 2.0L) / sqrtl(2.0L * acosl(-1.0L));
    return (struct exact){n * share, share + moment, fmaxl(share, fabsl(moment))};
}

static struct exact find_silu(long double n)
{
    const struct exact sigma = find_logistic(n);
    const long double moment = n * sigma.slope;
    return (struct exact){n * sigma.value, sigma.value + moment, fmaxl(sigma.value, fabsl(moment))};
}

static struct exact find_elu(long double n)
{
    return n > 0.0L ? (struct exact){n, 1.0L, 1.0L} : (struct exact){expm1l(n), expl(n), expl(n)};
}

static struct exact find_softplus(long double n)
{
    const long double slope = find_logistic(n).value;
    return (struct exact){fmaxl(n, 0.0L) + log1pl(expl(-fabsl(n))), slope, slope};
}

struct worst {
    const char *name;
    double bound;
    long double ulps;
    float at;
};

#define WORST(name, bound)                                                                         \
    {                                                                                              \
        name, bound, 0.0L, 0.0f                                                                    \
    }

/* The distance between the floats around a number. Products with n carry the rounding of a
 * subnormal factor: `stretch` times the smallest distance is allowed for it. */
static long double unit(long double size, long double stretch)
{
    int exponent;
    frexpl(size, &exponent);
    const int lowest = FLT_MIN_EXP - FLT_MANT_DIG;
    return fmaxl(ldexpl(1.0L, exponent - FLT_MANT_DIG), stretch * ldexpl(1.0L, lowest));
}

static void compare(struct worst *worst, float at, float actual, long double exact,
                    long double unit_there)
{
    const long double ulps = fabsl((long double)actual - exact) / unit_there;
    if (!(ulps <= worst->ulps)) { /* a NaN counts */
        worst->ulps = ulps;
        worst->at = at;
    }
}

struct function {
    bp_activation activation;
    struct exact (*find)(long double n);
    bool stretched; /* has products with n */
    struct worst value, slope;
};

static void look_at_function(struct function *function, const float *n)
{
    _Alignas(64) float value[BLOCK], slope[BLOCK];
    activate(function->activation, n, value, slope, BLOCK);
    for (size_t k = 0; k < BLOCK; k++) {
        const struct exact exact = function->find((long double)n[k]);
        const long double stretch =
            function->stretched ? fmaxl(1.0L, fabsl((long double)n[k])) : 1.0L;
        compare(&function->value, n[k], value[k], exact.value, unit(exact.value, stretch));
        compare(&function->slope, n[k], slope[k], exact.slope, unit(exact.slope_size, stretch));
    }
}

static void look_at_exp(struct worst *worst, const float *n)
{
    _Alignas(64) float e[BLOCK];
    exponential(n, e, BLOCK);
    for (size_t k = 0; k < BLOCK; k++) {
        const long double exact = expl((long double)n[k]);
        if (exact < (long double)FLT_MAX)
            compare(worst, n[k], e[k], exact, unit(exact, 1.0L));
    }
}

static int report(const struct worst *worst)
{
    const bool above = !(worst->ulps <= (long double)worst->bound);
    printf("%-16s %.4Lf units in the last place at n = %a (bound %.1f)%s\n", worst->name,
           worst->ulps, (double)worst->at, worst->bound, above ? ": ABOVE" : "");
    return above;
}

int main(int argc, char **argv)
{
    const unsigned long given = argc > 1 ? strtoul(argv[1], NULL, 10) : 1009;
    const uint64_t stride = given ? given : 1, last = 0x42D00000u; /* 104 */
    struct worst exp_of_n = WORST("exp(n)", 1.0);
    struct function functions[] = {
        {BP_ACTIVATION_LOGISTIC, find_logistic, false, WORST("logistic(n)", 2.5),
         WORST("logistic'(n)", 4.5)},
        {BP_ACTIVATION_TANH, find_tanh, false, WORST("tanh(n)", 3.5), WORST("tanh'(n)", 5.5)},
        {BP_ACTIVATION_GELU, find_gelu, true, WORST("gelu(n)", 8.0), WORST("gelu'(n)", 5.5)},
        {BP_ACTIVATION_SILU, find_silu, true, WORST("silu(n)", 3.5), WORST("silu'(n)", 4.5)},
        {BP_ACTIVATION_ELU, find_elu, false, WORST("elu(n)", 1.5), WORST("elu'(n)", 1.0)},
        {BP_ACTIVATION_SOFTPLUS, find_softplus, false, WORST("softplus(n)", 3.0),
         WORST("softplus'(n)", 2.5)},
    };
    const size_t count = sizeof functions / sizeof functions[0];
    for (uint64_t next = 0; next <= last;) {
        _Alignas(64) float n[BLOCK] = {0.0f};
        for (size_t k = 0; k < BLOCK && next <= last; k += 2, next += stride) {
            const uint32_t bits = (uint32_t)next;
            memcpy(&n[k], &bits, sizeof bits);
            n[k + 1] = -n[k];
        }
        look_at_exp(&exp_of_n, n);
        for (size_t f = 0; f < count; f++)
            look_at_function(&functions[f], n);
    }
    int failed = report(&exp_of_n);
    for (size_t f = 0; f < count; f++)
        failed |= report(&functions[f].value) | report(&functions[f].slope);
    return failed;
}
