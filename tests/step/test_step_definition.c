/* The gradient and the loss of a batch against a second program that follows docs/numerics.md
 * result by result, bit for bit: row-major weights, one scalar chain each, shards by recursion. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/memory.h"
#include "data/samples/batch.h"
#include "support/problem.h"

/* One layer of the second program for the whole batch. */
struct plain_layer {
    size_t in, out;
    float *weight;                /* w_ij at [j * in + i] */
    float *bias;                  /* -b_j */
    float *value, *slope, *delta; /* at [x * out + j] */
};

struct plain {
    const struct bp_network *network;
    const struct bp_samples *samples;
    const uint32_t *order;
    size_t rows, shard_size;
    size_t chunk_shards; /* shards in a chunk */
    float *input;        /* at [x * in + i] */
    struct plain_layer layer[4];
    double *loss; /* of sample x */
};

static float *floats(size_t count)
{
    float *memory = bp_array_alloc(count, sizeof *memory);
    cr_assert_not_null(memory);
    return memory;
}

/* At most 1024 samples or 32 shards, the chunks being equal but for the last. */
static size_t count_chunk_shards(size_t rows, size_t shard_size)
{
    const size_t most = (1024 / shard_size > 32 ? 1024 / shard_size : 32) * shard_size;
    const size_t chunks = (rows + most - 1) / most;
    return ((rows + chunks - 1) / chunks + shard_size - 1) / shard_size;
}

static struct plain create_plain(const struct bp_network *network, const struct bp_samples *samples,
                                 const uint32_t *order, size_t rows, size_t shard_size)
{
    struct plain plain = {.network = network,
                          .samples = samples,
                          .order = order,
                          .rows = rows,
                          .shard_size = shard_size,
                          .chunk_shards = count_chunk_shards(rows, shard_size)};
    const size_t in = samples->inputs, stride = rows * 16;
    float *panels = floats((in + 15) / 16 * stride);
    plain.input = floats(rows * in);
    plain.loss = bp_array_alloc(rows, sizeof *plain.loss);
    cr_assert_not_null(plain.loss);
    bp_batch_gather(samples, order, rows, panels, stride);
    for (size_t x = 0; x < rows; x++)
        for (size_t i = 0; i < in; i++)
            plain.input[x * in + i] = panels[i / 16 * stride + x * 16 + i % 16];
    free(panels);
    for (size_t l = 0; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        plain.layer[l] = (struct plain_layer){layer->in,
                                              layer->out,
                                              floats(layer->in * layer->out),
                                              floats(layer->out),
                                              floats(rows * layer->out),
                                              floats(rows * layer->out),
                                              floats(rows * layer->out)};
        bp_layer_unpack(layer, network->values, plain.layer[l].weight, plain.layer[l].bias);
    }
    return plain;
}

static void free_plain(struct plain *plain)
{
    for (size_t l = 0; l < plain->network->layers; l++) {
        free(plain->layer[l].weight);
        free(plain->layer[l].bias);
        free(plain->layer[l].value);
        free(plain->layer[l].slope);
        free(plain->layer[l].delta);
    }
    free(plain->input);
    free(plain->loss);
}

/* As a number is stored: 0 below 2^-63. */
static float stored(float x)
{
    return x > -0x1p-63f && x < 0x1p-63f ? 0.0f : x;
}

static void activate(bp_activation f, float n, float *value, float *slope)
{
    _Alignas(64) float in[16] = {n}, out[16], out_slope[16];
    bp_kernels_select(BP_ISA_PORTABLE)->activate(f, in, out, out_slope, 16);
    *value = out[0];
    *slope = out_slope[0];
}

/* Number i of what layer l reads for sample x. */
static float input_of(const struct plain *plain, size_t l, size_t x, size_t i)
{
    return l == 0 ? plain->input[x * plain->layer[0].in + i]
                  : plain->layer[l - 1].value[x * plain->layer[l - 1].out + i];
}

static void forward(struct plain *plain, size_t l, size_t x)
{
    struct plain_layer *layer = &plain->layer[l];
    for (size_t j = 0; j < layer->out; j++) {
        float n = layer->bias[j];
        for (size_t i = 0; i < layer->in; i++)
            n = fmaf(layer->weight[j * layer->in + i], input_of(plain, l, x, i), n);
        activate(plain->network->layer[l].activation, n, &layer->value[x * layer->out + j],
                 &layer->slope[x * layer->out + j]);
    }
}

