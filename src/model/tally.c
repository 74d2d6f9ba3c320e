/* Sums over samples. A sample without weights counts 1.0, which changes no bit of a sum. */
#include <math.h>
#include <string.h>

#include "base/logarithm.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "model/metrics.h"
#include "step/loss.h"

/* The smallest share of a class: what a wrong answer costs at most is -ln of it, 36.04. */
#define SHARE_MIN 0x1p-52

/* The arrays of a tally, those that bp_tally_clear() clears first. */
static size_t count_sums(const struct bp_tally *tally)
{
    return (2 + 2 * tally->targets) * tally->shards.count + 2 * tally->classes;
}

static size_t count_all(const struct bp_tally *tally)
{
    return count_sums(tally) + tally->classes + tally->targets + tally->shards.count;
}

static void place_arrays(struct bp_tally *tally)
{
    const size_t shards = tally->shards.count;
    tally->loss = tally->memory;
    tally->log_loss = tally->loss + shards;
    tally->squares = tally->log_loss + shards;
    tally->absolutes = tally->squares + tally->targets * shards;
    tally->hits = tally->absolutes + tally->targets * shards;
    tally->predicted = tally->hits + tally->classes;
    tally->support = tally->predicted + tally->classes;
    tally->total = tally->support + tally->classes;
    tally->scratch = tally->total + tally->targets;
}

static double get_weight(const struct bp_samples *samples, size_t x)
{
    return samples->weight ? (double)samples->weight[x] : 1.0;
}

/* sum_x w(x) (t_j(x) - center)^power over all samples, power 1 or 2. */
static double sum_targets(struct bp_tally *tally, size_t j, double center, int power)
{
    for (size_t s = 0; s < tally->shards.count; s++)
        tally->scratch[s] = 0.0;
    for (size_t x = 0; x < tally->samples->count; x++) {
        const double t = (double)bp_loss_target(tally->samples, x, j) - center;
        tally->scratch[x / tally->shards.size] +=
            get_weight(tally->samples, x) * (power == 2 ? t * t : t);
    }
    return bp_shards_sum(tally->scratch, tally->shards.count);
}

/* What the targets alone say. */
static void sum_truth(struct bp_tally *tally)
{
    const struct bp_samples *samples = tally->samples;
    for (size_t x = 0; x < samples->count; x++) {
        const double weight = get_weight(samples, x);
        tally->weight += weight;
        if (tally->classes)
            tally->support[samples->labels[x]] += weight;
    }
    for (size_t j = 0; j < tally->targets; j++) {
        const double mean = sum_targets(tally, j, 0.0, 1) / tally->weight;
        tally->total[j] = sum_targets(tally, j, mean, 2);
    }
}

bp_status bp_tally_make(struct bp_tally *tally, const struct bp_model *model,
                        const struct bp_samples *samples, bp_error *error)
{
    *tally = (struct bp_tally){
        .model = model,
        .samples = samples,
        .shards = bp_shards_cut(samples->count, 0),
        .classes = samples->labels ? samples->outputs : 0,
        .targets = samples->labels ? 0 : samples->outputs,
    };
    tally->memory = bp_aligned_alloc(count_all(tally), sizeof(double));
    if (!tally->memory) {
        *tally = (struct bp_tally){0};
        return bp_fail_memory(error, "the sums of the metrics");
    }
    place_arrays(tally);
    sum_truth(tally);
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

/* The class whose output is the greatest; the first of equals. */
static size_t find_greatest(const float *value, size_t count)
{
    size_t best = 0;
    for (size_t j = 1; j < count; j++) {
        if (value[j] > value[best])
            best = j;
    }
    return best;
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

static void add_class(struct bp_tally *tally, size_t x, const float *value)
{
    const size_t truth = tally->samples->labels[x];
    const size_t answer = find_greatest(value, tally->classes);
    const double weight = get_weight(tally->samples, x);
    tally->log_loss[x / tally->shards.size] +=
        weight * measure_log_loss(value, tally->classes, truth);
    tally->predicted[answer] += weight;
    if (answer == truth)
        tally->hits[truth] += weight;
    if (tally->answer)
        tally->answer[x] = (uint32_t)answer;
}

static void add_numbers(struct bp_tally *tally, size_t x, const float *value)
{
    const double weight = get_weight(tally->samples, x);
    const size_t shard = x / tally->shards.size;
    for (size_t j = 0; j < tally->targets; j++) {
        const double difference = (double)value[j] - (double)bp_loss_target(tally->samples, x, j);
        const size_t at = j * tally->shards.count + shard;
        tally->squares[at] += weight * (difference * difference);
        tally->absolutes[at] += weight * fabs(difference);
    }
}

void bp_tally_add(void *arg, size_t begin, size_t end, const float *outputs, const double *losses)
{
    struct bp_tally *tally = arg;
    const struct bp_samples *samples = tally->samples;
    for (size_t x = begin; x < end; x++) {
        const float *value = outputs + (x - begin) * samples->outputs;
        tally->loss[x / tally->shards.size] += get_weight(samples, x) * losses[x - begin];
        if (tally->classes)
            add_class(tally, x, value);
        else
            add_numbers(tally, x, value);
    }
}

double bp_tally_sum(struct bp_tally *tally, const double *values)
{
    memcpy(tally->scratch, values, tally->shards.count * sizeof *values);
    return bp_shards_sum(tally->scratch, tally->shards.count);
}
