/*
 * Dropout (Srivastava et al. 2014), inverted: of each sample some hidden neurons are left out,
 * chosen again whenever it is trained on, and the outputs of the others are divided by the share
 * that stays, so that predictions need no correction. Who is left out is a pure function of the
 * seed, the number of the sample in the whole run, the layer and the neuron.
 */
#ifndef BP_STEP_PASSES_DROPOUT_H
#define BP_STEP_PASSES_DROPOUT_H

#include <stdint.h>

#include "step/passes/passes.h"

struct bp_dropout {
    uint32_t threshold; /* share left out, times 2^32; 0: no dropout */
    float factor;       /* 1 / (1 - share) */
    uint64_t seed;
};

/* 0 <= share < 1. */
struct bp_dropout bp_dropout_make(float share, uint64_t seed);

/* Of some panels of hidden layer l. */
struct bp_dropout_mask {
    const struct bp_dropout *dropout;
    uint64_t number; /* of the first sample */
    const struct bp_network *network;
    size_t l;
    struct bp_range panels;
};

/* Values and slopes that are left out become 0, the others grow. */
void bp_dropout_panels(const struct bp_dropout_mask *mask, const struct bp_kernels *kernels,
                       struct bp_activations *activations, size_t rows);

/* bp_forward() with dropout after each hidden layer; `number` is that of the first sample. */
void bp_forward_dropout(const struct bp_network *network, const struct bp_kernels *kernels,
                        struct bp_activations *activations, size_t rows,
                        const struct bp_dropout *dropout, uint64_t number);

#endif
