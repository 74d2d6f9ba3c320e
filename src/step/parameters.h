/*
 * The passes over the parameters after the join, each a region of the team: the gradient, as the
 * sum of what the threads left or straight from the deltas of all samples, then update and repack,
 * or leave the gradient somewhere. Race-free: no other thread writes the tiles of a thread.
 */
#ifndef BP_STEP_PARAMETERS_H
#define BP_STEP_PARAMETERS_H

#include "ranks/ranks.h"
#include "step/optimizer.h"
#include "step/passes/passes.h"
#include "step/passes/tiles.h"
#include "step/reduce.h"

/* One chunk of a batch. */
struct bp_parameters {
    struct bp_network *network;
    const struct bp_kernels *kernels;
    struct bp_worker *const *workers;
    const struct bp_tiles *tiles;
    struct bp_range layers;           /* the pass goes through these */
    const struct bp_shard_plan *plan; /* by which threads have samples */
    struct bp_reduction reduction;    /* of partial sums */
    struct bp_partial_sums sums;
    const struct bp_activations *activations; /* not NULL: the gradient is made of these, as */
    const struct bp_gradient_block *block; /* this says; `gradient` NULL: the chunk is complete */
    bool first, last;                      /* chunk of the batch */
    float *total; /* the gradient up to this chunk; may be NULL with one chunk, unless clipped */
    double
        *squares; /* one a unit: of the gradient of the batch, which is left in `total`; or NULL */
    float *gradient; /* where the gradient of the batch goes; NULL: into an update */
    const struct bp_optimizer_state *optimizer;
    struct bp_update update;
    struct bp_exchange *progress; /* NULL, or thread 0 lets it go on after each tile */
    bool repacks_later;           /* the caller does, with bp_parameters_repack() */
    const struct bp_samples *samples;
    const uint32_t *next; /* samples that come next: each thread fetches its own meanwhile */
    size_t next_count;    /* of these; 0: none */
};

/* Finds the gradient, and if this is the last chunk does what the fields say. `arg`: const struct
 * bp_parameters.
 */
void bp_parameters_gradient(void *arg, size_t t, size_t threads);

/* Updates by the gradient in `total`. The same argument. */
void bp_parameters_update(void *arg, size_t t, size_t threads);

/* Writes the second layout of the weights, by the tiles. The same argument. */
void bp_parameters_repack(void *arg, size_t t, size_t threads);

/* The norm of the gradient, of which `squares` has the sums: a chain over the `units`. */
double bp_parameters_norm(const struct bp_parameters *parameters, size_t units);

#endif
