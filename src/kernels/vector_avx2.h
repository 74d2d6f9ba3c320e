/* Sixteen lanes as two AVX registers; each operation as in vector_portable.h. */
#ifndef BP_KERNELS_VECTOR_AVX2_H
#define BP_KERNELS_VECTOR_AVX2_H

#include <immintrin.h>

#include "kernels/transpose_avx.h"

/* 6 x 2 accumulators, 2 registers of weights and a broadcast fill 15 of the 16 registers. */
#define TILE_ROWS   6
#define TILE_PANELS 1

/* Terms of a sum in one go: the panels of a tile then fill half of a first-level cache. */
#define PART_DEPTH 256

struct vec {
    __m256 low, high;
};
typedef struct vec vec;

static inline vec vec_load(const float *p)
{
    return (vec){_mm256_load_ps(p), _mm256_load_ps(p + 8)};
}

static inline void vec_store(float *p, vec a)
{
    _mm256_store_ps(p, a.low);
    _mm256_store_ps(p + 8, a.high);
}

static inline vec vec_set(float x)
{
    const __m256 all = _mm256_set1_ps(x);
    return (vec){all, all};
}

static inline vec vec_add(vec a, vec b)
{
    return (vec){_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)};
}

static inline vec vec_sub(vec a, vec b)
{
    return (vec){_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)};
}

static inline vec vec_mul(vec a, vec b)
{
    return (vec){_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)};
}

static inline vec vec_div(vec a, vec b)
{
    return (vec){_mm256_div_ps(a.low, b.low), _mm256_div_ps(a.high, b.high)};
}

static inline vec vec_fma(vec a, vec b, vec c)
{
    return (vec){_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
}

static inline void vec_accumulate(vec *sum, vec a, vec b)
{
    *sum = vec_fma(a, b, *sum);
}

static inline vec vec_sqrt(vec a)
{
    return (vec){_mm256_sqrt_ps(a.low), _mm256_sqrt_ps(a.high)};
}

static inline vec vec_max(vec a, vec b)
{
    return (vec){_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)};
}

static inline vec vec_min(vec a, vec b)
{
    return (vec){_mm256_min_ps(a.low, b.low), _mm256_min_ps(a.high, b.high)};
}

static inline vec vec_negative_abs(vec a)
{
    const __m256 sign = _mm256_set1_ps(-0.0f);
    return (vec){_mm256_or_ps(a.low, sign), _mm256_or_ps(a.high, sign)};
}

static inline vec vec_select_sign(vec n, vec a, vec b)
{
    return (vec){_mm256_blendv_ps(b.low, a.low, n.low), _mm256_blendv_ps(b.high, a.high, n.high)};
}

static inline __m256 select_zero_half(__m256 n, __m256 a, __m256 b)
{
    return _mm256_blendv_ps(b, a, _mm256_cmp_ps(n, _mm256_setzero_ps(), _CMP_EQ_OQ));
}

static inline vec vec_select_zero(vec n, vec a, vec b)
{
    return (vec){select_zero_half(n.low, a.low, b.low), select_zero_half(n.high, a.high, b.high)};
}

static inline __m256 abs_half(__m256 a)
{
    return _mm256_and_ps(a, _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFFFFFF)));
}

static inline vec vec_abs(vec a)
{
    return (vec){abs_half(a.low), abs_half(a.high)};
}

static inline __m256 zero_below_half(__m256 x, __m256 limit, __m256 a)
{
    return _mm256_and_ps(a, _mm256_cmp_ps(x, limit, _CMP_NLT_UQ));
}

static inline vec vec_zero_below(vec x, vec limit, vec a)
{
    return (vec){zero_below_half(x.low, limit.low, a.low),
                 zero_below_half(x.high, limit.high, a.high)};
}

static inline __m256 stored_half(__m256 a)
{
    const __m256i upper = _mm256_set1_epi32(0x60000000);
    const __m256i bits = _mm256_and_si256(_mm256_castps_si256(a), upper);
    const __m256i small = _mm256_cmpeq_epi32(bits, _mm256_setzero_si256());
    return _mm256_andnot_ps(_mm256_castsi256_ps(small), a);
}

static inline vec vec_stored(vec a)
{
    return (vec){stored_half(a.low), stored_half(a.high)};
}

/* At least is more than one less. */
static inline __m256 guard_half(__m256 a, __m256 b)
{
    const __m256i a_bits = _mm256_castps_si256(abs_half(a));
    const __m256i b_bits = _mm256_castps_si256(abs_half(b));
    const __m256i below = _mm256_sub_epi32(_mm256_set1_epi32(0x5F000000 - 1), a_bits);
    return _mm256_and_ps(a, _mm256_castsi256_ps(_mm256_cmpgt_epi32(b_bits, below)));
}

static inline vec vec_guard(vec a, vec b)
{
    return (vec){guard_half(a.low, b.low), guard_half(a.high, b.high)};
}

static inline __m256 scale_half(__m256 a, __m256 shifted)
{
    const __m256i bits = _mm256_slli_epi32(_mm256_castps_si256(shifted), 23);
    const __m256i factor = _mm256_add_epi32(bits, _mm256_set1_epi32(0x3F800000));
    return _mm256_mul_ps(a, _mm256_castsi256_ps(factor));
}

static inline vec vec_scale(vec a, vec shifted)
{
    return (vec){scale_half(a.low, shifted.low), scale_half(a.high, shifted.high)};
}

#endif
