/* The forward pass of all networks of a model over a block of samples, and the mean of what they
 * say. */
#ifndef BP_MODEL_MIXTURE_H
#define BP_MODEL_MIXTURE_H

#include "kernels/kernels.h"
#include "model/model.h"
#include "step/passes/activations.h"

/* Scratch memory of one thread. */
struct bp_mixture {
    const struct bp_model *model;
    struct bp_activations *activations; /* of each network, all in one memory: the inputs in the
                                           same place, the rest one after the other */
    float *memory;
    float *one;  /* outputs of one network; NULL: there is one only */
    double *sum; /* and their sum; spread: of the squares of the distances from the mean so far */
};

/* How many samples should be worked on in one go: a power of two. */
size_t bp_mixture_capacity(const struct bp_model *model);

/* Keeps the model. Errors: MEMORY; then the mixture is zeroed. */
bp_status bp_mixture_make(struct bp_mixture *mixture, const struct bp_model *model, size_t capacity,
                          bp_error *error);
void bp_mixture_release(struct bp_mixture *mixture);

/* The next samples are `rows` at most, which is not above the capacity: fewer lie nearer to one
 * another, so that one row touches little memory. */
void bp_mixture_set_rows(struct bp_mixture *mixture, size_t rows);

/*
 * From the inputs of `rows` samples in mixture->activations[0].value[0] to the values of the output
 * neurons, row by row without gaps. Of several networks m it is the sum of w_m o_m in binary64, in
 * their order, rounded once. `spread` (or NULL): the standard deviation of each output over them,
 * sqrt(sum of w_m (o_m - mean)^2); 0 for one network.
 */
void bp_mixture_forward(const struct bp_mixture *mixture, const struct bp_kernels *kernels,
                        size_t rows, float *outputs, float *spread);

#endif
