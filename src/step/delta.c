/* delta_j(x): sections 1.5 and 1.6 of the text. */
#include "step/passes.h"

#include "step/loss.h"

void bp_delta_output(const struct bp_network *network, struct bp_activations *activations,
                     const struct bp_samples *samples, const uint32_t *order, size_t rows,
                     size_t batch, double *loss)
{
    const size_t last = network->layers - 1;
    const struct bp_layer *layer = &network->layer[last];
    const size_t stride = activations->stride[last + 1];
    const float factor = (float)(2.0 / (double)batch);
    for (size_t r = 0; r < rows; r++) {
        const float *value = activations->value[last + 1] + r * stride;
        float *delta = activations->slope[last] + r * stride;
        loss[r] = bp_loss_of_sample(samples, order[r], value);
        for (size_t j = 0; j < layer->out; j++)
            delta[j] = factor * (value[j] - bp_loss_target(samples, order[r], j)) * delta[j];
        /* Lanes without a neuron: their weights stay 0 because their deltas are. */
        for (size_t j = layer->out; j < layer->panels * BP_LANES; j++)
            delta[j] = 0.0f;
    }
}

void bp_delta_hidden(const struct bp_network *network, const struct bp_kernels *kernels,
                     struct bp_activations *activations, size_t rows)
{
    for (size_t l = network->layers - 1; l > 0; l--) {
        const struct bp_layer *next = &network->layer[l];
        kernels->delta(&(struct bp_delta_args){
            .rows = rows,
            .out = next->out,
            .panels = next->transposed_panels,
            .delta = activations->slope[l],
            .delta_stride = activations->stride[l + 1],
            .weights = network->transposed + next->transposed_offset,
            .panel_stride = next->panels * BP_LANES * BP_LANES,
            .slope = activations->slope[l - 1],
            .slope_stride = activations->stride[l],
            .as_printed = network->hidden_delta == BP_AS_PRINTED,
        });
    }
}
