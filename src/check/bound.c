/* Values, slopes and deltas of one sample in binary64, each with the error that binary32 may add.
 */
#include "check/bound.h"

#include <math.h>
#include <stdlib.h>

#include "base/flush.h"
#include "base/memory.h"
#include "check/bound_activation.h"
#include "net/activation_table.h"
#include "net/loss_table.h"
#include "step/passes/loss.h"

#define UNIT BP_BOUND_UNIT

/* What is lost where a number that is stored becomes 0. */
#define TINY ((double)BP_FLUSH_BELOW)

struct analysis {
    struct bp_binary64 *net;
    double *number_error[BP_LAYERS_MAX];
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
        numbers += 6 * network->layer[l].out;
    a->memory = bp_aligned_alloc(numbers, sizeof(double));
    if (!a->memory)
        return bp_fail_memory(error, "the error analysis of the gradient");
    double *next = a->memory;
    a->value_error[0] = next;
    next += network->layer[0].in;
    for (size_t l = 0; l < network->layers; l++) {
        const size_t out = network->layer[l].out;
        double **const arrays[] = {&a->number_error[l], &a->value_error[l + 1], &a->slope[l],
                                   &a->slope_error[l],  &a->delta[l],           &a->delta_error[l]};
        for (size_t k = 0; k < sizeof arrays / sizeof arrays[0]; k++) {
            *arrays[k] = next;
            next += out;
        }
    }
    return BP_OK;
}

/* The error of n_j of layer l, which is stored where a loss reads it. */
static double find_number_error(const struct analysis *a, size_t l, size_t j)
{
    const struct bp_binary64 *net = a->net;
    const struct bp_layer *layer = &net->network->layer[l];
    const double *weight = net->weight[l] + j * (layer->in + 1);
    double sum = fabs(weight[layer->in]), carried = 0.0;
    for (size_t i = 0; i < layer->in; i++) {
        sum += fabs(weight[i] * net->value[l][i]);
        carried += fabs(weight[i]) * a->value_error[l][i];
    }
    return carried + (double)(layer->in + 1) * UNIT * (sum + carried) + TINY;
}

/* Slopes, and errors of values and slopes; bp_binary64_forward() has filled the values. */
static void analyse_forward(struct analysis *a, size_t l)
{
    const struct bp_binary64 *net = a->net;
    const struct bp_layer *layer = &net->network->layer[l];
    for (size_t j = 0; j < layer->out; j++)
        a->number_error[l][j] = find_number_error(a, l, j);
    if (layer->activation == BP_ACTIVATION_SOFTMAX) {
        bp_bound_softmax(net->value[l + 1], net->number[l], a->number_error[l], layer->out,
                         a->value_error[l + 1]);
        return;
    }
    for (size_t j = 0; j < layer->out; j++) {
        const struct bp_activation_bound bound =
            bp_activation_get(layer->activation)
                ->bound(net->number[l][j], net->value[l + 1][j], a->number_error[l][j]);
        a->value_error[l + 1][j] = bound.value_error;
        a->slope[l][j] = bound.slope;
        a->slope_error[l][j] = bound.slope_error;
    }
}

/* delta = factor * slope, where `factor` may be off by `factor_error`; both may become 0. */
static void set_delta(struct analysis *a, size_t l, size_t j, double factor, double factor_error)
{
    const double slope = a->slope[l][j], slope_error = a->slope_error[l][j];
    a->delta[l][j] = factor * slope;
    a->delta_error[l][j] = factor_error * (fabs(slope) + slope_error) + fabs(factor) * slope_error +
                           4.0 * UNIT * fabs(factor * slope) +
                           TINY * (1.0 + fabs(slope) + slope_error);
}

/* g of an output o - t = d; d may be off by *error, and *error becomes that of the result. */
static double differentiate_loss(const struct bp_network *network, double d, double *error)
{
    const struct bp_loss_ends ends = bp_loss_ends_of(network->loss, network->loss_parameter);
    const double low = (double)ends.low, high = (double)ends.high;
    switch (bp_loss_get(network->loss)->slope) {
    case BP_LOSS_SLOPE_STEP:
        *error = fabs(d) <= *error ? high - low : 0.0; /* on either side of the kink */
        return d > 0.0 ? high : d < 0.0 ? low : 0.0;
    case BP_LOSS_SLOPE_CUT:
        return fmax(low, fmin(high, d));
    case BP_LOSS_SLOPE_DIFFERENCE:
        break;
    }
    return d;
}

/* Through the Jacobian of softmax: p_j (g_j - sum_k g_k p_k); g stands in the slopes. */
static void analyse_softmax(struct analysis *a, size_t l, double factor)
{
    const double *p = a->net->value[l + 1], *p_error = a->value_error[l + 1];
    const double *g = a->slope[l], *g_error = a->slope_error[l];
    const size_t out = a->net->network->layer[l].out;
    double mean = 0.0, mean_error = 0.0;
    for (size_t k = 0; k < out; k++) {
        const double term_error = g_error[k] * (p[k] + p_error[k]) + fabs(g[k]) * p_error[k];
        mean += g[k] * p[k];
        mean_error += term_error + (double)out * UNIT * (fabs(g[k]) * p[k] + term_error);
    }
    for (size_t j = 0; j < out; j++) {
        const double above = g[j] - mean;
        const double above_error = g_error[j] + mean_error + UNIT * fabs(above);
        const double delta = factor * p[j] * above;
        a->delta[l][j] = delta;
        a->delta_error[l][j] =
            factor * (p_error[j] * (fabs(above) + above_error) + p[j] * above_error) +
            4.0 * UNIT * fabs(delta) + TINY * (1.0 + factor);
    }
}

/* The trainer's output is the rate exp(n) with the Poisson loss. */
static double find_output(const struct analysis *a, size_t l, size_t j, double *error)
{
    *error = a->value_error[l + 1][j];
    if (!bp_loss_get(a->net->network->loss)->counts)
        return a->net->value[l + 1][j];
    const double rate = exp(a->net->number[l][j]);
    *error = bp_bound_rate(rate, a->number_error[l][j]);
    return rate;
}

static void analyse_output(struct analysis *a, size_t x)
{
    const struct bp_network *network = a->net->network;
    const size_t last = network->layers - 1;
    const struct bp_loss_row *loss = bp_loss_get(network->loss);
    const double factor = loss->factor * bp_binary64_weight(a->net, x) / (double)a->net->rows;
    const bool softmax = network->layer[last].activation == BP_ACTIVATION_SOFTMAX;
    const bool linked = bp_loss_is_linked(network->loss);
    for (size_t j = 0; j < network->layer[last].out; j++) {
        double error;
        const double d =
            find_output(a, last, j, &error) - (double)bp_loss_target(a->net->samples, x, j);
        error += UNIT * fabs(d);
        const double g = differentiate_loss(network, d, &error);
        if (softmax && !linked) {
            a->slope[last][j] = g;
            a->slope_error[last][j] = error + TINY;
            continue;
        }
        if (linked) {
            a->slope[last][j] = 1.0;
            a->slope_error[last][j] = 0.0;
        }
        set_delta(a, last, j, factor * g, factor * error);
    }
    if (softmax && !linked)
        analyse_softmax(a, last, factor);
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
        if (net->network->hidden_delta == BP_HIDDEN_DELTA_CHAIN_RULE) {
            set_delta(a, l, j, sum, error);
        } else {
            a->delta[l][j] = sum;
            a->delta_error[l][j] = error + TINY;
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
    double *next = calloc(net->weights, sizeof *next);
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
