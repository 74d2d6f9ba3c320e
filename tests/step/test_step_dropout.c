/* Dropout within a step: how many are left out, what that does to values and gradient, and that
 * nothing but training knows it. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "kernels/list.h"
#include "step/passes/dropout.h"
#include "support/problem.h"

enum { ROWS = 512, WIDTH = 100 };

/* A network whose hidden neurons are all 1/2, and its values after dropout. */
struct masked {
    struct bp_network *network;
    struct bp_activations activations;
};

static struct masked create_masked(float share, uint64_t seed, uint64_t number)
{
    struct masked masked;
    const struct bp_network_spec spec = {.layers = 3, .widths = {4, WIDTH, WIDTH, 2}};
    cr_assert_eq(bp_network_create(&masked.network, &spec, NULL), BP_OK);
    cr_assert_eq(bp_activations_make(&masked.activations, masked.network, ROWS, true, NULL), BP_OK);
    const struct bp_dropout dropout = bp_dropout_make(share, seed);
    bp_forward_dropout(masked.network, bp_kernels_select(BP_ISA_AUTO), &masked.activations, ROWS,
                       &dropout, number);
    return masked;
}

static void free_masked(struct masked *masked)
{
    bp_activations_release(&masked->activations);
    bp_network_free(masked->network);
}

static float value_of(const struct masked *masked, size_t l, size_t x, size_t j)
{
    return masked->activations.value[l + 1][bp_panels_at(masked->activations.stride, x, j)];
}

/* Of 51,200 independent draws the share that is left out has std sqrt(p (1 - p) / 51,200);
 * six of them are exceeded once in 500 million. */
Test(step_dropout, the_share_that_is_asked_for_is_left_out)
{
    static const float shares[] = {0.001f, 0.1f, 0.25f, 0.5f, 0.9f};
    for (size_t s = 0; s < 5; s++) {
        const double p = (double)shares[s];
        struct masked masked = create_masked(shares[s], 1, 0);
        for (size_t l = 0; l < 2; l++) {
            double out = 0.0, sum = 0.0;
            for (size_t k = 0; k < (size_t)ROWS * WIDTH; k++) {
                const float value = value_of(&masked, l, k / WIDTH, k % WIDTH);
                cr_assert(value == 0.0f || value == (float)(1.0 / (1.0 - p)) * 0.5f);
                out += value == 0.0f;
                sum += (double)value;
            }
            const double draws = (double)ROWS * WIDTH, std = sqrt(p * (1.0 - p) / draws);
            cr_assert_float_eq(out / draws, p, 6.0 * std, "share %g", p);
            cr_assert_float_eq(sum / draws, 0.5, 3.0 * std / (1.0 - p) + 1e-6, "mean");
        }
        free_masked(&masked);
    }
}

/* Value and slope of a neuron, and whom the words of bp_random_block() name. */
Test(step_dropout, the_mask_is_that_of_the_random_numbers)
{
    const uint64_t first = 1234567890123u;
    struct masked masked = create_masked(0.5f, 42, first);
    const size_t panels = masked.network->layer[0].panels;
    for (size_t l = 0; l < 2; l++) {
        for (size_t k = 0; k < (size_t)ROWS * WIDTH; k++) {
            const size_t x = k / WIDTH, j = k % WIDTH;
            uint32_t words[4];
            bp_random_block(42, bp_stream(BP_STREAM_DROPOUT, (uint32_t)l),
                            (first + x) / 4 * (16 * panels) + j, words);
            const bool out = words[(first + x) % 4] < 0x80000000u;
            const size_t at = bp_panels_at(masked.activations.stride, x, j);
            cr_assert_eq(masked.activations.value[l + 1][at], out ? 0.0f : 1.0f);
            cr_assert_eq(masked.activations.slope[l][at], out ? 0.0f : 0.5f);
        }
    }
    free_masked(&masked);
}

/* Masks of layers, samples and seeds agree in about half of the places, as independent ones do. */
Test(step_dropout, layers_samples_and_seeds_have_masks_of_their_own)
{
    struct masked a = create_masked(0.5f, 1, 0), b = create_masked(0.5f, 2, 0);
    double layers = 0.0, seeds = 0.0, samples = 0.0;
    for (size_t k = 0; k < (size_t)(ROWS - 1) * WIDTH; k++) {
        const size_t x = k / WIDTH, j = k % WIDTH;
        const float value = value_of(&a, 0, x, j);
        layers += value == value_of(&a, 1, x, j);
        seeds += value == value_of(&b, 0, x, j);
        samples += value == value_of(&a, 0, x + 1, j);
    }
    const double draws = (double)(ROWS - 1) * WIDTH, std = sqrt(0.25 / draws);
    cr_assert_float_eq(layers / draws, 0.5, 6.0 * std);
    cr_assert_float_eq(seeds / draws, 0.5, 6.0 * std);
    cr_assert_float_eq(samples / draws, 0.5, 6.0 * std);
    free_masked(&a);
    free_masked(&b);
}

