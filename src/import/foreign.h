/* A network of another program: what its file says, before it is a model. */
#ifndef BP_IMPORT_FOREIGN_H
#define BP_IMPORT_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "net/safetensors.h"

/* What the inputs and outputs of a file are scaled by: neuron = (number - shift) * scale. */
struct bp_foreign_scaling {
    double shift;
    double scale;
};

struct bp_foreign_layer {
    char name[BP_TENSOR_NAME_SIZE]; /* as messages call it: a tensor, or "layer 2" */
    size_t in, out;                 /* numbers that a neuron reads, and neurons; each up to
                                       BP_WIDTH_MAX */
    bp_activation activation;       /* AUTO: the file does not say */
    float *weights;                 /* out x in, row-major */
    float *bias;                    /* out, added; NULL: none */
};

/* Each layer reads what the one before it gives. */
struct bp_foreign {
    const char *path; /* for messages */
    bp_import_format format;
    size_t layers; /* from 1 to BP_LAYERS_MAX */
    struct bp_foreign_layer layer[BP_LAYERS_MAX];
    struct bp_foreign_scaling *inputs;  /* of each input, or NULL */
    struct bp_foreign_scaling *outputs; /* of each output, likewise */
    size_t rounded; /* parameters that are not exactly the numbers of the file */
    bool by_shapes; /* their names did not say in which order the layers are */
};

/* The parameters of a layer whose sizes are set, zeroed; the bias only with `has_bias`. Errors:
 * MEMORY. */
bp_status bp_foreign_layer_create(struct bp_foreign_layer *layer, bool has_bias, bp_error *error);

/* Rounds a number to binary32. Counts it in `rounded` if it is another one then. */
float bp_foreign_round(struct bp_foreign *foreign, double number);

void bp_foreign_release(struct bp_foreign *foreign);

/* How what is read finds out what it is. */
struct bp_import_source {
    struct bp_input input;
    const char *layers; /* as bp_import_options.layers */
};

/* Of a file of tensors, and of FANN. On failure too, `foreign` is to be released. Errors: INPUT,
 * with the tensor or layer and the reason; ARGUMENT; IO; MEMORY. */
bp_status bp_foreign_read_tensors(struct bp_foreign *foreign, const struct bp_import_source *source,
                                  bp_error *error);
bp_status bp_foreign_read_fann(struct bp_foreign *foreign, const struct bp_import_source *source,
                               bp_error *error);

#endif
