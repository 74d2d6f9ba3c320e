/* What ranks do together after each has done something alone that can fail. */
#ifndef BP_RANKS_AGREE_H
#define BP_RANKS_AGREE_H

#include "ranks/ranks.h"

/* Collective: BP_OK if `status` is that on every rank; else each returns the status of the first
 * rank that failed, and *error (may be NULL) says what it said there, after "rank 2 on HOST: " if
 * that is not rank 0. */
bp_status bp_ranks_agree(struct bp_ranks *ranks, bp_status status, bp_error *error);

#endif
