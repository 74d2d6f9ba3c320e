/* Who is left out: the kernel of every table against Philox4x32-10 written one word at a time. */
#include <math.h>
#include <string.h>

#include "support/guarded.h"
#include "support/kernel_tables.h"
#include "support/noise.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Salmon et al. 2011, figure 3. */
static uint32_t draw_word(uint64_t seed, uint64_t stream, uint64_t index, size_t word)
{
    uint32_t x[4] = {(uint32_t)index, (uint32_t)(index >> 32), (uint32_t)stream,
                     (uint32_t)(stream >> 32)};
    uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    for (int round = 0; round < 10; round++) {
        const uint64_t first = (uint64_t)0xD2511F53u * x[0];
        const uint64_t second = (uint64_t)0xCD9E8D57u * x[2];
        x[0] = (uint32_t)(second >> 32) ^ x[1] ^ key[0];
        x[1] = (uint32_t)second;
        x[2] = (uint32_t)(first >> 32) ^ x[3] ^ key[1];
        x[3] = (uint32_t)first;
        key[0] += 0x9E3779B9u;
        key[1] += 0xBB67AE85u;
    }
    return x[word];
}

static struct guarded create_noise(uint64_t seed, size_t count)
{
    struct guarded array = guarded_create(count, 0);
    noise_fill(&(struct noise){seed}, array.at, count);
    return array;
}

/* The known answer of the authors' tests: counter and key of pi. */
Test(kernels_dropout, the_definition_is_philox)
{
    const uint64_t index = 0x85a308d3243f6a88u, stream = 0x0370734413198a2eu;
    const uint64_t seed = 0x299f31d0a4093822u;
    static const uint32_t expected[4] = {0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u};
    for (size_t word = 0; word < 4; word++)
        cr_assert_eq(draw_word(seed, stream, index, word), expected[word]);
}

struct shape {
    size_t rows, panels;
    uint64_t number;
};

static void expect_mask(const struct bp_kernels *kernels, struct shape shape, uint32_t threshold)
{
    const size_t stride = (shape.rows + 1) * BP_LANES, count = shape.panels * stride;
    const uint64_t seed = 0xFEDCBA9876543210u, stream = (uint64_t)5 << 32 | 3;
    struct guarded value[2] = {create_noise(1, count), create_noise(1, count)};
    struct guarded slope[2] = {create_noise(2, count), create_noise(2, count)};
    kernels->dropout(&(struct bp_dropout_args){.rows = shape.rows,
                                               .layer_panels = shape.panels,
                                               .panels = shape.panels,
                                               .number = shape.number,
                                               .seed = seed,
                                               .stream = stream,
                                               .threshold = threshold,
                                               .factor = 1.25f,
                                               .value = value[0].at,
                                               .slope = slope[0].at,
                                               .stride = stride});
    for (size_t p = 0; p < shape.panels; p++) {
        for (size_t x = 0; x < shape.rows; x++) {
            for (size_t k = 0; k < BP_LANES; k++) {
                const uint64_t number = shape.number + x;
                const uint64_t block = number / 4 * (16 * shape.panels) + 16 * p + k;
                const size_t at = p * stride + x * BP_LANES + k;
                const bool out = draw_word(seed, stream, block, number % 4) < threshold;
                value[1].at[at] = out ? 0.0f : value[1].at[at] * 1.25f;
                slope[1].at[at] = out ? 0.0f : slope[1].at[at] * 1.25f;
            }
        }
    }
    cr_assert(memcmp(value[0].at, value[1].at, count * sizeof(float)) == 0,
              "values, %zu rows, %zu panels, from %llu", shape.rows, shape.panels,
              (unsigned long long)shape.number);
    cr_assert(memcmp(slope[0].at, slope[1].at, count * sizeof(float)) == 0, "slopes");
    for (size_t k = 0; k < 2; k++) {
        cr_assert(guarded_intact(&value[k]) && guarded_intact(&slope[k]));
        guarded_free(&value[k]);
        guarded_free(&slope[k]);
    }
}

