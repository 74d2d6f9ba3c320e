/* The lists of hidden layers as text: how wide they are, and their activations. */
#ifndef BP_OPTIONS_LAYERS_H
#define BP_OPTIONS_LAYERS_H

#include "batchprop/batchprop.h"

/* Whether the layers are left to the rule of bp_auto_hidden(). */
bool bp_hidden_is_auto(const bp_model_options *options);

/* "128,64"; "auto"; "none" and "0" stand for no hidden layer. Error: ARGUMENT; nothing has changed
 * then. */
bp_status bp_widths_store(bp_model_options *options, const char *text, bp_error *error);

/* "relu": every hidden layer; "relu,tanh": each of two; "relu,softmax" with one hidden layer: that
 * and the outputs. Error: as above. */
bp_status bp_activations_store(bp_model_options *options, const char *text, bp_error *error);

/* The texts, cut to fit; return their length, as snprintf(). */
size_t bp_widths_write(const bp_model_options *options, char *text, size_t size);
size_t bp_activations_write(const bp_model_options *options, char *text, size_t size);

#endif
