/*
 * A tiny network, its samples and how it is trained, all from the input: forward, gradient and
 * update give the same bits with the kernels of every instruction set that this machine has.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fuzz/fuzz.h"
#include "kernels/list.h"
#include "step/step.h"

#define STEPS        2
#define LAYERS_MAX   3
#define WIDTH_MAX    35 /* two panels and some lanes */
#define SAMPLES_MAX  19
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct problem {
    struct bp_network_spec spec;
    struct bp_samples samples;
    bp_train_options train;
    struct fuzz_input values; /* the parameters */
    bp_plan plan;
};

struct outcome {
    bool finite;
    double loss;
    char digest[BP_DIGEST_SIZE];
};

static void choose_network(struct problem *problem, struct fuzz_input *input)
{
    struct bp_network_spec *spec = &problem->spec;
    const unsigned form = fuzz_byte(input);
    spec->layers = 1 + form % LAYERS_MAX;
    spec->reduced = form & 64;
    spec->hidden_delta = form & 128 ? BP_HIDDEN_DELTA_AS_PRINTED : BP_HIDDEN_DELTA_CHAIN_RULE;
    spec->loss = (bp_loss)(fuzz_byte(input) % 16);
    for (size_t l = 0; l <= spec->layers; l++)
        spec->widths[l] = 1 + fuzz_byte(input) % WIDTH_MAX;
    for (size_t l = 0; l < spec->layers; l++)
        spec->activations[l] = (bp_activation)(fuzz_byte(input) % 16);
}

static void choose_training(struct problem *problem, struct fuzz_input *input)
{
    static const float rates[] = {0.5f, 1e-3f, 1e3f, 1e-20f};
    const unsigned form = fuzz_byte(input);
    problem->train = bp_train_options_default();
    problem->train.optimizer = (bp_optimizer)(fuzz_byte(input) % 8);
    problem->train.learning_rate = rates[form % COUNT(rates)];
    problem->train.weight_decay = form & 4 ? 0.01f : 0.0f;
    problem->train.clip_value = form & 8 ? 0.1f : 0.0f;
    problem->train.clip_norm = form & 16 ? 1.0f : 0.0f;
    problem->train.dropout = form & 32 ? 0.5f : 0.0f;
    problem->plan = form & 64 ? BP_PLAN_PARAMETERS : BP_PLAN_SAMPLES;
}

/* Samples of bytes, which the input gives: inputs and, over 255, targets. */
static void make_samples(struct problem *problem, struct fuzz_input *input)
{
    struct bp_samples *samples = &problem->samples;
    const size_t inputs = problem->spec.widths[0];
    const size_t outputs = problem->spec.widths[problem->spec.layers];
    const bool labels =
        problem->spec.activations[problem->spec.layers - 1] == BP_ACTIVATION_SOFTMAX;
    *samples = (struct bp_samples){.count = 1 + fuzz_byte(input) % SAMPLES_MAX,
                                   .inputs = inputs,
                                   .outputs = outputs,
                                   .stride = inputs,
                                   .cells = inputs};
    uint8_t *bytes = bp_array_alloc(samples->count * inputs, 1);
    samples->bytes = samples->owned_bytes = bytes;
    samples->shift = bp_aligned_alloc(inputs + BP_LANES, sizeof(float));
    samples->scale = bp_aligned_alloc(inputs + BP_LANES, sizeof(float));
    samples->labels = labels ? bp_array_alloc(samples->count, sizeof(uint32_t)) : NULL;
    samples->targets = labels ? NULL : bp_array_alloc(samples->count * outputs, sizeof(float));
    FUZZ_REQUIRE(bytes && samples->shift && samples->scale);
    FUZZ_REQUIRE(samples->labels || samples->targets);
    memset(samples->shift, 0, (inputs + BP_LANES) * sizeof(float));
    memset(samples->scale, 0, (inputs + BP_LANES) * sizeof(float));
    for (size_t i = 0; i < inputs; i++)
        samples->scale[i] = 1.0f / 255.0f;
    for (size_t k = 0; k < samples->count * inputs; k++)
        bytes[k] = (uint8_t)fuzz_byte(input);
    for (size_t k = 0; labels && k < samples->count; k++)
        samples->labels[k] = fuzz_byte(input) % (uint32_t)outputs;
    for (size_t k = 0; !labels && k < samples->count * outputs; k++)
        samples->targets[k] = (float)fuzz_byte(input) / 255.0f;
}

