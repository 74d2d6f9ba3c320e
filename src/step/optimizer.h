/*
 * How an update uses the gradient, and what it remembers from step to step. State has the layout of
 * the parameters, so that an update is a flat loop over parameters, gradient and state.
 */
#ifndef BP_STEP_OPTIMIZER_H
#define BP_STEP_OPTIMIZER_H

#include <stdbool.h>
#include <stdint.h>

#include "kernels/kernels.h"
#include "net/network.h"
#include "step/ownership.h"
#include "step/passes/update.h"

#define BP_OPTIMIZER_STATES 2

/* Who restores a run writes `steps` and the arrays, between two steps: all else follows from them.
 */
struct bp_optimizer_state {
    bp_train_options options;          /* its epsilon is settled; the texts in it may be gone */
    uint64_t steps;                    /* done */
    size_t states;                     /* arrays in use, 0 to BP_OPTIMIZER_STATES */
    size_t floats;                     /* of each array: network->floats, or those of `owned` */
    float *state[BP_OPTIMIZER_STATES]; /* NULL until it is shared, of several ranks */
    const struct bp_ownership *owned;  /* by `rank`: parameters that have a state; NULL: all */
    size_t rank;
};

/* The state before the first step; `options` must have been checked. Of several `ranks` (NULL: one)
 * none yet: bp_optimizer_share() makes that of each, so that no rank ever has room for all. Errors:
 * MEMORY. */
bp_status bp_optimizer_create(struct bp_optimizer_state **out, const struct bp_network *network,
                              const bp_train_options *options, const struct bp_ranks *ranks,
                              bp_error *error);
/* Keeps from now on the state of the parameters that `rank` owns, and no other (kept; NULL: all):
 * back to the state before the first step. Errors: MEMORY; then the state is as it was. */
bp_status bp_optimizer_share(struct bp_optimizer_state *optimizer, const struct bp_network *network,
                             const struct bp_ownership *owned, size_t rank, bp_error *error);
/* Back to the state before the first step. */
void bp_optimizer_reset(struct bp_optimizer_state *optimizer);
void bp_optimizer_free(struct bp_optimizer_state *optimizer);

/* What array `s` holds, in a word ("momentum"); NULL if there is no such array. */
const char *bp_optimizer_state_name(bp_optimizer kind, size_t s);

/* One update, the same for every parameter. */
struct bp_update {
    struct bp_update_args args; /* but for the arrays and their length */
    float scale;                /* of the gradient */
    float decay;                /* of weights, added to the gradient */
    float shrink;               /* of weights: w = fma(-shrink, w, w) before the update */
    bool begins;                /* the first update of all */
};

/* The next update, with a gradient of norm `norm` (which counts where there is a clip_norm). */
struct bp_update bp_optimizer_next(const struct bp_optimizer_state *optimizer, float learning_rate,
                                   double norm);

/* Updates the parameters of a unit, and their state, by their gradient. Weights decay, thresholds
 * do not. Race-free: each thread has units of its own. */
void bp_optimizer_update(const struct bp_optimizer_state *optimizer,
                         const struct bp_kernels *kernels, const struct bp_update *update,
                         struct bp_network *network, struct bp_unit unit, const float *gradient);

#endif
