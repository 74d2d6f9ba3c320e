/* The kernels for AVX2 with FMA. */
#include "kernels/list.h"

#include "kernels/vector_avx2.h"

#define TABLE bp_kernels__avx2
#define ISA   BP_ISA_AVX2
#include "kernels/table.inc.h"
