/* Parameters, and arrays with their layout, as the tensors PREFIXlayers.K.weight and .bias. */
#ifndef BP_MODEL_TENSORS_H
#define BP_MODEL_TENSORS_H

#include "net/network.h"
#include "net/safetensors.h"

struct bp_digest;

/* Of the array of parameters: "layers.0.weight". */
#define BP_NO_PREFIX ""

/* The tensors of an array: two a layer, or its weights alone in a network without thresholds. */
size_t bp_tensors_count(const struct bp_network *network);

/* Fills their names and shapes. */
void bp_tensors_describe(const struct bp_network *network, const char *prefix,
                         struct bp_tensor *tensors);

/* The numbers of the largest layer, which the functions below need room for. */
size_t bp_tensors_room(const struct bp_network *network);

/* Appends `values` (laid out as network->values) in the order of the tensors. */
bp_status bp_tensors_append(const struct bp_network *network, const float *values, float *room,
                            struct bp_output *output, bp_error *error);

/* Adds names and numbers of the tensors of an array to a digest; of all tensors in a file. */
void bp_tensors_digest(const struct bp_network *network, const char *prefix, const float *values,
                       float *room, struct bp_digest *digest);
void bp_tensors_digest_file(const struct bp_safetensors *file, struct bp_digest *digest);

/* Whether a file holds the tensors of an array in their shapes, with finite numbers if `finite`.
 * Error: INPUT. */
bp_status bp_tensors_check(const struct bp_network *network, const char *prefix, bool finite,
                           const struct bp_safetensors *file, const char *path, bp_error *error);

/* Fills `values` from a file that was checked; lanes of no neuron stay as they are. */
void bp_tensors_load(const struct bp_network *network, const char *prefix,
                     const struct bp_safetensors *file, float *values);

#endif
