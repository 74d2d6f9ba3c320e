/* E(x) = sum_j (o_j(x) - t_j(x))^2: section 1.2 of the text. */
#ifndef BP_STEP_LOSS_H
#define BP_STEP_LOSS_H

#include "data/samples.h"

/* t_j of a sample: 1 for its class and 0 for the others, or a number. */
static inline float bp_loss_target(const struct bp_samples *samples, size_t sample, size_t j)
{
    if (samples->labels)
        return (float)(samples->labels[sample] == j); /* no branch: classes come in no order */
    return samples->targets[sample * samples->outputs + j];
}

/* The next term of a sample's loss: the square and the chain over j in binary64. */
static inline double bp_loss_add(double sum, float difference)
{
    return sum + (double)difference * (double)difference;
}

/* The loss of one sample with outputs `value`; differences in binary32. */
static inline double bp_loss_of_sample(const struct bp_samples *samples, size_t sample,
                                       const float *value)
{
    double sum = 0.0;
    for (size_t j = 0; j < samples->outputs; j++)
        sum = bp_loss_add(sum, value[j] - bp_loss_target(samples, sample, j));
    return sum;
}

#endif
