/* The kernels of the optimizers, of every table, against one scalar program for each formula, bit
 * for bit. */
#include <math.h>
#include <string.h>

#include "support/guarded.h"
#include "support/kernel_tables.h"
#include "support/noise.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const size_t counts[] = {0, 16, 32, 48, 160, 1024, 1040};

/* One parameter with its gradient and state. */
struct scalar {
    float w, g, a, b;
};

typedef void kernel_fn(const struct bp_update_args *args);
typedef void define_fn(struct scalar *s, const struct bp_update_args *args);

/* x, or 0 where its magnitude is below `least`. */
static float flush(float x, float least)
{
    return x > -least && x < least ? 0.0f : x;
}

/* As a number is stored. */
static float stored(float x)
{
    return flush(x, 0x1p-63f);
}

static void define_sgd(struct scalar *s, const struct bp_update_args *args)
{
    s->w = stored(fmaf(-args->rate, flush(s->g, args->least), s->w));
}

static void define_momentum(struct scalar *s, const struct bp_update_args *args)
{
    s->a = stored(fmaf(args->keep, s->a, flush(s->g, args->least)));
    s->w = stored(fmaf(-args->rate, s->a, s->w));
}

static void define_nesterov(struct scalar *s, const struct bp_update_args *args)
{
    s->a = stored(fmaf(args->keep, s->a, flush(s->g, args->least)));
    const float step = stored(fmaf(args->keep, s->a, flush(s->g, args->least)));
    s->w = stored(fmaf(-args->rate, step, s->w));
}

static void define_rmsprop(struct scalar *s, const struct bp_update_args *args)
{
    const float g = flush(s->g, args->least);
    s->a = flush(fmaf(args->take, g * g, args->keep * s->a), args->least_square);
    s->w = stored(fmaf(-args->rate, stored(g / (sqrtf(s->a) + args->epsilon)), s->w));
}

static void define_adagrad(struct scalar *s, const struct bp_update_args *args)
{
    const float g = flush(s->g, args->least);
    s->a = fmaf(g, g, s->a);
    s->w = stored(fmaf(-args->rate, stored(g / (sqrtf(s->a) + args->epsilon)), s->w));
}

static void define_adam(struct scalar *s, const struct bp_update_args *args)
{
    const float g = flush(s->g, args->least);
    s->a = stored(fmaf(args->take, g - s->a, s->a));
    s->b = flush(fmaf(args->take_square, g * g, args->keep_square * s->b), args->least_square);
    const float step = stored(s->a / fmaf(sqrtf(s->b), args->root, args->epsilon));
    s->w = stored(fmaf(-args->rate, step, s->w));
}

static float sign_of(float x)
{
    return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : 0.0f;
}

static void define_irprop(struct scalar *s, const struct bp_update_args *args)
{
    s->g = flush(s->g, args->least);
    const float agree = sign_of(s->a) * sign_of(s->g);
    if (agree > 0.0f)
        s->b = s->b * 1.2f;
    if (agree < 0.0f) {
        s->b = s->b * 0.5f;
        s->g = 0.0f;
    }
    s->b = fminf(fmaxf(s->b, 0x1p-63f), 50.0f);
    s->w = stored(s->w - sign_of(s->g) * s->b);
    s->a = s->g;
}

struct arrays {
    struct guarded weight, gradient, state[2];
};

/* The second state is what a mean of squares or a step may be: not negative. Every eighth gradient
 * and slope is 0. In every other vector all are small: around the magnitudes below which they do
 * not count, and down to subnormal ones. */
static struct arrays create_arrays(uint64_t seed, size_t count)
{
    struct noise noise = {seed};
    struct arrays arrays;
    struct guarded *const each[] = {&arrays.weight, &arrays.gradient, &arrays.state[0],
                                    &arrays.state[1]};
    for (size_t k = 0; k < COUNT(each); k++) {
        *each[k] = guarded_create(count, 0);
        noise_fill(&noise, each[k]->at, count);
    }
    for (size_t k = 0; k < count; k++) {
        if (k / 16 % 2) {
            arrays.weight.at[k] = noise_small(&noise);
            arrays.gradient.at[k] = noise_small(&noise);
            arrays.state[0].at[k] = noise_small(&noise);
            arrays.state[1].at[k] = noise_small(&noise);
        }
        arrays.state[1].at[k] = 60.0f * fabsf(arrays.state[1].at[k]);
        if (k % 8 == 3)
            arrays.gradient.at[k] = k % 16 == 3 ? 0.0f : -0.0f;
        if (k % 8 == 5)
            arrays.state[0].at[k] = k % 16 == 5 ? 0.0f : -0.0f;
    }
    return arrays;
}

