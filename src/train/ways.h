/* The ways to run a step that are timed to find the fastest one. */
#ifndef BP_TRAIN_WAYS_H
#define BP_TRAIN_WAYS_H

#include "train/way.h"

#define BP_WAYS_MAX 32

struct bp_ways {
    size_t count;
    struct bp_way way[BP_WAYS_MAX]; /* one after the other */
};

/* 1, 2, 4, ... threads and `most`, or those that are asked for, by each plan that is allowed. */
struct bp_ways bp_ways_find(const struct bp_setup_job *job, size_t most);

/* The steps that each of `comparisons` may take. */
size_t bp_ways_steps(const struct bp_setup_job *job, size_t comparisons);

/* Comparisons of the setup, which is the first way, with the others: the best so far with the next,
 * so that no more than two take memory. Leaves the fastest in `setup` and the why in `reason`.
 * Returns false, and leaves both as they are, if steps are too long for that. */
bool bp_ways_compare(struct bp_training_setup *setup, const struct bp_setup_job *job,
                     const struct bp_ways *ways, char reason[BP_REASON_SIZE]);

/* Adds to a reason, as far as there is room. */
void bp_reason_append(char reason[BP_REASON_SIZE], const char *format, ...);

#endif
