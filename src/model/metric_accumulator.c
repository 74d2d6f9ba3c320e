/* Sums over samples. A sample without weights counts 1.0, which changes no bit of a sum. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/logarithm.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "model/decision.h"
#include "model/metrics.h"
#include "step/passes/loss.h"

/* The smallest share of a class: what a wrong answer costs at most is -ln of it, 36.04. */
#define SHARE_MIN 0x1p-52

/* The arrays of an accumulator, those that bp_metric_accumulator_clear() clears first. */
static size_t count_sums(const struct bp_metric_accumulator *accumulator)
{
    return (2 + 2 * accumulator->targets) * accumulator->shards.count + 2 * accumulator->classes;
}

static size_t count_all(const struct bp_metric_accumulator *accumulator)
{
    return count_sums(accumulator) + accumulator->classes + 2 * accumulator->targets +
           accumulator->shards.count;
}

static void place_arrays(struct bp_metric_accumulator *accumulator)
{
    const size_t shards = accumulator->shards.count;
    accumulator->loss = accumulator->memory;
    accumulator->log_loss = accumulator->loss + shards;
    accumulator->squares = accumulator->log_loss + shards;
    accumulator->absolutes = accumulator->squares + accumulator->targets * shards;
    accumulator->hits = accumulator->absolutes + accumulator->targets * shards;
    accumulator->predicted = accumulator->hits + accumulator->classes;
    accumulator->support = accumulator->predicted + accumulator->classes;
    accumulator->mean = accumulator->support + accumulator->classes;
    accumulator->total = accumulator->mean + accumulator->targets;
    accumulator->scratch = accumulator->total + accumulator->targets;
}

/* sum_x w(x) (t_j(x) - center)^power over all samples, power 1 or 2. */
static double sum_targets(struct bp_metric_accumulator *accumulator, size_t j, double center,
                          int power)
{
    for (size_t s = 0; s < accumulator->shards.count; s++)
        accumulator->scratch[s] = 0.0;
    for (size_t x = 0; x < accumulator->samples->count; x++) {
        const double t = (double)bp_loss_target(accumulator->samples, x, j) - center;
        accumulator->scratch[x / accumulator->shards.size] +=
            bp_samples_weight(accumulator->samples, x) * (power == 2 ? t * t : t);
    }
    return bp_shards_sum(accumulator->scratch, accumulator->shards.count);
}

/* What the targets alone say. */
static void sum_truth(struct bp_metric_accumulator *accumulator)
{
    const struct bp_samples *samples = accumulator->samples;
    for (size_t x = 0; x < samples->count; x++) {
        const double weight = bp_samples_weight(samples, x);
        accumulator->weight += weight;
        if (accumulator->classes)
            accumulator->support[samples->labels[x]] += weight;
    }
    for (size_t j = 0; j < accumulator->targets; j++) {
        accumulator->mean[j] = sum_targets(accumulator, j, 0.0, 1) / accumulator->weight;
        accumulator->total[j] = sum_targets(accumulator, j, accumulator->mean[j], 2);
    }
}

bp_status bp_metric_accumulator_make(struct bp_metric_accumulator *accumulator,
                                     const struct bp_model *model, const struct bp_samples *samples,
                                     bp_error *error)
{
    *accumulator = (struct bp_metric_accumulator){
        .model = model,
        .samples = samples,
        .factor = model->factor,
        .shards = bp_shards_cut(samples->count, 0),
        .classes = samples->labels ? samples->outputs : 0,
        .targets = samples->labels ? 0 : samples->outputs,
    };
    accumulator->memory = bp_aligned_alloc(count_all(accumulator), sizeof(double));
    if (!accumulator->memory) {
        *accumulator = (struct bp_metric_accumulator){0};
        return bp_fail_memory(error, "the sums of the metrics");
    }
    place_arrays(accumulator);
    sum_truth(accumulator);
    if (accumulator->classes) {
        accumulator->answer = bp_array_alloc(samples->count, sizeof *accumulator->answer);
        accumulator->sample_log = bp_array_alloc(samples->count, sizeof *accumulator->sample_log);
    }
    if (accumulator->classes && (!accumulator->answer || !accumulator->sample_log)) {
        bp_metric_accumulator_release(accumulator);
        return bp_fail_memory(error, "the answers of the model");
    }
    return BP_OK;
}

