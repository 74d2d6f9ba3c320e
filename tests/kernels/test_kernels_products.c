/* Forward, output, delta and gradient of every table against the definition, bit for bit: sizes
 * around the tiles and the parts of a sum, strides larger than needed, guard words around every
 * array. */
#include <string.h>

#include "support/guarded.h"
#include "support/kernel_definition.h"
#include "support/kernel_tables.h"
#include "support/noise.h"

static const size_t row_counts[] = {0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 28, 29};
static const size_t in_counts[] = {1, 2, 5, 6, 7, 13, 14, 15, 16, 17, 31, 33};
/* Around the parts that a sum is made in: see PART_DEPTH in the vector headers. */
static const size_t long_counts[] = {191, 192, 193, 255, 256, 257, 400, 513, 784};
static const size_t shard_sizes[] = {1, 3, 8, 64};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define MAX_PANELS   3

struct size {
    size_t rows, in, panels;
};

typedef void check_fn(const struct bp_kernels *kernels, struct size size);

static void for_each_size(const struct bp_kernels *kernels, check_fn *check)
{
    for (size_t r = 0; r < COUNT(row_counts); r++) {
        for (size_t i = 0; i < COUNT(in_counts); i++) {
            for (size_t panels = 1; panels <= MAX_PANELS; panels++)
                check(kernels, (struct size){row_counts[r], in_counts[i], panels});
        }
    }
    for (size_t i = 0; i < COUNT(long_counts); i++)
        check(kernels, (struct size){15, long_counts[i], 3});
    check(kernels, (struct size){7, 530, 9}); /* weights that are fetched ahead */
}

static struct guarded create_noise(struct noise *noise, size_t count)
{
    struct guarded array = guarded_create(count, 0);
    noise_fill(noise, array.at, count);
    return array;
}

/* Sums of so many samples that some panels are finished before the next ones begin. */
static const struct size in_groups = {520, 257, 5};

/* `rows` samples of `width` numbers, in panels `stride` apart; the gaps hold the filler. */
static struct guarded create_panels(struct noise *noise, size_t rows, size_t width, size_t stride)
{
    struct guarded array = guarded_create((width + 15) / 16 * stride, 0);
    for (size_t first = 0; first < width; first += 16)
        for (size_t x = 0; x < rows; x++)
            noise_fill(noise, array.at + first / 16 * stride + x * 16,
                       width - first < 16 ? width - first : 16);
    return array;
}

static struct guarded copy_of(const struct guarded *array)
{
    struct guarded copy = guarded_create(array->count, 0);
    memcpy(copy.at, array->at, array->count * sizeof(float));
    return copy;
}

/* Between panels of `rows` samples: a little more than they take. */
static size_t choose_stride(size_t rows)
{
    return (rows + 1) * 16;
}

/* Bit for bit, what lies between the rows too; takes both arrays. */
static void expect_same(struct guarded expected, struct guarded actual, struct size size)
{
    cr_assert_eq(memcmp(expected.at, actual.at, expected.count * sizeof(float)), 0,
                 "other bits with %zu rows, %zu inputs, %zu panels", size.rows, size.in,
                 size.panels);
    cr_assert(guarded_intact(&actual), "a write beyond the array with %zu rows, %zu in, %zu panels",
              size.rows, size.in, size.panels);
    guarded_free(&expected);
    guarded_free(&actual);
}

static void check_forward_as(const struct bp_kernels *kernels, struct size size,
                             bp_activation activation, bool with_slope)
{
    struct noise noise = {size.rows * 1000 + size.in * 10 + size.panels};
    const size_t input_stride = choose_stride(size.rows);
    const size_t stride = choose_stride(size.rows) + 32;
    struct guarded input = create_panels(&noise, size.rows, size.in, input_stride);
    struct guarded weights = create_noise(&noise, size.panels * (size.in + 1) * BP_LANES);
    struct guarded value[2], slope[2];
    for (size_t k = 0; k < 2; k++) {
        value[k] = guarded_create(size.panels * stride, 0);
        slope[k] = guarded_create(size.panels * stride, 0);
        const struct bp_forward_args args = {
            .rows = size.rows,
            .in = size.in,
            .panels = size.panels,
            .input = input.at,
            .input_stride = input_stride,
            .weights = weights.at,
            .activation = activation,
            .value = value[k].at,
            .slope = with_slope ? slope[k].at : NULL,
            .stride = stride,
        };
        (k == 0 ? define_forward : kernels->forward)(&args);
    }
    expect_same(value[0], value[1], size);
    expect_same(slope[0], slope[1], size);
    guarded_free(&input);
    guarded_free(&weights);
}

