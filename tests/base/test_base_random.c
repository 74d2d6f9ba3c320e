/* Random numbers: the published words of Philox, and what is built on them. */
#include <criterion/criterion.h>

#include <stdint.h>
#include <stdlib.h>

#include "base/random.h"

/* Random123, tests/kat_vectors, philox4x32 with 10 rounds. */
static const struct known_answer {
    uint32_t counter[4];
    uint32_t key[2];
    uint32_t words[4];
} known_answers[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

static uint64_t join(const uint32_t words[2])
{
    return (uint64_t)words[1] << 32 | words[0];
}

Test(base_random, a_block_is_what_random123_publishes)
{
    for (size_t k = 0; k < sizeof known_answers / sizeof known_answers[0]; k++) {
        const struct known_answer *known = &known_answers[k];
        uint32_t words[4];
        bp_random_block(join(known->key), join(known->counter + 2), join(known->counter), words);
        cr_assert_arr_eq(words, known->words, sizeof words, "vector %zu", k);
    }
}

Test(base_random, bits_are_the_first_two_words)
{
    cr_assert_eq(bp_random_bits(0, 0, 0), UINT64_C(0xe169c58d6627e8d5));
}

Test(base_random, a_uniform_number_is_the_upper_24_bits_of_the_first_word)
{
    cr_assert_eq(bp_random_uniform(0, 0, 0), (float)0x6627e8 / 16777216.0f);
}

Test(base_random, uniform_numbers_lie_in_their_range_and_fill_it_evenly)
{
    enum { COUNT = 100000, BINS = 10 };
    size_t bins[BINS] = {0};
    for (uint64_t index = 0; index < COUNT; index++) {
        float u = bp_random_uniform(7, 3, index);
        cr_assert(u >= 0 && u < 1);
        bins[(size_t)(u * BINS)]++;
    }
    /* A bin is binomial with n = 100000, p = 1/10: sigma = 94.9; six of them are 570. */
    for (size_t b = 0; b < BINS; b++)
        cr_assert(bins[b] > 10000 - 570 && bins[b] < 10000 + 570, "bin %zu holds %zu", b, bins[b]);
}

Test(base_random, the_largest_uniform_number_is_below_one)
{
    cr_assert_lt((float)(UINT32_MAX >> 8) * 0x1p-24f, 1.0f);
}

/* Bits 64 to 127 of a product, by doubling and adding. */
static uint64_t upper_half(uint64_t a, uint64_t b)
{
    uint64_t high = 0, low = 0;
    for (int bit = 63; bit >= 0; bit--) {
        high = high << 1 | low >> 63;
        low <<= 1;
        if (b >> bit & 1) {
            low += a;
            high += low < a;
        }
    }
    return high;
}

Test(base_random, below_is_the_upper_half_of_the_full_product)
{
    static const uint64_t bounds[] = {1,           2,           3,          1000,      0xffffffff,
                                      0x100000000, 0x100000001, UINT64_MAX, 1ULL << 63};
    for (size_t k = 0; k < sizeof bounds / sizeof bounds[0]; k++) {
        for (uint64_t index = 0; index < 1000; index++) {
            uint64_t expected = upper_half(bp_random_bits(5, 9, index), bounds[k]);
            uint64_t drawn = bp_random_below(5, 9, index, bounds[k]);
            cr_assert_eq(drawn, expected);
            cr_assert_lt(drawn, bounds[k]);
        }
    }
}

Test(base_random, seed_stream_and_index_each_change_the_draw)
{
    uint64_t here = bp_random_bits(1, 2, 3);
    cr_assert_neq(here, bp_random_bits(2, 2, 3));
    cr_assert_neq(here, bp_random_bits(1, 3, 3));
    cr_assert_neq(here, bp_random_bits(1, 2, 4));
    cr_assert_neq(here, bp_random_bits(1 | 1ULL << 32, 2, 3));
    cr_assert_neq(here, bp_random_bits(1, 2 | 1ULL << 32, 3));
    cr_assert_neq(here, bp_random_bits(1, 2, 3 | 1ULL << 32));
}

Test(base_random, streams_of_two_purposes_differ)
{
    cr_assert_neq(bp_stream(BP_STREAM_SHUFFLE, 1), bp_stream(BP_STREAM_SPLIT, 1));
    cr_assert_neq(bp_stream(BP_STREAM_SHUFFLE, UINT32_MAX), bp_stream(BP_STREAM_SPLIT, 0));
}

static void check_permutation(uint32_t count)
{
    uint32_t *order = malloc((count + 1) * sizeof *order);
    unsigned char *seen = calloc(count + 1, 1);
    cr_assert(order && seen);
    order[count] = 0xabadcafe;
    bp_random_permutation(11, bp_stream(BP_STREAM_SHUFFLE, 0), order, count);
    for (uint32_t i = 0; i < count; i++) {
        cr_assert_lt(order[i], count);
        cr_assert_not(seen[order[i]], "%u occurs twice", order[i]);
        seen[order[i]] = 1;
    }
    cr_assert_eq(order[count], 0xabadcafe, "the word after the permutation was written");
    free(order);
    free(seen);
}

Test(base_random, a_permutation_holds_every_number_once)
{
    static const uint32_t counts[] = {0, 1, 2, 3, 7, 16, 17, 1000, 65537};
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++)
        check_permutation(counts[k]);
}

Test(base_random, the_permutations_of_three_are_equally_frequent)
{
    enum { COUNT = 60000 };
    size_t frequency[27] = {0};
    for (uint32_t epoch = 0; epoch < COUNT; epoch++) {
        uint32_t order[3];
        bp_random_permutation(1, bp_stream(BP_STREAM_SHUFFLE, epoch), order, 3);
        frequency[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    /* Each of six is binomial with n = 60000, p = 1/6: sigma = 91.3; six of them are 548. */
    static const size_t kinds[6] = {0 + 3 + 2, 0 + 6 + 1, 9 + 0 + 2, 9 + 6 + 0, 18 + 0 + 1, 18 + 3};
    for (size_t k = 0; k < 6; k++)
        cr_assert(frequency[kinds[k]] > 10000 - 548 && frequency[kinds[k]] < 10000 + 548,
                  "permutation %zu occurred %zu times", k, frequency[kinds[k]]);
}

/* A change of these numbers changes the weights after every training. They were found by a program
 * of its own, written from the definitions of Philox and of the permutation. */
Test(base_random, a_permutation_is_pinned)
{
    static const uint32_t expected[10] = {8, 7, 9, 0, 1, 4, 5, 2, 6, 3};
    uint32_t order[10];
    bp_random_permutation(1, bp_stream(BP_STREAM_SHUFFLE, 0), order, 10);
    cr_assert_arr_eq(order, expected, sizeof order);
}
