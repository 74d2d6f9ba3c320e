/*
 * Trainings that converge as far as binary32 goes, after which nothing that is stored is subnormal,
 * and no operation of a step underflows: what the thresholds of docs/numerics.md are made for.
 */
#include <criterion/criterion.h>
#include <fenv.h>
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "data/samples/batch.h"
#include "kernels/list.h"
#include "step/passes/passes.h"
#include "support/cases.h"
#include "support/problem.h"

enum { SAMPLES = 40, STEPS = 4000, WATCHED = 400, DEAD = 5, TINY = 6 };

struct training_case {
    const char *name;
    bp_activation hidden, output;
    bp_loss loss;
    float gain; /* of the initial weights; 0: 1 */
    bp_train_options train;
};

struct run {
    struct bp_network *network;
    struct bp_samples *samples;
    struct bp_step_options options;
    struct bp_step *step;
    uint32_t order[SAMPLES];
    float rate;
};

/* The class is the first input above or below its middle. One input is always 0, as those of an
 * image's edge are, and one is far below the numbers that are stored. */
static struct bp_samples *make_samples(const struct problem *problem)
{
    struct bp_samples *samples = problem_samples(problem);
    float *cells = samples->owned_values;
    samples->scale[TINY] = 1.0f;
    samples->shift[TINY] = 0.0f;
    for (size_t x = 0; x < SAMPLES; x++) {
        float *row = cells + x * samples->stride;
        row[0] += row[0] < 0.0f ? -0.5f : 0.5f;
        row[DEAD] = samples->shift[DEAD];
        row[TINY] *= 1e-30f;
        samples->labels[x] = row[0] < 0.0f;
    }
    return samples;
}

static void begin(struct run *run, const struct training_case *c)
{
    const struct problem problem = {.layers = 3,
                                    .widths = {7, 20, 20, 2},
                                    .count = SAMPLES,
                                    .labels = true,
                                    .hidden = c->hidden,
                                    .output = c->output,
                                    .loss = c->loss};
    *run = (struct run){.network = problem_network(&problem), .samples = make_samples(&problem)};
    for (size_t k = 0; k < run->network->floats && c->gain > 0.0f; k++)
        run->network->values[k] *= c->gain;
    bp_network_transpose(run->network);
    run->options = (struct bp_step_options){.kernels = bp_kernels_select(BP_ISA_AUTO),
                                            .batch_size = SAMPLES,
                                            .dropout = c->train.dropout,
                                            .seed = 1};
    for (uint32_t x = 0; x < SAMPLES; x++)
        run->order[x] = x;
    run->rate = c->train.learning_rate;
    cr_assert_eq(bp_team_create(&run->options.team, BP_BACKEND_SERIAL, 1, NULL), BP_OK);
    cr_assert_eq(bp_optimizer_create(&run->options.optimizer, run->network, &c->train, NULL, NULL),
                 BP_OK);
    cr_assert_eq(bp_step_create(&run->step, run->network, run->samples, &run->options, NULL),
                 BP_OK);
}

static void end(struct run *run)
{
    bp_step_free(run->step);
    bp_optimizer_free(run->options.optimizer);
    bp_team_free(run->options.team);
    bp_network_free(run->network);
    problem_samples_free(run->samples);
}

static size_t count_subnormal(const float *at, size_t count)
{
    size_t found = 0;
    for (size_t k = 0; k < count; k++)
        found += fpclassify(at[k]) == FP_SUBNORMAL;
    return found;
}

/* Values, slopes and deltas of all samples. */
static size_t count_in_passes(const struct run *run)
{
    struct bp_activations room;
    double loss[SAMPLES];
    const struct bp_kernels *kernels = run->options.kernels;
    cr_assert_eq(bp_activations_make(&room, run->network, SAMPLES, true, NULL), BP_OK);
    bp_batch_gather(run->samples, run->order, SAMPLES, room.value[0], room.stride);
    bp_batch_gather_targets(run->samples, run->order, SAMPLES, room.target, room.stride);
    bp_forward(run->network, kernels, &room, SAMPLES);
    size_t found = count_subnormal(room.memory, room.floats);
    bp_delta_output(run->network, kernels, &room, SAMPLES, SAMPLES, loss);
    bp_delta_hidden(run->network, kernels, &room, SAMPLES);
    found += count_subnormal(room.memory, room.floats);
    bp_activations_release(&room);
    return found;
}

static size_t count_stored(const struct run *run, float *gradient)
{
    const size_t floats = run->network->floats;
    size_t found = count_subnormal(run->network->values, floats);
    found += count_subnormal(run->network->transposed, run->network->transposed_floats);
    for (size_t s = 0; s < run->options.optimizer->states; s++)
        found += count_subnormal(run->options.optimizer->state[s], floats);
    bp_step_gradient(run->step, run->order, SAMPLES, gradient);
    return found + count_subnormal(gradient, floats);
}

/* Steps whose operations underflow: a result is below the normal range and not exact. */
static void check(const struct training_case *c)
{
    struct run run;
    begin(&run, c);
    float *gradient = bp_aligned_alloc(run.network->floats, sizeof *gradient);
    size_t found = 0, underflows = 0;
    double loss = 0.0;
    for (uint64_t step = 0; step < STEPS; step++) {
        feclearexcept(FE_UNDERFLOW);
        loss = bp_step_run(
            run.step,
            &(struct bp_step_batch){.order = run.order, .count = SAMPLES, .number = step * SAMPLES},
            run.rate);
        if (step < STEPS - WATCHED)
            continue;
        underflows += fetestexcept(FE_UNDERFLOW) != 0;
        found += count_in_passes(&run) + count_stored(&run, gradient);
    }
    cr_expect(isfinite(loss), "%s: loss %g", c->name, loss);
    cr_expect_eq(found, 0, "%s: %zu subnormal numbers in %d steps, loss %g", c->name, found,
                 WATCHED, loss);
    cr_expect_eq(underflows, 0, "%s: %zu of %d steps underflow, loss %g", c->name, underflows,
                 WATCHED, loss);
    bp_aligned_free(gradient);
    end(&run);
}