static void free_arrays(struct arrays *arrays)
{
    guarded_free(&arrays->weight);
    guarded_free(&arrays->gradient);
    guarded_free(&arrays->state[0]);
    guarded_free(&arrays->state[1]);
}

/* Equal but for the sign of a zero, which no chain goes on from differently. */
static bool same(float a, float b)
{
    return a == b && (a == 0.0f || signbit(a) == signbit(b));
}

/* RMSProp and Adagrad keep squares in their first state. */
static void expect_as_defined(kernel_fn *kernel, define_fn *define, bool squares,
                              const struct bp_update_args *numbers)
{
    for (size_t c = 0; c < COUNT(counts); c++) {
        const size_t count = counts[c];
        struct arrays before = create_arrays(c + 1, count), after = create_arrays(c + 1, count);
        for (size_t k = 0; k < count && squares; k++)
            after.state[0].at[k] = before.state[0].at[k] = fabsf(before.state[0].at[k]);
        struct bp_update_args args = *numbers;
        args.count = count;
        args.weight = after.weight.at;
        args.gradient = after.gradient.at;
        args.state[0] = after.state[0].at;
        args.state[1] = after.state[1].at;
        kernel(&args);
        for (size_t k = 0; k < count; k++) {
            struct scalar s = {before.weight.at[k], before.gradient.at[k], before.state[0].at[k],
                               before.state[1].at[k]};
            define(&s, &args);
            cr_assert(same(after.weight.at[k], s.w), "w[%zu] of %zu: %a instead of %a", k, count,
                      (double)after.weight.at[k], (double)s.w);
            cr_assert(same(after.state[0].at[k], s.a), "a[%zu] of %zu: %a instead of %a", k, count,
                      (double)after.state[0].at[k], (double)s.a);
            cr_assert(same(after.state[1].at[k], s.b), "b[%zu] of %zu: %a instead of %a", k, count,
                      (double)after.state[1].at[k], (double)s.b);
        }
        cr_assert(memcmp(before.gradient.at, after.gradient.at, count * sizeof(float)) == 0);
        cr_assert(guarded_intact(&after.weight) && guarded_intact(&after.state[0]) &&
                  guarded_intact(&after.state[1]) && guarded_intact(&after.gradient));
        free_arrays(&before);
        free_arrays(&after);
    }
}

static void sgd_is_as_defined(const struct bp_kernels *kernels)
{
    const struct bp_update_args numbers = {.rate = 0.1f, .least = 0x1p-63f};
    expect_as_defined(kernels->update[BP_OPTIMIZER_SGD], define_sgd, false, &numbers);
}
TEST_ON_EACH_TABLE(sgd_is_as_defined)

static void numbers_that_are_not_finite_are_left(const struct bp_kernels *kernels)
{
    static const struct {
        bp_optimizer optimizer;
        define_fn *define;
    } cases[] = {
        {BP_OPTIMIZER_SGD, define_sgd},           {BP_OPTIMIZER_MOMENTUM, define_momentum},
        {BP_OPTIMIZER_NESTEROV, define_nesterov}, {BP_OPTIMIZER_RMSPROP, define_rmsprop},
        {BP_OPTIMIZER_ADAGRAD, define_adagrad},   {BP_OPTIMIZER_ADAM, define_adam},
    };
    static const float special[] = {NAN, -NAN, INFINITY, -INFINITY, -0.0f, 1.0f, -0x1p-149f, 0.0f};
    for (size_t c = 0; c < COUNT(cases); c++) {
        struct arrays arrays = create_arrays(1, 64);
        struct bp_update_args args = {.count = 64,
                                      .weight = arrays.weight.at,
                                      .gradient = arrays.gradient.at,
                                      .state = {arrays.state[0].at, arrays.state[1].at},
                                      .rate = 0.5f,
                                      .keep = 0.5f,
                                      .take = 0.5f,
                                      .keep_square = 0.5f,
                                      .take_square = 0.5f,
                                      .root = 1.0f,
                                      .epsilon = 1e-8f,
                                      .least = 0x1p-61f,
                                      .least_square = 0x1p-124f};
        struct scalar expected[64];
        for (size_t k = 0; k < 64; k++) {
            arrays.weight.at[k] = special[k % 8];
            arrays.gradient.at[k] = special[k / 8];
            arrays.state[0].at[k] = arrays.state[1].at[k] = 1.0f;
            expected[k] = (struct scalar){special[k % 8], special[k / 8], 1.0f, 1.0f};
            cases[c].define(&expected[k], &args);
        }
        kernels->update[cases[c].optimizer](&args);
        for (size_t k = 0; k < 64; k++) {
            const float w = arrays.weight.at[k], a = arrays.state[0].at[k];
            cr_assert(isnan(expected[k].w) ? isnan(w) : same(w, expected[k].w), "%zu", k);
            cr_assert(isnan(expected[k].a) ? isnan(a) : same(a, expected[k].a), "%zu", k);
            cr_assert(w != 0.0f || !signbit(w), "a 0 that is stored is +0");
        }
        free_arrays(&arrays);
    }
}
TEST_ON_EACH_TABLE(numbers_that_are_not_finite_are_left)

