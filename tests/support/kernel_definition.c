/* Slow and obvious on purpose. */
#include "support/kernel_definition.h"

#include <math.h>

/* As a number is stored: 0 below 2^-63. */
static float stored(float x)
{
    return x > -0x1p-63f && x < 0x1p-63f ? 0.0f : x;
}

/* Where number `column` of sample `x` stands in panels `stride` floats apart. */
static size_t find(size_t stride, size_t x, size_t column)
{
    return column / BP_LANES * stride + x * BP_LANES + column % BP_LANES;
}

/* Where weight (i, j) stands in panels of `height` rows, row `row` first. */
static size_t place(size_t height, size_t row, size_t j)
{
    return (j / BP_LANES * height + row) * BP_LANES + j % BP_LANES;
}

static void activate_one(bp_activation f, float n, float *value, float *slope)
{
    _Alignas(64) float in[BP_LANES] = {n}, out[BP_LANES], out_slope[BP_LANES];
    bp_kernels_select(BP_ISA_PORTABLE)->activate(f, in, out, out_slope, BP_LANES);
    *value = out[0];
    *slope = out_slope[0];
}

void define_forward(const struct bp_forward_args *args)
{
    for (size_t x = 0; x < args->rows; x++) {
        for (size_t j = 0; j < args->panels * BP_LANES; j++) {
            float n = args->weights[place(args->in + 1, 0, j)];
            for (size_t i = 0; i < args->in; i++)
                n = fmaf(args->weights[place(args->in + 1, 1 + i, j)],
                         args->input[find(args->input_stride, x, i)], n);
            float value, slope;
            activate_one(args->activation, n, &value, &slope);
            args->value[find(args->stride, x, j)] = value;
            if (args->slope)
                args->slope[find(args->stride, x, j)] = slope;
        }
    }
}

static float exponentiate(float n)
{
    _Alignas(64) float in[BP_LANES] = {n}, out[BP_LANES];
    bp_kernels_select(BP_ISA_PORTABLE)->exponential(in, out, BP_LANES);
    return stored(out[0]);
}

void define_softmax(const struct bp_softmax_args *args)
{
    for (size_t x = 0; x < args->rows; x++) {
        float most = args->number[find(args->stride, x, 0)], sum = 0.0f;
        for (size_t j = 1; j < args->out; j++) {
            const float n = args->number[find(args->stride, x, j)];
            most = n > most ? n : most;
        }
        for (size_t j = 0; j < args->out; j++) {
            const size_t at = find(args->stride, x, j);
            args->number[at] -= most;
            args->value[at] = exponentiate(args->number[at]);
            sum += args->value[at];
        }
        args->sum[x] = sum;
        for (size_t j = 0; j < args->out; j++)
            args->value[find(args->stride, x, j)] =
                stored(args->value[find(args->stride, x, j)] / sum);
    }
}

static float differentiate(const struct bp_output_args *args, float d)
{
    if (args->linked)
        return d;
    switch (args->g) {
    case BP_LOSS_SLOPE_STEP:
        return d > 0.0f ? args->ends.high : d < 0.0f ? args->ends.low : d;
    case BP_LOSS_SLOPE_CUT:
        return d > args->ends.high ? args->ends.high : d < args->ends.low ? args->ends.low : d;
    case BP_LOSS_SLOPE_DIFFERENCE:
        break;
    }
    return d;
}

static float sum_through_softmax(const struct bp_output_args *args, size_t x)
{
    float sum = 0.0f;
    for (size_t k = 0; k < args->out; k++) {
        const size_t at = find(args->stride, x, k);
        const float g = stored(differentiate(args, args->value[at] - args->target[at]));
        sum = fmaf(g, args->value[at], sum);
    }
    return sum;
}

void define_output(const struct bp_output_args *args)
{
    for (size_t x = 0; x < args->rows; x++) {
        const float sum = sum_through_softmax(args, x), factor = args->factor[x];
        for (size_t j = 0; j < (args->out + BP_LANES - 1) / BP_LANES * BP_LANES; j++) {
            const size_t at = find(args->stride, x, j);
            const float o = args->value[at];
            const float g = differentiate(args, o - args->target[at]);
            float delta = stored(stored(factor * g) * args->slope[at]);
            if (args->linked)
                delta = stored(factor * g);
            else if (args->softmax)
                delta = stored(factor * stored(o * (stored(g) - sum)));
            args->slope[at] = j < args->out ? delta : 0.0f;
        }
    }
}

void define_delta(const struct bp_delta_args *args)
{
    for (size_t x = 0; x < args->rows; x++) {
        for (size_t j = 0; j < args->panels * BP_LANES; j++) {
            float sum = 0.0f;
            for (size_t l = 0; l < args->out; l++)
                sum = fmaf(
                    args->delta[find(args->delta_stride, x, l)],
                    args->weights[j / BP_LANES * args->panel_stride + l * BP_LANES + j % BP_LANES],
                    sum);
            float *slope = &args->slope[find(args->slope_stride, x, j)];
            *slope = stored(args->as_printed ? sum : sum * *slope);
        }
    }
}

/* g_ij over shards first ... first + count - 1; row 0 is that of the bias, weights from i = 0
 * follow. */
static float sum_shards(const struct bp_gradient_args *args, size_t row, size_t j, size_t first,
                        size_t count)
{
    if (count > 1) {
        size_t left = 1;
        while (2 * left < count)
            left *= 2;
        return sum_shards(args, row, j, first, left) +
               sum_shards(args, row, j, first + left, count - left);
    }
    const size_t begin = first * args->shard_rows;
    const size_t end =
        args->rows - begin < args->shard_rows ? args->rows : begin + args->shard_rows;
    float g = first == 0 && args->partial
                  ? args->partial[find(args->partial_stride, row - args->begin, j)]
                  : 0.0f;
    for (size_t x = begin; x < end; x++) {
        const float delta = args->delta[find(args->delta_stride, x, j)];
        g = row == 0 ? g + delta
                     : fmaf(args->input[find(args->input_stride, x, row - 1)], delta, g);
    }
    return g;
}

void define_gradient(const struct bp_gradient_args *args)
{
    const size_t shards = (args->rows + args->shard_rows - 1) / args->shard_rows;
    for (size_t row = args->begin; row < args->end; row++) {
        for (size_t j = 0; j < args->panels * BP_LANES; j++) {
            const size_t at = find(args->partial_stride, row - args->begin, j);
            float sum = sum_shards(args, row, j, 0, shards);
            for (size_t m = 0; m < args->merges; m++)
                sum = args->merge[m][at] + sum;
            args->gradient[find(args->gradient_stride, row - args->begin, j)] = sum;
        }
    }
}