static void check_forward(const struct bp_kernels *kernels, struct size size)
{
    for (bp_activation f = BP_ACTIVATION_LOGISTIC; f <= BP_ACTIVATION_SILU; f++)
        check_forward_as(kernels, size, f, true);
    check_forward_as(kernels, size, BP_ACTIVATION_LOGISTIC, false);
}

static void forward_has_the_bits_of_the_definition(const struct bp_kernels *kernels)
{
    for_each_size(kernels, check_forward);
    check_forward_as(kernels, in_groups, BP_ACTIVATION_RELU, true);
}
TEST_ON_EACH_TABLE(forward_has_the_bits_of_the_definition)

/* Sets what stands in lanes of neurons that do not exist, of which nothing is promised, to 0. */
static void clear_lanes(struct guarded *array, struct size size, size_t stride)
{
    for (size_t x = 0; x < size.rows; x++)
        for (size_t j = size.in; j % 16; j++)
            array->at[j / 16 * stride + x * 16 + j % 16] = 0.0f;
}

/* Of every third number `value` is small and `target` 0; every fifth slope and every other factor
 * is small: products above and below what is stored. */
static void make_small(struct noise *noise, struct guarded *value, struct guarded *target,
                       struct guarded *slope, struct guarded *factor)
{
    for (size_t k = 0; k < value->count; k++) {
        if (k % 3 == 0) {
            value->at[k] = noise_small(noise);
            target->at[k] = 0.0f;
        }
        if (k % 5 == 0)
            slope->at[k] = noise_small(noise);
    }
    for (size_t x = 0; x < factor->count; x += 2)
        factor->at[x] = x % 4 ? noise_small(noise) : 0x1p-32f;
}

static void check_output_as(const struct bp_kernels *kernels, struct size size,
                            enum bp_loss_slope g, bool linked, bool softmax)
{
    struct noise noise = {size.rows * 1000 + size.in};
    const size_t stride = choose_stride(size.rows), panels = (size.in + 15) / 16;
    struct guarded value = create_panels(&noise, size.rows, panels * 16, stride);
    struct guarded target = create_panels(&noise, size.rows, panels * 16, stride);
    struct guarded factor = create_noise(&noise, size.rows);
    struct guarded slope[2];
    slope[0] = create_panels(&noise, size.rows, panels * 16, stride);
    make_small(&noise, &value, &target, &slope[0], &factor);
    slope[1] = copy_of(&slope[0]);
    if (size.rows && size.in)
        target.at[0] = value.at[0]; /* no difference at all */
    for (size_t k = 0; k < 2; k++) {
        const struct bp_output_args args = {
            .rows = size.rows,
            .out = size.in,
            .g = g,
            .ends = {-0.25f, 0.75f},
            .linked = linked,
            .softmax = softmax,
            .factor = factor.at,
            .value = value.at,
            .target = target.at,
            .slope = slope[k].at,
            .stride = stride,
        };
        (k == 0 ? define_output : kernels->output)(&args);
    }
    for (size_t x = 0; x < size.rows;
         x++) /* a zero may have either sign where there is no neuron */
        for (size_t j = size.in; j % 16; j++)
            cr_assert_eq(slope[1].at[j / 16 * stride + x * 16 + j % 16], 0.0f);
    clear_lanes(&slope[1], size, stride);
    expect_same(slope[0], slope[1], size);
    guarded_free(&value);
    guarded_free(&target);
    guarded_free(&factor);
}

static void check_output(const struct bp_kernels *kernels, struct size size)
{
    for (int softmax = 0; softmax < 2; softmax++) {
        check_output_as(kernels, size, BP_LOSS_SLOPE_DIFFERENCE, true, softmax);
        check_output_as(kernels, size, BP_LOSS_SLOPE_DIFFERENCE, false, softmax);
        check_output_as(kernels, size, BP_LOSS_SLOPE_CUT, false, softmax);
        check_output_as(kernels, size, BP_LOSS_SLOPE_STEP, false, softmax);
    }
}

static void output_has_the_bits_of_the_definition(const struct bp_kernels *kernels)
{
    for_each_size(kernels, check_output);
}
TEST_ON_EACH_TABLE(output_has_the_bits_of_the_definition)

