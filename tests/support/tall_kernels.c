/* The portable operations in the register tile of AVX-512, 14 rows by 2 panels: so that the code of
 * that tile is compared with the definition on machines without AVX-512 too. */
#include "support/tall_kernels.h"

#include "kernels/vector_portable.h"

#undef TILE_ROWS
#undef TILE_PANELS
#define TILE_ROWS   14
#define TILE_PANELS 2

#define TABLE tall_kernels
#define ISA   BP_ISA_PORTABLE
#include "kernels/table.inc.h"
