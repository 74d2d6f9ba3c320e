/* delta_j(x): sections 1.5 and 1.6 of the text. */
#include "step/passes.h"

#include "base/sizes.h"
#include "step/loss.h"

/* The squares of the differences of sample r, in order of the neurons. */
static double sum_squares(const float *difference, size_t stride, size_t r, size_t out)
{
    double sum = 0.0;
    for (size_t first = 0; first < out; first += BP_LANES) {
        const float *lane = difference + bp_panels_at(stride, r, first);
        const size_t lanes = bp_size_min(out - first, BP_LANES);
        for (size_t j = 0; j < lanes; j++)
            sum = bp_loss_add(sum, lane[j]);
    }
    return sum;
}

void bp_delta_output(const struct bp_network *network, const struct bp_kernels *kernels,
                     struct bp_activations *activations, size_t rows, size_t batch, double *loss)
{
    const size_t last = network->layers - 1;
    const size_t out = network->layer[last].out;
    kernels->output(&(struct bp_output_args){
        .rows = rows,
        .out = out,
        .factor = (float)(2.0 / (double)batch),
        .value = activations->value[last + 1],
        .target = activations->target,
        .slope = activations->slope[last],
        .stride = activations->stride,
    });
    for (size_t r = 0; r < rows; r++)
        loss[r] = sum_squares(activations->target, activations->stride, r, out);
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
            .delta_stride = activations->stride,
            .weights = network->transposed + next->transposed_offset,
            .panel_stride = next->panels * BP_LANES * BP_LANES,
            .partial = activations->partial,
            .slope = activations->slope[l - 1],
            .slope_stride = activations->stride,
            .as_printed = network->hidden_delta == BP_AS_PRINTED,
        });
    }
}
