/* Values, slopes and deltas of one sample in binary64, each with the error that binary32 may add.
 */
#include "train/bound.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "step/loss.h"

#define UNIT 0x1p-24 /* half the distance from 1 to the next binary32 number */

/* Our exp, the division and the sum in between: a few roundings each; tests measure less. */
#define VALUE_UNITS 8.0
#define SLOPE_UNITS 12.0

struct analysis {
    struct bp_binary64 *net;
    double *value_error[BP_LAYERS_MAX + 1];
    double *slope[BP_LAYERS_MAX];
    double *slope_error[BP_LAYERS_MAX];
    double *delta[BP_LAYERS_MAX];
    double *delta_error[BP_LAYERS_MAX];
    double *memory;
};

static bp_status make_analysis(struct analysis *a, struct bp_binary64 *net, bp_error *error)
{
    const struct bp_network *network = net->network;
    *a = (struct analysis){.net = net};
    size_t numbers = network->layer[0].in;
    for (size_t l = 0; l < network->layers; l++)
        numbers += 5 * network->layer[l].out;
    a->memory = bp_aligned_alloc(numbers, sizeof(double));
    if (!a->memory)
        return bp_fail_memory(error, "the error analysis of the gradient");
    double *next = a->memory;
    a->value_error[0] = next;
    next += network->layer[0].in;
    for (size_t l = 0; l < network->layers; l++) {
        const size_t out = network->layer[l].out;
        double **const arrays[] = {&a->value_error[l + 1], &a->slope[l], &a->slope_error[l],
                                   &a->delta[l], &a->delta_error[l]};
        for (size_t k = 0; k < sizeof arrays / sizeof arrays[0]; k++) {
            *arrays[k] = next;
            next += out;
        }
    }
    return BP_OK;
}

/* Slopes, and errors of values and slopes; bp_binary64_forward() has filled the values. */
static void analyse_forward(struct analysis *a, size_t l)
{
    const struct bp_binary64 *net = a->net;
    const struct bp_layer *layer = &net->network->layer[l];
    for (size_t j = 0; j < layer->out; j++) {
        const double *weight = net->weight[l] + j * (layer->in + 1);
        double sum = fabs(weight[layer->in]), carried = 0.0;
        for (size_t i = 0; i < layer->in; i++) {
            sum += fabs(weight[i] * net->value[l][i]);
            carried += fabs(weight[i]) * a->value_error[l][i];
        }
        const double n_error = carried + (double)(layer->in + 1) * UNIT * (sum + carried);
        const double o = net->value[l + 1][j];
        if (layer->activation == BP_LOGISTIC) {
            /* sigma' changes by a factor of at most e^d over a distance d. */
            const double growth = exp(n_error);
            const double slope = o * (1.0 - o);
            a->value_error[l + 1][j] = slope * growth * n_error + VALUE_UNITS * UNIT * o;
            a->slope[l][j] = slope;
            a->slope_error[l][j] =
                slope * (growth - 1.0 + SLOPE_UNITS * UNIT) + (double)FLT_TRUE_MIN;
        } else {
            a->value_error[l + 1][j] = n_error;
            a->slope[l][j] = 1.0;
            a->slope_error[l][j] = 0.0;
        }
    }
}

/* delta = factor * slope, where `factor` may be off by `factor_error`. */
static void set_delta(struct analysis *a, size_t l, size_t j, double factor, double factor_error)
{
    const double slope = a->slope[l][j], slope_error = a->slope_error[l][j];
    a->delta[l][j] = factor * slope;
    a->delta_error[l][j] = factor_error * (slope + slope_error) + fabs(factor) * slope_error +
                           4.0 * UNIT * fabs(factor * slope) + (double)FLT_TRUE_MIN;
}

static void analyse_output(struct analysis *a, size_t x)
{
    const struct bp_binary64 *net = a->net;
    const size_t last = net->network->layers - 1;
    const double factor = 2.0 / (double)net->rows;
    for (size_t j = 0; j < net->samples->outputs; j++) {
        const double target = (double)bp_loss_target(net->samples, x, j);
        const double difference = net->value[last + 1][j] - target;
        const double difference_error = a->value_error[last + 1][j] + UNIT * fabs(difference);
        set_delta(a, last, j, factor * difference, factor * difference_error);
    }
}

static void analyse_hidden(struct analysis *a, size_t l)
{
    const struct bp_binary64 *net = a->net;
    const struct bp_layer *next = &net->network->layer[l + 1];
    for (size_t j = 0; j < next->in; j++) {
        double sum = 0.0, size = 0.0, carried = 0.0;
        for (size_t k = 0; k < next->out; k++) {
            const double weight = net->weight[l + 1][k * (next->in + 1) + j];
            sum += weight * a->delta[l + 1][k];
            size += fabs(weight * a->delta[l + 1][k]);
            carried += fabs(weight) * a->delta_error[l + 1][k];
        }
        const double error = carried + (double)next->out * UNIT * (size + carried);
        if (net->network->hidden_delta == BP_CHAIN_RULE) {
            set_delta(a, l, j, sum, error);
        } else {
            a->delta[l][j] = sum;
            a->delta_error[l][j] = error;
        }
    }
}

/* Adds what sample x contributes to the bounds of layer l. */
static void add_bounds(const struct analysis *a, size_t l, double *bound)
{
    const struct bp_binary64 *net = a->net;
    const struct bp_layer *layer = &net->network->layer[l];
    const double units = (double)(net->rows + BP_LAYERS_MAX) * UNIT;
    for (size_t j = 0; j < layer->out; j++) {
        const double delta = fabs(a->delta[l][j]), delta_error = a->delta_error[l][j];
        double *row = bound + j * (layer->in + 1);
        for (size_t i = 0; i < layer->in; i++) {
            const double o = fabs(net->value[l][i]), o_error = a->value_error[l][i];
            row[i] += o_error * (delta + delta_error) + o * delta_error + units * o * delta;
        }
        row[layer->in] += delta_error + units * delta;
    }
}

bp_status bp_bound_make(double *bound[BP_LAYERS_MAX], struct bp_binary64 *net, bp_error *error)
{
    const struct bp_network *network = net->network;
    struct analysis a;
    const bp_status status = make_analysis(&a, net, error);
    if (status)
        return status;
    double *next = calloc(network->parameters, sizeof *next);
    if (!next) {
        bp_aligned_free(a.memory);
        return bp_fail_memory(error, "the error bounds of the gradient");
    }
    for (size_t l = 0; l < network->layers; l++) {
        bound[l] = next;
        next += network->layer[l].out * (network->layer[l].in + 1);
    }
    for (size_t x = 0; x < net->rows; x++) {
        bp_binary64_forward(net, x);
        for (size_t l = 0; l < network->layers; l++)
            analyse_forward(&a, l);
        analyse_output(&a, x);
        for (size_t l = network->layers - 1; l-- > 0;)
            analyse_hidden(&a, l);
        for (size_t l = 0; l < network->layers; l++)
            add_bounds(&a, l, bound[l]);
    }
    bp_aligned_free(a.memory);
    return BP_OK;
}
