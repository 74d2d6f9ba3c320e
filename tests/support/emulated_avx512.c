/* The AVX-512 kernels on the intrinsics of support/intrinsics/immintrin.h, which this file is
 * compiled with in place of the compiler's: so that they are compared with the definition on
 * processors that have no AVX-512. */
#include "support/emulated_avx512.h"

#include "kernels/vector_avx512.h"

#define TABLE emulated_avx512_kernels
#define ISA   BP_ISA_AVX512
#include "kernels/table.inc.h"
