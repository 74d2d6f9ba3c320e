/*
 * Random words. Included by a kernel file after its vector header. They are those of
 * bp_random_block(): Philox4x32-10 (Salmon et al. 2011), here for sixteen counters at once, in
 * plain C that compilers turn into vectors. All of it is integer arithmetic, but for the last step,
 * which is exact.
 */

/* Four words for each lane: those of four samples that follow one another. */
struct words {
    uint32_t word[4][BP_LANES];
};

/* One loop a line: compilers make vectors of it, but not where it is unrolled first. */
#define FOR_EACH_LANE _Pragma("GCC unroll 1") for (size_t k = 0; k < BP_LANES; k++)

static inline void philox_round(struct words *x, uint32_t key0, uint32_t key1)
{
    uint64_t first[BP_LANES], second[BP_LANES];
    FOR_EACH_LANE first[k] = (uint64_t)x->word[0][k] * 0xD2511F53u;
    FOR_EACH_LANE second[k] = (uint64_t)x->word[2][k] * 0xCD9E8D57u;
    FOR_EACH_LANE x->word[0][k] = (uint32_t)(second[k] >> 32) ^ x->word[1][k] ^ key0;
    FOR_EACH_LANE x->word[1][k] = (uint32_t)second[k];
    FOR_EACH_LANE x->word[2][k] = (uint32_t)(first[k] >> 32) ^ x->word[3][k] ^ key1;
    FOR_EACH_LANE x->word[3][k] = (uint32_t)first[k];
}

/* The blocks of counters `index` ... index + 15, where index is a multiple of 16. */
static inline void draw_words(struct words *x, uint64_t seed, uint64_t stream, uint64_t index)
{
    for (size_t k = 0; k < BP_LANES; k++) {
        x->word[0][k] = (uint32_t)index + (uint32_t)k;
        x->word[1][k] = (uint32_t)(index >> 32);
        x->word[2][k] = (uint32_t)stream;
        x->word[3][k] = (uint32_t)(stream >> 32);
    }
    uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        philox_round(x, key0, key1);
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
}

/* 24 bits are what a float holds: conversion and product are exact. */
static void uniform(uint64_t seed, uint64_t stream, float *number, size_t count)
{
    struct words x;
    for (size_t index = 0; index < count; index += BP_LANES) {
        draw_words(&x, seed, stream, index);
        FOR_EACH_LANE number[index + k] = (float)(int32_t)(x.word[0][k] >> 8) * 0x1p-24f;
    }
}