void bp_metric_accumulator_release(struct bp_metric_accumulator *accumulator)
{
    bp_aligned_free(accumulator->memory);
    free(accumulator->answer);
    free(accumulator->sample_log);
    *accumulator = (struct bp_metric_accumulator){0};
}

void bp_metric_accumulator_clear(struct bp_metric_accumulator *accumulator)
{
    memset(accumulator->memory, 0, count_sums(accumulator) * sizeof(double));
}

/* -ln of the share that output `class` has in the sum of all outputs; those below 0 count 0. */
static double measure_log_loss(const float *value, size_t count, size_t class)
{
    double sum = 0.0;
    for (size_t j = 0; j < count; j++)
        sum += value[j] > 0.0f ? (double)value[j] : 0.0;
    double share = value[class] > 0.0f ? (double)value[class] / sum : 0.0;
    if (sum == 0.0)
        share = 1.0 / (double)count;
    return -bp_log(share >= SHARE_MIN ? share : SHARE_MIN);
}

/* What takes the time and is no sum: of classes. */
static void measure_samples(void *arg, size_t begin, size_t end, const float *outputs)
{
    struct bp_metric_accumulator *accumulator = arg;
    const size_t classes = accumulator->classes;
    for (size_t x = begin; classes && x < end; x++) {
        const float *value = outputs + (x - begin) * classes;
        accumulator->answer[x] = (uint32_t)bp_decide(accumulator->factor, value, classes);
        accumulator->sample_log[x] =
            measure_log_loss(value, classes, accumulator->samples->labels[x]);
    }
}

static void add_class(struct bp_metric_accumulator *accumulator, size_t x)
{
    const size_t truth = accumulator->samples->labels[x], answer = accumulator->answer[x];
    const double weight = bp_samples_weight(accumulator->samples, x);
    accumulator->log_loss[x / accumulator->shards.size] += weight * accumulator->sample_log[x];
    accumulator->predicted[answer] += weight;
    if (answer == truth)
        accumulator->hits[truth] += weight;
}

static void add_numbers(struct bp_metric_accumulator *accumulator, size_t x, const float *value)
{
    const double weight = bp_samples_weight(accumulator->samples, x);
    const size_t shard = x / accumulator->shards.size;
    for (size_t j = 0; j < accumulator->targets; j++) {
        const double difference =
            (double)value[j] - (double)bp_loss_target(accumulator->samples, x, j);
        const size_t at = j * accumulator->shards.count + shard;
        accumulator->squares[at] += weight * (difference * difference);
        accumulator->absolutes[at] += weight * fabs(difference);
    }
}

static void add_samples(void *arg, size_t begin, size_t end, const float *outputs,
                        const double *losses)
{
    struct bp_metric_accumulator *accumulator = arg;
    const struct bp_samples *samples = accumulator->samples;
    for (size_t x = begin; x < end; x++) {
        const float *value = outputs + (x - begin) * samples->outputs;
        accumulator->loss[x / accumulator->shards.size] +=
            bp_samples_weight(samples, x) * losses[x - begin];
        if (accumulator->classes)
            add_class(accumulator, x);
        else
            add_numbers(accumulator, x, value);
    }
}

void bp_metric_accumulator_add(struct bp_metric_accumulator *accumulator, size_t begin, size_t end,
                               const float *outputs, const double *losses)
{
    measure_samples(accumulator, begin, end, outputs);
    add_samples(accumulator, begin, end, outputs, losses);
}

struct bp_visitor bp_metric_accumulator_visitor(struct bp_metric_accumulator *accumulator)
{
    return (struct bp_visitor){measure_samples, add_samples, accumulator};
}

double bp_metric_accumulator_sum(struct bp_metric_accumulator *accumulator, const double *values)
{
    memcpy(accumulator->scratch, values, accumulator->shards.count * sizeof *values);
    return bp_shards_sum(accumulator->scratch, accumulator->shards.count);
}
