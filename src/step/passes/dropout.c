/* Values and slopes are masked in one pass: a delta of a neuron that is left out is then 0 too. */
#include "step/passes/dropout.h"

#include "base/random.h"

struct bp_dropout bp_dropout_make(float share, uint64_t seed)
{
    return (struct bp_dropout){
        .threshold = (uint32_t)((double)share * 0x1p32),
        .factor = (float)(1.0 / (1.0 - (double)share)),
        .seed = seed,
    };
}

void bp_dropout_panels(const struct bp_dropout_mask *mask, const struct bp_kernels *kernels,
                       struct bp_activations *activations, size_t rows)
{
    const size_t at = mask->panels.begin * activations->stride;
    kernels->dropout(&(struct bp_dropout_args){
        .rows = rows,
        .layer_panels = mask->network->layer[mask->l].panels,
        .first_panel = mask->panels.begin,
        .panels = mask->panels.end - mask->panels.begin,
        .number = mask->number,
        .seed = mask->dropout->seed,
        .stream = bp_stream(BP_STREAM_DROPOUT, (uint32_t)mask->l),
        .threshold = mask->dropout->threshold,
        .factor = mask->dropout->factor,
        .value = activations->value[mask->l + 1] + at,
        .slope = activations->slope[mask->l] + at,
        .stride = activations->stride,
    });
}

void bp_forward_dropout(const struct bp_network *network, const struct bp_kernels *kernels,
                        struct bp_activations *activations, size_t rows,
                        const struct bp_dropout *dropout, uint64_t number)
{
    struct bp_dropout_mask mask = {.dropout = dropout, .number = number, .network = network};
    for (mask.l = 0; mask.l < network->layers; mask.l++) {
        bp_forward_layer(network, kernels, activations, rows, mask.l);
        if (mask.l + 1 == network->layers)
            break;
        mask.panels.end = network->layer[mask.l].panels;
        bp_dropout_panels(&mask, kernels, activations, rows);
    }
}
