/* The kernels for AVX-512 (F). */
#include "kernels/list.h"

#include "kernels/vector_avx512.h"

#define TABLE bp_kernels__avx512
#define ISA   BP_ISA_AVX512
#include "kernels/table.inc.h"
