/* Training through the public interface: steps against the reference, learning, and pinned losses.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/random.h"
#include "support/trial.h"

#define SAMPLES 50
#define INPUTS  6
#define OUTPUTS 3

/* A model over random samples, its parameters replaced by random ones, and the reference to it. */
struct lesson {
    float input[SAMPLES * INPUTS];
    float target[SAMPLES * OUTPUTS]; /* as the output neurons should be */
    bp_dataset *dataset;
    bp_model *model;
    struct reference *reference;
};

static void fill(float *numbers, size_t count, uint64_t stream, float limit)
{
    for (size_t k = 0; k < count; k++)
        numbers[k] = limit * (2.0f * bp_random_uniform(16, stream, k) - 1.0f);
}

static bp_model_options make_options(void)
{
    bp_model_options options = bp_model_options_default();
    options.hidden_count = 2;
    options.hidden[0] = 17;
    options.hidden[1] = 9;
    options.scale = BP_SCALE_NONE;
    return options;
}

/* Random weights and thresholds in both networks. */
static void set_parameters(struct lesson *lesson)
{
    const bp_model_info info = bp_model_get_info(lesson->model);
    struct bp_network_spec spec = {
        .layers = info.layers, .hidden_delta = info.hidden_delta, .reduced = !info.thresholds};
    for (size_t l = 0; l <= info.layers; l++)
        spec.widths[l] = info.widths[l];
    for (size_t l = 0; l < info.layers; l++)
        spec.activations[l] = info.activations[l];
    lesson->reference = reference_create(&spec, SAMPLES);
    for (size_t l = 0; l < info.layers; l++) {
        float weights[17 * 17], thresholds[17];
        fill(weights, info.widths[l] * info.widths[l + 1], 2 * l, 1.0f);
        fill(thresholds, info.widths[l + 1], 2 * l + 1, info.thresholds ? 0.5f : 0.0f);
        cr_assert_eq(bp_model_set_parameters(lesson->model, l, weights, thresholds, NULL), BP_OK);
        reference_set(lesson->reference, l, weights, thresholds);
    }
}

/* The class is how many of the first two inputs are positive. */
static struct lesson *make_class_lesson(const bp_model_options *options)
{
    struct lesson *lesson = calloc(1, sizeof *lesson);
    uint32_t labels[SAMPLES];
    fill(lesson->input, SAMPLES * INPUTS, 100, 1.0f);
    for (size_t x = 0; x < SAMPLES; x++) {
        const float *row = lesson->input + x * INPUTS;
        labels[x] = (uint32_t)(row[0] > 0.0f) + (uint32_t)(row[1] > 0.0f);
        lesson->target[x * OUTPUTS + labels[x]] = 1.0f;
    }
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = SAMPLES,
                              .inputs = INPUTS,
                              .input = lesson->input,
                              .labels = labels,
                              .classes = OUTPUTS};
    cr_assert_eq(bp_dataset_from_arrays(&lesson->dataset, &arrays, NULL), BP_OK);
    cr_assert_eq(bp_model_create(&lesson->model, lesson->dataset, options, NULL), BP_OK);
    set_parameters(lesson);
    return lesson;
}

static struct lesson *make_number_lesson(const bp_model_options *options)
{
    struct lesson *lesson = calloc(1, sizeof *lesson);
    fill(lesson->input, SAMPLES * INPUTS, 100, 1.0f);
    fill(lesson->target, SAMPLES * OUTPUTS, 101, 5.0f);
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = SAMPLES,
                              .inputs = INPUTS,
                              .outputs = OUTPUTS,
                              .input = lesson->input,
                              .targets = lesson->target};
    cr_assert_eq(bp_dataset_from_arrays(&lesson->dataset, &arrays, NULL), BP_OK);
    cr_assert_eq(bp_model_create(&lesson->model, lesson->dataset, options, NULL), BP_OK);
    for (size_t j = 0; j < OUTPUTS; j++) {
        bp_model_column column;
        cr_assert_eq(bp_model_get_column(lesson->model, INPUTS + j, &column, NULL), BP_OK);
        for (size_t x = 0; x < SAMPLES; x++) {
            float *target = &lesson->target[x * OUTPUTS + j];
            *target = (*target - column.shift) * column.scale;
        }
    }
    set_parameters(lesson);
    return lesson;
}

