/*
 * A second network, written from the text's equations and nothing else: loops over samples and
 * neurons in binary64, thresholds (section 2) subtracted, no panels, shards or threads. Every
 * quantity carries how far the trainer's binary32 evaluation may be from it, so that tests compare
 * with derived tolerances.
 */
#ifndef BP_TESTS_REFERENCE_H
#define BP_TESTS_REFERENCE_H

#include <stddef.h>

#include "net/network.h"
#include "support/bounded.h"

/* Layer l reads the `in` numbers of layer l - 1 (or the inputs) and has `out` neurons. */
struct reference_layer {
    size_t in, out;
    bp_activation activation;
    struct bounded *weight;        /* w_ij at [i * out + j] */
    struct bounded *threshold;     /* b_j */
    struct bounded *weight_sum;    /* sum over x of o_i(x) delta_j(x), as `weight` */
    struct bounded *threshold_sum; /* sum over x of delta_j(x) */
    struct bounded *value;         /* o_j(x) at [x * out + j] */
    struct bounded *slope;         /* sigma'(n_j(x)) */
    struct bounded *delta;         /* delta_j(x) */
};

struct reference {
    size_t layers;
    size_t samples; /* at most, of a batch */
    bp_hidden_delta hidden_delta;
    bool reduced;          /* section 1: the thresholds are 0, and their sums are left at 0 */
    struct bounded *input; /* o_i(x) of the inputs at [x * in + i] */
    struct reference_layer layer[BP_LAYERS_MAX];
};

/* Parameters are zero; batches of up to `samples` samples. Asserts that there is memory. */
struct reference *reference_create(const struct bp_network_spec *spec, size_t samples);
void reference_free(struct reference *reference);

/* Weights out x in, row-major, and thresholds, as bp_model_set_parameters() takes them. */
void reference_set(struct reference *reference, size_t l, const float *weights,
                   const float *thresholds);

/* Forward, delta and the sums over the n samples; input: n x inputs, target: n x outputs. Returns
 * sum_x sum_j (o_j(x) - t_j(x))^2, which is n E. */
struct bounded reference_propagate(struct reference *reference, const float *input,
                                   const float *target, size_t n);

/* That sum alone, from the values of the parameters and without bounds: for differences of it. */
double reference_loss(const struct reference *reference, const float *input, const float *target,
                      size_t n);

/* w_ij += -rate sum_x o_i(x) delta_j(x) and, unless `reduced`, b_j += rate sum_x delta_j(x). */
void reference_descend(struct reference *reference, float rate);

/* sigma(n) and sigma'(n) as the trainer computes them. */
struct bounded reference_logistic(struct bounded n, struct bounded *slope);

#endif
