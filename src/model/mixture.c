/* One network after the other: the inputs stay where they are, and what a network leaves in its
 * layers is overwritten by the next one while it is in the cache. */
#include "model/mixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "step/passes/passes.h"

size_t bp_mixture_capacity(const struct bp_model *model)
{
    size_t capacity = bp_activations_capacity(bp_model_first(model));
    for (size_t m = 1; m < bp_model_networks(model); m++)
        capacity = bp_size_min(capacity, bp_activations_capacity(bp_model_at(model, m)->network));
    return capacity;
}

/* The most floats that a network needs; 0: more than there can be. */
static size_t count_floats(const struct bp_model *model, size_t capacity)
{
    size_t most = 0;
    for (size_t m = 0; m < bp_model_networks(model); m++) {
        const size_t floats =
            bp_activations_floats(bp_model_at(model, m)->network, capacity, false);
        if (floats == 0)
            return 0;
        most = bp_size_max(most, floats);
    }
    return most;
}

bp_status bp_mixture_make(struct bp_mixture *mixture, const struct bp_model *model, size_t capacity,
                          bp_error *error)
{
    const size_t networks = bp_model_networks(model);
    const size_t floats = count_floats(model, capacity);
    const size_t numbers = capacity * model->schema->outputs;
    *mixture = (struct bp_mixture){.model = model};
    mixture->activations = calloc(networks, sizeof *mixture->activations);
    /* A forward pass reads nothing that it has not written: pages come as rows need them. */
    mixture->memory = floats ? bp_aligned_reserve(floats, sizeof *mixture->memory) : NULL;
    if (networks > 1) {
        mixture->one = bp_array_alloc(numbers, sizeof *mixture->one);
        mixture->sum = bp_array_alloc(2 * numbers, sizeof *mixture->sum);
    }
    if (!mixture->activations || !mixture->memory ||
        (networks > 1 && (!mixture->one || !mixture->sum))) {
        bp_mixture_release(mixture);
        return bp_fail_memory(error, "the activations of a block of samples");
    }
    bp_mixture_set_rows(mixture, capacity);
    return BP_OK;
}

void bp_mixture_set_rows(struct bp_mixture *mixture, size_t rows)
{
    for (size_t m = 0; m < bp_model_networks(mixture->model); m++)
        bp_activations_place(&mixture->activations[m], bp_model_at(mixture->model, m)->network,
                             rows, false, mixture->memory);
}

void bp_mixture_release(struct bp_mixture *mixture)
{
    free(mixture->activations);
    bp_aligned_free(mixture->memory);
    free(mixture->one);
    free(mixture->sum);
    *mixture = (struct bp_mixture){0};
}

static void run_network(const struct bp_mixture *mixture, size_t m,
                        const struct bp_kernels *kernels, size_t rows, float *outputs)
{
    const struct bp_network *network = bp_model_at(mixture->model, m)->network;
    bp_forward(network, kernels, &mixture->activations[m], rows);
    bp_activations_outputs(&mixture->activations[m], network, rows, outputs);
}

/* Adds what a network of weight w says to the sums of w o over those before it. */
static void add_outputs(const struct bp_mixture *mixture, size_t count, double w)
{
    for (size_t k = 0; k < count; k++)
        mixture->sum[k] += w * (double)mixture->one[k];
}

/* The same for the sums of w (o - mean)^2, before that of w o, where those before have weight
 * `before` together: Welford 1962, with weights as West 1979. */
static void add_squares(const struct bp_mixture *mixture, size_t count, double before, double w)
{
    double *squares = mixture->sum + count;
    for (size_t k = 0; before > 0.0 && k < count; k++) {
        const double difference = (double)mixture->one[k] - mixture->sum[k] / before;
        squares[k] += before * w / (before + w) * difference * difference;
    }
}

void bp_mixture_forward(const struct bp_mixture *mixture, const struct bp_kernels *kernels,
                        size_t rows, float *outputs, float *spread)
{
    const size_t count = rows * mixture->model->schema->outputs;
    if (!mixture->one) {
        run_network(mixture, 0, kernels, rows, outputs);
        for (size_t k = 0; spread && k < count; k++)
            spread[k] = 0.0f;
        return;
    }
    double *sum = mixture->sum, *squares = sum + count;
    double before = 0.0;
    memset(sum, 0, 2 * count * sizeof *sum);
    for (size_t m = 0; m < mixture->model->members; m++) {
        const double w = mixture->model->member[m].weight;
        run_network(mixture, m, kernels, rows, mixture->one);
        if (spread)
            add_squares(mixture, count, before, w);
        add_outputs(mixture, count, w);
        before += w;
    }
    for (size_t k = 0; k < count; k++)
        outputs[k] = (float)sum[k];
    for (size_t k = 0; spread && k < count; k++)
        spread[k] = (float)sqrt(squares[k]);
}
