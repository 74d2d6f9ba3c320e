/* How good epochs are, and whether they still get better. */
#ifndef BP_TRAIN_SCORE_H
#define BP_TRAIN_SCORE_H

#include <stdbool.h>
#include <stddef.h>

/* Of the validation set, or the loss of training in both where there is none. */
struct bp_score {
    double metric;
    double loss;
};

/* What scores are compared by. */
struct bp_score_rule {
    bool lower;   /* less of the metric is better */
    double delta; /* what is better is so by more than this */
    /* The metric is the share of so many rows that are right; 0: it is another one. */
    size_t counted;
};

/* Whether the metric is better or, where it is the same, the loss is lower. NaN is worse than any
 * number. */
bool bp_score_is_better(const struct bp_score *score, const struct bp_score *best,
                        const struct bp_score_rule *rule);

/* What is known of the epochs so far. */
struct bp_record {
    struct bp_score top; /* better than all others */
    double lowest_loss;  /* of any of them */
};

/* The record of the first epoch. */
struct bp_record bp_record_begin(const struct bp_score *score);

/* Whether an epoch is a gain: better than all before, or of a lower loss than any. */
bool bp_record_add(struct bp_record *record, const struct bp_score *score,
                   const struct bp_score_rule *rule);

/* Whether an epoch, which was added to the record, becomes the best instead of `best`. Shares near
 * the highest count as the same: those that are one row apart, or half the standard error of the
 * highest, sqrt(p (1 - p) / rows), where that is more. */
bool bp_record_replaces(const struct bp_record *record, const struct bp_score *score,
                        const struct bp_score *best, const struct bp_score_rule *rule);

#endif
