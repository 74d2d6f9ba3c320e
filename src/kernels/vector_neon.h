/* Sixteen lanes as four NEON registers of a 64-bit ARM processor; each operation as in
 * vector_portable.h. */
#ifndef BP_KERNELS_VECTOR_NEON_H
#define BP_KERNELS_VECTOR_NEON_H

#include <arm_neon.h>

/* 5 x 4 accumulators, 4 registers of weights and 5 inputs, which compilers load early, fill 29 of
 * the 32 registers; with 6 rows accumulators are spilled. */
#define TILE_ROWS   5
#define TILE_PANELS 1

/* Terms of a sum in one go: the panels of a tile then fill half of a first-level cache. */
#define PART_DEPTH 256

struct vec {
    float32x4_t q0, q1, q2, q3;
};
typedef struct vec vec;

#define EACH_OF_1(f, a) ((vec){f((a).q0), f((a).q1), f((a).q2), f((a).q3)})
#define EACH_OF_2(f, a, b)                                                                         \
    ((vec){f((a).q0, (b).q0), f((a).q1, (b).q1), f((a).q2, (b).q2), f((a).q3, (b).q3)})
#define EACH_OF_3(f, a, b, c)                                                                      \
    ((vec){f((a).q0, (b).q0, (c).q0), f((a).q1, (b).q1, (c).q1), f((a).q2, (b).q2, (c).q2),        \
           f((a).q3, (b).q3, (c).q3)})

static inline vec vec_load(const float *p)
{
    return (vec){vld1q_f32(p), vld1q_f32(p + 4), vld1q_f32(p + 8), vld1q_f32(p + 12)};
}

static inline void vec_store(float *p, vec a)
{
    vst1q_f32(p, a.q0);
    vst1q_f32(p + 4, a.q1);
    vst1q_f32(p + 8, a.q2);
    vst1q_f32(p + 12, a.q3);
}

static inline vec vec_set(float x)
{
    const float32x4_t all = vdupq_n_f32(x);
    return (vec){all, all, all, all};
}

static inline vec vec_add(vec a, vec b)
{
    return EACH_OF_2(vaddq_f32, a, b);
}

static inline vec vec_sub(vec a, vec b)
{
    return EACH_OF_2(vsubq_f32, a, b);
}

static inline vec vec_mul(vec a, vec b)
{
    return EACH_OF_2(vmulq_f32, a, b);
}

static inline vec vec_div(vec a, vec b)
{
    return EACH_OF_2(vdivq_f32, a, b);
}

static inline vec vec_fma(vec a, vec b, vec c)
{
    return EACH_OF_3(vfmaq_f32, c, a, b);
}

static inline void vec_accumulate(vec *sum, vec a, vec b)
{
    *sum = vec_fma(a, b, *sum);
}

static inline vec vec_sqrt(vec a)
{
    return EACH_OF_1(vsqrtq_f32, a);
}

/* Not vmaxq_f32, which hands on a NaN in either operand and takes +0 for greater than -0. */
static inline float32x4_t max_quarter(float32x4_t a, float32x4_t b)
{
    return vbslq_f32(vcgtq_f32(a, b), a, b);
}

static inline vec vec_max(vec a, vec b)
{
    return EACH_OF_2(max_quarter, a, b);
}

/* Not vminq_f32, for the same reasons. */
static inline float32x4_t min_quarter(float32x4_t a, float32x4_t b)
{
    return vbslq_f32(vcltq_f32(a, b), a, b);
}

static inline vec vec_min(vec a, vec b)
{
    return EACH_OF_2(min_quarter, a, b);
}

static inline float32x4_t negative_abs_quarter(float32x4_t a)
{
    return vnegq_f32(vabsq_f32(a));
}

static inline vec vec_negative_abs(vec a)
{
    return EACH_OF_1(negative_abs_quarter, a);
}

static inline float32x4_t select_sign_quarter(float32x4_t n, float32x4_t a, float32x4_t b)
{
    return vbslq_f32(vcltzq_s32(vreinterpretq_s32_f32(n)), a, b);
}

static inline vec vec_select_sign(vec n, vec a, vec b)
{
    return EACH_OF_3(select_sign_quarter, n, a, b);
}

static inline float32x4_t select_zero_quarter(float32x4_t n, float32x4_t a, float32x4_t b)
{
    return vbslq_f32(vceqzq_f32(n), a, b);
}

static inline vec vec_select_zero(vec n, vec a, vec b)
{
    return EACH_OF_3(select_zero_quarter, n, a, b);
}

static inline vec vec_abs(vec a)
{
    return EACH_OF_1(vabsq_f32, a);
}

static inline float32x4_t zero_below_quarter(float32x4_t x, float32x4_t limit, float32x4_t a)
{
    const uint32x4_t bits = vreinterpretq_u32_f32(a);
    return vreinterpretq_f32_u32(vbicq_u32(bits, vcltq_f32(x, limit)));
}

static inline vec vec_zero_below(vec x, vec limit, vec a)
{
    return EACH_OF_3(zero_below_quarter, x, limit, a);
}

static inline float32x4_t stored_quarter(float32x4_t a)
{
    const uint32x4_t bits = vreinterpretq_u32_f32(a);
    const uint32x4_t stays = vtstq_u32(bits, vdupq_n_u32(0x60000000u));
    return vreinterpretq_f32_u32(vandq_u32(bits, stays));
}

static inline vec vec_stored(vec a)
{
    return EACH_OF_1(stored_quarter, a);
}

static inline float32x4_t guard_quarter(float32x4_t a, float32x4_t b)
{
    const uint32x4_t a_bits = vreinterpretq_u32_f32(vabsq_f32(a));
    const uint32x4_t b_bits = vreinterpretq_u32_f32(vabsq_f32(b));
    const uint32x4_t stays = vcgeq_u32(vaddq_u32(a_bits, b_bits), vdupq_n_u32(0x5F000000u));
    return vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(a), stays));
}

static inline vec vec_guard(vec a, vec b)
{
    return EACH_OF_2(guard_quarter, a, b);
}

static inline float32x4_t scale_quarter(float32x4_t a, float32x4_t shifted)
{
    const uint32x4_t bits = vshlq_n_u32(vreinterpretq_u32_f32(shifted), 23);
    const uint32x4_t factor = vaddq_u32(bits, vdupq_n_u32(0x3F800000u));
    return vmulq_f32(a, vreinterpretq_f32_u32(factor));
}

static inline vec vec_scale(vec a, vec shifted)
{
    return EACH_OF_2(scale_quarter, a, shifted);
}

#undef EACH_OF_1
#undef EACH_OF_2
#undef EACH_OF_3

#define TRANSPOSE_LANES 4

/* Rows of `from` and `to` are 16 floats apart. */
static inline void transpose_square(float *to, const float *from)
{
    const float32x4x2_t upper = vtrnq_f32(vld1q_f32(from), vld1q_f32(from + 16));
    const float32x4x2_t lower = vtrnq_f32(vld1q_f32(from + 32), vld1q_f32(from + 48));
    for (int k = 0; k < 2; k++) {
        vst1q_f32(to + k * 16,
                  vcombine_f32(vget_low_f32(upper.val[k]), vget_low_f32(lower.val[k])));
        vst1q_f32(to + (k + 2) * 16,
                  vcombine_f32(vget_high_f32(upper.val[k]), vget_high_f32(lower.val[k])));
    }
}

#endif