/* `apart`: the values go to another array than the numbers. */
static void check_softmax_as(const struct bp_kernels *kernels, struct size size, bool apart)
{
    struct noise noise = {size.rows * 1000 + size.in};
    const size_t stride = choose_stride(size.rows), panels = (size.in + 15) / 16;
    struct guarded number[2], value[2], sum[2];
    number[0] = create_panels(&noise, size.rows, panels * 16, stride);
    for (size_t k = 0; k < number[0].count; k++)
        number[0].at[k] *= 30.0f;
    clear_lanes(&number[0], size, stride);
    number[1] = copy_of(&number[0]);
    for (size_t k = 0; k < 2; k++) {
        value[k] = guarded_create(panels * stride, 0);
        sum[k] = guarded_create(size.rows, 0);
        const struct bp_softmax_args args = {
            .rows = size.rows,
            .out = size.in,
            .number = number[k].at,
            .value = (apart ? value[k] : number[k]).at,
            .sum = sum[k].at,
            .stride = stride,
        };
        (k == 0 ? define_softmax : kernels->softmax)(&args);
        clear_lanes(&number[k], size, stride);
        clear_lanes(&value[k], size, stride);
    }
    expect_same(number[0], number[1], size);
    expect_same(value[0], value[1], size);
    expect_same(sum[0], sum[1], size);
}

static void check_softmax(const struct bp_kernels *kernels, struct size size)
{
    if (size.in == 0) /* a layer has a neuron */
        return;
    check_softmax_as(kernels, size, true);
    check_softmax_as(kernels, size, false);
}

static void softmax_has_the_bits_of_the_definition(const struct bp_kernels *kernels)
{
    for_each_size(kernels, check_softmax);
}
TEST_ON_EACH_TABLE(softmax_has_the_bits_of_the_definition)

static void check_delta_as(const struct bp_kernels *kernels, struct size size, bool as_printed)
{
    struct noise noise = {size.rows * 1000 + size.in * 10 + size.panels};
    const size_t delta_stride = choose_stride(size.rows);
    const size_t slope_stride = choose_stride(size.rows) + 32;
    const size_t panel_stride = (size.in + 15) / 16 * 16 * BP_LANES;
    struct guarded delta = create_panels(&noise, size.rows, size.in, delta_stride);
    struct guarded weights = create_noise(&noise, size.panels * panel_stride);
    struct guarded partial = guarded_create(size.panels * slope_stride, 0);
    struct guarded slope[2];
    slope[0] = create_panels(&noise, size.rows, size.panels * BP_LANES, slope_stride);
    slope[1] = copy_of(&slope[0]);
    for (size_t k = 0; k < 2; k++) {
        const struct bp_delta_args args = {
            .rows = size.rows,
            .out = size.in,
            .panels = size.panels,
            .delta = delta.at,
            .delta_stride = delta_stride,
            .partial = partial.at,
            .weights = weights.at,
            .panel_stride = panel_stride,
            .slope = slope[k].at,
            .slope_stride = slope_stride,
            .as_printed = as_printed,
        };
        (k == 0 ? define_delta : kernels->delta)(&args);
    }
    cr_assert(guarded_intact(&partial));
    expect_same(slope[0], slope[1], size);
    guarded_free(&delta);
    guarded_free(&weights);
    guarded_free(&partial);
}

static void check_delta(const struct bp_kernels *kernels, struct size size)
{
    check_delta_as(kernels, size, false);
    check_delta_as(kernels, size, true);
}

static void delta_has_the_bits_of_the_definition(const struct bp_kernels *kernels)
{
    for_each_size(kernels, check_delta);
    check_delta_as(kernels, in_groups, false);
}
TEST_ON_EACH_TABLE(delta_has_the_bits_of_the_definition)

/* How a call of `gradient` takes up what was there before. */
enum taking_up { FRESH, PARTIAL, PARTIAL_IN_PLACE, TWO_MERGES, LAST_MERGE_IN_PLACE, TAKING_UPS };

