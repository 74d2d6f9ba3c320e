/* What a trial is drawn from is Philox, by index, so that nothing depends on the order of drawing.
 */
#include "support/trial.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "step/step.h"

enum draw { DRAW_WEIGHT, DRAW_THRESHOLD, DRAW_INPUT, DRAW_TARGET, DRAW_ORDER, DRAWS };

static float *draw_numbers(uint64_t seed, size_t stream, size_t count, float low, float high)
{
    float *numbers = bp_array_alloc(count, sizeof *numbers);
    cr_assert(numbers);
    for (size_t k = 0; k < count; k++)
        numbers[k] = low + (high - low) * bp_random_uniform(seed, stream, k);
    return numbers;
}

void trial_set(struct trial *trial, size_t l, const float *weights, const float *thresholds)
{
    const struct bp_layer *layer = &trial->network->layer[l];
    float *bias = bp_array_alloc(layer->out, sizeof *bias);
    cr_assert(bias);
    for (size_t j = 0; j < layer->out; j++)
        bias[j] = 0.0f - thresholds[j];
    bp_layer_pack(layer, trial->network->values, weights, bias);
    bp_network_transpose(trial->network);
    reference_set(trial->reference, l, weights, thresholds);
    free(bias);
}

static void draw_parameters(struct trial *trial, uint64_t seed)
{
    for (size_t l = 0; l < trial->network->layers; l++) {
        const struct bp_layer *layer = &trial->network->layer[l];
        const float limit = 3.0f / sqrtf((float)layer->in);
        float *weights =
            draw_numbers(seed, l * DRAWS + DRAW_WEIGHT, layer->in * layer->out, -limit, limit);
        const float most = trial->network->reduced ? 0.0f : 1.0f;
        float *thresholds = draw_numbers(seed, l * DRAWS + DRAW_THRESHOLD, layer->out, -most, most);
        trial_set(trial, l, weights, thresholds);
        free(weights);
        free(thresholds);
    }
}

/* Sample order[r] of the trainer is sample r of the reference. */
static void draw_samples(struct trial *trial, bool labels, uint64_t seed)
{
    struct bp_samples *samples = &trial->samples;
    const size_t n = samples->count, in = samples->inputs, out = samples->outputs;
    float *values = draw_numbers(seed, DRAW_INPUT, n * in, -1.0f, 1.0f);
    float *targets = draw_numbers(seed, DRAW_TARGET, n * out, 0.0f, 1.0f);
    samples->values = samples->owned_values = values;
    if (labels) {
        samples->labels = bp_array_alloc(n, sizeof *samples->labels);
        cr_assert(samples->labels);
        for (size_t x = 0; x < n; x++) {
            samples->labels[x] = (uint32_t)bp_random_below(seed, DRAW_TARGET, x, out);
            for (size_t j = 0; j < out; j++)
                targets[x * out + j] = samples->labels[x] == j ? 1.0f : 0.0f;
        }
    } else {
        samples->targets = targets;
    }
    bp_random_permutation(seed, DRAW_ORDER, trial->order, (uint32_t)n);
    for (size_t r = 0; r < n; r++) {
        for (size_t i = 0; i < in; i++)
            trial->input[r * in + i] = values[trial->order[r] * in + i];
        for (size_t j = 0; j < out; j++)
            trial->target[r * out + j] = targets[trial->order[r] * out + j];
    }
    if (labels)
        free(targets);
}

struct trial *trial_create(const struct bp_network_spec *spec, size_t samples, bool labels,
                           uint64_t seed)
{
    struct trial *trial = calloc(1, sizeof *trial);
    cr_assert(trial);
    cr_assert_eq(bp_network_create(&trial->network, spec, NULL), BP_OK);
    trial->reference = reference_create(spec, samples);
    draw_parameters(trial, seed);
    const size_t in = spec->widths[0], out = spec->widths[spec->layers];
    trial->samples = (struct bp_samples){
        .count = samples, .inputs = in, .outputs = out, .stride = in, .cells = in};
    trial->samples.shift = bp_aligned_alloc(in + BP_LANES, sizeof(float));
    trial->samples.scale = bp_aligned_alloc(in + BP_LANES, sizeof(float));
    trial->order = bp_array_alloc(samples, sizeof *trial->order);
    trial->input = bp_array_alloc(samples * in, sizeof *trial->input);
    trial->target = bp_array_alloc(samples * out, sizeof *trial->target);
    cr_assert(trial->samples.shift && trial->samples.scale && trial->order && trial->input &&
              trial->target);
    for (size_t i = 0; i < in; i++)
        trial->samples.scale[i] = 1.0f;
    draw_samples(trial, labels, seed);
    return trial;
}