static bp_train_options make_options(bp_optimizer optimizer, float rate)
{
    bp_train_options options = bp_train_options_default();
    options.optimizer = optimizer;
    options.learning_rate = rate;
    return options;
}

/* Rates that saturate the network. */
static const float rates[] = {
    [BP_OPTIMIZER_SGD] = 2.0f,     [BP_OPTIMIZER_MOMENTUM] = 0.5f, [BP_OPTIMIZER_NESTEROV] = 0.5f,
    [BP_OPTIMIZER_RMSPROP] = 0.1f, [BP_OPTIMIZER_ADAM] = 0.1f,     [BP_OPTIMIZER_ADAMW] = 0.1f,
    [BP_OPTIMIZER_IRPROP] = 0.1f,  [BP_OPTIMIZER_ADAGRAD] = 0.5f,
};

static const struct {
    const char *name;
    bp_activation output;
    bp_loss loss;
    float share; /* of the learning rate: more of it diverges */
} losses[] = {
    {"logistic mse", BP_ACTIVATION_LOGISTIC, BP_LOSS_MSE, 1.0f},
    {"logistic cross-entropy", BP_ACTIVATION_LOGISTIC, BP_LOSS_BINARY_CROSS_ENTROPY, 1.0f},
    {"softmax cross-entropy", BP_ACTIVATION_SOFTMAX, BP_LOSS_CROSS_ENTROPY, 1.0f},
    {"softmax mse", BP_ACTIVATION_SOFTMAX, BP_LOSS_MSE, 1.0f},
    {"identity huber", BP_ACTIVATION_IDENTITY, BP_LOSS_HUBER, 0.05f},
    {"identity poisson", BP_ACTIVATION_IDENTITY, BP_LOSS_POISSON, 0.01f},
};

static void check_losses(bp_optimizer optimizer, bp_activation hidden, float gain,
                         void (*change)(bp_train_options *options))
{
    for (size_t k = 0; k < sizeof losses / sizeof losses[0]; k++) {
        struct training_case c = {.hidden = hidden,
                                  .output = losses[k].output,
                                  .loss = losses[k].loss,
                                  .gain = gain,
                                  .train = make_options(optimizer, rates[optimizer])};
        if (gain > 1.0f && c.loss == BP_LOSS_POISSON)
            continue; /* its rates would be infinite */
        if (case_is_left_out())
            continue;
        char name[128];
        snprintf(name, sizeof name, "%s, %s, %s",
                 bp_choice_name(BP_CHOICE_OPTIMIZER, (int)optimizer),
                 bp_choice_name(BP_CHOICE_ACTIVATION, (int)hidden), losses[k].name);
        c.name = name;
        if (change)
            change(&c.train);
        c.train.learning_rate *= losses[k].share;
        check(&c);
    }
}

Test(step_subnormal, none_with_any_optimizer_and_loss)
{
    for (int optimizer = 0; bp_choice_name(BP_CHOICE_OPTIMIZER, optimizer); optimizer++) {
        check_losses((bp_optimizer)optimizer, BP_ACTIVATION_LOGISTIC, 0.0f, NULL);
        check_losses((bp_optimizer)optimizer, BP_ACTIVATION_RELU, 0.0f, NULL);
    }
}

/* Also with weights of ten times their size, which saturate most neurons from the start. */
Test(step_subnormal, none_with_any_activation)
{
    for (int f = 0; bp_choice_name(BP_CHOICE_ACTIVATION, f); f++) {
        if (f == BP_ACTIVATION_SOFTMAX || f == BP_ACTIVATION_AUTO)
            continue;
        check_losses(BP_OPTIMIZER_ADAM, (bp_activation)f, 1.0f, NULL);
        check_losses(BP_OPTIMIZER_ADAM, (bp_activation)f, 10.0f, NULL);
        if (f != BP_ACTIVATION_IDENTITY) /* which diverges */
            check_losses(BP_OPTIMIZER_SGD, (bp_activation)f, 0.0f, NULL);
    }
}

static void add_decay(bp_train_options *options)
{
    options->weight_decay = 0.5f;
    options->learning_rate = 0.1f;
}

static void add_clipping(bp_train_options *options)
{
    options->clip_norm = 1e-6f;
    options->clip_value = 1e-3f;
}

static void add_dropout(bp_train_options *options)
{
    options->dropout = 0.3f;
}

static void take_extremes(bp_train_options *options)
{
    options->momentum = 1e-30f;
    options->beta1 = 0.999999;
    options->beta2 = 0.999999999;
    options->rho = 1e-3;
    options->epsilon = 1e-38f;
    options->weight_decay = 1e-30f;
}

Test(step_subnormal, none_with_decay_clipping_dropout_and_odd_options)
{
    static void (*const changes[])(bp_train_options * options) = {add_decay, add_clipping,
                                                                  add_dropout, take_extremes};
    for (size_t k = 0; k < sizeof changes / sizeof changes[0]; k++)
        for (int optimizer = 0; bp_choice_name(BP_CHOICE_OPTIMIZER, optimizer); optimizer++)
            check_losses((bp_optimizer)optimizer, BP_ACTIVATION_GELU, 0.0f, changes[k]);
}
