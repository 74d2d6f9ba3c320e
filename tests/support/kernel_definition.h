/* What the kernels compute, written out from the contract in kernels/kernels.h: one scalar chain of
 * fmaf a result, shards merged by recursion. */
#ifndef BP_TESTS_KERNEL_DEFINITION_H
#define BP_TESTS_KERNEL_DEFINITION_H

#include "kernels/kernels.h"

/* Activations and exp are taken from the portable table, which has tests of its own. Softmax does
 * not write to lanes of neurons that do not exist. */
void define_forward(const struct bp_forward_args *args);
void define_softmax(const struct bp_softmax_args *args);
void define_output(const struct bp_output_args *args);
void define_delta(const struct bp_delta_args *args);
void define_gradient(const struct bp_gradient_args *args);

#endif
