/* Draws from Philox4x32-10. Every machine gives the same words: all of it is integer arithmetic. */
#include "base/random.h"

#include <Random123/philox.h>

void bp_random_block(uint64_t seed, uint64_t stream, uint64_t index, uint32_t words[4])
{
    const philox4x32_ctr_t counter = {
        {(uint32_t)index, (uint32_t)(index >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)}};
    const philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    const philox4x32_ctr_t block = philox4x32_R(10, counter, key);
    for (int i = 0; i < 4; i++)
        words[i] = block.v[i];
}

uint64_t bp_random_bits(uint64_t seed, uint64_t stream, uint64_t index)
{
    uint32_t words[4];
    bp_random_block(seed, stream, index, words);
    return (uint64_t)words[1] << 32 | words[0];
}

float bp_random_uniform(uint64_t seed, uint64_t stream, uint64_t index)
{
    uint32_t words[4];
    bp_random_block(seed, stream, index, words);
    /* 24 bits are what a float holds: conversion and product are exact. */
    return (float)(words[0] >> 8) * 0x1p-24f;
}

/* The upper half of the 128-bit product a * b. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32;
    uint64_t b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    uint64_t carry = a0 * b1 + (uint32_t)middle;
    return a1 * b1 + (middle >> 32) + (carry >> 32);
}

uint64_t bp_random_below(uint64_t seed, uint64_t stream, uint64_t index, uint64_t bound)
{
    return multiply_high(bp_random_bits(seed, stream, index), bound);
}

void bp_random_permutation(uint64_t seed, uint64_t stream, uint32_t *order, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    uint32_t words[4];
    for (uint32_t i = count; i > 1; i--) {
        const uint32_t last = i - 1, half = last % 2 * 2;
        if (half || i == count)
            bp_random_block(seed, stream, last / 2, words);
        const uint64_t bits = (uint64_t)words[half + 1] << 32 | words[half];
        const uint32_t other = (uint32_t)multiply_high(bits, i);
        uint32_t taken = order[other];
        order[other] = order[last];
        order[last] = taken;
    }
}
