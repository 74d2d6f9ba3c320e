/* n_j(x) = sum_i w_ij o_i(x) - b_j, o_j(x) = sigma(n_j(x)): sections 1.1 and 2.1 of the text. */
#include "step/passes.h"

void bp_forward(const struct bp_network *network, const struct bp_kernels *kernels,
                struct bp_activations *activations, size_t rows)
{
    for (size_t l = 0; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        kernels->forward(&(struct bp_forward_args){
            .rows = rows,
            .in = layer->in,
            .panels = layer->panels,
            .input = activations->value[l],
            .input_stride = activations->stride,
            .weights = network->values + layer->offset,
            .activation = layer->activation,
            .value = activations->value[l + 1],
            .slope = activations->slope[l],
            .stride = activations->stride,
        });
    }
}
