/* The candidates for a setup, timed to find the fastest one. */
#ifndef BP_TRAIN_SETUP_CANDIDATES_H
#define BP_TRAIN_SETUP_CANDIDATES_H

#include "train/setup/candidate.h"

#define BP_CANDIDATES_MAX 32

struct bp_candidates {
    size_t count;
    struct bp_candidate candidate[BP_CANDIDATES_MAX]; /* one after the other */
};

/* 1, 2, 4, ... threads and `most`, or those that are asked for, by each plan that is allowed. */
struct bp_candidates bp_candidates_find(const struct bp_setup_job *job, size_t most);

/* The steps that each of `comparisons` may take. */
size_t bp_candidates_steps(const struct bp_setup_job *job, size_t comparisons);

/* Comparisons of the setup, which is the first candidate, with the others: the best so far with the
 * next, so that no more than two take memory. Leaves the fastest in `setup` and the why in
 * `reason`. Returns false, and leaves both as they are, if steps are too long for that. */
bool bp_candidates_compare(struct bp_training_setup *setup, const struct bp_setup_job *job,
                           const struct bp_candidates *candidates, char reason[BP_REASON_SIZE]);

/* Adds to a reason, as far as there is room. */
void bp_reason_append(char reason[BP_REASON_SIZE], const char *format, ...);

#endif
