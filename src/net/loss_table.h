/*
 * What is known of each loss, in one row: a new loss is a value of bp_loss, its name in
 * base/choice.c and a row, and a kernel where its derivative has a form that none has yet.
 */
#ifndef BP_NET_LOSS_TABLE_H
#define BP_NET_LOSS_TABLE_H

#include <stdbool.h>

#include "kernels/kernels.h"

/* An output neuron with value o, number n and target t. */
struct bp_loss_point {
    double d; /* o - t */
    double n; /* where the loss is linked; with softmax less the greatest n of the layer */
    double t;
    double log_sum; /* softmax: ln of the sum of exp(n) over the layer, as n is */
};

struct bp_loss_row {
    bp_activation partner; /* the only output activation that it takes; AUTO: any */
    bool
        counts; /* outputs are ln of a rate: the trainer's values are exp(n), and number targets stay
                    as they are */
    double factor;            /* the derivative of the term is factor times g */
    enum bp_loss_slope slope; /* g */
    struct bp_loss_ends ends; /* of g where `slope` has ends */
    double (*term)(const struct bp_loss_point *point);  /* of E(x), without libm: in training */
    double (*exact)(const struct bp_loss_point *point); /* the same by libm, from exact numbers */
};

/* The row of a loss that has a name. */
const struct bp_loss_row *bp_loss_get(bp_loss loss);

/* Whether the output activation belongs to the loss, so that dE/dn_j is o_j - t_j: logistic with
 * binary cross-entropy, softmax with cross-entropy, exp with the Poisson loss. */
static inline bool bp_loss_is_linked(bp_loss loss)
{
    return bp_loss_get(loss)->partner != BP_ACTIVATION_AUTO;
}

#endif
