/* Panels: what goes in comes out, what does not exist stays 0, the transposed copy agrees. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "support/nets.h"

static const size_t odd[] = {1, 2, 15, 16, 17, 33};
#define ODD (sizeof odd / sizeof odd[0])

static struct bp_network *create(size_t layers, const size_t *widths)
{
    const struct bp_network_spec spec = net_spec(layers, widths);
    struct bp_network *network;
    cr_assert_eq(bp_network_create(&network, &spec, NULL), BP_OK);
    return network;
}

/* 1, 2, 3, ...: no two alike, none 0. */
static float *count_up(size_t count)
{
    float *values = malloc(count * sizeof *values);
    cr_assert_not_null(values);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)(i + 1);
    return values;
}

static void check_layer(size_t in, size_t out)
{
    struct bp_network *network = create(1, (size_t[]){in, out});
    const struct bp_layer *layer = &network->layer[0];
    float *weights = count_up(in * out), *bias = count_up(out);
    float *weights2 = calloc(in * out, sizeof *weights2), *bias2 = calloc(out, sizeof *bias2);
    cr_assert(weights2 && bias2);
    bp_layer_pack(layer, network->values, weights, bias);
    bp_layer_unpack(layer, network->values, weights2, bias2);
    cr_assert_eq(memcmp(weights, weights2, in * out * sizeof *weights), 0, "%zux%zu", in, out);
    cr_assert_eq(memcmp(bias, bias2, out * sizeof *bias), 0, "%zux%zu", in, out);
    size_t other = 0;
    for (size_t i = 0; i < network->floats; i++)
        other += network->values[i] != 0;
    cr_assert_eq(other, (in + 1) * out, "lanes of neurons that do not exist were written");
    free(weights);
    free(weights2);
    free(bias);
    free(bias2);
    bp_network_free(network);
}

Test(net_layout, parameters_survive_pack_and_unpack_at_odd_widths)
{
    for (size_t a = 0; a < ODD; a++) {
        for (size_t b = 0; b < ODD; b++)
            check_layer(odd[a], odd[b]);
    }
}

Test(net_layout, a_weight_stands_where_the_drawing_says)
{
    struct bp_network *network = create(2, (size_t[]){3, 17, 2});
    const struct bp_layer *layer = &network->layer[0];
    float *weights = count_up(17 * 3), *bias = count_up(17);
    bp_layer_pack(layer, network->values, weights, bias);
    /* Neuron 16 is lane 0 of panel 1; its weight from input 2 is row 3. */
    cr_assert_eq(network->values[1 * 4 * 16 + 0], bias[16]);
    cr_assert_eq(network->values[1 * 4 * 16 + 3 * 16 + 0], weights[16 * 3 + 2]);
    cr_assert_eq(network->layer[1].offset, 2 * 4 * 16);
    free(weights);
    free(bias);
    bp_network_free(network);
}

Test(net_layout, what_is_null_is_left_alone)
{
    struct bp_network *network = create(1, (size_t[]){5, 3});
    const struct bp_layer *layer = &network->layer[0];
    float *weights = count_up(15), *bias = count_up(3), out[15];
    bp_layer_pack(layer, network->values, weights, NULL);
    bp_layer_unpack(layer, network->values, NULL, out);
    cr_assert_eq(out[0], 0);
    bp_layer_pack(layer, network->values, NULL, bias);
    bp_layer_unpack(layer, network->values, out, NULL);
    cr_assert_eq(memcmp(out, weights, sizeof out), 0);
    free(weights);
    free(bias);
    bp_network_free(network);
}

static void check_transposed(size_t in, size_t out)
{
    struct bp_network *network = create(2, (size_t[]){4, in, out});
    const struct bp_layer *layer = &network->layer[1];
    float *weights = count_up(in * out);
    bp_layer_pack(layer, network->values, weights, NULL);
    bp_network_transpose(network);
    const size_t rows = layer->panels * BP_LANES;
    cr_assert_eq(network->transposed_floats, (in + 15) / 16 * 16 * rows);
    for (size_t i = 0; i < (in + 15) / 16 * 16; i++) {
        const float *panel = network->transposed + bp_layer_transposed(layer, i / BP_LANES);
        for (size_t j = 0; j < rows; j++) {
            float expected = i < in && j < out ? weights[j * in + i] : 0;
            cr_assert_eq(panel[j * BP_LANES + i % BP_LANES], expected, "%zux%zu: %zu, %zu", in, out,
                         i, j);
        }
    }
    free(weights);
    bp_network_free(network);
}

Test(net_layout, the_transposed_copy_holds_the_same_weights)
{
    for (size_t a = 0; a < ODD; a++) {
        for (size_t b = 0; b < ODD; b++)
            check_transposed(odd[a], odd[b]);
    }
}

