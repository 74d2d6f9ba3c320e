/* Floats for tests from a seed, drawn by a generator of their own (splitmix64, Steele et al. 2014).
 */
#ifndef BP_TESTS_NOISE_H
#define BP_TESTS_NOISE_H

#include <stddef.h>
#include <stdint.h>

struct noise {
    uint64_t state;
};

uint64_t noise_bits(struct noise *noise);

/* Uniform in [-1, 1). */
float noise_float(struct noise *noise);

/* Fills at[0 ... count - 1] with noise_float(). */
void noise_fill(struct noise *noise, float *at, size_t count);

/* A number of either sign and any magnitude from 2^-149 to 2^-30: half of them near 2^-63. */
float noise_small(struct noise *noise);

/* Half ordinary numbers, half zeros, subnormals, numbers around 2^-63 and its root, the largest
 * numbers, infinities and NaN. */
void noise_fill_special(struct noise *noise, float *at, size_t count);

#endif
