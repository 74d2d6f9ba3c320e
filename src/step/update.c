/* Units of the parameters, and the second layout of their weights. */
#include "step/update.h"

#include "base/sizes.h"
#include "step/worker.h"

/* With 16 lanes 4 KiB: what is read and written stays in the first-level cache. */
#define UNIT_INPUTS 64

_Static_assert((UNIT_INPUTS + 1) * BP_LANES <= BP_SCRATCH_FLOATS, "a unit fits the scratch memory");

static size_t units_in_panel(const struct bp_layer *layer)
{
    return (layer->in + UNIT_INPUTS - 1) / UNIT_INPUTS;
}

static struct bp_unit make_unit(const struct bp_layer *layer, size_t panel, size_t first)
{
    const size_t inputs = bp_size_min(UNIT_INPUTS, layer->in - first);
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
        count += network->layer[l].panels * units_in_panel(&network->layer[l]);
    return count;
}

struct bp_unit bp_unit_at(const struct bp_network *network, size_t index)
{
    const struct bp_layer *layer = network->layer;
    while (index >= layer->panels * units_in_panel(layer)) {
        index -= layer->panels * units_in_panel(layer);
        layer++;
    }
    const size_t each = units_in_panel(layer);
    return make_unit(layer, index / each, index % each * UNIT_INPUTS);
}

struct bp_unit bp_unit_next(const struct bp_network *network, struct bp_unit unit)
{
    if (unit.first + unit.inputs < unit.layer->in)
        return make_unit(unit.layer, unit.panel, unit.first + unit.inputs);
    if (unit.panel + 1 < unit.layer->panels)
        return make_unit(unit.layer, unit.panel + 1, 0);
    if (unit.layer + 1 < network->layer + network->layers)
        return make_unit(unit.layer + 1, 0, 0);
    return (struct bp_unit){0};
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
