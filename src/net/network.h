/*
 * A network: its layers, its parameters in panels, and the copy that the backward pass reads.
 *
 *   layer l, `in` numbers in, `out` neurons:
 *
 *     panel p = neurons 16p ... 16p+15           transposed q = inputs 16q ... 16q+15
 *     +--------------------------+                +--------------------------+
 *     | added bias   x 16 lanes  |  row 0         | neuron 0     x 16 lanes  |  row 0
 *     | from input 0 x 16 lanes  |  row 1         | neuron 1     x 16 lanes  |  row 1
 *     | ...                      |                | ...                      |
 *     | from input in-1          |  row in        | (out rounded up to 16)   |
 *     +--------------------------+                +--------------------------+
 *
 * The added bias is the negated threshold -b_j of the text: a chain for n_j starts at it. Lanes of
 * neurons that do not exist hold 0 and stay 0. The gradient has the layout of the panels.
 */
#ifndef BP_NET_NETWORK_H
#define BP_NET_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/lanes.h"
#include "base/status.h"

struct bp_layer {
    size_t in;                /* numbers that a neuron reads */
    size_t out;               /* neurons */
    bp_activation activation; /* of the neurons */
    size_t panels;            /* ceil(out / 16) */
    size_t offset;            /* of panel 0 in parameters, in floats */
    size_t transposed_panels; /* ceil(in / 16) */
    size_t transposed_offset; /* of transposed panel 0, in floats; layer 0 has none */
};

struct bp_network {
    size_t layers;
    struct bp_layer layer[BP_LAYERS_MAX];
    bp_loss loss;
    float loss_parameter; /* net/loss_table.h; 0: the loss has none */
    bp_hidden_delta hidden_delta;
    bool reduced;      /* no thresholds (section 1 of the text): they are 0 and never change */
    size_t parameters; /* what is trained: weights, and thresholds unless `reduced` */
    size_t floats;     /* length of `values`: with the lanes that do not */
    float *values;     /* the panels of all layers */
    size_t transposed_floats;
    float *transposed; /* the same weights, for the delta pass; layers 1 and up */
};

struct bp_network_spec {
    size_t layers;                            /* 1 to BP_LAYERS_MAX */
    size_t widths[BP_LAYERS_MAX + 1];         /* each from 1 to BP_WIDTH_MAX */
    bp_activation activations[BP_LAYERS_MAX]; /* of layer 0 ... layers - 1 */
    bp_loss loss;
    float loss_parameter; /* 0: the usual one, if the loss has any */
    bp_hidden_delta hidden_delta;
    bool reduced; /* without thresholds */
};

/* Whether there may be such a network. Errors: ARGUMENT (a width out of range, an activation or
 * loss that does not exist or is auto, softmax in a hidden layer, a loss that needs another output
 * activation, a parameter of it that is out of range). */
bp_status bp_spec_check(const struct bp_network_spec *spec, bp_error *error);

/* Parameters are zero. Errors: as bp_spec_check(), ARGUMENT (sizes that overflow), MEMORY. */
bp_status bp_network_create(struct bp_network **out, const struct bp_network_spec *spec,
                            bp_error *error);
void bp_network_free(struct bp_network *network);

struct bp_network_spec bp_network_get_spec(const struct bp_network *network);

/* Where panel p of a layer begins in `values` (or in a gradient). */
static inline size_t bp_layer_panel(const struct bp_layer *layer, size_t p)
{
    return layer->offset + p * (layer->in + 1) * BP_LANES;
}

/* Where transposed panel q of a layer begins in `transposed`. */
static inline size_t bp_layer_transposed(const struct bp_layer *layer, size_t q)
{
    return layer->transposed_offset + q * layer->panels * BP_LANES * BP_LANES;
}

/* Between the panels and rows: weights (out x in), row-major, and the added bias (out) of a layer.
 * `values` has the layout of network->values (which it may be, or a gradient). NULL is skipped. */
void bp_layer_unpack(const struct bp_layer *layer, const float *values, float *weights,
                     float *bias);
void bp_layer_pack(const struct bp_layer *layer, float *values, const float *weights,
                   const float *bias);

/* Whether every parameter is: training that diverged leaves some that are not. */
bool bp_network_finite(const struct bp_network *network);

/* Copies `values`, laid out as network->values, into the network, both layouts. */
void bp_network_set_values(struct bp_network *network, const float *values);

/* Writes network->transposed from network->values; needed after bp_layer_pack(). */
void bp_network_transpose(struct bp_network *network);

/* The same for one panel of neurons and its inputs first ... first + inputs - 1 alone; `layer` is
 * not the first of the network. Threads may do this at the same time for different inputs or
 * panels. */
void bp_network_transpose_inputs(struct bp_network *network, const struct bp_layer *layer,
                                 size_t panel, size_t first, size_t inputs);

/* XXH3-128 over layers.0.weight, layers.0.bias, layers.1.weight, ... as they stand in a model file
 * (row-major binary32, little-endian; no biases if `reduced`). */
void bp_network_digest(const struct bp_network *network, char digest[BP_DIGEST_SIZE]);

/* The same numbers into a digest that goes on. */
struct bp_digest;
void bp_network_digest_add(const struct bp_network *network, struct bp_digest *stream);

/* How initial parameters are drawn. */
struct bp_initializer {
    bp_init init; /* AUTO: that of the activation, in net/activation_table.c */
    float range;  /* of BP_INIT_UNIFORM */
    uint64_t seed;
};

/* Initial parameters by Philox: thresholds are 0; weight (j, i) of layer l is number j * in + i of
 * stream (INITIAL_WEIGHTS, l). Errors: ARGUMENT (an initialization that does not exist, a range
 * that is not finite and above 0), MEMORY. */
bp_status bp_network_initialize(struct bp_network *network,
                                const struct bp_initializer *initializer, bp_error *error);

#endif
