/* The processors that a process may run on, as bytes that can be compared. */
#ifndef BP_RANKS_AFFINITY_H
#define BP_RANKS_AFFINITY_H

#define BP_AFFINITY_BYTES 1024

/* All 0 where the system does not tell, or has more than 8192 processors. */
void bp_affinity_get(unsigned char mask[BP_AFFINITY_BYTES]);

#endif
