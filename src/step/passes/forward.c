/* n_j(x) = sum_i w_ij o_i(x) - b_j, o_j(x) = sigma(n_j(x)): sections 1.1 and 2.1 of the text. */
#include "step/passes/passes.h"

#include "net/loss_table.h"

/* exp(n_j) / sum_k exp(n_k), from what the layer left where its numbers belong. */
static void run_softmax(const struct bp_layer *layer, const struct bp_kernels *kernels,
                        struct bp_activations *activations, float *number, float *value,
                        size_t rows)
{
    kernels->softmax(&(struct bp_softmax_args){
        .rows = rows,
        .out = layer->out,
        .number = number,
        .value = value,
        .sum = activations->sum,
        .stride = activations->stride,
    });
}

/* o of a last layer whose n stands in `score`, where the loss will read it. */
static void run_link(const struct bp_network *network, const struct bp_kernels *kernels,
                     struct bp_activations *activations, size_t rows)
{
    const struct bp_layer *layer = &network->layer[network->layers - 1];
    float *value = activations->value[network->layers];
    if (layer->activation == BP_ACTIVATION_SOFTMAX) {
        run_softmax(layer, kernels, activations, activations->score, value, rows);
        return;
    }
    for (size_t p = 0; p < layer->panels; p++) {
        const float *n = activations->score + p * activations->stride;
        float *o = value + p * activations->stride;
        if (bp_loss_get(network->loss)->counts)
            kernels->exponential(n, o, rows * BP_LANES);
        else
            kernels->activate(layer->activation, n, o, NULL, rows * BP_LANES);
    }
}

void bp_forward_panels(const struct bp_network *network, const struct bp_kernels *kernels,
                       struct bp_activations *activations, size_t rows, size_t l,
                       struct bp_range panels)
{
    const struct bp_layer *layer = &network->layer[l];
    const size_t at = panels.begin * activations->stride;
    float *score = l + 1 == network->layers ? activations->score : NULL;
    float *slope = score ? NULL : activations->slope[l];
    kernels->forward(&(struct bp_forward_args){
        .rows = rows,
        .in = layer->in,
        .panels = panels.end - panels.begin,
        .input = activations->value[l],
        .input_stride = activations->stride,
        .weights = network->values + bp_layer_panel(layer, panels.begin),
        .activation = score ? BP_ACTIVATION_IDENTITY : layer->activation,
        .value = (score ? score : activations->value[l + 1]) + at,
        .slope = slope ? slope + at : NULL,
        .stride = activations->stride,
    });
}

void bp_forward_end(const struct bp_network *network, const struct bp_kernels *kernels,
                    struct bp_activations *activations, size_t rows)
{
    const struct bp_layer *last = &network->layer[network->layers - 1];
    float *value = activations->value[network->layers];
    if (activations->score)
        run_link(network, kernels, activations, rows);
    else if (last->activation == BP_ACTIVATION_SOFTMAX)
        run_softmax(last, kernels, activations, value, value, rows);
}

void bp_forward_layer(const struct bp_network *network, const struct bp_kernels *kernels,
                      struct bp_activations *activations, size_t rows, size_t l)
{
    bp_forward_panels(network, kernels, activations, rows, l,
                      (struct bp_range){0, network->layer[l].panels});
    if (l + 1 == network->layers)
        bp_forward_end(network, kernels, activations, rows);
}

void bp_forward(const struct bp_network *network, const struct bp_kernels *kernels,
                struct bp_activations *activations, size_t rows)
{
    for (size_t l = 0; l < network->layers; l++)
        bp_forward_layer(network, kernels, activations, rows, l);
}
