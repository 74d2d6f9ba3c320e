/* The kernels for 64-bit ARM processors. */
#include "kernels/list.h"

#include "kernels/vector_neon.h"

#define TABLE bp_kernels__neon
#define ISA   BP_ISA_NEON
#include "kernels/table.inc.h"
