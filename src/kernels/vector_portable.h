/* Sixteen lanes in plain C: the definition of every operation that the kernels use. */
#ifndef BP_KERNELS_VECTOR_PORTABLE_H
#define BP_KERNELS_VECTOR_PORTABLE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/flush.h"

#define TILE_ROWS   1
#define TILE_PANELS 1

/* Terms of a sum in one go: the panels of a tile then fill half of a first-level cache. */
#define PART_DEPTH 256

struct vec {
    float lane[16];
};
typedef struct vec vec;

#define EACH_LANE(result, expression)                                                              \
    vec result;                                                                                    \
    for (int k = 0; k < 16; k++)                                                                   \
        result.lane[k] = (expression);                                                             \
    return result

static inline vec vec_load(const float *p)
{
    EACH_LANE(r, p[k]);
}

static inline void vec_store(float *p, vec a)
{
    for (int k = 0; k < 16; k++)
        p[k] = a.lane[k];
}

static inline vec vec_set(float x)
{
    EACH_LANE(r, x);
}

static inline vec vec_add(vec a, vec b)
{
    EACH_LANE(r, a.lane[k] + b.lane[k]);
}

static inline vec vec_sub(vec a, vec b)
{
    EACH_LANE(r, a.lane[k] - b.lane[k]);
}

static inline vec vec_mul(vec a, vec b)
{
    EACH_LANE(r, a.lane[k] * b.lane[k]);
}

static inline vec vec_div(vec a, vec b)
{
    EACH_LANE(r, a.lane[k] / b.lane[k]);
}

/* a * b + c, rounded once. */
static inline vec vec_fma(vec a, vec b, vec c)
{
    EACH_LANE(r, fmaf(a.lane[k], b.lane[k], c.lane[k]));
}

/* sum = fma(a, b, sum), for the sums of a tile, which shall stay in their registers. */
static inline void vec_accumulate(vec *sum, vec a, vec b)
{
    *sum = vec_fma(a, b, *sum);
}

static inline vec vec_sqrt(vec a)
{
    EACH_LANE(r, sqrtf(a.lane[k]));
}

/* a > b ? a : b, so that a NaN in b comes through. */
static inline vec vec_max(vec a, vec b)
{
    EACH_LANE(r, a.lane[k] > b.lane[k] ? a.lane[k] : b.lane[k]);
}

/* a < b ? a : b, so that a NaN in b comes through. */
static inline vec vec_min(vec a, vec b)
{
    EACH_LANE(r, a.lane[k] < b.lane[k] ? a.lane[k] : b.lane[k]);
}

/* -|a| */
static inline vec vec_negative_abs(vec a)
{
    EACH_LANE(r, -fabsf(a.lane[k]));
}

/* Where the sign bit of n is set a, else b. */
static inline vec vec_select_sign(vec n, vec a, vec b)
{
    EACH_LANE(r, signbit(n.lane[k]) ? a.lane[k] : b.lane[k]);
}

/* Where n is 0 (of either sign) a, else b. */
static inline vec vec_select_zero(vec n, vec a, vec b)
{
    EACH_LANE(r, n.lane[k] == 0.0f ? a.lane[k] : b.lane[k]);
}

/* |a| */
static inline vec vec_abs(vec a)
{
    EACH_LANE(r, fabsf(a.lane[k]));
}

/* Where x < limit +0, else a: also where x is a NaN. */
static inline vec vec_zero_below(vec x, vec limit, vec a)
{
    EACH_LANE(r, x.lane[k] < limit.lane[k] ? 0.0f : a.lane[k]);
}

/* +0 where |a| < 2^-63, else a: also where a is a NaN. The upper two bits of the exponent are 0 in
 * just these numbers. */
static inline vec vec_stored(vec a)
{
    EACH_LANE(r, fabsf(a.lane[k]) < BP_FLUSH_BELOW ? 0.0f : a.lane[k]);
}

/*
 * +0 where the bits of |a| and |b| add up to less than 190 2^23, else a: |a b| is below 2^-63 in
 * the first case, and at least 2^-64 in the second. For bits / 2^23 - 127 is the logarithm to base
 * 2, or below it by at most 0.087. If one of the two is subnormal, for which it is above it, the
 * first case still holds. Infinite numbers and NaN, 255 2^23 or more, are in the second case.
 */
static inline vec vec_guard(vec a, vec b)
{
    for (int k = 0; k < 16; k++) {
        uint32_t a_bits, b_bits;
        memcpy(&a_bits, &a.lane[k], sizeof a_bits);
        memcpy(&b_bits, &b.lane[k], sizeof b_bits);
        if ((a_bits & 0x7FFFFFFFu) + (b_bits & 0x7FFFFFFFu) < 0x5F000000u)
            a.lane[k] = 0.0f;
    }
    return a;
}

/* a * 2^k for the integer k in -126 ... 127 that stands in the low bits of `shifted` = 1.5 2^23 +
 * k: the other bits of `shifted` leave the word on the left. */
static inline vec vec_scale(vec a, vec shifted)
{
    for (int k = 0; k < 16; k++) {
        uint32_t bits;
        memcpy(&bits, &shifted.lane[k], sizeof bits);
        bits = (bits << 23) + 0x3F800000u;
        float factor;
        memcpy(&factor, &bits, sizeof factor);
        a.lane[k] *= factor;
    }
    return a;
}

#undef EACH_LANE

#define TRANSPOSE_LANES 16

/* to[j][i] = from[i][j] of a square; rows are 16 floats apart. */
static inline void transpose_square(float *to, const float *from)
{
    for (int i = 0; i < TRANSPOSE_LANES; i++) {
        for (int j = 0; j < TRANSPOSE_LANES; j++)
            to[j * 16 + i] = from[i * 16 + j];
    }
}

#endif
