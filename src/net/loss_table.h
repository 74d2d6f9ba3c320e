/*
 * What is known of each loss, in one row: a new loss is a value of bp_loss, its name in
 * base/choice.c and a row, and a kernel where its derivative has a form that none has yet.
 */
#ifndef BP_NET_LOSS_TABLE_H
#define BP_NET_LOSS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/kernels.h"

/* An output neuron with value o, number n and target t. */
struct bp_loss_point {
    double d; /* o - t */
    double n; /* where the loss is linked; with softmax less the largest n of the layer */
    double t;
    double parameter; /* of the loss */
    double log_sum;   /* softmax: ln of the sum of exp(n) over the layer, as n is */
};

struct bp_loss_row {
    bp_activation partner; /* the only output activation that it takes; AUTO: any */
    bool counts; /* outputs are ln of a rate: the trainer's values are exp(n), and number targets
                    stay as they are */
    bool shares; /* number targets are shares: from 0 to 1 they stay as they are, others are fitted
                    to that range */
    double factor;                                /* the derivative of the term is factor times g */
    enum bp_loss_slope slope;                     /* g */
    struct bp_loss_ends (*ends)(float parameter); /* of g; NULL: it has none */
    const char *parameter; /* of the loss, as it stands in the model file; NULL: it has none */
    float usual;           /* what the parameter is where nothing is said of it */
    float below;           /* the parameter is above 0 and below this */
    size_t option;         /* where the parameter stands in bp_model_options */
    double (*term)(const struct bp_loss_point *point);  /* of E(x), without libm: in training */
    double (*exact)(const struct bp_loss_point *point); /* the same by libm, from exact numbers */
};

/* The row of a loss that has a name. */
const struct bp_loss_row *bp_loss_get(bp_loss loss);

/* The ends of g, zeros where it has none. */
struct bp_loss_ends bp_loss_ends_of(bp_loss loss, float parameter);

/* The parameter of a loss in the options; 0 if it has none. */
float bp_loss_parameter(const bp_model_options *options, bp_loss loss);

/* Whether the output activation belongs to the loss, so that dE/dn_j is o_j - t_j: logistic with
 * binary cross-entropy, softmax with cross-entropy, exp with the Poisson loss. */
static inline bool bp_loss_is_linked(bp_loss loss)
{
    return bp_loss_get(loss)->partner != BP_ACTIVATION_AUTO;
}

#endif