static void momentum_is_as_defined(const struct bp_kernels *kernels)
{
    const struct bp_update_args numbers = {.rate = 0.1f, .keep = 0.9f, .least = 0x1p-63f};
    expect_as_defined(kernels->update[BP_OPTIMIZER_MOMENTUM], define_momentum, false, &numbers);
}
TEST_ON_EACH_TABLE(momentum_is_as_defined)

static void nesterov_is_as_defined(const struct bp_kernels *kernels)
{
    const struct bp_update_args numbers = {.rate = 0.1f, .keep = 0.9f, .least = 0x1p-63f};
    expect_as_defined(kernels->update[BP_OPTIMIZER_NESTEROV], define_nesterov, false, &numbers);
}
TEST_ON_EACH_TABLE(nesterov_is_as_defined)

static void rmsprop_is_as_defined(const struct bp_kernels *kernels)
{
    const struct bp_update_args numbers = {
        .rate = 0.01f,
        .keep = 0.99f,
        .take = 0.01f,
        .epsilon = 1e-8f,
        .least = 0x1p-58f,
        .least_square = 0x1.02p-125f,
    };
    expect_as_defined(kernels->update[BP_OPTIMIZER_RMSPROP], define_rmsprop, true, &numbers);
}
TEST_ON_EACH_TABLE(rmsprop_is_as_defined)

static void adagrad_is_as_defined(const struct bp_kernels *kernels)
{
    const struct bp_update_args numbers = {.rate = 0.01f, .epsilon = 1e-10f, .least = 0x1p-63f};
    expect_as_defined(kernels->update[BP_OPTIMIZER_ADAGRAD], define_adagrad, true, &numbers);
}
TEST_ON_EACH_TABLE(adagrad_is_as_defined)

static void adam_is_as_defined(const struct bp_kernels *kernels)
{
    const struct bp_update_args numbers = {.rate = 0.01f,
                                           .take = 0.1f,
                                           .keep_square = 0.999f,
                                           .take_square = 0.001f,
                                           .root = 31.6f,
                                           .epsilon = 1e-8f,
                                           .least = 0x1p-57f,
                                           .least_square = 0x1.004p-125f};
    expect_as_defined(kernels->update[BP_OPTIMIZER_ADAM], define_adam, false, &numbers);
}
TEST_ON_EACH_TABLE(adam_is_as_defined)

static void irprop_is_as_defined(const struct bp_kernels *kernels)
{
    expect_as_defined(kernels->update[BP_OPTIMIZER_IRPROP], define_irprop, false,
                      &(struct bp_update_args){.least = 0x1p-63f});
}
TEST_ON_EACH_TABLE(irprop_is_as_defined)

/* The product of these slopes is 0 in binary32; their signs are not. */
static void irprop_sees_the_signs_of_tiny_slopes(const struct bp_kernels *kernels)
{
    struct arrays arrays = create_arrays(1, 16);
    for (size_t k = 0; k < 16; k++) {
        arrays.weight.at[k] = 1.0f;
        arrays.gradient.at[k] = 0x1p-63f;
        arrays.state[0].at[k] = k % 2 ? -0x1p-63f : 0x1p-63f;
        arrays.state[1].at[k] = 0.5f;
    }
    kernels->update[BP_OPTIMIZER_IRPROP](
        &(struct bp_update_args){.count = 16,
                                 .weight = arrays.weight.at,
                                 .gradient = arrays.gradient.at,
                                 .state = {arrays.state[0].at, arrays.state[1].at},
                                 .least = 0x1p-63f});
    for (size_t k = 0; k < 16; k++) {
        cr_assert_eq(arrays.state[1].at[k], k % 2 ? 0.25f : 0.5f * 1.2f);
        cr_assert_eq(arrays.weight.at[k], k % 2 ? 1.0f : 1.0f - 0.5f * 1.2f);
    }
    free_arrays(&arrays);
}
TEST_ON_EACH_TABLE(irprop_sees_the_signs_of_tiny_slopes)

