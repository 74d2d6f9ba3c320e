/* A training run without the public interface. */
#include "support/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "support/noise.h"

#define RATE 0.5f

void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "cannot make %s\n", what);
    abort();
}

static void draw_inputs(struct bp_samples *samples, struct noise *noise, bool bytes)
{
    const size_t cells = samples->count * samples->inputs;
    for (size_t i = 0; i < samples->inputs; i++) {
        samples->scale[i] = bytes ? 1.0f / 255.0f : 1.0f + noise_float(noise) / 2.0f;
        samples->shift[i] = noise_float(noise);
    }
    if (bytes) {
        uint8_t *values = bp_array_alloc(cells, 1);
        require(values != NULL, "inputs");
        for (size_t k = 0; k < cells; k++)
            values[k] = (uint8_t)noise_bits(noise);
        samples->bytes = values;
        return;
    }
    samples->values = samples->owned_values = bp_array_alloc(cells, sizeof(float));
    require(samples->owned_values != NULL, "inputs");
    noise_fill(noise, samples->owned_values, cells);
}

static void draw_targets(struct bp_samples *samples, struct noise *noise, bool labels)
{
    const size_t cells = samples->count * samples->outputs;
    if (labels) {
        samples->labels = bp_array_alloc(samples->count, sizeof *samples->labels);
        require(samples->labels != NULL, "labels");
        for (size_t x = 0; x < samples->count; x++)
            samples->labels[x] = (uint32_t)(noise_bits(noise) % samples->outputs);
        return;
    }
    samples->targets = bp_array_alloc(cells, sizeof(float));
    require(samples->targets != NULL, "targets");
    for (size_t k = 0; k < cells; k++)
        samples->targets[k] = 0.5f + noise_float(noise) / 2.0f;
}

static void draw_weights(struct bp_samples *samples, struct noise *noise)
{
    samples->weight = bp_array_alloc(samples->count, sizeof *samples->weight);
    require(samples->weight != NULL, "weights");
    for (size_t x = 0; x < samples->count; x++)
        samples->weight[x] = 1.0f + noise_float(noise);
}

struct bp_samples *problem_samples(const struct problem *problem)
{
    struct bp_samples *samples = calloc(1, sizeof *samples);
    require(samples != NULL, "samples");
    samples->count = problem->count;
    samples->inputs = samples->stride = samples->cells = problem->widths[0];
    samples->outputs = problem->widths[problem->layers];
    samples->shift = bp_aligned_alloc(samples->inputs + BP_LANES, sizeof(float));
    samples->scale = bp_aligned_alloc(samples->inputs + BP_LANES, sizeof(float));
    require(samples->shift && samples->scale, "scaling");
    struct noise noise = {samples->inputs * 1000 + samples->outputs};
    draw_inputs(samples, &noise, problem->bytes);
    draw_targets(samples, &noise, problem->labels);
    if (problem->weights)
        draw_weights(samples, &noise);
    return samples;
}

void problem_samples_free(struct bp_samples *samples)
{
    if (samples->bytes)
        free((void *)(uintptr_t)samples->bytes);
    free(samples->owned_values);
    free(samples->labels);
    free(samples->targets);
    free(samples->weight);
    bp_aligned_free(samples->shift);
    bp_aligned_free(samples->scale);
    free(samples);
}

struct bp_network *problem_network(const struct problem *problem)
{
    struct bp_network_spec spec = {.layers = problem->layers,
                                   .hidden_delta = problem->hidden_delta,
                                   .reduced = problem->reduced,
                                   .loss = problem->loss};
    memcpy(spec.widths, problem->widths, sizeof problem->widths);
    for (size_t l = 0; l < problem->layers; l++)
        spec.activations[l] = l + 1 < problem->layers ? problem->hidden : problem->output;
    struct bp_network *network;
    require(bp_network_create(&network, &spec, NULL) == BP_OK, "a network");
    require(bp_network_initialize(network, &(struct bp_initializer){.seed = 1}, NULL) == BP_OK,
            "parameters");
    return network;
}

void problem_order(uint32_t *order, size_t count, size_t epoch)
{
    bp_random_permutation(1, bp_stream(BP_STREAM_SHUFFLE, (uint32_t)epoch), order, (uint32_t)count);
}

/* An epoch of a step; batches of the first one begin with sample 0 of the run. */
struct epoch {
    struct bp_step *step;
    const uint32_t *order;
    size_t count; /* samples */
    size_t batch;
    size_t number; /* of the epoch */
    float rate;
};

static double run_epoch(const struct epoch *epoch)
{
    const size_t count = epoch->count;
    double loss = 0.0;
    for (size_t x = 0; x < count; x += epoch->batch) {
        const size_t rows = count - x < epoch->batch ? count - x : epoch->batch;
        const struct bp_step_batch one = {.order = epoch->order + x,
                                          .count = rows,
                                          .upcoming = count - x - rows,
                                          .number = epoch->number * count + x};
        loss += bp_step_run(epoch->step, &one, epoch->rate);
    }
    return loss;
}

struct outcome problem_train(const struct problem *problem, const struct setting *setting)
{
    struct bp_samples *samples = problem_samples(problem);
    struct bp_network *network = problem_network(problem);
    uint32_t *order = bp_array_alloc(problem->count, sizeof *order);
    const size_t batch = setting->batch_size ? setting->batch_size : problem->count;
    const bp_train_options *train = setting->train;
    struct bp_step_options options = {.kernels = bp_kernels_select(setting->isa),
                                      .batch_size = batch,
                                      .shard_size = setting->shard_size,
                                      .plan = setting->plan,
                                      .probe = setting->probe,
                                      .ranks = setting->ranks,
                                      .dropout = train ? train->dropout : 0.0f,
                                      .seed = train ? train->seed : 0};
    struct bp_step *step;
    require(order != NULL, "an order");
    if (train)
        require(bp_optimizer_create(&options.optimizer, network, train, setting->ranks, NULL) ==
                    BP_OK,
                "an optimizer");
    require(bp_team_create(&options.team, setting->backend, setting->threads, NULL) == BP_OK,
            "a team");
    require(bp_step_create(&step, network, samples, &options, NULL) == BP_OK, "a step");
    struct outcome outcome = {.loss = 0.0};
    for (size_t epoch = 0; epoch < setting->epochs; epoch++) {
        problem_order(order, problem->count, epoch);
        outcome.loss = run_epoch(&(struct epoch){step, order, problem->count, batch, epoch,
                                                 train ? train->learning_rate : RATE});
    }
    bp_network_digest(network, outcome.digest);
    bp_step_free(step);
    bp_optimizer_free(options.optimizer);
    bp_team_free(options.team);
    bp_network_free(network);
    problem_samples_free(samples);
    free(order);
    return outcome;
}

bool outcome_equal(const struct outcome *a, const struct outcome *b)
{
    return strcmp(a->digest, b->digest) == 0 && memcmp(&a->loss, &b->loss, sizeof a->loss) == 0;
}
