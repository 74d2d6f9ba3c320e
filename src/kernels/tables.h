/* The tables of kernels that the build contains. */
#ifndef BP_KERNELS_TABLES_H
#define BP_KERNELS_TABLES_H

#include "kernels/kernels.h"

extern const struct bp_kernels bp_kernels__portable;
extern const struct bp_kernels bp_kernels__avx2;
extern const struct bp_kernels bp_kernels__avx512;

#endif
