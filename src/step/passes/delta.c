/* delta_j(x): sections 1.5 and 1.6 of the text. */
#include "step/passes/passes.h"

#include "base/flush.h"
#include "net/loss_table.h"
#include "step/passes/loss.h"

/* The gradient of the loss of each sample counts w(x) / n times the factor of the loss. */
static void set_factors(struct bp_activations *activations, double loss_factor, size_t rows,
                        size_t batch)
{
    const float all = (float)(loss_factor / (double)batch);
    float *factor = activations->factor;
    if (activations->weighted)
        for (size_t r = 0; r < rows; r++)
            factor[r] = bp_flush((float)(loss_factor * (double)factor[r] / (double)batch));
    else
        for (size_t r = 0; r < rows; r++)
            factor[r] = all;
}

void bp_delta_output(const struct bp_network *network, const struct bp_kernels *kernels,
                     struct bp_activations *activations, size_t rows, size_t batch, double *loss)
{
    const size_t last = network->layers - 1;
    const struct bp_loss_row *row = bp_loss_get(network->loss);
    bp_loss_of_rows(network, activations, rows, loss);
    for (size_t r = 0; activations->weighted && r < rows; r++)
        loss[r] *= (double)activations->factor[r];
    set_factors(activations, row->factor, rows, batch);
    kernels->output(&(struct bp_output_args){
        .rows = rows,
        .out = network->layer[last].out,
        .g = row->slope,
        .ends = bp_loss_ends_of(network->loss, network->loss_parameter),
        .linked = bp_loss_is_linked(network->loss),
        .softmax = network->layer[last].activation == BP_ACTIVATION_SOFTMAX,
        .factor = activations->factor,
        .value = activations->value[last + 1],
        .target = activations->target,
        .slope = activations->slope[last],
        .stride = activations->stride,
    });
}

void bp_delta_panels(const struct bp_network *network, const struct bp_kernels *kernels,
                     struct bp_activations *activations, size_t rows, size_t l,
                     struct bp_range panels)
{
    const struct bp_layer *next = &network->layer[l + 1];
    const size_t at = panels.begin * activations->stride;
    kernels->delta(&(struct bp_delta_args){
        .rows = rows,
        .out = next->out,
        .panels = panels.end - panels.begin,
        .delta = activations->slope[l + 1],
        .delta_stride = activations->stride,
        .weights = network->transposed + bp_layer_transposed(next, panels.begin),
        .panel_stride = next->panels * BP_LANES * BP_LANES,
        .partial = activations->partial + at,
        .slope = activations->slope[l] + at,
        .slope_stride = activations->stride,
        .as_printed = network->hidden_delta == BP_HIDDEN_DELTA_AS_PRINTED,
    });
}

void bp_delta_hidden(const struct bp_network *network, const struct bp_kernels *kernels,
                     struct bp_activations *activations, size_t rows)
{
    for (size_t l = network->layers - 1; l-- > 0;)
        bp_delta_panels(network, kernels, activations, rows, l,
                        (struct bp_range){0, network->layer[l].panels});
}
