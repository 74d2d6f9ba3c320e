/* E(x) = sum_j (o_j(x) - t_j(x))^2: section 1.2 of the text. */
#ifndef BP_STEP_LOSS_H
#define BP_STEP_LOSS_H

#include "data/samples.h"

/* t_j of a sample: 1 for its class and 0 for the others, or a number. */
static inline float bp_loss_target(const struct bp_samples *samples, size_t sample, size_t j)
{
    if (samples->labels)
        return samples->labels[sample] == j ? 1.0f : 0.0f;
    return samples->targets[sample * samples->outputs + j];
}

/* The loss of one sample with outputs `value`: differences in binary32, squares and their chain
 * over j in binary64. */
static inline double bp_loss_of_sample(const struct bp_samples *samples, size_t sample,
                                       const float *value)
{
    double sum = 0.0;
    for (size_t j = 0; j < samples->outputs; j++) {
        const float difference = value[j] - bp_loss_target(samples, sample, j);
        sum += (double)difference * (double)difference;
    }
    return sum;
}

#endif
