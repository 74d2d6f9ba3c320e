/* add and activate of every table against plain C, bit for bit; special numbers through all
 * kernels; and which tables this machine runs. */
#include <math.h>
#include <string.h>

#include "support/guarded.h"
#include "support/kernel_definition.h"
#include "support/kernel_tables.h"
#include "support/noise.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const size_t counts[] = {16, 32, 48, 160, 1040};

static struct guarded create_noise(uint64_t seed, size_t count)
{
    struct guarded array = guarded_create(count, 0);
    noise_fill(&(struct noise){seed}, array.at, count);
    return array;
}

static struct guarded create_special(uint64_t seed, size_t count)
{
    struct guarded array = guarded_create(count, 0);
    noise_fill_special(&(struct noise){seed}, array.at, count);
    return array;
}

static bool same_bits(const float *a, const float *b, size_t count)
{
    return memcmp(a, b, count * sizeof *a) == 0;
}

/* Bit for bit, but any NaN equals any other: which operand's payload comes through is the
 * processor's business. */
static bool same_numbers(const float *a, const float *b, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (isnan(a[k]) ? !isnan(b[k]) : !same_bits(a + k, b + k, 1))
            return false;
    }
    return true;
}

static void add_adds_each_pair_once(const struct bp_kernels *kernels)
{
    for (size_t c = 0; c < COUNT(counts); c++) {
        const size_t count = counts[c];
        struct guarded a = create_noise(1, count), b = create_noise(2, count);
        struct guarded sum = guarded_create(count, 0), expected = guarded_create(count, 0);
        for (size_t k = 0; k < count; k++)
            expected.at[k] = a.at[k] + b.at[k];
        kernels->add(sum.at, a.at, b.at, count);
        cr_assert(same_bits(sum.at, expected.at, count) && guarded_intact(&sum));
        kernels->add(b.at, a.at, b.at, count);
        cr_assert(same_bits(b.at, expected.at, count) && guarded_intact(&b), "in place of b");
        guarded_free(&b);
        b = create_noise(2, count);
        kernels->add(a.at, a.at, b.at, count);
        cr_assert(same_bits(a.at, expected.at, count) && guarded_intact(&a), "in place of a");
        guarded_free(&a);
        guarded_free(&b);
        guarded_free(&sum);
        guarded_free(&expected);
    }
}
TEST_ON_EACH_TABLE(add_adds_each_pair_once)

/* Both signs of every 4099th float up to 150, of all infinities and NaN: 2 x 270,000 of them. */
static void
activate_and_exponential_have_the_bits_of_the_portable_table(const struct bp_kernels *kernels)
{
    const struct bp_kernels *portable = bp_kernels_select(BP_ISA_PORTABLE);
    enum { BLOCK = 1040 };
    struct guarded n = guarded_create(BLOCK, 0);
    struct guarded value[2] = {guarded_create(BLOCK, 0), guarded_create(BLOCK, 0)};
    struct guarded slope[2] = {guarded_create(BLOCK, 0), guarded_create(BLOCK, 0)};
    const uint32_t step = 4099, last = 0x7FFFFFFFu;
    for (uint32_t bits = 0; bits < last - BLOCK / 2 * step;) {
        for (size_t k = 0; k < BLOCK; k += 2, bits += step) {
            memcpy(n.at + k, &bits, sizeof bits);
            n.at[k + 1] = -n.at[k];
        }
        for (int f = 0; bp_choice_name(BP_CHOICE_ACTIVATION, f); f++) {
            portable->activate((bp_activation)f, n.at, value[0].at, slope[0].at, BLOCK);
            kernels->activate((bp_activation)f, n.at, value[1].at, slope[1].at, BLOCK);
            cr_assert(same_numbers(value[0].at, value[1].at, BLOCK));
            cr_assert(same_numbers(slope[0].at, slope[1].at, BLOCK));
            cr_assert(guarded_intact(&value[1]) && guarded_intact(&slope[1]));
        }
        portable->exponential(n.at, value[0].at, BLOCK);
        kernels->exponential(n.at, value[1].at, BLOCK);
        cr_assert(same_numbers(value[0].at, value[1].at, BLOCK));
    }
    guarded_free(&n);
    for (size_t k = 0; k < 2; k++) {
        guarded_free(&value[k]);
        guarded_free(&slope[k]);
    }
}
TEST_ON_EACH_TABLE(activate_and_exponential_have_the_bits_of_the_portable_table)