static void the_mask_is_as_defined(const struct bp_kernels *kernels)
{
    static const struct shape shapes[] = {
        {1, 1, 0},
        {1, 1, 3},
        {2, 1, 3},
        {3, 2, 5},
        {4, 3, 4},
        {5, 1, 0xFFFFFFFF},
        {29, 3, 2},
        {32, 7, 64},
        {0, 1, 17},
        {9, 2, 0xFFFFFFFFFFu},
        {6, 64, 0x123456789u},
    };
    for (size_t s = 0; s < COUNT(shapes); s++) {
        expect_mask(kernels, shapes[s], 0x80000000u);
        expect_mask(kernels, shapes[s], 1u << 28);
        expect_mask(kernels, shapes[s], 0xFFFFFF00u);
    }
}
TEST_ON_EACH_TABLE(the_mask_is_as_defined)

static void uniform_numbers_are_the_first_words(const struct bp_kernels *kernels)
{
    const uint64_t seed = UINT64_C(0x123456789abcdef0), stream = UINT64_C(0xfedcba9876543210);
    const size_t counts[] = {0, 16, 48, 1600};
    for (size_t c = 0; c < COUNT(counts); c++) {
        struct guarded numbers = create_noise(1, counts[c]);
        kernels->uniform(seed, stream, numbers.at, counts[c]);
        for (size_t k = 0; k < counts[c]; k++)
            cr_assert_eq(numbers.at[k], (float)(draw_word(seed, stream, k, 0) >> 8) / 16777216.0f,
                         "number %zu of %zu", k, counts[c]);
        cr_expect(guarded_intact(&numbers));
        guarded_free(&numbers);
    }
}
TEST_ON_EACH_TABLE(uniform_numbers_are_the_first_words)

static void some_panels_get_the_mask_of_the_whole_layer(const struct bp_kernels *kernels)
{
    enum { ROWS = 7, PANELS = 5, FIRST = 2, SOME = 2, STRIDE = ROWS * BP_LANES };
    struct guarded value[2], slope[2];
    for (size_t k = 0; k < 2; k++) {
        const size_t first = k ? FIRST : 0;
        value[k] = create_noise(1, PANELS * STRIDE);
        slope[k] = create_noise(2, PANELS * STRIDE);
        kernels->dropout(&(struct bp_dropout_args){.rows = ROWS,
                                                   .layer_panels = PANELS,
                                                   .first_panel = first,
                                                   .panels = k ? SOME : PANELS,
                                                   .number = 5,
                                                   .seed = 3,
                                                   .stream = 4,
                                                   .threshold = 0x80000000u,
                                                   .factor = 2.0f,
                                                   .value = value[k].at + first * STRIDE,
                                                   .slope = slope[k].at + first * STRIDE,
                                                   .stride = STRIDE});
    }
    const size_t bytes = SOME * STRIDE * sizeof(float);
    cr_assert_eq(memcmp(value[0].at + FIRST * STRIDE, value[1].at + FIRST * STRIDE, bytes), 0);
    cr_assert_eq(memcmp(slope[0].at + FIRST * STRIDE, slope[1].at + FIRST * STRIDE, bytes), 0);
    struct guarded untouched = create_noise(1, PANELS * STRIDE);
    cr_assert_eq(memcmp(value[1].at, untouched.at, FIRST * STRIDE * sizeof(float)), 0);
    guarded_free(&untouched);
    for (size_t k = 0; k < 2; k++) {
        guarded_free(&value[k]);
        guarded_free(&slope[k]);
    }
}
TEST_ON_EACH_TABLE(some_panels_get_the_mask_of_the_whole_layer)

static void what_is_left_out_is_zero_whatever_it_was(const struct bp_kernels *kernels)
{
    struct guarded value = guarded_create(4 * BP_LANES, 0);
    struct guarded slope = guarded_create(4 * BP_LANES, 0);
    for (size_t k = 0; k < 4 * BP_LANES; k++)
        value.at[k] = slope.at[k] = k % 2 ? NAN : INFINITY;
    kernels->dropout(&(struct bp_dropout_args){.rows = 4,
                                               .layer_panels = 1,
                                               .panels = 1,
                                               .threshold = UINT32_MAX,
                                               .factor = 2.0f,
                                               .value = value.at,
                                               .slope = slope.at,
                                               .stride = 4 * BP_LANES});
    for (size_t k = 0; k < 4 * BP_LANES; k++)
        cr_assert(value.at[k] == 0.0f && slope.at[k] == 0.0f);
    guarded_free(&value);
    guarded_free(&slope);
}
TEST_ON_EACH_TABLE(what_is_left_out_is_zero_whatever_it_was)
