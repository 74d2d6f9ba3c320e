/* The layout of parameters: how long the blocks are, and what goes where in them. */
#include "net/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "net/loss_table.h"

/* *total += panels * rows * BP_LANES; false on overflow. */
static bool add_panels(size_t *total, size_t panels, size_t rows)
{
    size_t floats;
    return bp_size_mul(panels, rows, &floats) && bp_size_mul(floats, BP_LANES, &floats) &&
           bp_size_add(*total, floats, total);
}

/* Places layer l after the layers before it; false if a size overflows. */
static bool place_layer(struct bp_network *network, const struct bp_network_spec *spec, size_t l)
{
    struct bp_layer *layer = &network->layer[l];
    layer->in = spec->widths[l];
    layer->out = spec->widths[l + 1];
    layer->activation = spec->activations[l];
    layer->panels = bp_size_round_up(layer->out, BP_LANES) / BP_LANES;
    layer->transposed_panels = bp_size_round_up(layer->in, BP_LANES) / BP_LANES;
    layer->offset = network->floats;
    layer->transposed_offset = network->transposed_floats;
    size_t parameters;
    if (!bp_size_mul(layer->in + !spec->reduced, layer->out, &parameters) ||
        !bp_size_add(network->parameters, parameters, &network->parameters) ||
        !add_panels(&network->floats, layer->panels, layer->in + 1))
        return false;
    return l == 0 || add_panels(&network->transposed_floats, layer->transposed_panels,
                                layer->panels * BP_LANES);
}

bp_status bp_network_create(struct bp_network **out, const struct bp_network_spec *spec,
                            bp_error *error)
{
    *out = NULL;
    bp_status status = bp_spec_check(spec, error);
    if (status != BP_OK)
        return status;
    struct bp_network *network = calloc(1, sizeof *network);
    if (!network)
        return bp_fail_memory(error, "a network");
    network->layers = spec->layers;
    network->loss = spec->loss;
    network->loss_parameter =
        spec->loss_parameter != 0.0f ? spec->loss_parameter : bp_loss_get(spec->loss)->usual;
    network->hidden_delta = spec->hidden_delta;
    network->reduced = spec->reduced;
    for (size_t l = 0; l < spec->layers; l++) {
        if (!place_layer(network, spec, l)) {
            status = bp_fail(error, BP_ERROR_ARGUMENT,
                             "the network has more parameters than this machine can address");
            goto fail;
        }
    }
    network->values = bp_aligned_alloc(network->floats, sizeof(float));
    network->transposed = bp_aligned_alloc(network->transposed_floats, sizeof(float));
    if (!network->values || !network->transposed) {
        status = bp_fail(error, BP_ERROR_MEMORY,
                         "out of memory: there is no room for the %zu parameters of the network",
                         network->parameters);
        goto fail;
    }
    *out = network;
    return BP_OK;

fail:
    bp_network_free(network);
    return status;
}

void bp_network_free(struct bp_network *network)
{
    if (!network)
        return;
    bp_aligned_free(network->values);
    bp_aligned_free(network->transposed);
    free(network);
}

struct bp_network_spec bp_network_get_spec(const struct bp_network *network)
{
    struct bp_network_spec spec = {
        .layers = network->layers,
        .loss = network->loss,
        .loss_parameter = network->loss_parameter,
        .hidden_delta = network->hidden_delta,
        .reduced = network->reduced,
    };
    spec.widths[0] = network->layer[0].in;
    for (size_t l = 0; l < network->layers; l++) {
        spec.widths[l + 1] = network->layer[l].out;
        spec.activations[l] = network->layer[l].activation;
    }
    return spec;
}

/* Neurons of panel p that exist. */
static size_t count_lanes(const struct bp_layer *layer, size_t p)
{
    return bp_size_min(layer->out - p * BP_LANES, BP_LANES);
}

void bp_layer_unpack(const struct bp_layer *layer, const float *values, float *weights, float *bias)
{
    for (size_t p = 0; p < layer->panels; p++) {
        const float *panel = values + bp_layer_panel(layer, p);
        size_t first = p * BP_LANES, lanes = count_lanes(layer, p);
        for (size_t lane = 0; bias && lane < lanes; lane++)
            bias[first + lane] = panel[lane];
        for (size_t i = 0; weights && i < layer->in; i++) {
            const float *row = panel + (i + 1) * BP_LANES;
            for (size_t lane = 0; lane < lanes; lane++)
                weights[(first + lane) * layer->in + i] = row[lane];
        }
    }
}

void bp_layer_pack(const struct bp_layer *layer, float *values, const float *weights,
                   const float *bias)
{
    for (size_t p = 0; p < layer->panels; p++) {
        float *panel = values + bp_layer_panel(layer, p);
        size_t first = p * BP_LANES, lanes = count_lanes(layer, p);
        for (size_t lane = 0; bias && lane < lanes; lane++)
            panel[lane] = bias[first + lane];
        for (size_t i = 0; weights && i < layer->in; i++) {
            float *row = panel + (i + 1) * BP_LANES;
            for (size_t lane = 0; lane < lanes; lane++)
                row[lane] = weights[(first + lane) * layer->in + i];
        }
    }
}

bool bp_network_finite(const struct bp_network *network)
{
    for (size_t k = 0; k < network->floats; k++) {
        if (!isfinite(network->values[k]))
            return false;
    }
    return true;
}

void bp_network_transpose_inputs(struct bp_network *network, const struct bp_layer *layer,
                                 size_t panel, size_t first, size_t inputs)
{
    const float *from = network->values + bp_layer_panel(layer, panel) + BP_LANES;
    for (size_t i = first; i < first + inputs; i++) {
        float *to = network->transposed + bp_layer_transposed(layer, i / BP_LANES) +
                    panel * BP_LANES * BP_LANES + i % BP_LANES;
        for (size_t lane = 0; lane < BP_LANES; lane++)
            to[lane * BP_LANES] = from[i * BP_LANES + lane];
    }
}

void bp_network_transpose(struct bp_network *network)
{
    for (size_t l = 1; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        for (size_t p = 0; p < layer->panels; p++)
            bp_network_transpose_inputs(network, layer, p, 0, layer->in);
    }
}

void bp_network_set_values(struct bp_network *network, const float *values)
{
    memcpy(network->values, values, network->floats * sizeof *values);
    bp_network_transpose(network);
}