static void shape_scales_and_adds_a_share_of_the_weights(const struct bp_kernels *kernels)
{
    for (size_t c = 0; c < COUNT(counts); c++) {
        const size_t count = counts[c];
        struct arrays arrays = create_arrays(c + 9, count);
        struct guarded result = guarded_create(count, 0);
        const float *g = arrays.gradient.at, *w = arrays.weight.at;
        kernels->shape(result.at, g, w, count, 0.3f, 0.01f);
        cr_assert(guarded_intact(&result));
        for (size_t k = 0; k < count; k++)
            cr_assert(same(result.at[k], fmaf(0.01f, w[k], stored(0.3f * g[k]))), "%zu", k);
        kernels->shape(arrays.weight.at, w, w, count, 1.0f, -0.01f);
        kernels->shape(arrays.gradient.at, g, result.at, count, 0.3f, 0.01f);
        struct arrays before = create_arrays(c + 9, count);
        for (size_t k = 0; k < count; k++) {
            const float old = before.weight.at[k];
            cr_assert(same(w[k], fmaf(-0.01f, old, stored(old))), "in place of the weights");
            cr_assert(same(g[k], fmaf(0.01f, result.at[k], stored(0.3f * before.gradient.at[k]))),
                      "in place of the gradient");
        }
        free_arrays(&arrays);
        free_arrays(&before);
        guarded_free(&result);
    }
}
TEST_ON_EACH_TABLE(shape_scales_and_adds_a_share_of_the_weights)

static double define_squares(const float *a, size_t count)
{
    double sum = 0.0;
    for (size_t lane = 0; lane < 16; lane++) {
        double lane_sum = 0.0;
        for (size_t k = lane; k < count; k += 16)
            lane_sum += (double)a[k] * (double)a[k];
        sum += lane_sum;
    }
    return sum;
}

static void squares_are_summed_by_lanes_and_then_over_them(const struct bp_kernels *kernels)
{
    for (size_t c = 0; c < COUNT(counts); c++) {
        struct guarded a = guarded_create(counts[c], 0);
        noise_fill(&(struct noise){c + 20}, a.at, counts[c]);
        for (size_t k = 0; k < counts[c]; k += 3)
            a.at[k] *= 1e30f;
        const double expected = define_squares(a.at, counts[c]);
        const double sum = kernels->squares(a.at, counts[c]);
        cr_assert(memcmp(&sum, &expected, sizeof sum) == 0, "%zu numbers: %a instead of %a",
                  counts[c], sum, expected);
        guarded_free(&a);
    }
}
TEST_ON_EACH_TABLE(squares_are_summed_by_lanes_and_then_over_them)

static void lanes_of_zeros_stay_zero(const struct bp_kernels *kernels)
{
    for (int f = 0; bp_choice_name(BP_CHOICE_OPTIMIZER, f); f++) {
        const bool keeps_step = f == BP_OPTIMIZER_IRPROP; /* which is never 0 */
        struct guarded zero[3], gradient = guarded_create(16, 0);
        for (size_t k = 0; k < 3; k++) {
            zero[k] = guarded_create(16, 0);
            memset(zero[k].at, 0, 16 * sizeof(float));
        }
        memset(gradient.at, 0, 16 * sizeof(float));
        kernels->update[f](&(struct bp_update_args){.count = 16,
                                                    .weight = zero[0].at,
                                                    .gradient = gradient.at,
                                                    .state = {zero[1].at, zero[2].at},
                                                    .rate = 1.0f,
                                                    .keep = 0.9f,
                                                    .take = 0.1f,
                                                    .keep_square = 0.9f,
                                                    .take_square = 0.1f,
                                                    .root = 1.0f,
                                                    .epsilon = 0x1p-62f});
        for (size_t k = 0; k < 16; k++)
            cr_assert(zero[0].at[k] == 0.0f && zero[1].at[k] == 0.0f &&
                          zero[2].at[k] == (keeps_step ? 0x1p-63f : 0.0f),
                      "kernel %d", f);
        for (size_t k = 0; k < 3; k++)
            guarded_free(&zero[k]);
        guarded_free(&gradient);
    }
}
TEST_ON_EACH_TABLE(lanes_of_zeros_stay_zero)
