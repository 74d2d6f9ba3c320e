/*
 * What a model does with a row, step by step, for formats that write it down: first its input
 * columns become numbers of neurons, then each network goes through its layers, then what the
 * networks give becomes one answer. A format has a function for each step; what they append to is
 * its own. One walk for all of them: what a step is, and in which order, is said here alone.
 */
#ifndef BP_EXPORT_WALK_H
#define BP_EXPORT_WALK_H

#include "model/model.h"

/* A model that is exported. */
struct bp_exported {
    const struct bp_model *model;
    const struct bp_schema *schema; /* of the model */
    bp_export_options options;      /* complete; `unknown` is not AUTO */
    const char *name;               /* an identifier in all languages */
    const char *file;               /* the path that it goes to without folders; or NULL */
    size_t numbers;    /* cells of number columns that a row has, in the order of the columns */
    size_t texts;      /* category columns, likewise */
    size_t parameters; /* of all networks */
    char digest[BP_DIGEST_SIZE];
};

/* Sums up a model. */
struct bp_exported bp_exported_make(const struct bp_model *model, const bp_export_options *options);

/* An input column. */
struct bp_export_column {
    const struct bp_schema_column *schema; /* name, scaling or categories, neurons */
    size_t index;                          /* among the input columns, from 0 */
    size_t cells;                          /* of a number column: neurons but for the indicator */
    size_t argument; /* where it begins among the numbers of a row, or among its texts */
};

/* A layer of one of the networks. */
struct bp_export_layer {
    size_t network;       /* from 0 */
    size_t index;         /* from 0 */
    bool last;            /* of its network */
    size_t in, out;       /* neurons */
    const float *weights; /* out x in, row-major */
    const float *bias;    /* out: what is added */
    bp_activation activation;
    bool counts; /* the last one of the Poisson loss: exp() of the numbers is the rate */
};

/* The functions of a format, in the order in which they are called; NULL is skipped. */
struct bp_export_steps {
    void (*number)(void *format, const struct bp_export_column *column);
    void (*category)(void *format, const struct bp_export_column *column);
    void (*layer)(void *format, const struct bp_export_layer *layer);
    /* After the layers of network m, whose outputs count `weight`; the weights of all add up to 1.
     */
    void (*network)(void *format, size_t m, double weight);
};

/* Calls the steps of the columns, in their order. */
void bp_export_walk_columns(const struct bp_exported *exported, const struct bp_export_steps *steps,
                            void *format);

/* Calls those of the networks and their layers; the arrays of a layer live for the call. Error:
 * MEMORY. */
bp_status bp_export_walk_networks(const struct bp_exported *exported,
                                  const struct bp_export_steps *steps, void *format,
                                  bp_error *error);

#endif
