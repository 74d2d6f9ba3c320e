/* The parameters of one layer, or of a gradient that has their layout, as callers see them. */
#ifndef BP_MODEL_LAYER_VIEW_H
#define BP_MODEL_LAYER_VIEW_H

#include "net/network.h"

/* Whether a model is one network that has such a layer. Errors: ARGUMENT. */
bp_status bp_model_check_layer(const bp_model *model, size_t layer, bp_error *error);

/* Rows of `values`, laid out as network->values; thresholds have the other sign. NULL: skipped. */
void bp_layer_copy(const struct bp_network *network, size_t layer, const float *values,
                   float *weights, float *thresholds);

/* The same without a copy. */
bp_layer_view bp_layer_look(const struct bp_network *network, size_t layer, const float *values);

#endif
