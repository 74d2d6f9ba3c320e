/* Loss in binary64, by the equations of sections 1.1, 1.2 and 2.1 of the text and their
 * relatives. */
#include "check/binary64.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/batch.h"
#include "net/activation_table.h"
#include "net/loss_table.h"
#include "step/passes/activations.h"
#include "step/passes/loss.h"

static bp_status copy_parameters(struct bp_binary64 *net, bp_error *error)
{
    const struct bp_network *network = net->network;
    float *rows = bp_array_alloc(net->weights, sizeof *rows);
    if (!rows)
        return bp_fail_memory(error, "a copy of the parameters");
    double *next = net->memory;
    for (size_t l = 0; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        float *bias = rows + layer->in * layer->out;
        bp_layer_unpack(layer, network->values, rows, bias);
        net->weight[l] = next;
        for (size_t j = 0; j < layer->out; j++) {
            for (size_t i = 0; i < layer->in; i++)
                *next++ = (double)rows[j * layer->in + i];
            *next++ = -(double)bias[j];
        }
    }
    net->value[0] = next;
    next += network->layer[0].in;
    for (size_t l = 0; l < network->layers; l++) {
        net->number[l] = next;
        net->value[l + 1] = next + network->layer[l].out;
        next += 2 * network->layer[l].out;
    }
    free(rows);
    return BP_OK;
}

static bp_status gather_inputs(struct bp_binary64 *net, bp_error *error)
{
    size_t floats;
    if (bp_size_mul(net->rows, BP_LANES, &net->stride) &&
        bp_size_mul(bp_size_divide_up(net->samples->inputs, BP_LANES), net->stride, &floats))
        net->inputs = bp_aligned_alloc(floats, sizeof(float));
    uint32_t *order = bp_array_alloc(net->rows, sizeof *order);
    const bool held = net->inputs && order;
    if (held) {
        bp_batch_number(order, net->rows);
        bp_batch_gather(net->samples, order, net->rows, net->inputs, net->stride);
    }
    free(order);
    return held ? BP_OK : bp_fail_memory(error, "the inputs of the samples");
}

bp_status bp_binary64_make(struct bp_binary64 *net, const struct bp_network *network,
                           const struct bp_samples *samples, size_t rows, bp_error *error)
{
    *net = (struct bp_binary64){.network = network, .samples = samples, .rows = rows};
    size_t numbers = network->layer[0].in;
    for (size_t l = 0; l < network->layers; l++) {
        net->weights += network->layer[l].out * (network->layer[l].in + 1);
        numbers += 2 * network->layer[l].out;
    }
    numbers += net->weights;
    net->memory = bp_aligned_alloc(numbers, sizeof(double));
    bp_status status = net->memory ? copy_parameters(net, error)
                                   : bp_fail_memory(error, "a copy of the parameters");
    if (!status)
        status = gather_inputs(net, error);
    if (status)
        bp_binary64_release(net);
    return status;
}

void bp_binary64_release(struct bp_binary64 *net)
{
    bp_aligned_free(net->memory);
    bp_aligned_free(net->inputs);
    *net = (struct bp_binary64){0};
}

/* exp(n_j) / sum_k exp(n_k); returns ln of the sum. */
static double run_softmax(const double *n, double *value, size_t out)
{
    double most = n[0], sum = 0.0;
    for (size_t j = 1; j < out; j++)
        most = fmax(most, n[j]);
    for (size_t j = 0; j < out; j++)
        sum += exp(n[j] - most);
    const double log_sum = most + log(sum);
    for (size_t j = 0; j < out; j++)
        value[j] = exp(n[j] - log_sum);
    return log_sum;
}

/* Records on which side of a kink a number is. */
static void note_side(struct bp_binary64 *net, bool above)
{
    net->sides = (net->sides ^ (uint64_t)above) * UINT64_C(0x100000001B3) + 1;
}

static void run_layer(struct bp_binary64 *net, size_t l)
{
    const struct bp_layer *layer = &net->network->layer[l];
    const struct bp_activation_row *activation = bp_activation_get(layer->activation);
    for (size_t j = 0; j < layer->out; j++) {
        const double *weight = net->weight[l] + j * (layer->in + 1);
        double n = -weight[layer->in];
        for (size_t i = 0; i < layer->in; i++)
            n += weight[i] * net->value[l][i];
        if (activation->has_kink)
            note_side(net, n > 0.0);
        net->number[l][j] = n;
        net->value[l + 1][j] = activation->value(n);
        net->largest = fmax(net->largest, fabs(n));
    }
    if (layer->activation == BP_ACTIVATION_SOFTMAX)
        net->log_sum = run_softmax(net->number[l], net->value[l + 1], layer->out);
}

void bp_binary64_forward(struct bp_binary64 *net, size_t x)
{
    for (size_t i = 0; i < net->samples->inputs; i++)
        net->value[0][i] = (double)net->inputs[bp_panels_at(net->stride, x, i)];
    for (size_t l = 0; l < net->network->layers; l++)
        run_layer(net, l);
}

double bp_binary64_weight(const struct bp_binary64 *net, size_t x)
{
    return bp_samples_weight(net->samples, x);
}

/* The term of an output o with number n and target t. */
static double find_term(struct bp_binary64 *net, double o, double n, double t)
{
    const struct bp_loss_row *loss = bp_loss_get(net->network->loss);
    if (loss->slope == BP_LOSS_SLOPE_STEP)
        note_side(net, o > t);
    return loss->exact(
        &(struct bp_loss_point){o - t, n, t, (double)net->network->loss_parameter, net->log_sum});
}

double bp_binary64_loss(struct bp_binary64 *net)
{
    double sum = 0.0;
    net->sides = 0;
    for (size_t x = 0; x < net->rows; x++) {
        bp_binary64_forward(net, x);
        const double *value = net->value[net->network->layers];
        const double *number = net->number[net->network->layers - 1];
        double loss = 0.0;
        for (size_t j = 0; j < net->samples->outputs; j++)
            loss += find_term(net, value[j], number[j], (double)bp_loss_target(net->samples, x, j));
        sum += bp_binary64_weight(net, x) * loss;
    }
    return sum / (double)net->rows;
}