Test(net_layout, blocks_are_aligned_and_counted)
{
    struct bp_network *network = create(3, (size_t[]){784, 128, 33, 10});
    cr_assert_eq((uintptr_t)network->values % 64, 0);
    cr_assert_eq((uintptr_t)network->transposed % 64, 0);
    cr_assert_eq(network->parameters, 785 * 128 + 129 * 33 + 34 * 10);
    cr_assert_eq(network->floats, 785 * 128 + 129 * 48 + 34 * 16);
    cr_assert_eq(network->transposed_floats, 128 * 48 + 48 * 16);
    bp_network_free(network);
    bp_network_free(NULL);
}

Test(net_layout, a_network_gives_back_its_spec)
{
    const struct bp_network_spec spec = {
        .layers = 2,
        .widths = {3, 5, 2},
        .activations = {BP_ACTIVATION_IDENTITY, BP_ACTIVATION_LOGISTIC},
        .loss = BP_LOSS_MSE,
        .hidden_delta = BP_HIDDEN_DELTA_AS_PRINTED};
    struct bp_network *network;
    cr_assert_eq(bp_network_create(&network, &spec, NULL), BP_OK);
    const struct bp_network_spec back = bp_network_get_spec(network);
    cr_assert_eq(back.layers, 2);
    cr_assert_arr_eq(back.widths, spec.widths, sizeof spec.widths);
    cr_assert_arr_eq(back.activations, spec.activations, sizeof spec.activations);
    cr_assert_eq(back.hidden_delta, BP_HIDDEN_DELTA_AS_PRINTED);
    bp_network_free(network);
}

static void check_refused(struct bp_network_spec spec, bp_status status, const char *reason)
{
    struct bp_network *network = (struct bp_network *)&spec;
    bp_error error;
    cr_assert_eq(bp_network_create(&network, &spec, &error), status);
    cr_assert_null(network);
    cr_assert_not_null(strstr(error.message, reason), "%s", error.message);
}

Test(net_layout, a_shape_out_of_range_is_an_error)
{
    check_refused((struct bp_network_spec){.layers = 0}, BP_ERROR_ARGUMENT, "layers");
    check_refused((struct bp_network_spec){.layers = BP_LAYERS_MAX + 1}, BP_ERROR_ARGUMENT,
                  "layers");
    check_refused((struct bp_network_spec){.layers = 1, .widths = {1, 0}}, BP_ERROR_ARGUMENT,
                  "neurons");
    check_refused((struct bp_network_spec){.layers = 1, .widths = {BP_WIDTH_MAX + 1, 1}},
                  BP_ERROR_ARGUMENT, "neurons");
    check_refused(
        (struct bp_network_spec){.layers = 1, .widths = {1, 1}, .activations = {(bp_activation)99}},
        BP_ERROR_ARGUMENT, "activation");
    check_refused((struct bp_network_spec){.layers = 1, .widths = {1, 1}, .loss = (bp_loss)99},
                  BP_ERROR_ARGUMENT, "loss");
}

Test(net_layout, a_network_beyond_all_memory_is_an_error)
{
    struct bp_network_spec spec = {.layers = BP_LAYERS_MAX};
    for (size_t l = 0; l <= BP_LAYERS_MAX; l++)
        spec.widths[l] = BP_WIDTH_MAX;
    check_refused(spec, sizeof(size_t) > 4 ? BP_ERROR_MEMORY : BP_ERROR_ARGUMENT, "parameters");
}

Test(net_initialize, weights_lie_within_the_limits_of_their_layer)
{
    struct bp_network *network = create(2, (size_t[]){50, 30, 20});
    cr_assert_eq(bp_network_initialize(network, &(struct bp_initializer){.seed = 1}, NULL), BP_OK);
    const float limits[2] = {sqrtf(6.0f / 80), sqrtf(6.0f / 50)};
    for (size_t l = 0; l < 2; l++) {
        const struct bp_layer *layer = &network->layer[l];
        float weights[50 * 30], bias[30], most = 0;
        bp_layer_unpack(layer, network->values, weights, bias);
        for (size_t i = 0; i < layer->in * layer->out; i++)
            most = fmaxf(most, fabsf(weights[i]));
        /* 600 draws or more stay below 0.95 of the limit with a chance of 0.95^600 = 4e-14. */
        cr_assert(most <= limits[l] && most > 0.95f * limits[l], "layer %zu: %g", l, (double)most);
        for (size_t j = 0; j < layer->out; j++)
            cr_assert_eq(bias[j], 0);
    }
    bp_network_free(network);
}

