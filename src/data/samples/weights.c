/* The weight of each sample: its own times that of its class. */
#include "data/samples/weights.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* The product, exact: both factors are binary32. */
static double weigh_sample(const struct bp_samples *samples, const struct bp_class_weights *weights,
                           size_t x)
{
    const double own = bp_samples_weight(samples, x);
    return weights->weight ? own * (double)weights->weight[samples->labels[x]] : own;
}

static bool all_one(const struct bp_samples *samples)
{
    for (size_t x = 0; x < samples->count; x++) {
        if (samples->weight[x] != 1.0f)
            return false;
    }
    return true;
}

static bool are_weighted(const struct bp_samples *samples, const struct bp_class_weights *weights)
{
    return samples->weight || weights->weight;
}

double bp_samples_mean_weight(const struct bp_samples *samples,
                              const struct bp_class_weights *weights)
{
    if (!are_weighted(samples, weights))
        return 1.0;
    double sum = 0.0;
    for (size_t x = 0; x < samples->count; x++)
        sum += weigh_sample(samples, weights, x);
    return sum / (double)samples->count;
}

bp_status bp_samples_weigh(struct bp_samples *samples, const struct bp_class_weights *weights,
                           double unit, const char *path, bp_error *error)
{
    if (!are_weighted(samples, weights))
        return BP_OK;
    float *weight = bp_array_alloc(samples->count, sizeof *weight);
    if (!weight)
        return bp_fail_memory(error, "the weights of the samples");
    double sum = 0.0;
    for (size_t x = 0; x < samples->count; x++) {
        const double own = weigh_sample(samples, weights, x);
        sum += own;
        weight[x] = (float)(own / unit);
    }
    free(samples->weight);
    samples->weight = weight;
    if (sum == 0.0)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the weights of all samples are 0", path);
    for (size_t x = 0; x < samples->count; x++) {
        if (!isfinite(weight[x]))
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: sample %zu has a weight that is too large times that of its class",
                           path, x + 1);
    }
    if (all_one(samples)) {
        free(samples->weight);
        samples->weight = NULL;
    }
    return BP_OK;
}
