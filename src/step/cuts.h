/* How the batches of a step are cut: full ones, and the last one of an epoch. */
#ifndef BP_STEP_CUTS_H
#define BP_STEP_CUTS_H

#include "step/passes/shard_plan.h"

/* Batches of one size: chunks as `plan[0]` says, the last one as `plan[1]` if it is smaller. */
struct bp_cut {
    struct bp_chunks chunks;
    const struct bp_shard_plan *plan[2];
};

struct bp_cuts {
    struct bp_cut cut[2]; /* of full batches, and of the last one if that is smaller */
    size_t plans;
    struct bp_shard_plan plan[4];
};

struct bp_cuts_options {
    size_t samples;
    size_t batch_size; /* 1 to samples */
    size_t shard_size; /* 0: chosen */
    size_t threads;
    size_t capacity; /* samples that may be computed in one go */
};

/* Errors: MEMORY; what was made is then freed with bp_cuts_release() all the same. `cuts` must stay
 * where it is: the cuts point into it. */
bp_status bp_cuts_make(struct bp_cuts *cuts, const struct bp_cuts_options *options,
                       bp_error *error);
void bp_cuts_release(struct bp_cuts *cuts);

/* For batches of `rows` samples: of batch_size, or of the rest. */
const struct bp_cut *bp_cuts_find(const struct bp_cuts *cuts, size_t rows);

/* Chunk of a cut with `rows` samples. */
static inline const struct bp_shard_plan *bp_cut_plan(const struct bp_cut *cut, size_t rows)
{
    return cut->plan[rows != cut->plan[0]->shards.rows];
}

#endif
