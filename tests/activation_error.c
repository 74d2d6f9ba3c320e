/*
 * activation_error [STRIDE]: the greatest error of the logistic function, its slope and the exp
 * below them, in units in the last place of the exact result, against expl() of the C library.
 * Looks at every STRIDE-th float of n from -104 to 104 (1: all of them, which takes minutes). The
 * exit status says whether the errors are below the bounds that docs/numerics.md states.
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

struct worst {
    const char *name;
    long double ulps;
    float at;
    double bound;
};

enum { EXP, VALUE, SLOPE, FUNCTIONS };

/* The distance between the floats around a positive number. */
static long double unit(long double exact)
{
    int exponent;
    frexpl(exact, &exponent);
    return ldexpl(1.0L,
                  exponent < FLT_MIN_EXP ? FLT_MIN_EXP - FLT_MANT_DIG : exponent - FLT_MANT_DIG);
}

static void compare(struct worst *worst, float at, float actual, long double exact)
{
    const long double ulps = fabsl(actual - exact) / unit(exact);
    if (!(ulps <= worst->ulps)) { /* a NaN counts */
        worst->ulps = ulps;
        worst->at = at;
    }
}

/* The numbers n and -n, n >= 0. */
static void look_at(struct worst *worst, const float *n)
{
    _Alignas(64) float negative[BLOCK], e[BLOCK], value[2][BLOCK], slope[2][BLOCK];
    for (size_t k = 0; k < BLOCK; k++)
        negative[k] = -n[k];
    for (size_t k = 0; k < BLOCK; k += BP_PANEL)
        vec_store(e + k, exp_of_negative(vec_load(negative + k)));
    activate(BP_LOGISTIC, n, value[0], slope[0], BLOCK);
    activate(BP_LOGISTIC, negative, value[1], slope[1], BLOCK);
    for (size_t k = 0; k < BLOCK; k++) {
        const long double exact = expl(-(long double)n[k]), d = 1.0L + exact;
        compare(&worst[EXP], negative[k], e[k], exact);
        compare(&worst[VALUE], n[k], value[0][k], 1.0L / d);
        compare(&worst[VALUE], negative[k], value[1][k], exact / d);
        compare(&worst[SLOPE], n[k], slope[0][k], exact / (d * d));
        compare(&worst[SLOPE], negative[k], slope[1][k], exact / (d * d));
    }
}

int main(int argc, char **argv)
{
    const unsigned long given = argc > 1 ? strtoul(argv[1], NULL, 10) : 1009;
    const uint64_t stride = given ? given : 1, last = 0x42D00000u; /* 104 */
    struct worst worst[FUNCTIONS] = {{"exp(n), n <= 0", 0.0L, 0.0f, 1.0},
                                     {"logistic(n)", 0.0L, 0.0f, 2.5},
                                     {"logistic'(n)", 0.0L, 0.0f, 4.5}};
    for (uint64_t next = 0; next <= last;) {
        _Alignas(64) float n[BLOCK] = {0.0f};
        for (size_t k = 0; k < BLOCK && next <= last; k++, next += stride) {
            const uint32_t bits = (uint32_t)next;
            memcpy(&n[k], &bits, sizeof bits);
        }
        look_at(worst, n);
    }
    int failed = 0;
    for (size_t f = 0; f < FUNCTIONS; f++) {
        const bool above = !(worst[f].ulps <= (long double)worst[f].bound);
        printf("%-16s %.4Lf units in the last place at n = %a (bound %.1f)%s\n", worst[f].name,
               worst[f].ulps, (double)worst[f].at, worst[f].bound, above ? ": ABOVE" : "");
        failed |= above;
    }
    return failed;
}
