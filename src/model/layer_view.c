/* The parameters of a layer for callers: copies in rows, and views of the panels. */
#include "model/layer_view.h"

#include <math.h>

#include "base/lanes.h"
#include "base/status.h"
#include "model/model.h"

bp_status bp_model_check_layer(const bp_model *model, size_t layer, bp_error *error)
{
    BP_REQUIRE(model, error);
    const bp_status status = bp_model_check_single(model, "this function", error);
    if (status)
        return status;
    if (layer < model->network->layers)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT, "layer %zu: the model has %zu, from 0", layer,
                   model->network->layers);
}

/* Between threshold and added bias: -x, but +0 for both zeros, so that equal thresholds have equal
 * bits. */
static float negate(float x)
{
    return 0.0f - x;
}

void bp_layer_copy(const struct bp_network *network, size_t layer, const float *values,
                   float *weights, float *thresholds)
{
    const struct bp_layer *from = &network->layer[layer];
    bp_layer_unpack(from, values, weights, thresholds);
    for (size_t j = 0; thresholds && j < from->out; j++)
        thresholds[j] = negate(thresholds[j]);
}

bp_layer_view bp_layer_look(const struct bp_network *network, size_t layer, const float *values)
{
    const struct bp_layer *of = &network->layer[layer];
    const float *panel = values + bp_layer_panel(of, 0);
    return (bp_layer_view){
        .weights = panel + BP_LANES,
        .biases = panel,
        .neurons = of->out,
        .inputs = of->in,
        .lanes = BP_LANES,
        .input_stride = BP_LANES,
        .panel_stride = (of->in + 1) * BP_LANES,
    };
}

bp_status bp_model_get_parameters(const bp_model *model, size_t layer, float *weights,
                                  float *thresholds, bp_error *error)
{
    const bp_status status = bp_model_check_layer(model, layer, error);
    if (status)
        return status;
    bp_layer_copy(model->network, layer, model->network->values, weights, thresholds);
    return BP_OK;
}

bp_status bp_model_view_layer(const bp_model *model, size_t layer, bp_layer_view *view,
                              bp_error *error)
{
    BP_REQUIRE(view, error);
    *view = (bp_layer_view){0};
    const bp_status status = bp_model_check_layer(model, layer, error);
    if (!status)
        *view = bp_layer_look(model->network, layer, model->network->values);
    return status;
}

static bool all_finite(const float *values, size_t count)
{
    for (size_t k = 0; values && k < count; k++) {
        if (!isfinite(values[k]))
            return false;
    }
    return true;
}

bp_status bp_model_set_parameters(bp_model *model, size_t layer, const float *weights,
                                  const float *thresholds, bp_error *error)
{
    const bp_status status = bp_model_check_layer(model, layer, error);
    if (status)
        return status;
    struct bp_network *network = model->network;
    const struct bp_layer *to = &network->layer[layer];
    if (!all_finite(weights, to->in * to->out) || !all_finite(thresholds, to->out))
        return bp_fail(error, BP_ERROR_ARGUMENT, "layer %zu: a parameter is not finite", layer);
    for (size_t j = 0; network->reduced && thresholds && j < to->out; j++) {
        if (thresholds[j] != 0.0f)
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "layer %zu: threshold %zu is %g, and the model has none: give NULL, or "
                           "0 for all",
                           layer, j, (double)thresholds[j]);
    }
    bp_layer_pack(to, network->values, weights, thresholds);
    for (size_t j = 0; thresholds && j < to->out; j++) {
        float *bias = network->values + bp_layer_panel(to, j / BP_LANES) + j % BP_LANES;
        *bias = negate(thresholds[j]);
    }
    bp_network_transpose(network);
    return BP_OK;
}
