/* Sixteen lanes as one AVX-512 register; each operation as in vector_portable.h. */
#ifndef BP_KERNELS_VECTOR_AVX512_H
#define BP_KERNELS_VECTOR_AVX512_H

#include <immintrin.h>

#include "kernels/transpose_avx.h"

/* 14 x 2 accumulators and 2 registers of weights fill 30 of the 32 registers. */
#define TILE_ROWS   14
#define TILE_PANELS 2

/* Terms of a sum in one go: the panels of a tile then fill half of a first-level cache. */
#define PART_DEPTH 192

/* With 8, clang loads all scalars first and spills the sums. */
#ifndef UNROLLED_DEPTH
#define UNROLLED_DEPTH 4
#endif

struct vec {
    __m512 all;
};
typedef struct vec vec;

static inline vec vec_load(const float *p)
{
    return (vec){_mm512_load_ps(p)};
}

static inline void vec_store(float *p, vec a)
{
    _mm512_store_ps(p, a.all);
}

static inline vec vec_set(float x)
{
    return (vec){_mm512_set1_ps(x)};
}

static inline vec vec_add(vec a, vec b)
{
    return (vec){_mm512_add_ps(a.all, b.all)};
}

static inline vec vec_sub(vec a, vec b)
{
    return (vec){_mm512_sub_ps(a.all, b.all)};
}

static inline vec vec_mul(vec a, vec b)
{
    return (vec){_mm512_mul_ps(a.all, b.all)};
}

static inline vec vec_div(vec a, vec b)
{
    return (vec){_mm512_div_ps(a.all, b.all)};
}

static inline vec vec_fma(vec a, vec b, vec c)
{
    return (vec){_mm512_fmadd_ps(a.all, b.all, c.all)};
}

/* Written out, because clang puts sums into the register of the scalar that they have read, loads
 * the scalar anew for every panel, and runs out of registers. */
static inline void vec_accumulate(vec *sum, vec a, vec b)
{
#ifdef __AVX512F__
    __asm__("vfmadd231ps %2, %1, %0" : "+v"(sum->all) : "v"(a.all), "v"(b.all));
#else /* the intrinsics in plain C */
    *sum = vec_fma(a, b, *sum);
#endif
}

static inline vec vec_sqrt(vec a)
{
    return (vec){_mm512_sqrt_ps(a.all)};
}

static inline vec vec_max(vec a, vec b)
{
    return (vec){_mm512_max_ps(a.all, b.all)};
}

static inline vec vec_min(vec a, vec b)
{
    return (vec){_mm512_min_ps(a.all, b.all)};
}

static inline vec vec_negative_abs(vec a)
{
    const __m512i sign = _mm512_set1_epi32((int)0x80000000u);
    return (vec){_mm512_castsi512_ps(_mm512_or_si512(_mm512_castps_si512(a.all), sign))};
}

static inline vec vec_select_sign(vec n, vec a, vec b)
{
    const __mmask16 negative =
        _mm512_cmplt_epi32_mask(_mm512_castps_si512(n.all), _mm512_setzero_si512());
    return (vec){_mm512_mask_blend_ps(negative, b.all, a.all)};
}

static inline vec vec_select_zero(vec n, vec a, vec b)
{
    const __mmask16 zero = _mm512_cmp_ps_mask(n.all, _mm512_setzero_ps(), _CMP_EQ_OQ);
    return (vec){_mm512_mask_blend_ps(zero, b.all, a.all)};
}

static inline vec vec_abs(vec a)
{
    const __m512i rest = _mm512_set1_epi32(0x7FFFFFFF);
    return (vec){_mm512_castsi512_ps(_mm512_and_si512(_mm512_castps_si512(a.all), rest))};
}

static inline vec vec_zero_below(vec x, vec limit, vec a)
{
    const __mmask16 stays = _mm512_cmp_ps_mask(x.all, limit.all, _CMP_NLT_UQ);
    return (vec){_mm512_maskz_mov_ps(stays, a.all)};
}

static inline vec vec_stored(vec a)
{
    const __m512i upper = _mm512_set1_epi32(0x60000000);
    const __mmask16 stays = _mm512_test_epi32_mask(_mm512_castps_si512(a.all), upper);
    return (vec){_mm512_maskz_mov_ps(stays, a.all)};
}

static inline vec vec_guard(vec a, vec b)
{
    const __m512i a_bits = _mm512_castps_si512(vec_abs(a).all);
    const __m512i b_bits = _mm512_castps_si512(vec_abs(b).all);
    const __m512i least = _mm512_sub_epi32(_mm512_set1_epi32(0x5F000000), a_bits);
    return (vec){_mm512_maskz_mov_ps(_mm512_cmpge_epi32_mask(b_bits, least), a.all)};
}

static inline vec vec_scale(vec a, vec shifted)
{
    const __m512i bits = _mm512_slli_epi32(_mm512_castps_si512(shifted.all), 23);
    const __m512i factor = _mm512_add_epi32(bits, _mm512_set1_epi32(0x3F800000));
    return (vec){_mm512_mul_ps(a.all, _mm512_castsi512_ps(factor))};
}

#endif
