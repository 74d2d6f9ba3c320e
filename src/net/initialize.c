/* Initial parameters: Glorot's uniform weights, zero thresholds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "net/network.h"

/*
 * w = limit (2u - 1), u uniform in [0, 1), limit = sqrt(6 / (in + out)) (Glorot and Bengio 2010,
 * equation 16).
 *
 * In binary32, in this order: the quotient, its root, then for each weight the product with
 * 2u - 1. The sum in + out is at most 2^21, u is a multiple of 2^-24, so that conversion and 2u - 1
 * are exact; quotient, root and product are rounded once each, as IEEE 754 says.
 */
static void draw_weights(const struct bp_layer *layer, uint64_t seed, uint64_t stream,
                         float *weights)
{
    const float limit = sqrtf(6.0f / (float)(layer->in + layer->out));
    size_t count = layer->in * layer->out;
    for (size_t index = 0; index < count; index++)
        weights[index] = limit * (2.0f * bp_random_uniform(seed, stream, index) - 1.0f);
}

bp_status bp_network_initialize(struct bp_network *network, uint64_t seed, bp_error *error)
{
    size_t most = 0;
    for (size_t l = 0; l < network->layers; l++) {
        size_t count = network->layer[l].in * network->layer[l].out;
        most = count > most ? count : most;
    }
    float *weights = bp_array_alloc(most, sizeof *weights);
    if (!weights)
        return bp_fail_memory(error, "the initial weights of a layer");
    memset(network->values, 0, network->floats * sizeof *network->values);
    for (size_t l = 0; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        draw_weights(layer, seed, bp_stream(BP_STREAM_INITIAL_WEIGHTS, (uint32_t)l), weights);
        bp_layer_pack(layer, network->values, weights, NULL);
    }
    free(weights);
    bp_network_transpose(network);
    return BP_OK;
}
