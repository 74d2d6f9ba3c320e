/* Inside of a step over ranks: what is made once and used by every batch. */
#ifndef BP_STEP_RANK_STEP_INSIDE_H
#define BP_STEP_RANK_STEP_INSIDE_H

#include "ranks/ranks.h"
#include "step/ownership.h"
#include "step/rank_plan.h"
#include "step/step_inside.h"

struct bp_rank_step {
    struct bp_ranks *ranks;
    struct bp_ownership ownership;
    struct bp_tiles own;         /* tiles of the own parameters */
    struct bp_rank_plan plan[2]; /* of full batches, and of the last one if that is smaller */
    size_t plans;
    size_t layers;
    size_t floats;    /* of the network */
    size_t nodes;     /* buffers in node[] */
    float **node;     /* sums of this rank, laid out as network->values */
    float ***partial; /* ranks: the nodes of each; those of others hold the own parameters */
    size_t *shift;    /* layers x ranks: of these from the layout of network->values */
    double *message;  /* of each rank: its word, and the losses of its shards */
    uint64_t word, heard;
    struct bp_exchange **gradient; /* one a layer: nodes that come */
    struct bp_exchange **values;   /* one a layer: new values, both ways */
    struct bp_exchange *sent;      /* nodes that go */
    struct bp_exchange *losses;    /* both ways */
    struct bp_exchange *squares;   /* the same */
};

/* A single thread, or threads that split parameters, leave sums where they are sent from. */
static inline bool bp_rank_step_leaves_nodes(const struct bp_step *step)
{
    return step->threads == 1 || step->plan == BP_PLAN_PARAMETERS;
}

#endif
