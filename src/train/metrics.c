/* Metrics from the outputs of all samples; each is a sum over samples, or made of such sums. */
#include "train/metrics.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "step/loss.h"
#include "step/shards.h"

/* A number that each sample adds; j is a target. */
typedef double term_fn(const struct bp_samples *samples, const float *outputs, size_t x, size_t j,
                       double parameter);

static double sum_terms(const struct bp_samples *samples, const float *outputs, term_fn *term,
                        size_t j, double parameter, double *shard_sums)
{
    const struct bp_shards shards = bp_shards_cut(samples->count, 0);
    for (size_t s = 0; s < shards.count; s++)
        shard_sums[s] = 0.0;
    for (size_t x = 0; x < samples->count; x++)
        shard_sums[x / shards.size] += term(samples, outputs, x, j, parameter);
    return bp_shards_sum(shard_sums, shards.count);
}

static double loss_term(const struct bp_samples *samples, const float *outputs, size_t x, size_t j,
                        double parameter)
{
    (void)j;
    (void)parameter;
    return bp_loss_of_sample(samples, x, outputs + x * samples->outputs);
}

/* Whether the greatest output is that of the class; the first of equals counts. */
static double hit_term(const struct bp_samples *samples, const float *outputs, size_t x, size_t j,
                       double parameter)
{
    (void)j;
    (void)parameter;
    const float *value = outputs + x * samples->outputs;
    size_t best = 0;
    for (size_t k = 1; k < samples->outputs; k++) {
        if (value[k] > value[best])
            best = k;
    }
    return best == samples->labels[x] ? 1.0 : 0.0;
}

static double difference_of(const struct bp_samples *samples, const float *outputs, size_t x,
                            size_t j)
{
    return (double)outputs[x * samples->outputs + j] - (double)bp_loss_target(samples, x, j);
}

static double square_term(const struct bp_samples *samples, const float *outputs, size_t x,
                          size_t j, double parameter)
{
    (void)parameter;
    const double difference = difference_of(samples, outputs, x, j);
    return difference * difference;
}

static double absolute_term(const struct bp_samples *samples, const float *outputs, size_t x,
                            size_t j, double parameter)
{
    (void)parameter;
    return fabs(difference_of(samples, outputs, x, j));
}

static double target_term(const struct bp_samples *samples, const float *outputs, size_t x,
                          size_t j, double parameter)
{
    (void)outputs;
    (void)parameter;
    return (double)bp_loss_target(samples, x, j);
}

static double deviation_term(const struct bp_samples *samples, const float *outputs, size_t x,
                             size_t j, double mean)
{
    (void)outputs;
    const double deviation = (double)bp_loss_target(samples, x, j) - mean;
    return deviation * deviation;
}

size_t bp_metrics_shards(const struct bp_samples *samples)
{
    return bp_shards_cut(samples->count, 0).count;
}

double bp_metrics_loss(const struct bp_samples *samples, const float *outputs, double *shard_sums)
{
    return sum_terms(samples, outputs, loss_term, 0, 0.0, shard_sums) / (double)samples->count;
}

/* Errors are measured at the neurons and brought to the user's units by the scale of each target;
 * R^2 has no unit. */
static void measure_numbers(const struct bp_schema *schema, const struct bp_samples *samples,
                            const float *outputs, double *sums, bp_metrics *metrics)
{
    const double count = (double)samples->count;
    double squares = 0.0, absolutes = 0.0, r2 = 0.0;
    for (size_t j = 0; j < samples->outputs; j++) {
        const double scale = (double)schema->column[schema->input_columns + j].scale;
        const double square = sum_terms(samples, outputs, square_term, j, 0.0, sums);
        const double mean = sum_terms(samples, outputs, target_term, j, 0.0, sums) / count;
        const double total = sum_terms(samples, outputs, deviation_term, j, mean, sums);
        squares += square / (scale * scale);
        absolutes += sum_terms(samples, outputs, absolute_term, j, 0.0, sums) / fabs(scale);
        r2 += total > 0.0 ? 1.0 - square / total : (double)NAN;
    }
    const double targets = (double)samples->outputs;
    metrics->rmse = sqrt(squares / (count * targets));
    metrics->mae = absolutes / (count * targets);
    metrics->r2 = r2 / targets;
}

bp_status bp_metrics_compute(const struct bp_schema *schema, const struct bp_samples *samples,
                             const float *outputs, bp_metrics *metrics, bp_error *error)
{
    double *sums = bp_array_alloc(bp_metrics_shards(samples), sizeof *sums);
    if (!sums)
        return bp_fail_memory(error, "the sums of the metrics");
    *metrics = (bp_metrics){
        .samples = samples->count,
        .loss = bp_metrics_loss(samples, outputs, sums),
        .accuracy = (double)NAN,
        .rmse = (double)NAN,
        .mae = (double)NAN,
        .r2 = (double)NAN,
    };
    if (samples->labels)
        metrics->accuracy =
            sum_terms(samples, outputs, hit_term, 0, 0.0, sums) / (double)samples->count;
    else
        measure_numbers(schema, samples, outputs, sums, metrics);
    free(sums);
    return BP_OK;
}
