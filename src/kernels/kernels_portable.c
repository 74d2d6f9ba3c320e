/* The kernels for any processor: the definition of all others. */
#include "kernels/list.h"

#include "kernels/vector_portable.h"

#define TABLE bp_kernels__portable
#define ISA   BP_ISA_PORTABLE
#include "kernels/table.inc.h"
