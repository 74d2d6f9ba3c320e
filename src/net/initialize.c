/* Initial parameters: uniform weights, zero thresholds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/sizes.h"
#include "kernels/kernels.h"
#include "net/activation_table.h"
#include "net/network.h"

/*
 * sqrt(6 / (in + out)) (Glorot and Bengio 2010, equation 16), sqrt(6 / in) (He et al. 2015,
 * equation 10), sqrt(3 / in) (LeCun et al. 1998, equation 16): the variance of a uniform number is
 * a third of the square of its limit. In binary32: the quotient, then its root; in + out is at most
 * 2^21, so that its conversion is exact.
 */
static float find_limit(const struct bp_layer *layer, const struct bp_initializer *initializer)
{
    const bp_init init = initializer->init == BP_INIT_AUTO
                             ? bp_activation_get(layer->activation)->init
                             : initializer->init;
    switch (init) {
    case BP_INIT_HE:
        return sqrtf(6.0f / (float)layer->in);
    case BP_INIT_LECUN:
        return sqrtf(3.0f / (float)layer->in);
    case BP_INIT_UNIFORM:
        return initializer->range;
    case BP_INIT_AUTO:
    case BP_INIT_GLOROT:
        break;
    }
    return sqrtf(6.0f / (float)(layer->in + layer->out));
}

/* w = limit (2u - 1), u uniform in [0, 1), a multiple of 2^-24: 2u - 1 is exact, the product is
 * rounded once. */
static void draw_weights(float limit, size_t count, uint64_t seed, uint64_t stream, float *weights)
{
    bp_kernels_select(BP_ISA_AUTO)
        ->uniform(seed, stream, weights, bp_size_round_up(count, BP_LANES));
    for (size_t index = 0; index < count; index++)
        weights[index] = limit * (2.0f * weights[index] - 1.0f);
}

static bp_status check_initializer(const struct bp_initializer *initializer, bp_error *error)
{
    if (!bp_choice_name(BP_CHOICE_INIT, (int)initializer->init))
        return bp_fail(error, BP_ERROR_ARGUMENT, "there is no initialization of number %d",
                       (int)initializer->init);
    if (initializer->init == BP_INIT_UNIFORM &&
        !(initializer->range > 0.0f && isfinite(initializer->range)))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "initial weights in +-%g: give a finite range above 0",
                       (double)initializer->range);
    return BP_OK;
}

bp_status bp_network_initialize(struct bp_network *network,
                                const struct bp_initializer *initializer, bp_error *error)
{
    const bp_status status = check_initializer(initializer, error);
    if (status)
        return status;
    size_t most = 0;
    for (size_t l = 0; l < network->layers; l++) {
        size_t count = network->layer[l].in * network->layer[l].out;
        most = count > most ? count : most;
    }
    float *weights = bp_array_alloc(bp_size_round_up(most, BP_LANES), sizeof *weights);
    if (!weights)
        return bp_fail_memory(error, "the initial weights of a layer");
    memset(network->values, 0, network->floats * sizeof *network->values);
    for (size_t l = 0; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        draw_weights(find_limit(layer, initializer), layer->in * layer->out, initializer->seed,
                     bp_stream(BP_STREAM_INITIAL_WEIGHTS, (uint32_t)l), weights);
        bp_layer_pack(layer, network->values, weights, NULL);
    }
    free(weights);
    bp_network_transpose(network);
    return BP_OK;
}
