/* Room for what a block of samples leaves in every layer: values o, slopes o' (later the deltas).
 */
#ifndef BP_STEP_ACTIVATIONS_H
#define BP_STEP_ACTIVATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "net/network.h"

struct bp_activations {
    size_t capacity;                  /* samples */
    size_t stride[BP_LAYERS_MAX + 1]; /* floats between samples: [0] inputs, [l + 1] layer l */
    float *value[BP_LAYERS_MAX + 1];  /* capacity x stride: [0] inputs, [l + 1] o of layer l */
    float *slope[BP_LAYERS_MAX];      /* o' of layer l, then its deltas; NULL for prediction */
    size_t floats; /* length of `memory` */
    float *memory;
};

/* How many samples of a network should be worked on in one go: as many as the cache holds. */
size_t bp_activations_capacity(const struct bp_network *network);

/* Zeroed room for `capacity` samples. Errors: MEMORY; then `activations` is zeroed. */
bp_status bp_activations_make(struct bp_activations *activations, const struct bp_network *network,
                              size_t capacity, bool slopes, bp_error *error);
void bp_activations_release(struct bp_activations *activations);

#endif
