/*
 * activation_error [STRIDE]: the largest errors of the activations, their slopes and the exp below
 * them, against the C library in long double. Looks at every STRIDE-th float of n from -104 to 104
 * (1: all of them, which takes an hour). The exit status says whether the errors are below the
 * bounds that docs/numerics.md states.
 *
 * Errors are in units in the last place of the exact result; where the slope of GELU and SiLU
 * crosses 0, of the greater of the two terms whose sum it is. Values below 2^-63 and slopes below
 * 2^-126 must be 0, with no error then; slopes that are n times a number below 2^-126 may be.
 */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernels.h"

#include "kernels/vector_portable.h"

#include "kernels/flush.inc.h"

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

/* What a result should be, the size that its error is measured by; the magnitude below which it
 * must be 0, and that below which it may be. */
struct target {
    long double exact, size, zero, may_be_zero;
};

#define LEAST_VALUE 0x1p-63L
#define LEAST_SLOPE 0x1p-126L

#define WORST(name, bound)                                                                         \
    {                                                                                              \
        name, bound, 0.0L, 0.0f                                                                    \
    }

/* The distance between the floats around a number. */
static long double unit(long double size)
{
    int exponent;
    frexpl(size, &exponent);
    return ldexpl(1.0L, exponent - FLT_MANT_DIG);
}

/* Next to the magnitude where it becomes 0, within the bound, a result may be on either side. */
static void compare(struct worst *worst, float at, float actual, struct target target)
{
    const long double distance = unit(target.size) * (long double)worst->bound;
    const long double size = fabsl(target.exact);
    if (actual == 0.0f && size < target.may_be_zero + distance)
        return;
    long double ulps = fabsl((long double)actual - target.exact) / unit(target.size);
    if (size < target.zero - distance ||
        (actual != 0.0f && (long double)fabsf(actual) < target.zero))
        ulps = INFINITY;
    if (!(ulps <= worst->ulps)) { /* a NaN counts */
        worst->ulps = ulps;
        worst->at = at;
    }
}

struct function {
    bp_activation activation;
    struct exact (*find)(long double n);
    long double stretch; /* of slopes that are n times a number */
    struct worst value, slope;
};

static void measure_function(struct function *function, const float *n)
{
    _Alignas(64) float value[BLOCK], slope[BLOCK];
    activate(function->activation, n, value, slope, BLOCK);
    for (size_t k = 0; k < BLOCK; k++) {
        const struct exact exact = function->find((long double)n[k]);
        compare(&function->value, n[k], value[k],
                (struct target){exact.value, exact.value, LEAST_VALUE, LEAST_VALUE});
        compare(&function->slope, n[k], slope[k],
                (struct target){exact.slope, exact.slope_size, LEAST_SLOPE,
                                function->stretch * LEAST_SLOPE});
    }
}

static void measure_exp(struct worst *worst, const float *n)
{
    _Alignas(64) float e[BLOCK];
    exponential(n, e, BLOCK);
    for (size_t k = 0; k < BLOCK; k++) {
        const long double exact = expl((long double)n[k]);
        if (exact < (long double)FLT_MAX)
            compare(worst, n[k], e[k], (struct target){exact, exact, LEAST_VALUE, LEAST_VALUE});
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
        {BP_ACTIVATION_LOGISTIC, find_logistic, 1.0L, WORST("logistic(n)", 2.5),
         WORST("logistic'(n)", 4.5)},
        {BP_ACTIVATION_TANH, find_tanh, 1.0L, WORST("tanh(n)", 3.5), WORST("tanh'(n)", 5.5)},
        {BP_ACTIVATION_GELU, find_gelu, 8.0L, WORST("gelu(n)", 8.0), WORST("gelu'(n)", 5.5)},
        {BP_ACTIVATION_SILU, find_silu, 128.0L, WORST("silu(n)", 3.5), WORST("silu'(n)", 4.5)},
        {BP_ACTIVATION_ELU, find_elu, 1.0L, WORST("elu(n)", 1.5), WORST("elu'(n)", 1.0)},
        {BP_ACTIVATION_SOFTPLUS, find_softplus, 1.0L, WORST("softplus(n)", 3.0),
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
        measure_exp(&exp_of_n, n);
        for (size_t f = 0; f < count; f++)
            measure_function(&functions[f], n);
    }
    int failed = report(&exp_of_n);
    for (size_t f = 0; f < count; f++)
        failed |= report(&functions[f].value) | report(&functions[f].slope);
    return failed;
}
