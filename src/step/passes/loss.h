/* E(x), the loss of one sample, in binary64: section 1.2 of the text and its relatives. */
#ifndef BP_STEP_PASSES_LOSS_H
#define BP_STEP_PASSES_LOSS_H

#include "data/samples/samples.h"
#include "step/passes/activations.h"

/* t_j of a sample: 1 for its class and 0 for the others, or a number. */
static inline float bp_loss_target(const struct bp_samples *samples, size_t sample, size_t j)
{
    if (samples->labels)
        return (float)(samples->labels[sample] == j); /* no branch: classes come in no order */
    return samples->targets[sample * samples->outputs + j];
}

/*
 * The losses of the first `rows` samples, each without its weight, from what bp_forward() left and
 * the targets in activations->target: chains in binary64 over the outputs j, ascending, of
 *
 *     mse                   d^2, d = o_j - t_j in binary32
 *     mae                   |d|
 *     huber                 |d| < 1: d^2 / 2; else |d| - 1/2
 *     binary-cross-entropy  max(n_j, 0) - n_j t_j + ln(1 + exp(-|n_j|))
 *     cross-entropy         t_j (ln s - (n_j - m)) where t_j is not 0; m = max n,
 *                           s = sum exp(n - m)
 *     poisson               exp(n_j) - t_j n_j
 */
void bp_loss_of_rows(const struct bp_network *network, const struct bp_activations *activations,
                     size_t rows, double *loss);

/* The same of one sample from the values of the output neurons alone, whoever found them: one
 * answer for all samples, or the mean over several networks like `network`. Where the loss belongs
 * to the activation, n is what gives the output, which counts as 2^-52 from 0 and 1 at least. */
double bp_loss_of_outputs(const struct bp_network *network, const float *outputs,
                          const struct bp_samples *samples, size_t sample);

#endif
