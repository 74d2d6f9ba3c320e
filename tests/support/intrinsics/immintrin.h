/*
 * The AVX-512 and AVX intrinsics that vector_avx512.h uses, in plain C after Intel's descriptions
 * of them. A library that has this folder in front of its include path runs the AVX-512 kernels on
 * any processor. Only the names are Intel's: an intrinsic that is not here stops the compiler.
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

static inline __m512 _mm512_sqrt_ps(__m512 a)
{
    EACH_LANE(__m512, r, sqrtf(a.lane[k]));
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

static inline __m512 _mm512_min_ps(__m512 a, __m512 b)
{
    EACH_LANE(__m512, r, a.lane[k] < b.lane[k] ? a.lane[k] : b.lane[k]);
}

static inline __m512 _mm512_setzero_ps(void)
{
    return _mm512_set1_ps(0.0f);
}

#define _CMP_EQ_OQ  0x00
#define _CMP_NLT_UQ 0x15

/* Equal, and neither is NaN; or not less, which is so where one is NaN. No other comparison. */
static inline __mmask16 _mm512_cmp_ps_mask(__m512 a, __m512 b, int predicate)
{
    assert(predicate == _CMP_EQ_OQ || predicate == _CMP_NLT_UQ);
    unsigned mask = 0;
    for (int k = 0; k < 16; k++)
        mask |= (unsigned)(predicate == _CMP_EQ_OQ ? a.lane[k] == b.lane[k]
                                                   : !(a.lane[k] < b.lane[k]))
                << k;
    return (__mmask16)mask;
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

static inline __m512i _mm512_and_si512(__m512i a, __m512i b)
{
    EACH_LANE(__m512i, r, a.lane[k] & b.lane[k]);
}

/* Whether any bit of both is set. */
static inline __mmask16 _mm512_test_epi32_mask(__m512i a, __m512i b)
{
    unsigned mask = 0;
    for (int k = 0; k < 16; k++)
        mask |= (unsigned)((a.lane[k] & b.lane[k]) != 0) << k;
    return (__mmask16)mask;
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

/* Less, of signed numbers: the order of unsigned ones with the sign bit inverted. */
static inline __mmask16 _mm512_cmplt_epi32_mask(__m512i a, __m512i b)
{
    unsigned mask = 0;
    for (int k = 0; k < 16; k++)
        mask |= (unsigned)((a.lane[k] ^ 0x80000000u) < (b.lane[k] ^ 0x80000000u)) << k;
    return (__mmask16)mask;
}

/* Greater or equal, of signed numbers. */
static inline __mmask16 _mm512_cmpge_epi32_mask(__m512i a, __m512i b)
{
    return (__mmask16)~_mm512_cmplt_epi32_mask(a, b);
}

/* b where the bit is set, else a. */
static inline __m512 _mm512_mask_blend_ps(__mmask16 mask, __m512 a, __m512 b)
{
    EACH_LANE(__m512, r, mask >> k & 1 ? b.lane[k] : a.lane[k]);
}

/* a where the bit is set, else 0. */
static inline __m512 _mm512_maskz_mov_ps(__mmask16 mask, __m512 a)
{
    EACH_LANE(__m512, r, mask >> k & 1 ? a.lane[k] : 0.0f);
}

#undef EACH_LANE

struct float8 {
    float lane[8];
};
typedef struct float8 __m256;

static inline __m256 _mm256_load_ps(const float *p)
{
    assert((uintptr_t)p % 32 == 0);
    __m256 r;
    memcpy(&r, p, sizeof r);
    return r;
}

static inline void _mm256_store_ps(float *p, __m256 a)
{
    assert((uintptr_t)p % 32 == 0);
    memcpy(p, &a, sizeof a);
}

/* In each half of four lanes: a0 b0 a1 b1, or a2 b2 a3 b3 for `first` 2. */
static inline __m256 interleave(__m256 a, __m256 b, int first)
{
    __m256 r;
    for (int half = 0; half < 8; half += 4) {
        for (int k = 0; k < 2; k++) {
            r.lane[half + 2 * k] = a.lane[half + first + k];
            r.lane[half + 2 * k + 1] = b.lane[half + first + k];
        }
    }
    return r;
}

static inline __m256 _mm256_unpacklo_ps(__m256 a, __m256 b)
{
    return interleave(a, b, 0);
}

static inline __m256 _mm256_unpackhi_ps(__m256 a, __m256 b)
{
    return interleave(a, b, 2);
}

/* In each half: two lanes of a, then two of b, each named by two bits of `lanes`. */
static inline __m256 _mm256_shuffle_ps(__m256 a, __m256 b, int lanes)
{
    __m256 r;
    for (int half = 0; half < 8; half += 4)
        for (int k = 0; k < 4; k++)
            r.lane[half + k] = (k < 2 ? a : b).lane[half + (lanes >> 2 * k & 3)];
    return r;
}

/* Each half of the result is half 0 or 1 of a, or half 2 or 3 as that of b. */
static inline __m256 _mm256_permute2f128_ps(__m256 a, __m256 b, int halves)
{
    __m256 r;
    for (int half = 0; half < 2; half++) {
        const int from = halves >> 4 * half & 3;
        memcpy(r.lane + 4 * half, (from < 2 ? a : b).lane + 4 * (from % 2), 4 * sizeof(float));
    }
    return r;
}

#endif
