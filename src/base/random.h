/*
 * Random numbers as a pure function of (seed, stream, index): Philox4x32-10 (Salmon et al. 2011),
 * through Random123. No state, so that any thread may draw any number at any time.
 */
#ifndef BP_BASE_RANDOM_H
#define BP_BASE_RANDOM_H

#include <stdint.h>

/* What a stream is for: the upper half of its number. The lower half counts layers or epochs. */
enum bp_stream {
    BP_STREAM_INITIAL_WEIGHTS = 1,
    BP_STREAM_SHUFFLE = 2,
    BP_STREAM_SPLIT = 3,
    BP_STREAM_BENCH = 4, /* synthetic samples */
    BP_STREAM_DROPOUT = 5,
    BP_STREAM_MEMBERS = 6,   /* seeds of the members of an ensemble; one a kind */
    BP_STREAM_BOOTSTRAP = 7, /* rows of a member */
    BP_STREAM_DECISION = 8,  /* rows that factors of classes are fitted to */
    BP_STREAM_IMPORTANCE = 9 /* orders that the values of a column get; one a repetition */
};

static inline uint64_t bp_stream(enum bp_stream purpose, uint32_t part)
{
    return (uint64_t)purpose << 32 | part;
}

/* Four words: Philox with counter (index, stream) and key (seed), low words first. */
void bp_random_block(uint64_t seed, uint64_t stream, uint64_t index, uint32_t words[4]);

/* 64 bits: words 0 (low) and 1 of the block. */
uint64_t bp_random_bits(uint64_t seed, uint64_t stream, uint64_t index);

/* Uniform in [0, 1): a multiple of 2^-24. */
float bp_random_uniform(uint64_t seed, uint64_t stream, uint64_t index);

/* Uniform in 0 ... bound - 1, bound > 0: the upper half of bits x bound (Lemire 2019); its bias is
 * below bound / 2^64. */
uint64_t bp_random_below(uint64_t seed, uint64_t stream, uint64_t index, uint64_t bound);

/* order[0 ... count - 1] becomes a permutation of 0 ... count - 1 (Fisher and Yates): in ascending
 * order at first, place i changes with place floor(bits (i + 1) / 2^64) for i from count - 1 down
 * to 1, where the bits are words 0 (low) and 1 of block i / 2 for even i, words 2 and 3 for odd
 * i. */
void bp_random_permutation(uint64_t seed, uint64_t stream, uint32_t *order, uint32_t count);

#endif