static void delta_output(struct plain *plain, size_t x)
{
    const struct plain_layer *layer = &plain->layer[plain->network->layers - 1];
    const size_t sample = plain->order[x];
    plain->loss[x] = 0.0;
    for (size_t j = 0; j < layer->out; j++) {
        const size_t at = x * layer->out + j;
        const float target = plain->samples->labels
                                 ? (float)(plain->samples->labels[sample] == j)
                                 : plain->samples->targets[sample * layer->out + j];
        const float difference = layer->value[at] - target;
        plain->loss[x] += (double)difference * (double)difference;
        const float product = stored((float)(2.0 / (double)plain->rows) * difference);
        layer->delta[at] = stored(product * layer->slope[at]);
    }
}

static void delta_hidden(struct plain *plain, size_t l, size_t x)
{
    const struct plain_layer *layer = &plain->layer[l], *next = &plain->layer[l + 1];
    for (size_t j = 0; j < layer->out; j++) {
        float sum = 0.0f;
        for (size_t k = 0; k < next->out; k++)
            sum = fmaf(next->delta[x * next->out + k], next->weight[k * next->in + j], sum);
        const bool printed = plain->network->hidden_delta == BP_HIDDEN_DELTA_AS_PRINTED;
        layer->delta[x * layer->out + j] =
            stored(printed ? sum : sum * layer->slope[x * layer->out + j]);
    }
}

/* Shards first ... first + count - 1; the left half is the largest power of two below count. */
struct part {
    size_t first, count;
};

static size_t left_half(size_t count)
{
    size_t left = 1;
    while (2 * left < count)
        left *= 2;
    return left;
}

/* i == in: the gradient of the added bias. */
static float sum_gradient(const struct plain *plain, size_t l, size_t i, size_t j, struct part part)
{
    if (part.count > 1) {
        const size_t left = left_half(part.count);
        return sum_gradient(plain, l, i, j, (struct part){part.first, left}) +
               sum_gradient(plain, l, i, j, (struct part){part.first + left, part.count - left});
    }
    const struct plain_layer *layer = &plain->layer[l];
    float sum = 0.0f;
    for (size_t x = part.first * plain->shard_size;
         x < (part.first + 1) * plain->shard_size && x < plain->rows; x++) {
        const float o = i == layer->in ? 1.0f : input_of(plain, l, x, i);
        sum = fmaf(o, layer->delta[x * layer->out + j], sum);
    }
    return sum;
}

static double sum_loss(const struct plain *plain, struct part part)
{
    if (part.count > 1) {
        const size_t left = left_half(part.count);
        return sum_loss(plain, (struct part){part.first, left}) +
               sum_loss(plain, (struct part){part.first + left, part.count - left});
    }
    double sum = 0.0;
    for (size_t x = part.first * plain->shard_size;
         x < (part.first + 1) * plain->shard_size && x < plain->rows; x++)
        sum += plain->loss[x];
    return sum;
}

/* The shards of the chunk after `chunk`; none after the last. The first comes after {0, 0}. */
static struct part next_chunk(const struct plain *plain, struct part chunk)
{
    const size_t shards = (plain->rows + plain->shard_size - 1) / plain->shard_size;
    const size_t first = chunk.first + chunk.count, left = shards - first;
    return (struct part){first, left < plain->chunk_shards ? left : plain->chunk_shards};
}

/* Chunks are added in order. */
static float sum_gradient_chunks(const struct plain *plain, size_t l, size_t i, size_t j)
{
    struct part chunk = next_chunk(plain, (struct part){0, 0});
    float sum = sum_gradient(plain, l, i, j, chunk);
    while ((chunk = next_chunk(plain, chunk)).count)
        sum = sum + sum_gradient(plain, l, i, j, chunk);
    return sum;
}

static double sum_loss_chunks(const struct plain *plain)
{
    double sum = 0.0;
    for (struct part chunk = next_chunk(plain, (struct part){0, 0}); chunk.count;
         chunk = next_chunk(plain, chunk))
        sum += sum_loss(plain, chunk);
    return sum;
}

static void expect_gradient(const struct plain *plain, const float *gradient)
{
    for (size_t l = 0; l < plain->network->layers; l++) {
        const struct plain_layer *layer = &plain->layer[l];
        float *weight = floats(layer->in * layer->out), *bias = floats(layer->out);
        bp_layer_unpack(&plain->network->layer[l], gradient, weight, bias);
        for (size_t j = 0; j < layer->out; j++) {
            for (size_t i = 0; i <= layer->in; i++) {
                const float expected = sum_gradient_chunks(plain, l, i, j);
                const float *actual = i == layer->in ? &bias[j] : &weight[j * layer->in + i];
                cr_assert_eq(memcmp(actual, &expected, sizeof expected), 0,
                             "layer %zu, neuron %zu, input %zu: %a, not %a", l, j, i,
                             (double)*actual, (double)expected);
            }
        }
        free(weight);
        free(bias);
    }
}

