/* Transposition of 8 x 8 floats in AVX registers. Included by vector headers. */
#ifndef BP_KERNELS_TRANSPOSE_AVX_H
#define BP_KERNELS_TRANSPOSE_AVX_H

#include <immintrin.h>

#define TRANSPOSE_LANES 8

/* Rows of `from` and `to` are 16 floats apart. Pairs of rows are interleaved, then pairs of pairs,
 * then the halves of registers change places. */
static inline void transpose_square(float *to, const float *from)
{
    __m256 row[8], pair[8], four[8];
    for (int r = 0; r < 8; r++)
        row[r] = _mm256_load_ps(from + r * 16);
    for (int r = 0; r < 8; r += 2) {
        pair[r] = _mm256_unpacklo_ps(row[r], row[r + 1]);
        pair[r + 1] = _mm256_unpackhi_ps(row[r], row[r + 1]);
    }
    for (int r = 0; r < 8; r += 4) {
        four[r] = _mm256_shuffle_ps(pair[r], pair[r + 2], 0x44);
        four[r + 1] = _mm256_shuffle_ps(pair[r], pair[r + 2], 0xEE);
        four[r + 2] = _mm256_shuffle_ps(pair[r + 1], pair[r + 3], 0x44);
        four[r + 3] = _mm256_shuffle_ps(pair[r + 1], pair[r + 3], 0xEE);
    }
    for (int r = 0; r < 4; r++) {
        _mm256_store_ps(to + r * 16, _mm256_permute2f128_ps(four[r], four[r + 4], 0x20));
        _mm256_store_ps(to + (r + 4) * 16, _mm256_permute2f128_ps(four[r], four[r + 4], 0x31));
    }
}

#endif
