/* How wide all panels are. */
#ifndef BP_BASE_LANES_H
#define BP_BASE_LANES_H

/* Neurons, inputs or samples side by side in a panel: 64 bytes of binary32, one AVX-512
 * register. */
#define BP_LANES 16

#endif
