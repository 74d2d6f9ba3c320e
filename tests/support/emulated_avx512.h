/* A table of kernels for tests only. */
#ifndef BP_TESTS_EMULATED_AVX512_H
#define BP_TESTS_EMULATED_AVX512_H

#include "kernels/kernels.h"

extern const struct bp_kernels emulated_avx512_kernels;

#endif
