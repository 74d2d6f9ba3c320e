/* What goes between ranks in a step, and begins to: the step finishes the exchanges. */
#ifndef BP_STEP_RANK_TRANSFERS_H
#define BP_STEP_RANK_TRANSFERS_H

#include "step/rank_step_inside.h"

/* Nodes of others, of the own parameters: into ranks->partial, by ranks->gradient. */
void bp_rank_receive_gradients(struct bp_rank_step *ranks, const struct bp_rank_plan *plan);

/* Layer l of a node of this rank, to the owners; by ranks->sent. */
void bp_rank_send_gradients(struct bp_rank_step *ranks, size_t l, const float *node);

/* New values of layer l (as network->values), both ways; by ranks->values. */
void bp_rank_exchange_values(struct bp_rank_step *ranks, size_t l, float *values);

/* The word and the losses of rank r in ranks->message: those of the shards from plan->shards[r] on
 * begin after the word. */
double *bp_rank_find_message(const struct bp_rank_step *ranks, const struct bp_rank_plan *plan,
                             size_t r);

/* All messages, both ways; by ranks->losses. */
void bp_rank_exchange_losses(struct bp_rank_step *ranks, const struct bp_rank_plan *plan);

/* Sums of squares, one a unit of the network: each rank has those of its own parameters; by
 * ranks->squares. */
void bp_rank_exchange_squares(struct bp_rank_step *ranks, double *squares);

#endif