static void check_gradient_as(const struct bp_kernels *kernels, struct size size, size_t shard_rows,
                              enum taking_up how)
{
    struct noise noise = {size.rows * 1000 + size.in * 10 + size.panels};
    const size_t input_stride = choose_stride(size.rows);
    const size_t delta_stride = choose_stride(size.rows) + 32;
    const size_t floats = size.panels * (size.in + 1) * BP_LANES;
    struct guarded input = create_panels(&noise, size.rows, size.in, input_stride);
    struct guarded delta = create_panels(&noise, size.rows, size.panels * BP_LANES, delta_stride);
    struct guarded before = create_noise(&noise, floats);
    struct guarded other = create_noise(&noise, floats);
    struct guarded gradient[2];
    for (size_t k = 0; k < 2; k++) {
        const bool in_place = how == PARTIAL_IN_PLACE || how == LAST_MERGE_IN_PLACE;
        gradient[k] = in_place ? copy_of(&before) : guarded_create(floats, 0);
        const float *earlier = in_place ? gradient[k].at : before.at;
        const float *const merge[2] = {other.at, earlier};
        const bool continues = how == PARTIAL || how == PARTIAL_IN_PLACE;
        const struct bp_gradient_args args = {
            .rows = size.rows,
            .shard_rows = shard_rows,
            .end = size.in + 1,
            .panels = size.panels,
            .input = input.at,
            .input_stride = input_stride,
            .delta = delta.at,
            .delta_stride = delta_stride,
            .partial = continues ? earlier : NULL,
            .merge = merge,
            .merges = how >= TWO_MERGES ? 2 : 0,
            .fetch = merge,
            .fetches = how == FRESH ? 0 : 2,
            .partial_stride = (size.in + 1) * BP_LANES,
            .gradient = gradient[k].at,
            .gradient_stride = (size.in + 1) * BP_LANES,
        };
        (k == 0 ? define_gradient : kernels->gradient)(&args);
    }
    expect_same(gradient[0], gradient[1], size);
    guarded_free(&input);
    guarded_free(&delta);
    guarded_free(&before);
    guarded_free(&other);
}

static void check_gradient(const struct bp_kernels *kernels, struct size size)
{
    for (size_t s = 0; s < COUNT(shard_sizes); s++) {
        const size_t turn = (size.rows + size.in + size.panels + s) % (TAKING_UPS - 1);
        check_gradient_as(kernels, size, shard_sizes[s], FRESH);
        check_gradient_as(kernels, size, shard_sizes[s], (enum taking_up)(1 + turn));
    }
}

static void gradient_has_the_bits_of_the_definition(const struct bp_kernels *kernels)
{
    for_each_size(kernels, check_gradient);
    /* So many samples that the inputs are worked through in groups of 15 panels. */
    for (size_t in = 239; in <= 242; in++)
        check_gradient_as(kernels, (struct size){257, in, 3}, 64, FRESH);
    check_gradient_as(kernels, (struct size){257, 500, 1}, 64, TWO_MERGES);
}
TEST_ON_EACH_TABLE(gradient_has_the_bits_of_the_definition)

/* Rows begin ... end - 1 of a gradient of 40 inputs, into room of their own. */
static void check_rows(const struct bp_kernels *kernels, size_t begin, size_t end, bool takes_up)
{
    const struct size size = {33, 40, 3};
    const size_t stride = choose_stride(size.rows), whole = (size.in + 1) * BP_LANES;
    const size_t each = (end - begin + 2) * BP_LANES;
    struct noise noise = {begin * 100 + end};
    struct guarded input = create_panels(&noise, size.rows, size.in, stride);
    struct guarded delta = create_panels(&noise, size.rows, size.panels * BP_LANES, stride);
    struct guarded before = create_noise(&noise, size.panels * whole);
    struct guarded other = create_noise(&noise, size.panels * whole);
    const float *const merge[1] = {other.at + begin * BP_LANES};
    struct guarded gradient[2];
    for (size_t k = 0; k < 2; k++) {
        gradient[k] = guarded_create(size.panels * each, 0);
        const struct bp_gradient_args args = {
            .rows = size.rows,
            .shard_rows = 8,
            .begin = begin,
            .end = end,
            .panels = size.panels,
            .input = input.at,
            .input_stride = stride,
            .delta = delta.at,
            .delta_stride = stride,
            .partial = takes_up ? before.at + begin * BP_LANES : NULL,
            .merge = merge,
            .merges = takes_up,
            .partial_stride = whole,
            .gradient = gradient[k].at,
            .gradient_stride = each,
        };
        (k == 0 ? define_gradient : kernels->gradient)(&args);
    }
    expect_same(gradient[0], gradient[1], size);
    guarded_free(&input);
    guarded_free(&delta);
    guarded_free(&before);
    guarded_free(&other);
}

static void
some_rows_of_a_gradient_have_the_bits_of_the_definition(const struct bp_kernels *kernels)
{
    static const size_t begins[] = {0, 1, 17, 33};
    for (size_t k = 0; k < COUNT(begins); k++) {
        for (size_t end = begins[k] + 1; end <= 41; end++)
            check_rows(kernels, begins[k], end, end % 2);
    }
}
TEST_ON_EACH_TABLE(some_rows_of_a_gradient_have_the_bits_of_the_definition)
