/* Sums over the outputs of the terms in net/loss_table.c. */
#include "step/passes/loss.h"

#include <math.h>

#include "base/logarithm.h"
#include "base/sizes.h"
#include "net/loss_table.h"

/* One sample: its numbers of panel p stand p * stride after these. */
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

static double sum_terms(const struct bp_network *network, const struct row *row, size_t stride)
{
    const struct bp_loss_row *loss = bp_loss_get(network->loss);
    const size_t out = network->layer[network->layers - 1].out;
    double sum = 0.0;
    for (size_t j = 0; j < out; j++) {
        const size_t at = bp_panels_at(stride, 0, j);
        sum += loss->term(&(struct bp_loss_point){
            .d = (double)(row->value[at] - row->target[at]),
            .n = row->score ? (double)row->score[at] : 0.0,
            .t = (double)row->target[at],
            .parameter = (double)network->loss_parameter,
            .log_sum = row->log_sum,
        });
    }
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
    const struct bp_layer *last = &network->layer[network->layers - 1];
    if (row.score && last->activation == BP_ACTIVATION_SOFTMAX)
        row.log_sum = find_log_sum(activations->sum[r]);
    return sum_terms(network, &row, activations->stride);
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

/* An output stays as far from 0 and 1, so that its logarithm is finite. */
#define OUTPUT_MIN 0x1p-52

/* The number n of an output neuron with value o, where the loss is linked. */
static double find_number(bp_loss loss, double o)
{
    const double above = o > OUTPUT_MIN ? o : OUTPUT_MIN;
    const double below = 1.0 - o > OUTPUT_MIN ? 1.0 - o : OUTPUT_MIN;
    return loss == BP_LOSS_BINARY_CROSS_ENTROPY ? bp_log(above) - bp_log(below) : bp_log(above);
}

double bp_loss_of_outputs(const struct bp_network *network, const float *outputs,
                          const struct bp_samples *samples, size_t sample)
{
    const struct bp_loss_row *loss = bp_loss_get(network->loss);
    const bool linked = bp_loss_is_linked(network->loss);
    double sum = 0.0;
    for (size_t j = 0; j < samples->outputs; j++) {
        const double o = (double)outputs[j];
        const double t = (double)bp_loss_target(samples, sample, j);
        sum += loss->term(&(struct bp_loss_point){
            .d = o - t,
            .n = linked ? find_number(network->loss, o) : o,
            .t = t,
            .parameter = (double)network->loss_parameter,
        });
    }
    return sum;
}