enum { ROWS = 29, IN = 33, WIDTH = 48, PANELS = 3, STRIDE = ROWS * BP_LANES };

static void special_numbers_go_forward_as_defined(const struct bp_kernels *kernels)
{
    struct guarded input = create_special(5, PANELS * STRIDE);
    struct guarded weights = create_special(6, (IN + 1) * WIDTH);
    struct guarded value[2], slope[2];
    for (size_t k = 0; k < 2; k++) {
        value[k] = guarded_create(PANELS * STRIDE, 0);
        slope[k] = guarded_create(PANELS * STRIDE, 0);
        const struct bp_forward_args args = {
            .rows = ROWS,
            .in = 3, /* longer chains all end in NaN */
            .panels = WIDTH / BP_LANES,
            .input = input.at,
            .input_stride = STRIDE,
            .weights = weights.at,
            .activation = BP_ACTIVATION_LOGISTIC,
            .value = value[k].at,
            .slope = slope[k].at,
            .stride = STRIDE,
        };
        (k == 0 ? define_forward : kernels->forward)(&args);
    }
    cr_assert(same_numbers(value[0].at, value[1].at, PANELS * STRIDE));
    cr_assert(same_numbers(slope[0].at, slope[1].at, PANELS * STRIDE));
    guarded_free(&input);
    guarded_free(&weights);
    for (size_t k = 0; k < 2; k++) {
        guarded_free(&value[k]);
        guarded_free(&slope[k]);
    }
}
TEST_ON_EACH_TABLE(special_numbers_go_forward_as_defined)

static void special_numbers_give_deltas_as_defined(const struct bp_kernels *kernels)
{
    struct guarded delta = create_special(7, PANELS * STRIDE);
    struct guarded weights = create_special(8, BP_LANES * WIDTH);
    struct guarded partial = guarded_create(PANELS * STRIDE, 0);
    struct guarded slope[2];
    for (size_t k = 0; k < 2; k++) {
        slope[k] = create_special(9, PANELS * STRIDE);
        const struct bp_delta_args args = {
            .rows = ROWS,
            .out = 3,
            .panels = WIDTH / BP_LANES,
            .partial = partial.at,
            .delta = delta.at,
            .delta_stride = STRIDE,
            .weights = weights.at,
            .panel_stride = BP_LANES * BP_LANES,
            .slope = slope[k].at,
            .slope_stride = STRIDE,
        };
        (k == 0 ? define_delta : kernels->delta)(&args);
    }
    cr_assert(same_numbers(slope[0].at, slope[1].at, PANELS * STRIDE));
    guarded_free(&delta);
    guarded_free(&weights);
    guarded_free(&partial);
    guarded_free(&slope[0]);
    guarded_free(&slope[1]);
}
TEST_ON_EACH_TABLE(special_numbers_give_deltas_as_defined)

static void special_numbers_give_gradients_as_defined(const struct bp_kernels *kernels)
{
    struct guarded input = create_special(10, PANELS * STRIDE);
    struct guarded delta = create_special(11, PANELS * STRIDE);
    struct guarded gradient[2];
    for (size_t rows = 1; rows <= 4; rows++) { /* longer chains all end in NaN */
        for (size_t k = 0; k < 2; k++) {
            gradient[k] = guarded_create((IN + 1) * WIDTH, 0);
            const struct bp_gradient_args args = {
                .rows = rows,
                .shard_rows = 2,
                .end = IN + 1,
                .panels = WIDTH / BP_LANES,
                .input = input.at,
                .input_stride = STRIDE,
                .delta = delta.at,
                .delta_stride = STRIDE,
                .gradient = gradient[k].at,
                .gradient_stride = (IN + 1) * BP_LANES,
            };
            (k == 0 ? define_gradient : kernels->gradient)(&args);
        }
        cr_assert(same_numbers(gradient[0].at, gradient[1].at, (IN + 1) * WIDTH), "%zu rows", rows);
        guarded_free(&gradient[0]);
        guarded_free(&gradient[1]);
    }
    guarded_free(&input);
    guarded_free(&delta);
}
TEST_ON_EACH_TABLE(special_numbers_give_gradients_as_defined)

