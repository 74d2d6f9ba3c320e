/* delta_j(x): sections 1.5 and 1.6 of the text. */
#include "step/passes.h"

#include "step/loss.h"

/* The gradient of the loss of each sample counts w(x) / n times; the square brings a 2 with it. */
static void set_factors(struct bp_activations *activations, bp_loss loss, size_t rows, size_t batch)
{
    const double square = loss == BP_LOSS_MSE ? 2.0 : 1.0;
    const float all = (float)(square / (double)batch);
    float *factor = activations->factor;
    if (activations->weighted)
        for (size_t r = 0; r < rows; r++)
            factor[r] = (float)(square * (double)factor[r] / (double)batch);
    else
        for (size_t r = 0; r < rows; r++)
            factor[r] = all;
}

void bp_delta_output(const struct bp_network *network, const struct bp_kernels *kernels,
                     struct bp_activations *activations, size_t rows, size_t batch, double *loss)
{
    const size_t last = network->layers - 1;
    bp_loss_of_rows(network, activations, rows, loss);
    for (size_t r = 0; activations->weighted && r < rows; r++)
        loss[r] *= (double)activations->factor[r];
    set_factors(activations, network->loss, rows, batch);
    kernels->output(&(struct bp_output_args){
        .rows = rows,
        .out = network->layer[last].out,
        .loss = network->loss,
        .softmax = network->layer[last].activation == BP_ACTIVATION_SOFTMAX,
        .factor = activations->factor,
        .value = activations->value[last + 1],
        .target = activations->target,
        .slope = activations->slope[last],
        .stride = activations->stride,
    });
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
            .as_printed = network->hidden_delta == BP_HIDDEN_DELTA_AS_PRINTED,
        });
    }
}