static void free_samples(struct bp_samples *samples)
{
    free(samples->owned_bytes);
    free(samples->labels);
    free(samples->targets);
    bp_aligned_free(samples->shift);
    bp_aligned_free(samples->scale);
}

/* Parameters whose bits the input gives, those that are finite, over drawn ones. */
static struct bp_network *make_network(const struct problem *problem)
{
    static float weights[WIDTH_MAX * WIDTH_MAX], bias[WIDTH_MAX];
    struct bp_network *network;
    struct fuzz_input values = problem->values;
    FUZZ_REQUIRE(bp_network_create(&network, &problem->spec, NULL) == BP_OK);
    FUZZ_REQUIRE(bp_network_initialize(network, &(struct bp_initializer){.seed = 1}, NULL) ==
                 BP_OK);
    for (size_t l = 0; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        bp_layer_unpack(layer, network->values, weights, bias);
        for (size_t k = 0; k < layer->in * layer->out && values.size >= sizeof(float); k++) {
            float value;
            memcpy(&value, values.data, sizeof value);
            values.data += sizeof value;
            values.size -= sizeof value;
            weights[k] = isfinite(value) ? value : weights[k];
        }
        bp_layer_pack(layer, network->values, weights, network->reduced ? NULL : bias);
    }
    bp_network_transpose(network);
    return network;
}

/* False: there is no such training. */
static bool train(const struct problem *problem, const struct bp_kernels *kernels,
                  struct outcome *outcome)
{
    static struct bp_team *team;
    static uint32_t order[SAMPLES_MAX];
    struct bp_network *network = make_network(problem);
    struct bp_step_options options = {.kernels = kernels,
                                      .batch_size = problem->samples.count,
                                      .plan = problem->plan,
                                      .dropout = problem->train.dropout,
                                      .seed = 1};
    struct bp_step *step;
    const size_t count = problem->samples.count;
    if (!team)
        FUZZ_REQUIRE(bp_team_create(&team, BP_BACKEND_SERIAL, 1, NULL) == BP_OK);
    options.team = team;
    FUZZ_REQUIRE(bp_optimizer_create(&options.optimizer, network, &problem->train, NULL, NULL) ==
                 BP_OK);
    const bool made = bp_step_create(&step, network, &problem->samples, &options, NULL) == BP_OK;
    for (size_t k = 0; k < count; k++)
        order[k] = (uint32_t)k;
    for (size_t k = 0; made && k < STEPS; k++)
        outcome->loss =
            bp_step_run(step, &(struct bp_step_batch){.order = order, .count = count, .number = k},
                        problem->train.learning_rate);
    if (made)
        bp_step_free(step);
    outcome->finite = bp_network_finite(network) && isfinite(outcome->loss);
    bp_network_digest(network, outcome->digest);
    bp_optimizer_free(options.optimizer);
    bp_network_free(network);
    return made;
}

/* Training ends where a number is not finite: the bits of a NaN are nobody's promise. */
static void compare(const struct problem *problem)
{
    struct outcome first = {0};
    const struct bp_kernels *kernels = bp_kernels_next(NULL);
    if (!train(problem, kernels, &first))
        return;
    while ((kernels = bp_kernels_next(kernels)) != NULL) {
        struct outcome other = {0};
        FUZZ_REQUIRE(train(problem, kernels, &other));
        FUZZ_REQUIRE(first.finite == other.finite);
        if (!first.finite)
            continue;
        FUZZ_REQUIRE(memcmp(&first.loss, &other.loss, sizeof first.loss) == 0);
        FUZZ_REQUIRE(strcmp(first.digest, other.digest) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct problem problem;
    struct fuzz_input input = {data, size};
    problem = (struct problem){0};
    choose_network(&problem, &input);
    choose_training(&problem, &input);
    if (bp_spec_check(&problem.spec, NULL) != BP_OK ||
        !bp_choice_name(BP_CHOICE_OPTIMIZER, (int)problem.train.optimizer))
        return 0;
    make_samples(&problem, &input);
    problem.values = input;
    compare(&problem);
    free_samples(&problem.samples);
    return 0;
}