Test(net_initialize, weight_j_i_is_the_draw_of_its_number)
{
    struct bp_network *network = create(2, (size_t[]){7, 19, 3});
    cr_assert_eq(bp_network_initialize(network, &(struct bp_initializer){.seed = 99}, NULL), BP_OK);
    float weights[3 * 19];
    bp_layer_unpack(&network->layer[1], network->values, weights, NULL);
    float u = bp_random_uniform(99, bp_stream(BP_STREAM_INITIAL_WEIGHTS, 1), 2 * 19 + 5);
    cr_assert_eq(weights[2 * 19 + 5], sqrtf(6.0f / 22.0f) * (2 * u - 1));
    bp_network_free(network);
}

Test(net_initialize, padding_stays_zero_and_the_transposed_copy_is_ready)
{
    struct bp_network *network = create(2, (size_t[]){3, 17, 1});
    memset(network->values, 0x55, network->floats * sizeof(float));
    cr_assert_eq(bp_network_initialize(network, &(struct bp_initializer){.seed = 1}, NULL), BP_OK);
    size_t other = 0, transposed = 0;
    for (size_t i = 0; i < network->floats; i++)
        other += network->values[i] != 0;
    for (size_t i = 0; i < network->transposed_floats; i++)
        transposed += network->transposed[i] != 0;
    cr_assert_eq(other, 3 * 17 + 17);
    cr_assert_eq(transposed, 17);
    bp_network_free(network);
}

/* The largest of the 1500 weights of a layer of 50 inputs and 30 neurons. */
static float draw_largest(bp_activation activation, bp_init init, float range)
{
    const struct bp_network_spec spec = {
        .layers = 1, .widths = {50, 30}, .activations = {activation}};
    const struct bp_initializer initializer = {init, range, 1};
    struct bp_network *network;
    float weights[50 * 30], most = 0;
    cr_assert_eq(bp_network_create(&network, &spec, NULL), BP_OK);
    cr_assert_eq(bp_network_initialize(network, &initializer, NULL), BP_OK);
    bp_layer_unpack(&network->layer[0], network->values, weights, NULL);
    for (size_t i = 0; i < 50 * 30; i++)
        most = fmaxf(most, fabsf(weights[i]));
    bp_network_free(network);
    return most;
}

static void expect_limit(float most, float limit, const char *what)
{
    cr_expect(most <= limit && most > 0.95f * limit, "%s: %g, limit %g", what, (double)most,
              (double)limit);
}

Test(net_initialize, each_initialization_has_its_limit)
{
    expect_limit(draw_largest(BP_ACTIVATION_RELU, BP_INIT_GLOROT, 0), sqrtf(6.0f / 80), "glorot");
    expect_limit(draw_largest(BP_ACTIVATION_LOGISTIC, BP_INIT_HE, 0), sqrtf(6.0f / 50), "he");
    expect_limit(draw_largest(BP_ACTIVATION_LOGISTIC, BP_INIT_LECUN, 0), sqrtf(3.0f / 50), "lecun");
    expect_limit(draw_largest(BP_ACTIVATION_LOGISTIC, BP_INIT_UNIFORM, 0.25f), 0.25f, "uniform");
}

Test(net_initialize, auto_is_he_for_relu_and_similar_ones_and_glorot_for_others)
{
    static const bp_activation similar[] = {BP_ACTIVATION_RELU, BP_ACTIVATION_LEAKY_RELU,
                                            BP_ACTIVATION_GELU, BP_ACTIVATION_SILU};
    static const bp_activation others[] = {BP_ACTIVATION_LOGISTIC, BP_ACTIVATION_IDENTITY,
                                           BP_ACTIVATION_TANH, BP_ACTIVATION_SOFTMAX};
    for (size_t k = 0; k < 4; k++) {
        expect_limit(draw_largest(similar[k], BP_INIT_AUTO, 0), sqrtf(6.0f / 50), "like ReLU");
        expect_limit(draw_largest(others[k], BP_INIT_AUTO, 0), sqrtf(6.0f / 80), "others");
    }
}

Test(net_initialize, a_range_that_is_none_is_refused)
{
    static const float ranges[] = {0.0f, -1.0f, INFINITY, NAN};
    struct bp_network *network = create(1, (size_t[]){2, 2});
    for (size_t k = 0; k < 4; k++) {
        const struct bp_initializer initializer = {BP_INIT_UNIFORM, ranges[k], 1};
        bp_error error;
        cr_assert_eq(bp_network_initialize(network, &initializer, &error), BP_ERROR_ARGUMENT);
        cr_assert_not_null(strstr(error.message, "give a finite range above 0"));
    }
    bp_network_free(network);
}
