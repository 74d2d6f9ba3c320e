/* Loss in binary64, by the equations of sections 1.1, 1.2 and 2.1 of the text. */
#include "train/binary64.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/batch.h"
#include "step/activations.h"
#include "step/loss.h"

static bp_status copy_parameters(struct bp_binary64 *net, bp_error *error)
{
    const struct bp_network *network = net->network;
    float *rows = bp_array_alloc(network->parameters, sizeof *rows);
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
    for (size_t l = 0; l <= network->layers; l++) {
        net->value[l] = next;
        next += l ? network->layer[l - 1].out : network->layer[0].in;
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
    size_t numbers = network->parameters + network->layer[0].in;
    for (size_t l = 0; l < network->layers; l++)
        numbers += network->layer[l].out;
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

static double activate(bp_activation activation, double n)
{
    return activation == BP_LOGISTIC ? 1.0 / (1.0 + exp(-n)) : n;
}

void bp_binary64_forward(struct bp_binary64 *net, size_t x)
{
    for (size_t i = 0; i < net->samples->inputs; i++)
        net->value[0][i] = (double)net->inputs[bp_panels_at(net->stride, x, i)];
    for (size_t l = 0; l < net->network->layers; l++) {
        const struct bp_layer *layer = &net->network->layer[l];
        for (size_t j = 0; j < layer->out; j++) {
            const double *weight = net->weight[l] + j * (layer->in + 1);
            double n = -weight[layer->in];
            for (size_t i = 0; i < layer->in; i++)
                n += weight[i] * net->value[l][i];
            net->value[l + 1][j] = activate(layer->activation, n);
        }
    }
}

double bp_binary64_loss(struct bp_binary64 *net)
{
    double sum = 0.0;
    for (size_t x = 0; x < net->rows; x++) {
        bp_binary64_forward(net, x);
        const double *value = net->value[net->network->layers];
        for (size_t j = 0; j < net->samples->outputs; j++) {
            const double difference = value[j] - (double)bp_loss_target(net->samples, x, j);
            sum += difference * difference;
        }
    }
    return sum / (double)net->rows;
}
