/*
 * What is known of each activation besides its kernel (kernels/activate.inc.h), in one row: a new
 * activation is a value of bp_activation, its name in base/choice.c, a kernel and a row.
 */
#ifndef BP_NET_ACTIVATION_TABLE_H
#define BP_NET_ACTIVATION_TABLE_H

#include <stdbool.h>

#include "batchprop/batchprop.h"

/* u: half the distance from 1 to the next binary32 number. */
#define BP_BOUND_UNIT 0x1p-24

/* The exact slope, and how far the trainer's value and slope may be from the exact ones. */
struct bp_activation_bound {
    double value_error;
    double slope;
    double slope_error;
};

struct bp_activation_row {
    bool whole_layer; /* a value depends on all neurons of the layer: output layers only, and what
                         stands below value and bound does not hold */
    bool has_kink;    /* the slope jumps at 0 */
    bp_init init;     /* what BP_INIT_AUTO stands for */
    float low, high;  /* number targets of output neurons are fitted to this range; both 0: they are
                         standardized */
    double (*value)(double n); /* f(n) in binary64 */

    /* Of a neuron with `number` n and `value` f(n), where the trainer's n may be off by `error`. */
    struct bp_activation_bound (*bound)(double number, double value, double error);
};

/* The row of an activation that has a name. */
const struct bp_activation_row *bp_activation_get(bp_activation activation);

#endif
