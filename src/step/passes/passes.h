/*
 * The passes over a block of samples, in the order in which data flow. n samples, layer l with `in`
 * numbers in and `out` neurons. Each writes the samples, and panels, that it is called for, and
 * reads the network.
 */
#ifndef BP_STEP_PASSES_PASSES_H
#define BP_STEP_PASSES_PASSES_H

#include "data/samples/samples.h"
#include "kernels/kernels.h"
#include "step/passes/activations.h"
#include "step/passes/tiles.h"
#include "team/range.h"

/* Of all layers: N (n x out) = O (n x in) W^T - b, then o and o'. Inputs stand in value[0]. The
 * last layer has no o' where its activation is softmax or belongs to the loss (activations->score).
 * With the Poisson loss its o is exp(n), the rate. */
void bp_forward(const struct bp_network *network, const struct bp_kernels *kernels,
                struct bp_activations *activations, size_t rows);

/* The same of layer l alone, whose inputs stand in value[l]. */
void bp_forward_layer(const struct bp_network *network, const struct bp_kernels *kernels,
                      struct bp_activations *activations, size_t rows, size_t l);

/* In two parts: some panels of layer l, and then, of the last layer, what needs all of its panels.
 */
void bp_forward_panels(const struct bp_network *network, const struct bp_kernels *kernels,
                       struct bp_activations *activations, size_t rows, size_t l,
                       struct bp_range panels);
void bp_forward_end(const struct bp_network *network, const struct bp_kernels *kernels,
                    struct bp_activations *activations, size_t rows);

/* The loss of each sample and the deltas of the output layer, from the targets in
 * activations->target: delta_j(x) = (2/batch) (o_j(x) - t_j(x)) o'_j(x) with squared error, with
 * others as struct bp_output_args says, where the factor is w(x)/batch. Losses times w(x) go to
 * loss[0 ... rows - 1] (binary64). The weights w(x) stand in activations->factor, which is used up,
 * if activations->weighted; else they are 1. */
void bp_delta_output(const struct bp_network *network, const struct bp_kernels *kernels,
                     struct bp_activations *activations, size_t rows, size_t batch, double *loss);

/* Of all hidden layers, from the last: delta_j(x) = o'_j(x) sum_l delta_l(x) w_jl replaces o'. */
void bp_delta_hidden(const struct bp_network *network, const struct bp_kernels *kernels,
                     struct bp_activations *activations, size_t rows);

/* The same of some panels of hidden layer l. */
void bp_delta_panels(const struct bp_network *network, const struct bp_kernels *kernels,
                     struct bp_activations *activations, size_t rows, size_t l,
                     struct bp_range panels);

/* A block of shards, and where its gradient goes; all three in the layout of the network. */
struct bp_gradient_block {
    size_t rows;
    size_t shard_rows; /* as in struct bp_gradient_args */
    const float *partial;
    const float *const *merge; /* gradients of finished neighbours to the left, nearest first */
    size_t merges;
    const float *const *fetch; /* what an update of the same parameters reads next */
    size_t fetches;
    float *gradient;
};

/* Of all layers: G (in x out) = O^T D over the samples of each shard, and sum D; merged. */
void bp_gradient_layers(const struct bp_network *network, const struct bp_kernels *kernels,
                        const struct bp_activations *activations,
                        const struct bp_gradient_block *block);

/* The same of one tile of the parameters, to `gradient`, whose panels are `stride` floats apart;
 * that of the block is not used. */
void bp_gradient_tile(const struct bp_kernels *kernels, const struct bp_activations *activations,
                      const struct bp_gradient_block *block, struct bp_tile tile, float *gradient,
                      size_t stride);

#endif
