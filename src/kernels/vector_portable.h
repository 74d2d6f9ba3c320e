/* Sixteen lanes in plain C: the definition of every operation that the kernels use. */
#ifndef BP_KERNELS_VECTOR_PORTABLE_H
#define BP_KERNELS_VECTOR_PORTABLE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

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

/* a * 2^k for the integer k in -252 ... 254 that stands in the low bits of `shifted` = 1.5 2^23 +
 * k: by two factors, so that a result below the normal range is rounded once and not flushed. */
static inline vec vec_scale(vec a, vec shifted)
{
    for (int k = 0; k < 16; k++) {
        int32_t bits;
        memcpy(&bits, &shifted.lane[k], sizeof bits);
        const int32_t whole = (int32_t)((uint32_t)bits - 0x4B400000u);
        const int32_t half = whole >> 1;
        const uint32_t first = (uint32_t)(half + 127) << 23;
        const uint32_t second = (uint32_t)(whole - half + 127) << 23;
        float factor[2];
        memcpy(&factor[0], &first, sizeof first);
        memcpy(&factor[1], &second, sizeof second);
        a.lane[k] = a.lane[k] * factor[0] * factor[1];
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
