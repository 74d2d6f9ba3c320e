/* Losses from n where o has lost it: nothing is infinite because an output rounded to 0 or 1. */
#include "step/loss.h"

#include <math.h>

#include "base/exponential.h"
#include "base/logarithm.h"
#include "base/sizes.h"

/* One sample: its numbers of panel p stand p * stride behind these. */
struct row {
    const float *value;
    const float *target;
    const float *score; /* or NULL */
    double log_sum;     /* of exp(score), with softmax */
};

/* The squares, in order of the neurons. */
static double sum_squares(const float *value, const float *target, size_t stride, size_t out)
{
    double sum = 0.0;
    for (size_t first = 0; first < out; first += BP_LANES) {
        const size_t at = bp_panels_at(stride, 0, first);
        const size_t lanes = bp_size_min(out - first, BP_LANES);
        for (size_t j = 0; j < lanes; j++) {
            const float difference = value[at + j] - target[at + j];
            sum += (double)difference * (double)difference;
        }
    }
    return sum;
}

/* ln(1 + e) for e from 0 to 1: the rounding of 1 + e is put right to first order. */
static double log_of_one_and(double e)
{
    const double sum = 1.0 + e;
    return bp_log(sum) + (e - (sum - 1.0)) / sum;
}

static double binary_cross_entropy(double n, double t)
{
    if (isnan(n))
        return n;
    return (n > 0.0 ? n : 0.0) - n * t + log_of_one_and(bp_exp(-fabs(n)));
}

/* The term of output j. */
static double find_term(bp_loss loss, const struct row *row, size_t j)
{
    const double d = fabs((double)(row->value[j] - row->target[j]));
    const double t = (double)row->target[j], n = row->score ? (double)row->score[j] : 0.0;
    switch (loss) {
    case BP_LOSS_MAE:
        return d;
    case BP_LOSS_HUBER:
        return d < 1.0 ? d * d / 2 : d - 0.5;
    case BP_LOSS_BINARY_CROSS_ENTROPY:
        return binary_cross_entropy(n, t);
    case BP_LOSS_CROSS_ENTROPY:
        return t == 0.0 ? 0.0 : t * (row->log_sum - n);
    case BP_LOSS_POISSON:
        return bp_exp(n) - t * n;
    case BP_LOSS_MSE:
    case BP_LOSS_AUTO:
        break;
    }
    return d * d;
}

static double sum_terms(bp_loss loss, const struct row *row, size_t stride, size_t out)
{
    double sum = 0.0;
    for (size_t j = 0; j < out; j++)
        sum += find_term(loss, row, bp_panels_at(stride, 0, j));
    return sum;
}

/* The sum of a softmax is from 1 to the number of outputs, or not a number. */
static double find_log_sum(float sum)
{
    return sum >= 1.0f ? bp_log((double)sum) : (double)NAN;
}

/* One sample. */
static double find_loss(const struct bp_network *network, const struct bp_activations *activations,
                        size_t r)
{
    const size_t at = bp_panels_at(activations->stride, r, 0);
    struct row row = {
        .value = activations->value[network->layers] + at,
        .target = activations->target + at,
        .score = activations->score ? activations->score + at : NULL,
    };
    if (network->loss == BP_LOSS_CROSS_ENTROPY)
        row.log_sum = find_log_sum(activations->sum[r]);
    return sum_terms(network->loss, &row, activations->stride,
                     network->layer[network->layers - 1].out);
}

/* The square, the loss of the text and of tiny networks, has a loop of its own. */
void bp_loss_of_rows(const struct bp_network *network, const struct bp_activations *activations,
                     size_t rows, double *loss)
{
    const size_t out = network->layer[network->layers - 1].out;
    const float *value = activations->value[network->layers];
    if (network->loss == BP_LOSS_MSE)
        for (size_t r = 0; r < rows; r++)
            loss[r] = sum_squares(value + r * BP_LANES, activations->target + r * BP_LANES,
                                  activations->stride, out);
    else
        for (size_t r = 0; r < rows; r++)
            loss[r] = find_loss(network, activations, r);
}
