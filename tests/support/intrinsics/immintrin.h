/*
 * The AVX-512 intrinsics that vector_avx512.h uses, in plain C after Intel's descriptions of them. A
 * library that has this folder in front of its include path runs the AVX-512 kernels on any
 * processor. Only the names are Intel's: an intrinsic that is not here stops the compiler.
 */
#ifndef BP_TESTS_IMMINTRIN_H
#define BP_TESTS_IMMINTRIN_H

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

struct float16 {
    float lane[16];
};
struct int16 {
    uint32_t lane[16];
};
typedef struct float16 __m512;
typedef struct int16 __m512i;
typedef uint16_t __mmask16;

#define EACH_LANE(type, result, expression)                                                        \
    type result;                                                                                   \
    for (int k = 0; k < 16; k++)                                                                   \
        result.lane[k] = (expression);                                                             \
    return result

static inline __m512 _mm512_load_ps(const void *p)
{
    assert((uintptr_t)p % 64 == 0);
    __m512 r;
    memcpy(&r, p, sizeof r);
    return r;
}

static inline void _mm512_store_ps(void *p, __m512 a)
{
    assert((uintptr_t)p % 64 == 0);
    memcpy(p, &a, sizeof a);
}

static inline __m512 _mm512_set1_ps(float x)
{
    EACH_LANE(__m512, r, x);
}

static inline __m512 _mm512_add_ps(__m512 a, __m512 b)
{
    EACH_LANE(__m512, r, a.lane[k] + b.lane[k]);
}

static inline __m512 _mm512_sub_ps(__m512 a, __m512 b)
{
    EACH_LANE(__m512, r, a.lane[k] - b.lane[k]);
}

static inline __m512 _mm512_mul_ps(__m512 a, __m512 b)
{
    EACH_LANE(__m512, r, a.lane[k] * b.lane[k]);
}

static inline __m512 _mm512_div_ps(__m512 a, __m512 b)
{
    EACH_LANE(__m512, r, a.lane[k] / b.lane[k]);
}

static inline __m512 _mm512_fmadd_ps(__m512 a, __m512 b, __m512 c)
{
    EACH_LANE(__m512, r, fmaf(a.lane[k], b.lane[k], c.lane[k]));
}

/* The second operand if both are zero or one is not a number. */
static inline __m512 _mm512_max_ps(__m512 a, __m512 b)
{
    EACH_LANE(__m512, r, a.lane[k] > b.lane[k] ? a.lane[k] : b.lane[k]);
}

static inline __m512i _mm512_castps_si512(__m512 a)
{
    __m512i r;
    memcpy(&r, &a, sizeof r);
    return r;
}

static inline __m512 _mm512_castsi512_ps(__m512i a)
{
    __m512 r;
    memcpy(&r, &a, sizeof r);
    return r;
}

static inline __m512i _mm512_set1_epi32(int x)
{
    EACH_LANE(__m512i, r, (uint32_t)x);
}

static inline __m512i _mm512_setzero_si512(void)
{
    return _mm512_set1_epi32(0);
}

static inline __m512i _mm512_or_si512(__m512i a, __m512i b)
{
    EACH_LANE(__m512i, r, a.lane[k] | b.lane[k]);
}

static inline __m512i _mm512_add_epi32(__m512i a, __m512i b)
{
    EACH_LANE(__m512i, r, a.lane[k] + b.lane[k]);
}

static inline __m512i _mm512_sub_epi32(__m512i a, __m512i b)
{
    EACH_LANE(__m512i, r, a.lane[k] - b.lane[k]);
}

/* Zeros move in, also when nothing else is left. */
static inline __m512i _mm512_slli_epi32(__m512i a, unsigned count)
{
    EACH_LANE(__m512i, r, count > 31 ? 0 : a.lane[k] << count);
}

/* Copies of the sign move in. */
static inline __m512i _mm512_srai_epi32(__m512i a, unsigned count)
{
    const unsigned places = count > 31 ? 31 : count;
    const uint32_t sign = 0x80000000u;
    EACH_LANE(__m512i, r, a.lane[k] & sign ? ~(~a.lane[k] >> places) : a.lane[k] >> places);
}

/* Less, of signed numbers: the order of unsigned ones with the sign bit inverted. */
static inline __mmask16 _mm512_cmplt_epi32_mask(__m512i a, __m512i b)
{
    unsigned mask = 0;
    for (int k = 0; k < 16; k++)
        mask |= (unsigned)((a.lane[k] ^ 0x80000000u) < (b.lane[k] ^ 0x80000000u)) << k;
    return (__mmask16)mask;
}

/* b where the bit is set, else a. */
static inline __m512 _mm512_mask_blend_ps(__mmask16 mask, __m512 a, __m512 b)
{
    EACH_LANE(__m512, r, mask >> k & 1 ? b.lane[k] : a.lane[k]);
}

#undef EACH_LANE

#endif
