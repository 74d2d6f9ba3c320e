/* Values and slopes are masked in one pass: a delta of a neuron that is left out is then 0 too. */
#include "step/dropout.h"

#include "base/random.h"

struct bp_dropout bp_dropout_make(float share, uint64_t seed)
{
    return (struct bp_dropout){
        .threshold = (uint32_t)((double)share * 0x1p32),
        .factor = (float)(1.0 / (1.0 - (double)share)),
        .seed = seed,
    };
}

void bp_forward_dropout(const struct bp_network *network, const struct bp_kernels *kernels,
                        struct bp_activations *activations, size_t rows,
                        const struct bp_dropout *dropout, uint64_t number)
{
    for (size_t l = 0; l < network->layers; l++) {
        bp_forward_layer(network, kernels, activations, rows, l);
        if (l + 1 == network->layers)
            break;
        kernels->dropout(&(struct bp_dropout_args){
            .rows = rows,
            .layer_panels = network->layer[l].panels,
            .panels = network->layer[l].panels,
            .number = number,
            .seed = dropout->seed,
            .stream = bp_stream(BP_STREAM_DROPOUT, (uint32_t)l),
            .threshold = dropout->threshold,
            .factor = dropout->factor,
            .value = activations->value[l + 1],
            .slope = activations->slope[l],
            .stride = activations->stride,
        });
    }
}