/* One batch of `rows` samples in shards of `shard_size`, on `threads` threads. */
static void check_plan(const struct problem *problem, size_t rows, size_t shard_size,
                       size_t threads, bp_plan plan)
{
    struct bp_samples *samples = problem_samples(problem);
    struct bp_network *network = problem_network(problem);
    uint32_t *order = bp_array_alloc(problem->count, sizeof *order);
    float *gradient = bp_aligned_alloc(network->floats, sizeof *gradient);
    cr_assert(order && gradient);
    problem_order(order, problem->count, 0);
    struct bp_step_options options = {.kernels = bp_kernels_select(BP_ISA_AUTO),
                                      .batch_size = rows,
                                      .shard_size = shard_size,
                                      .plan = plan};
    struct bp_step *step;
    cr_assert_eq(bp_team_create(&options.team, BP_BACKEND_AUTO, threads, NULL), BP_OK);
    cr_assert_eq(bp_step_create(&step, network, samples, &options, NULL), BP_OK);
    const double loss = bp_step_gradient(step, order, rows, gradient);

    struct plain plain = create_plain(network, samples, order, rows, shard_size);
    for (size_t x = 0; x < rows; x++) {
        for (size_t l = 0; l < network->layers; l++)
            forward(&plain, l, x);
        delta_output(&plain, x);
        for (size_t l = network->layers - 1; l-- > 0;)
            delta_hidden(&plain, l, x);
    }
    const double expected = sum_loss_chunks(&plain);
    cr_assert_eq(memcmp(&loss, &expected, sizeof loss), 0, "loss %a, not %a", loss, expected);
    expect_gradient(&plain, gradient);

    free_plain(&plain);
    bp_step_free(step);
    bp_team_free(options.team);
    bp_network_free(network);
    problem_samples_free(samples);
    bp_aligned_free(gradient);
    free(order);
}

static void check(const struct problem *problem, size_t rows, size_t shard_size, size_t threads)
{
    check_plan(problem, rows, shard_size, threads, BP_PLAN_SAMPLES);
    check_plan(problem, rows, shard_size, threads, BP_PLAN_PARAMETERS);
}

static const struct problem ragged = {.layers = 3, .widths = {17, 33, 16, 5}, .count = 500};

Test(step_definition, batches_of_one_and_around_a_shard)
{
    for (size_t rows = 1; rows <= 18; rows++)
        check(&ragged, rows, 8, 1 + rows % 3);
}

Test(step_definition, many_shards_in_several_blocks)
{
    check(&ragged, 500, 8, 1);
    check(&ragged, 500, 8, 3);
    check(&ragged, 499, 1, 2);
    check(&ragged, 497, 3, 7);
}

/* Chunks of several blocks and shards of several pieces where parameters are split: the threads
 * share room for 1024 samples. */
Test(step_definition, shards_larger_than_the_room_that_threads_share)
{
    struct problem problem = {.layers = 2, .widths = {5, 18, 3}, .count = 9000};
    check(&problem, 3000, 3000, 2);
    check(&problem, 5000, 1100, 3);
    check(&problem, 9000, 300, 2);
    check(&problem, 9000, 129, 5);
}

Test(step_definition, more_threads_than_samples)
{
    for (size_t rows = 1; rows <= 9; rows += 4) {
        check(&ragged, rows, 8, 12);
        check(&ragged, rows, 2, 40);
    }
}

Test(step_definition, shards_larger_than_the_workspace_go_on_where_they_stopped)
{
    struct problem problem = {.layers = 2, .widths = {5, 18, 3}, .count = 1500};
    check(&problem, 1500, 1500, 1);
    check(&problem, 1500, 257, 1);
    check(&problem, 1500, 300, 2);
    check(&problem, 1024, 500, 3);
}

Test(step_definition, chunks_are_added_in_order)
{
    struct problem problem = {.layers = 2, .widths = {5, 18, 3}, .count = 2600};
    check(&problem, 2600, 16, 1);
    check(&problem, 2600, 7, 2);
    check(&problem, 2049, 32, 3);
    check(&problem, 2600, 50, 2);
}

Test(step_definition, bytes_and_labels)
{
    struct problem problem = ragged;
    problem.bytes = problem.labels = true;
    check(&problem, 100, 8, 2);
}

Test(step_definition, the_rule_as_printed)
{
    struct problem problem = ragged;
    problem.hidden_delta = BP_HIDDEN_DELTA_AS_PRINTED;
    check(&problem, 100, 8, 2);
}