static void free_lesson(struct lesson *lesson)
{
    reference_free(lesson->reference);
    bp_model_free(lesson->model);
    bp_dataset_free(lesson->dataset);
    free(lesson);
}

static bp_train_result train(bp_model *model, const bp_dataset *dataset,
                             const bp_train_options *options)
{
    bp_trainer *trainer;
    bp_train_result result;
    bp_error error;
    cr_assert_eq(bp_trainer_create(&trainer, model, dataset, NULL, options, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, &result, &error), BP_OK, "%s", error.message);
    bp_trainer_free(trainer);
    return result;
}

static void expect_parameters(const struct lesson *lesson)
{
    for (size_t l = 0; l < lesson->reference->layers; l++) {
        const struct reference_layer *layer = &lesson->reference->layer[l];
        float weights[17 * 17], thresholds[17];
        cr_assert_eq(bp_model_get_parameters(lesson->model, l, weights, thresholds, NULL), BP_OK);
        for (size_t j = 0; j < layer->out; j++) {
            for (size_t i = 0; i < layer->in; i++) {
                const struct bounded expected = layer->weight[i * layer->out + j];
                cr_assert(bounded_holds(expected, (double)weights[j * layer->in + i]),
                          "layer %zu, from %zu to %zu: %.9g instead of %.9g +- %.2g", l, i, j,
                          (double)weights[j * layer->in + i], expected.value, expected.error);
                cr_assert_lt(expected.error, 1e-3, "the bound says nothing");
            }
            cr_assert(bounded_holds(layer->threshold[j], (double)thresholds[j]),
                      "layer %zu, threshold %zu: %.9g instead of %.9g +- %.2g", l, j,
                      (double)thresholds[j], layer->threshold[j].value, layer->threshold[j].error);
        }
    }
}

/* Three full batches, in whatever order the trainer takes the samples: the bounds hold for any. */
static void check_three_steps(struct lesson *lesson, float rate)
{
    bp_train_options options = bp_train_options_default();
    options.batch_size = BP_BATCH_FULL;
    options.epochs = 3;
    options.learning_rate = rate;
    options.threads = 2;
    const bp_train_result result = train(lesson->model, lesson->dataset, &options);
    struct bounded loss = bounded_exact(0.0);
    for (size_t step = 0; step < 3; step++) {
        loss = reference_propagate(lesson->reference, lesson->input, lesson->target, SAMPLES);
        reference_descend(lesson->reference, rate);
    }
    expect_parameters(lesson);
    cr_expect(bounded_holds(loss, result.train_loss * SAMPLES));
    free_lesson(lesson);
}

Test(math_three_steps, three_steps_with_classes_are_those_of_the_text)
{
    bp_model_options options = make_options();
    check_three_steps(make_class_lesson(&options), 1.0f);
    options.thresholds = false;
    check_three_steps(make_class_lesson(&options), 1.0f);
}

Test(math_three_steps, three_steps_with_numbers_are_those_of_the_text)
{
    bp_model_options options = make_options();
    check_three_steps(make_number_lesson(&options), 0.5f);
    options.output_activation = BP_ACTIVATION_IDENTITY;
    check_three_steps(make_number_lesson(&options), 0.05f);
    options.thresholds = false;
    check_three_steps(make_number_lesson(&options), 0.05f);
}

Test(math_three_steps, three_steps_by_the_printed_rule_are_those_of_the_text)
{
    bp_model_options options = make_options();
    options.hidden_delta = BP_HIDDEN_DELTA_AS_PRINTED;
    check_three_steps(make_class_lesson(&options), 0.1f);
    options.thresholds = false;
    check_three_steps(make_class_lesson(&options), 0.1f);
}

