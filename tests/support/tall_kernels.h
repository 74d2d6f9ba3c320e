/* A table of kernels for tests only. */
#ifndef BP_TESTS_TALL_KERNELS_H
#define BP_TESTS_TALL_KERNELS_H

#include "kernels/kernels.h"

extern const struct bp_kernels tall_kernels;

#endif