static void a_gradient_of_no_rows_is_zero(const struct bp_kernels *kernels)
{
    struct guarded rows = guarded_create(0, 0), gradient = guarded_create(2 * BP_LANES, 0);
    kernels->gradient(&(struct bp_gradient_args){
        .shard_rows = 8,
        .end = 2,
        .panels = 1,
        .input = rows.at,
        .input_stride = 16,
        .delta = rows.at,
        .delta_stride = 16,
        .gradient = gradient.at,
        .gradient_stride = 2 * BP_LANES,
    });
    const float zeros[2 * BP_LANES] = {0.0f};
    cr_assert(same_bits(gradient.at, zeros, COUNT(zeros)) && guarded_intact(&gradient));
    guarded_free(&rows);
    guarded_free(&gradient);
}
TEST_ON_EACH_TABLE(a_gradient_of_no_rows_is_zero)

static void a_square_is_transposed(const struct bp_kernels *kernels)
{
    struct noise noise = {12};
    struct guarded from = guarded_create(BP_LANES * BP_LANES, 0);
    struct guarded to = guarded_create(BP_LANES * BP_LANES, 0);
    noise_fill(&noise, from.at, from.count);
    kernels->transpose(to.at, from.at);
    for (size_t i = 0; i < BP_LANES; i++)
        for (size_t j = 0; j < BP_LANES; j++)
            cr_assert(same_bits(&to.at[j * BP_LANES + i], &from.at[i * BP_LANES + j], 1),
                      "row %zu, column %zu", i, j);
    cr_assert(guarded_intact(&to));
    guarded_free(&from);
    guarded_free(&to);
}
TEST_ON_EACH_TABLE(a_square_is_transposed)

Test(kernels_select, the_portable_table_is_always_there)
{
    cr_assert_not_null(bp_kernels_select(BP_ISA_PORTABLE));
}

Test(kernels_select, a_table_is_there_if_and_only_if_the_processor_can_run_it)
{
#if defined(__x86_64__)
    const bool fma = __builtin_cpu_supports("fma");
    const bool avx2 = fma && __builtin_cpu_supports("avx2");
    const bool avx512 = fma && __builtin_cpu_supports("avx512f");
#else
    const bool avx2 = false, avx512 = false;
#endif
#if defined(__aarch64__)
    const bool neon = true;
#else
    const bool neon = false;
#endif
    cr_assert_eq(bp_has_isa(BP_ISA_AVX2), avx2);
    cr_assert_eq(bp_has_isa(BP_ISA_AVX512), avx512);
    cr_assert_eq(bp_has_isa(BP_ISA_NEON), neon);
    cr_assert_eq(bp_best_isa(), avx512 ? BP_ISA_AVX512
                                : avx2 ? BP_ISA_AVX2
                                : neon ? BP_ISA_NEON
                                       : BP_ISA_PORTABLE);
}

#define CHECK_ROW(name, set, needs, with)                                                          \
    cr_assert_eq(bp_kernels__##name.isa, set);                                                     \
    cr_assert_str_eq(bp_choice_name(BP_CHOICE_ISA, set), #name);                                   \
    cr_assert(!bp_has_isa(set) || bp_kernels_select(set) == &bp_kernels__##name);

Test(kernels_select, every_table_says_which_it_is)
{
    BP_KERNELS_LIST(CHECK_ROW, )
    cr_assert_eq(bp_kernels_select(BP_ISA_AUTO)->isa, bp_best_isa());
}

Test(kernels_select, every_table_that_can_run_comes_once_the_best_first)
{
    size_t count = 0;
    cr_assert_eq(bp_kernels_next(NULL)->isa, bp_best_isa());
    for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) {
        cr_assert_eq(bp_kernels_select(k->isa), k);
        cr_assert((bp_kernels_next(k) == NULL) == (k->isa == BP_ISA_PORTABLE));
        count++;
    }
    cr_assert_eq(count,
                 1 + bp_has_isa(BP_ISA_AVX2) + bp_has_isa(BP_ISA_AVX512) + bp_has_isa(BP_ISA_NEON));
}

Test(kernels_select, an_instruction_set_that_does_not_exist_has_no_table)
{
    cr_assert_null(bp_kernels_select((bp_isa)99));
}
