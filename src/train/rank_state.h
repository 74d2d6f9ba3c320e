/*
 * The state of a run over ranks, for checkpoints: rank 0 alone reads and writes files, and between
 * two steps each rank has all of the state but for the arrays of the optimizer, of which it has
 * those of its own parameters.
 */
#ifndef BP_TRAIN_RANK_STATE_H
#define BP_TRAIN_RANK_STATE_H

#include "train/trainer.h"

/* The arrays of the optimizer for all parameters. */
struct bp_whole_state {
    float *state[BP_OPTIMIZER_STATES]; /* as network->values; NULL on other ranks than 0 */
    bool made;                         /* they are not those of the optimizer itself */
};

/* Unless `status` says that something has failed on some rank, makes the arrays on rank 0,
 * uninitialized but if they are those of the optimizer. Collective. Errors: MEMORY; those of
 * `status`. */
bp_status bp_whole_state_make(struct bp_whole_state *whole, const struct bp_trainer *trainer,
                              bp_status status, bp_error *error);
/* Fills them on rank 0. Collective. */
void bp_whole_state_collect(struct bp_whole_state *whole, const struct bp_trainer *trainer);
void bp_whole_state_release(struct bp_whole_state *whole);

/* Ends a restoration, which rank 0 has done with `status` and the arrays in `whole`: unless it
 * failed, all have its position, weights and optimizer. Releases `whole`. Collective. Errors: those
 * of `status`. */
bp_status bp_whole_state_adopt(struct bp_whole_state *whole, struct bp_trainer *trainer,
                               bp_status status, bp_error *error);

#endif