static const struct problem shape = {.layers = 3, .widths = {5, 20, 12, 3}, .count = 24};

/* The step of a network with dropout, whose losses and gradients have one mask. */
struct run {
    struct bp_network *network;
    struct bp_samples *samples;
    struct bp_step_options options;
    struct bp_step *step;
    uint32_t order[24];
};

static void begin(struct run *run, float dropout)
{
    *run = (struct run){.network = problem_network(&shape), .samples = problem_samples(&shape)};
    run->options = (struct bp_step_options){
        .kernels = bp_kernels_select(BP_ISA_AUTO), .batch_size = 24, .dropout = dropout, .seed = 3};
    for (uint32_t x = 0; x < 24; x++)
        run->order[x] = x;
    cr_assert_eq(bp_team_create(&run->options.team, BP_BACKEND_SERIAL, 1, NULL), BP_OK);
    cr_assert_eq(bp_step_create(&run->step, run->network, run->samples, &run->options, NULL),
                 BP_OK);
}

static void end(struct run *run)
{
    bp_step_free(run->step);
    bp_team_free(run->options.team);
    bp_network_free(run->network);
    problem_samples_free(run->samples);
}

/* Central differences of the loss with the same mask. With h = 2^-7 the error of the difference is
 * h^2/6 of a third derivative of order 1, and rounding of the loss, about 2^-22, over 2h. */
Test(step_dropout, the_gradient_is_that_of_the_masked_network)
{
    struct run run;
    begin(&run, 0.5f);
    const size_t floats = run.network->floats;
    float *gradient = bp_aligned_alloc(floats, sizeof *gradient);
    float *unused = bp_aligned_alloc(floats, sizeof *unused);
    bp_step_gradient(run.step, run.order, 24, gradient);
    double largest = 0.0;
    for (size_t k = 0; k < floats; k += 7) {
        const float at = run.network->values[k];
        double loss[2];
        for (int side = 0; side < 2; side++) {
            run.network->values[k] = at + (side ? 0x1p-7f : -0x1p-7f);
            bp_network_transpose(run.network);
            loss[side] = bp_step_gradient(run.step, run.order, 24, unused) / 24.0;
        }
        run.network->values[k] = at;
        const double slope = (loss[1] - loss[0]) / 0x1p-6;
        cr_assert_float_eq((double)gradient[k], slope, 1e-4, "parameter %zu: %g instead of %g", k,
                           (double)gradient[k], slope);
        largest = fmax(largest, fabs(slope));
    }
    cr_assert_gt(largest, 0.01, "the tolerance says nothing");
    bp_aligned_free(gradient);
    bp_aligned_free(unused);
    end(&run);
}

Test(step_dropout, a_share_of_none_is_no_dropout)
{
    struct run with, without;
    begin(&with, 0.0f);
    begin(&without, 0.0f);
    without.options.seed++;
    const struct bp_step_batch batch = {.order = with.order, .count = 24};
    cr_assert_eq(bp_step_run(with.step, &batch, 0.5f), bp_step_run(without.step, &batch, 0.5f));
    end(&with);
    end(&without);
}

Test(step_dropout, each_number_of_a_sample_has_its_mask)
{
    struct run run;
    begin(&run, 0.5f);
    struct bp_step_batch batch = {.order = run.order, .count = 24};
    const double first = bp_step_run(run.step, &batch, 0.0f);
    cr_assert_eq(bp_step_run(run.step, &batch, 0.0f), first);
    batch.number = 24;
    cr_assert_neq(bp_step_run(run.step, &batch, 0.0f), first);
    end(&run);
}

Test(step_dropout, deltas_as_printed_are_refused)
{
    struct run run;
    begin(&run, 0.5f);
    run.network->hidden_delta = BP_HIDDEN_DELTA_AS_PRINTED;
    struct bp_step *step;
    bp_error error;
    cr_assert_eq(bp_step_create(&step, run.network, run.samples, &run.options, &error),
                 BP_ERROR_ARGUMENT);
    cr_assert_not_null(strstr(error.message, "chain rule"), "%s", error.message);
    end(&run);
}
