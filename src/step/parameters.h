/*
 * The passes over the parameters after the join, each a region of the team: reduce, then update
 * and repack, or leave the gradient somewhere. Race-free: the units of a thread are neighbours in
 * memory that no other thread writes.
 */
#ifndef BP_STEP_PARAMETERS_H
#define BP_STEP_PARAMETERS_H

#include "step/optimizer.h"
#include "step/worker.h"

/* One chunk of a batch. */
struct bp_parameters {
    struct bp_network *network;
    const struct bp_kernels *kernels;
    struct bp_worker *const *workers;
    const struct bp_plan *plan;
    size_t units;
    bool first, last; /* chunk of the batch */
    float *total; /* the gradient up to this chunk; may be NULL with one chunk, unless clipped */
    double
        *squares; /* one a unit: of the gradient of the batch, which is left in `total`; or NULL */
    float *gradient; /* where the gradient of the batch goes; NULL: into an update */
    const struct bp_optimizer_state *optimizer;
    struct bp_update update;
};

/* Reduces, and if this is the last chunk does what the fields say. `arg`: const struct
 * bp_parameters.
 */
void bp_parameters_reduce(void *arg, size_t t, size_t threads);

/* Updates by the gradient in `total`. The same argument. */
void bp_parameters_update(void *arg, size_t t, size_t threads);

/* The norm of the gradient, of which `squares` has the sums: a chain over the units. */
double bp_parameters_norm(const struct bp_parameters *parameters);

#endif
