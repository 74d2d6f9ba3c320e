/* Units of the parameters, and the second layout of their weights. */
#include "step/passes/update.h"

#include "base/sizes.h"

size_t bp_units_in_panel(const struct bp_layer *layer)
{
    return bp_size_divide_up(layer->in, BP_UNIT_INPUTS);
}

struct bp_unit bp_unit_make(const struct bp_layer *layer, size_t panel, size_t first, size_t inputs)
{
    inputs = bp_size_min(inputs, layer->in - first);
    const size_t bias = first == 0; /* row 0, right before the first weights */
    return (struct bp_unit){
        .layer = layer,
        .panel = panel,
        .first = first,
        .inputs = inputs,
        .offset = bp_layer_panel(layer, panel) + (1 + first - bias) * BP_LANES,
        .count = (inputs + bias) * BP_LANES,
    };
}

size_t bp_units_count(const struct bp_network *network)
{
    size_t count = 0;
    for (size_t l = 0; l < network->layers; l++)
        count += network->layer[l].panels * bp_units_in_panel(&network->layer[l]);
    return count;
}

void bp_unit_transpose(struct bp_network *network, const struct bp_kernels *kernels,
                       struct bp_unit unit)
{
    const struct bp_layer *layer = unit.layer;
    if (layer == &network->layer[0]) /* no deltas go further back */
        return;
    const float *from = network->values + bp_layer_panel(layer, unit.panel) + BP_LANES;
    for (size_t i = unit.first; i < unit.first + unit.inputs; i += BP_LANES) {
        float *to = network->transposed + bp_layer_transposed(layer, i / BP_LANES) +
                    unit.panel * BP_LANES * BP_LANES;
        if (i + BP_LANES <= layer->in)
            kernels->transpose(to, from + i * BP_LANES);
        else
            bp_network_transpose_inputs(network, layer, unit.panel, i, layer->in - i);
    }
}
