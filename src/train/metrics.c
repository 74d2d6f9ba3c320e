/* Metrics as sums over samples, and what is made of them. */
#include "train/metrics.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "step/loss.h"

/* Sums of numbers are kept for each output. */
static size_t count_targets(const struct bp_tally *tally)
{
    return tally->samples->labels ? 0 : tally->samples->outputs;
}

static size_t count_sums(const struct bp_tally *tally)
{
    return (3 + 2 * count_targets(tally)) * tally->shards.count;
}

bp_status bp_tally_make(struct bp_tally *tally, const struct bp_samples *samples, bp_error *error)
{
    *tally = (struct bp_tally){.samples = samples, .shards = bp_shards_cut(samples->count, 0)};
    tally->memory = bp_aligned_alloc(count_sums(tally), sizeof(double));
    if (!tally->memory) {
        *tally = (struct bp_tally){0};
        return bp_fail_memory(error, "the sums of the metrics");
    }
    const size_t shards = tally->shards.count;
    tally->loss = tally->memory;
    tally->hits = tally->loss + shards;
    tally->scratch = tally->hits + shards;
    tally->squares = tally->scratch + shards;
    tally->absolutes = tally->squares + count_targets(tally) * shards;
    return BP_OK;
}

void bp_tally_release(struct bp_tally *tally)
{
    bp_aligned_free(tally->memory);
    *tally = (struct bp_tally){0};
}

void bp_tally_clear(struct bp_tally *tally)
{
    memset(tally->memory, 0, count_sums(tally) * sizeof(double));
}

/* Whether the greatest output is that of the class; the first of equals counts. */
static bool is_hit(const struct bp_samples *samples, size_t x, const float *value)
{
    size_t best = 0;
    for (size_t j = 1; j < samples->outputs; j++) {
        if (value[j] > value[best])
            best = j;
    }
    return best == samples->labels[x];
}

void bp_tally_add(void *arg, size_t begin, size_t end, const float *outputs)
{
    struct bp_tally *tally = arg;
    const struct bp_samples *samples = tally->samples;
    const size_t targets = count_targets(tally);
    for (size_t x = begin; x < end; x++) {
        const float *value = outputs + (x - begin) * samples->outputs;
        const size_t shard = x / tally->shards.size;
        tally->loss[shard] += bp_loss_of_sample(samples, x, value);
        if (samples->labels && is_hit(samples, x, value))
            tally->hits[shard] += 1.0;
        for (size_t j = 0; j < targets; j++) {
            const double difference = (double)value[j] - (double)bp_loss_target(samples, x, j);
            tally->squares[j * tally->shards.count + shard] += difference * difference;
            tally->absolutes[j * tally->shards.count + shard] += fabs(difference);
        }
    }
}

/* sum_x (t_j(x) - center)^power over all samples, power 1 or 2. */
static double sum_targets(struct bp_tally *tally, size_t j, double center, int power)
{
    for (size_t s = 0; s < tally->shards.count; s++)
        tally->scratch[s] = 0.0;
    for (size_t x = 0; x < tally->samples->count; x++) {
        const double t = (double)bp_loss_target(tally->samples, x, j) - center;
        tally->scratch[x / tally->shards.size] += power == 2 ? t * t : t;
    }
    return bp_shards_sum(tally->scratch, tally->shards.count);
}

/* Errors are measured at the neurons and brought to the user's units by the scale of each target;
 * R^2 has no unit. */
static void measure_numbers(struct bp_tally *tally, const struct bp_schema *schema,
                            bp_metrics *metrics)
{
    const double count = (double)tally->samples->count;
    const double targets = (double)tally->samples->outputs;
    double squares = 0.0, absolutes = 0.0, r2 = 0.0;
    for (size_t j = 0; j < tally->samples->outputs; j++) {
        const double scale = (double)schema->column[schema->input_columns + j].scale;
        const size_t at = j * tally->shards.count;
        const double square = bp_shards_sum(tally->squares + at, tally->shards.count);
        const double absolute = bp_shards_sum(tally->absolutes + at, tally->shards.count);
        const double mean = sum_targets(tally, j, 0.0, 1) / count;
        const double total = sum_targets(tally, j, mean, 2);
        squares += square / (scale * scale);
        absolutes += absolute / fabs(scale);
        r2 += total > 0.0 ? 1.0 - square / total : (double)NAN;
    }
    metrics->rmse = sqrt(squares / (count * targets));
    metrics->mae = absolutes / (count * targets);
    metrics->r2 = r2 / targets;
}

bp_metrics bp_tally_metrics(struct bp_tally *tally, const struct bp_schema *schema)
{
    const double count = (double)tally->samples->count;
    bp_metrics metrics = {
        .samples = tally->samples->count,
        .loss = bp_shards_sum(tally->loss, tally->shards.count) / count,
        .accuracy = (double)NAN,
        .rmse = (double)NAN,
        .mae = (double)NAN,
        .r2 = (double)NAN,
    };
    if (tally->samples->labels)
        metrics.accuracy = bp_shards_sum(tally->hits, tally->shards.count) / count;
    else
        measure_numbers(tally, schema, &metrics);
    return metrics;
}
