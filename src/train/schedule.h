/* The learning rate over a run. */
#ifndef BP_TRAIN_SCHEDULE_H
#define BP_TRAIN_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>

#include "batchprop/batchprop.h"
#include "train/score.h"

/*
 * The rate of batch `batch` of `batches` in epoch `epoch`, both from 0, where `rate` is the
 * learning rate of the options:
 *
 *   warm-up, w epochs   rate (epoch batches + batch + 1) / (w batches)
 *   then, e = epoch - w of the n = options.epochs - w epochs that are left:
 *     constant          rate
 *     step              rate factor^floor(e / schedule_epochs)
 *     exponential       rate factor^e
 *     cosine            rate (1 + cos(pi e / n)) / 2
 *     plateau           rate factor^reductions
 *
 * Computed in binary64 by operations that give every machine the same bits. After warm-up all
 * batches of an epoch have one rate, as with PyTorch's StepLR, ExponentialLR and CosineAnnealingLR.
 */
float bp_schedule_rate(const bp_train_options *options, size_t epoch, size_t batch, size_t batches,
                       size_t reductions);

/* Whether the rate of an epoch depends on how many there are in all. */
bool bp_schedule_needs_epochs(bp_schedule schedule);

/* Whether the rate depends on struct bp_plateau. */
bool bp_schedule_has_state(bp_schedule schedule);

/* What the plateau schedule knows of the epochs so far; zeroed before the first. */
struct bp_plateau {
    size_t reductions; /* of the rate */
    /* The epoch (from 1) of the last gain, or of the last reduction if it is later; 0: none yet. */
    size_t since;
    struct bp_record record;
};

/* Looks at the score after `epochs` epochs: after schedule_epochs of them without a gain, the rate
 * is reduced. Epochs of warm-up do not count. Does nothing with another schedule. */
void bp_plateau_note(struct bp_plateau *plateau, const bp_train_options *options, size_t epochs,
                     const struct bp_score *score, const struct bp_score_rule *rule);

#endif
