/* What a rank computes of a batch: the part of a step before the transfers. */
#ifndef BP_STEP_RANK_PIECE_H
#define BP_STEP_RANK_PIECE_H

#include "step/rank_step_inside.h"
#include "step/step_batch.h"

/* The nodes of the shards of a piece of `plan`, which are sent to their owners; their losses go to
 * the message of this rank. */
void bp_rank_run_piece(struct bp_step *step, const struct bp_step_batch *batch,
                       const struct bp_rank_plan *plan, const struct bp_rank_piece *piece);

#endif
