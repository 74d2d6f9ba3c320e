/* Noise for tests. */
#include "support/noise.h"

#include <math.h>

uint64_t noise_bits(struct noise *noise)
{
    uint64_t z = noise->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

float noise_float(struct noise *noise)
{
    return (float)(noise_bits(noise) >> 40) * 0x1p-23f - 1.0f;
}

float noise_small(struct noise *noise)
{
    const uint64_t bits = noise_bits(noise);
    const int exponent = bits & 1 ? -65 + (int)(bits >> 8 & 3) : -149 + (int)(bits >> 8) % 120;
    const float size = bits & 2 ? 1.0f : 1.0f + fabsf(noise_float(noise));
    return ldexpf(bits & 4 ? -size : size, exponent);
}

void noise_fill(struct noise *noise, float *at, size_t count)
{
    for (size_t k = 0; k < count; k++)
        at[k] = noise_float(noise);
}

void noise_fill_special(struct noise *noise, float *at, size_t count)
{
    static const float special[] = {
        0.0f,
        -0.0f,
        0x1p-149f,
        -0x1p-149f,
        0x1.8p-130f,
        -0x1.8p-130f,
        0x1p-126f,
        1.0f,
        -1.0f,
        88.0f,
        -104.5f,
        0x1.fffffep127f,
        0x1.8p-75f,
        INFINITY,
        -INFINITY,
        NAN,
        0x1.234568p-70f,
        0x1p-63f,
        -0x1.fffffep-64f,
        0x1p-32f,
        -0x1p-31f,
        0x1.fffffep-32f,
        -0x1.8p-40f,
        0x1.6a09e6p-32f,
    };
    const size_t specials = sizeof special / sizeof special[0];
    for (size_t k = 0; k < count; k++) {
        const uint64_t bits = noise_bits(noise);
        at[k] = bits & 1 ? special[(bits >> 8) % specials] : noise_float(noise);
    }
}