static bp_dataset *make_xor(void)
{
    static const float input[] = {0, 0, 0, 1, 1, 0, 1, 1};
    static const uint32_t labels[] = {0, 1, 1, 0};
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = 4,
                              .inputs = 2,
                              .input = input,
                              .labels = labels,
                              .classes = 2};
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    return dataset;
}

static void check_xor(uint64_t seed)
{
    bp_dataset *dataset = make_xor();
    bp_model_options shape = bp_model_options_default();
    shape.hidden[0] = 4;
    shape.seed = seed;
    bp_model *model;
    cr_assert_eq(bp_model_create(&model, dataset, &shape, NULL), BP_OK);
    bp_train_options options = bp_train_options_default();
    options.epochs = 2000;
    const bp_train_result result = train(model, dataset, &options);
    const bp_run_options run = bp_run_options_default();
    bp_metrics metrics;
    cr_assert_eq(bp_evaluate(model, dataset, &run, &metrics, NULL), BP_OK);
    cr_expect_eq(metrics.accuracy, 1.0, "seed %d", (int)seed);
    cr_expect_lt(metrics.loss, 0.02, "seed %d: %g", (int)seed, metrics.loss);
    cr_expect_leq(metrics.loss, result.train_loss, "the last update made it worse");
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(math_three_steps, xor_is_learnt_from_any_of_ten_seeds)
{
    for (uint64_t seed = 1; seed <= 10; seed++)
        check_xor(seed);
}

struct trajectory {
    size_t count;
    double loss[8];
};

static bool note_loss(const bp_progress *progress, void *user)
{
    struct trajectory *trajectory = user;
    if (progress->epoch_done && trajectory->count < 8)
        trajectory->loss[trajectory->count++] = progress->train_loss;
    return true;
}

static void expect_losses(const double pinned[8], bp_isa isa, bp_backend backend, size_t threads)
{
    const bp_model_options shape = make_options();
    struct lesson *lesson = make_class_lesson(&shape);
    bp_train_options options = bp_train_options_default();
    options.batch_size = 7;
    options.epochs = 8;
    options.isa = isa;
    options.backend = backend;
    options.threads = threads;
    bp_trainer *trainer;
    bp_train_result result;
    struct trajectory trajectory = {0};
    cr_assert_eq(bp_trainer_create(&trainer, lesson->model, lesson->dataset, NULL, &options, NULL),
                 BP_OK);
    cr_assert_eq(bp_trainer_run(trainer, note_loss, &trajectory, &result, NULL), BP_OK);
    bp_trainer_free(trainer);
    for (size_t k = 0; k < 8; k++)
        cr_expect_eq(trajectory.loss[k], pinned[k], "isa %d, epoch %zu: %a instead of %a", (int)isa,
                     k + 1, trajectory.loss[k], pinned[k]);
    free_lesson(lesson);
}

/* Losses of eight epochs in batches of 7 (the last has 1 sample). The numeric contract makes them
 * one value on every machine: they change when BP_NUMERICS_VERSION does, and only then. */
Test(math_three_steps, the_losses_of_a_small_run_are_pinned)
{
    static const double pinned[8] = {
        0x1.522b3c720c1d6p-1, 0x1.42d939e33fc47p-1, 0x1.3c2c1b9c8f374p-1, 0x1.4567d4875b9a1p-1,
        0x1.3e3d88d8e178ap-1, 0x1.36b3f8cc97bc9p-1, 0x1.3ada7590b1b1fp-1, 0x1.21c1980114f24p-1};
    for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) {
        expect_losses(pinned, k->isa, BP_BACKEND_SERIAL, 1);
        expect_losses(pinned, k->isa, BP_BACKEND_PTHREADS, 3);
    }
}