void trial_free(struct trial *trial)
{
    bp_network_free(trial->network);
    reference_free(trial->reference);
    free(trial->samples.owned_values);
    free(trial->samples.labels);
    free(trial->samples.targets);
    bp_aligned_free(trial->samples.shift);
    bp_aligned_free(trial->samples.scale);
    free(trial->order);
    free(trial->input);
    free(trial->target);
    free(trial);
}

/* A step over the batch, run `steps` times; with `gradient` once and without the update. */
static double run_step(const struct trial *trial, const struct bp_step_options *options, float rate,
                       size_t steps, float *gradient)
{
    struct bp_step *step;
    cr_assert_eq(bp_step_create(&step, trial->network, &trial->samples, options, NULL), BP_OK);
    double loss = 0.0;
    if (gradient)
        loss = bp_step_gradient(step, trial->order, trial->samples.count, gradient);
    const struct bp_step_batch batch = {.order = trial->order, .count = trial->samples.count};
    for (size_t s = 0; s < steps; s++)
        loss = bp_step_run(step, &batch, rate);
    bp_step_free(step);
    return loss;
}

static double run_team(const struct trial *trial, bp_isa isa, size_t threads, float rate,
                       size_t steps, float *gradient)
{
    struct bp_team *team;
    cr_assert_eq(bp_team_create(&team, BP_BACKEND_AUTO, threads, NULL), BP_OK);
    const struct bp_step_options options = {
        .kernels = bp_kernels_select(isa), .team = team, .batch_size = trial->samples.count};
    const double loss = run_step(trial, &options, rate, steps, gradient);
    bp_team_free(team);
    return loss;
}

double trial_gradient(const struct trial *trial, bp_isa isa, size_t threads, float *gradient)
{
    return run_team(trial, isa, threads, 0.0f, 0, gradient);
}

double trial_train(const struct trial *trial, bp_isa isa, size_t threads, float rate, size_t steps)
{
    return run_team(trial, isa, threads, rate, steps, NULL);
}

float *trial_values_alloc(const struct trial *trial)
{
    float *values = bp_aligned_alloc(trial->network->floats, sizeof *values);
    cr_assert(values);
    return values;
}

void trial_values_free(float *values)
{
    bp_aligned_free(values);
}

static double expect_near(float actual, struct bounded expected, const char *what, size_t l,
                          size_t index)
{
    cr_assert(bounded_holds(expected, (double)actual),
              "%s %zu of layer %zu is %.9g, the text's equations give %.9g +- %.2g", what, index, l,
              (double)actual, expected.value, expected.error);
    return fabs((double)actual - expected.value) / expected.error;
}

/* `bias` is what the added biases shall be. */
static double expect_layer(const struct trial *trial, const float *values, size_t l,
                           const struct bounded *weight, const struct bounded *bias)
{
    const struct bp_layer *layer = &trial->network->layer[l];
    float *weights = bp_array_alloc(layer->in * layer->out, sizeof *weights);
    float *biases = bp_array_alloc(layer->out, sizeof *biases);
    cr_assert(weights && biases);
    bp_layer_unpack(layer, values, weights, biases);
    double most = 0.0;
    for (size_t j = 0; j < layer->out; j++) {
        for (size_t i = 0; i < layer->in; i++)
            most = fmax(most, expect_near(weights[j * layer->in + i], weight[i * layer->out + j],
                                          "weight", l, i * layer->out + j));
        most = fmax(most, expect_near(biases[j], bias[j], "bias", l, j));
    }
    free(weights);
    free(biases);
    return most;
}

/* The gradient by the added bias is the sum of the deltas: dn_j/d(-b_j) = 1. */
double trial_expect_sums(const struct trial *trial, const float *values)
{
    double most = 0.0;
    for (size_t l = 0; l < trial->network->layers; l++) {
        const struct reference_layer *layer = &trial->reference->layer[l];
        most = fmax(most, expect_layer(trial, values, l, layer->weight_sum, layer->threshold_sum));
    }
    return most;
}

double trial_expect_parameters(const struct trial *trial, const float *values)
{
    double most = 0.0;
    for (size_t l = 0; l < trial->network->layers; l++) {
        const struct reference_layer *layer = &trial->reference->layer[l];
        struct bounded *bias = bp_array_alloc(layer->out, sizeof *bias);
        cr_assert(bias);
        for (size_t j = 0; j < layer->out; j++)
            bias[j] = bounded_negate(layer->threshold[j]);
        most = fmax(most, expect_layer(trial, values, l, layer->weight, bias));
        free(bias);
    }
    return most;
}
