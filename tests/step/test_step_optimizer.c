/* Optimizers within a step: iRPROP- against a program in binary64, decay, clipping, networks
 * without thresholds, and what a step refuses. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "kernels/list.h"
#include "support/problem.h"

/* 30 samples: one batch of them all. */
static const struct problem shape = {.layers = 2, .widths = {5, 20, 3}, .count = 30};

struct run {
    struct bp_network *network;
    struct bp_samples *samples;
    struct bp_step_options options;
    struct bp_step *step;
    uint32_t order[30];
};

static bp_status begin_with(struct run *run, const struct problem *problem,
                            const bp_train_options *train, size_t batch_size, bp_error *error)
{
    *run = (struct run){.network = problem_network(problem), .samples = problem_samples(problem)};
    run->options = (struct bp_step_options){.kernels = bp_kernels_select(BP_ISA_AUTO),
                                            .batch_size = batch_size,
                                            .dropout = train->dropout,
                                            .seed = train->seed};
    for (uint32_t x = 0; x < 30; x++)
        run->order[x] = x;
    cr_assert_eq(bp_team_create(&run->options.team, BP_BACKEND_SERIAL, 1, NULL), BP_OK);
    cr_assert_eq(bp_optimizer_create(&run->options.optimizer, run->network, train, NULL, NULL),
                 BP_OK);
    return bp_step_create(&run->step, run->network, run->samples, &run->options, error);
}

static bp_status begin(struct run *run, const bp_train_options *train, size_t batch_size,
                       bp_error *error)
{
    return begin_with(run, &shape, train, batch_size, error);
}

static void end(struct run *run)
{
    bp_step_free(run->step);
    bp_optimizer_free(run->options.optimizer);
    bp_team_free(run->options.team);
    bp_network_free(run->network);
    problem_samples_free(run->samples);
}

static void update(struct run *run, float rate)
{
    bp_step_run(run->step, &(struct bp_step_batch){.order = run->order, .count = 30}, rate);
}

static float *copy_values(const struct run *run)
{
    float *values = bp_array_alloc(run->network->floats, sizeof *values);
    memcpy(values, run->network->values, run->network->floats * sizeof *values);
    return values;
}

static float *compute_gradient(struct run *run)
{
    float *gradient = bp_aligned_alloc(run->network->floats, sizeof *gradient);
    bp_step_gradient(run->step, run->order, 30, gradient);
    return gradient;
}

static bp_train_options make_options(bp_optimizer optimizer)
{
    bp_train_options options = bp_train_options_default();
    options.optimizer = optimizer;
    return options;
}

/* Igel and Huesken 2000, for one parameter. */
struct rprop {
    double weight, slope, step;
    double reach; /* the largest |weight| + 30 step so far */
};

static void define_irprop(struct rprop *p, double gradient)
{
    const double product = p->slope * gradient;
    if (product > 0.0)
        p->step = fmin(1.2 * p->step, 50.0);
    if (product < 0.0) {
        p->step = 0.5 * p->step;
        gradient = 0.0;
    }
    if (gradient != 0.0)
        p->weight -= copysign(p->step, gradient);
    p->slope = gradient;
    p->reach = fmax(p->reach, fabs(p->weight) + 30.0 * p->step);
}

/* Rounding: after k of 20 changes a step is 1.5 k 2^-24 of itself off (1.2 is rounded too), which
 * adds up to 30 2^-24 for each of 20 moves; each move rounds the weight by 2^-24 of itself. */
Test(step_optimizer, irprop_is_the_published_one)
{
    const bp_train_options train = make_options(BP_OPTIMIZER_IRPROP);
    struct run run;
    cr_assert_eq(begin(&run, &train, 30, NULL), BP_OK);
    const size_t floats = run.network->floats;
    struct rprop *expected = calloc(floats, sizeof *expected);
    for (size_t k = 0; k < floats; k++)
        expected[k] = (struct rprop){(double)run.network->values[k], 0.0, (double)0.0125f, 0.0};
    size_t turns = 0;
    for (size_t step = 0; step < 20; step++) {
        float *gradient = compute_gradient(&run), *before = copy_values(&run);
        for (size_t k = 0; k < floats; k++) {
            const bool turned = expected[k].slope * (double)gradient[k] < 0.0;
            define_irprop(&expected[k], (double)gradient[k]);
            turns += turned;
        }
        update(&run, 0.0125f);
        for (size_t k = 0; k < floats; k++) {
            const double tolerance = 20.0 * 0x1p-24 * expected[k].reach;
            cr_assert_float_eq((double)run.network->values[k], expected[k].weight, tolerance,
                               "step %zu, parameter %zu", step, k);
            if (expected[k].slope == 0.0)
                cr_assert_eq(run.network->values[k], before[k], "a weight moved where it stays");
        }
        bp_aligned_free(gradient);
        free(before);
    }
    cr_assert_gt(turns, 20, "hardly a slope has changed its sign");
    cr_assert_eq(bp_step_optimizer(run.step)->steps, 20);
    free(expected);
    end(&run);
}

Test(step_optimizer, weights_decay_and_thresholds_do_not)
{
    static const bp_optimizer kinds[] = {BP_OPTIMIZER_SGD, BP_OPTIMIZER_ADAMW};
    for (size_t n = 0; n < 2; n++) {
        bp_train_options train = make_options(kinds[n]);
        struct run plain, decayed;
        cr_assert_eq(begin(&plain, &train, 30, NULL), BP_OK);
        train.weight_decay = 0.125f;
        cr_assert_eq(begin(&decayed, &train, 30, NULL), BP_OK);
        float *first = copy_values(&plain);
        update(&plain, 0.5f);
        update(&decayed, 0.5f);
        for (size_t l = 0; l < 2; l++) {
            const struct bp_layer *layer = &plain.network->layer[l];
            for (size_t k = 0; k < layer->panels * (layer->in + 1) * BP_LANES; k++) {
                const size_t at = layer->offset + k;
                const bool threshold = k / BP_LANES % (layer->in + 1) == 0;
                const double share = threshold ? 0.0 : 0.125 * 0.5;
                const double expected =
                    (double)plain.network->values[at] - share * (double)first[at];
                const double size = 1.0 + fabs((double)first[at]);
                cr_assert_float_eq((double)decayed.network->values[at], expected,
                                   4.0 * 0x1p-24 * size, "parameter %zu of layer %zu", k, l);
            }
        }
        free(first);
        end(&plain);
        end(&decayed);
    }
}

static double find_norm(const float *a, const float *b, size_t count)
{
    double sum = 0.0;
    for (size_t k = 0; k < count; k++) {
        const double difference = (double)a[k] - (b ? (double)b[k] : 0.0);
        sum += difference * difference;
    }
    return sqrt(sum);
}

/* An update at rate 1 moves the parameters by the gradient; each is rounded to half a unit. */
Test(step_optimizer, a_gradient_above_the_limit_is_scaled_down_to_it)
{
    bp_train_options train = make_options(BP_OPTIMIZER_SGD);
    train.clip_norm = 0x1p-6f;
    struct run run;
    cr_assert_eq(begin(&run, &train, 30, NULL), BP_OK);
    const size_t floats = run.network->floats;
    float *gradient = compute_gradient(&run), *before = copy_values(&run);
    const double norm = find_norm(gradient, NULL, floats);
    cr_assert_gt(norm, 2 * 0x1p-6);
    update(&run, 1.0f);
    for (size_t k = 0; k < floats; k++) {
        const double expected = (double)before[k] - (double)gradient[k] * 0x1p-6 / norm;
        cr_assert_float_eq((double)run.network->values[k], expected,
                           2.0 * 0x1p-24 * (fabs(expected) + 0x1p-6), "parameter %zu", k);
    }
    cr_assert_float_eq(find_norm(before, run.network->values, floats), 0x1p-6,
                       0x1p-24 * sqrt((double)floats));
    bp_aligned_free(gradient);
    free(before);
    end(&run);
}

/* An update at rate 1 of weights that are all 0, so that the difference is exact. */
static float *move_from_zero(const bp_train_options *train)
{
    struct run run;
    cr_assert_eq(begin(&run, train, 30, NULL), BP_OK);
    memset(run.network->values, 0, run.network->floats * sizeof(float));
    bp_network_transpose(run.network);
    update(&run, 1.0f);
    float *moved = copy_values(&run);
    end(&run);
    return moved;
}

Test(step_optimizer, each_component_above_the_limit_is_cut_at_it)
{
    bp_train_options train = make_options(BP_OPTIMIZER_SGD);
    struct bp_network *network = problem_network(&shape);
    float *plain = move_from_zero(&train), limit = 0.0f;
    for (size_t k = 0; k < network->floats; k++)
        limit = fmaxf(limit, fabsf(plain[k]) / 2.0f);
    train.clip_value = limit;
    float *clipped = move_from_zero(&train);
    size_t cut = 0;
    for (size_t k = 0; k < network->floats; k++) {
        cut += fabsf(plain[k]) > limit;
        const float expected = fmaxf(-limit, fminf(plain[k], limit));
        cr_assert_eq(clipped[k], expected, "parameter %zu: %g", k, (double)plain[k]);
    }
    cr_assert(cut > 0 && cut < network->parameters / 2, "of no use: %zu are cut", cut);
    free(plain);
    free(clipped);
    bp_network_free(network);
}

/* The norm is that of what is left. */
Test(step_optimizer, components_are_cut_before_the_norm)
{
    bp_train_options train = make_options(BP_OPTIMIZER_SGD);
    train.clip_value = 0x1p-9f;
    float *cut = move_from_zero(&train);
    struct bp_network *network = problem_network(&shape);
    const double norm = find_norm(cut, NULL, network->floats);
    train.clip_norm = 0x1p-9f;
    cr_assert_gt(norm, 2 * 0x1p-9);
    float *both = move_from_zero(&train);
    for (size_t k = 0; k < network->floats; k++) {
        const double expected = (double)cut[k] * 0x1p-9 / norm;
        cr_assert_float_eq((double)both[k], expected, 2.0 * 0x1p-24 * fabs(expected));
    }
    free(cut);
    free(both);
    bp_network_free(network);
}

Test(step_optimizer, a_component_that_is_not_a_number_is_not_cut)
{
    bp_train_options train = make_options(BP_OPTIMIZER_SGD);
    train.clip_value = 1.0f;
    struct run run;
    cr_assert_eq(begin(&run, &train, 30, NULL), BP_OK);
    run.samples->owned_values[0] = NAN;
    update(&run, 0.5f);
    cr_assert_not(bp_network_finite(run.network));
    end(&run);
}

/* Everything that changes a gradient or a weight leaves the thresholds at +0. */
Test(step_optimizer, without_thresholds_they_stay_zero_with_every_optimizer)
{
    struct problem reduced = shape;
    reduced.reduced = true;
    for (bp_optimizer kind = BP_OPTIMIZER_SGD; bp_choice_name(BP_CHOICE_OPTIMIZER, (int)kind);
         kind++) {
        bp_train_options train = make_options(kind);
        train.weight_decay = 0.125f;
        train.clip_norm = 0.5f;
        train.clip_value = 0.25f;
        struct run run;
        cr_assert_eq(begin_with(&run, &reduced, &train, 30, NULL), BP_OK);
        float *before = copy_values(&run);
        for (size_t k = 0; k < 10; k++)
            update(&run, 0.05f);
        for (size_t l = 0; l < 2; l++) {
            static const float zeros[BP_LANES];
            const struct bp_layer *layer = &run.network->layer[l];
            for (size_t p = 0; p < layer->panels; p++) {
                const float *row = run.network->values + bp_layer_panel(layer, p);
                cr_assert_arr_eq(row, zeros, sizeof zeros, "%d", (int)kind);
                cr_assert_neq(row[BP_LANES], before[row + BP_LANES - run.network->values]);
            }
        }
        free(before);
        end(&run);
    }
}

/* The thresholds of a network that has them do count. */
Test(step_optimizer, without_thresholds_the_norm_is_that_of_the_weights)
{
    struct problem problem = shape;
    bp_train_options train = make_options(BP_OPTIMIZER_SGD);
    train.clip_norm = 0x1p-6f;
    for (int reduced = 0; reduced < 2; reduced++) {
        struct run run;
        problem.reduced = reduced;
        cr_assert_eq(begin_with(&run, &problem, &train, 30, NULL), BP_OK);
        const struct bp_network *network = run.network;
        float *before = copy_values(&run);
        update(&run, 1.0f);
        double all = 0.0, weights = 0.0;
        for (size_t l = 0; l < 2; l++) {
            const struct bp_layer *layer = &network->layer[l];
            for (size_t k = 0; k < layer->panels * (layer->in + 1) * BP_LANES; k++) {
                const size_t at = layer->offset + k;
                const double moved = (double)network->values[at] - (double)before[at];
                all += moved * moved;
                weights += k / BP_LANES % (layer->in + 1) ? moved * moved : 0.0;
            }
        }
        const double tolerance = 0x1p-24 * sqrt((double)network->floats);
        cr_assert_float_eq(sqrt(all), 0x1p-6, tolerance);
        cr_assert_eq(sqrt(weights) >= 0x1p-6 - tolerance, reduced, "%g", sqrt(weights));
        free(before);
        end(&run);
    }
}

Test(step_optimizer, a_gradient_below_the_limit_keeps_its_bits)
{
    bp_train_options train = make_options(BP_OPTIMIZER_SGD);
    struct run plain, clipped;
    cr_assert_eq(begin(&plain, &train, 30, NULL), BP_OK);
    train.clip_value = train.clip_norm = 1e6f;
    cr_assert_eq(begin(&clipped, &train, 30, NULL), BP_OK);
    update(&plain, 0.5f);
    update(&clipped, 0.5f);
    cr_assert(memcmp(plain.network->values, clipped.network->values,
                     plain.network->floats * sizeof(float)) == 0);
    end(&plain);
    end(&clipped);
}

Test(step_optimizer, a_gradient_can_be_had_without_an_update)
{
    bp_train_options train = make_options(BP_OPTIMIZER_ADAM);
    train.clip_value = train.clip_norm = 1e-3f;
    struct run run;
    cr_assert_eq(begin(&run, &train, 30, NULL), BP_OK);
    float *before = copy_values(&run);
    bp_aligned_free(compute_gradient(&run));
    cr_assert(memcmp(before, run.network->values, run.network->floats * sizeof(float)) == 0);
    cr_assert_eq(bp_step_optimizer(run.step)->steps, 0);
    free(before);
    end(&run);
}

/* All that a checkpoint holds is the arrays and the number of steps. */
Test(step_optimizer, a_run_goes_on_from_arrays_and_steps)
{
    for (bp_optimizer kind = BP_OPTIMIZER_SGD; kind <= BP_OPTIMIZER_IRPROP; kind++) {
        const bp_train_options train = make_options(kind);
        struct run whole, second;
        cr_assert_eq(begin(&whole, &train, 30, NULL), BP_OK);
        cr_assert_eq(begin(&second, &train, 30, NULL), BP_OK);
        for (size_t k = 0; k < 3; k++)
            update(&whole, 0.01f);
        const size_t bytes = whole.network->floats * sizeof(float);
        struct bp_optimizer_state *from = whole.options.optimizer, *to = second.options.optimizer;
        memcpy(second.network->values, whole.network->values, bytes);
        bp_network_transpose(second.network);
        to->steps = from->steps;
        for (size_t s = 0; s < from->states; s++) {
            cr_assert_not_null(bp_optimizer_state_name(kind, s));
            memcpy(to->state[s], from->state[s], bytes);
        }
        for (size_t k = 0; k < 3; k++) {
            update(&whole, 0.01f);
            update(&second, 0.01f);
        }
        cr_assert(memcmp(second.network->values, whole.network->values, bytes) == 0, "%d",
                  (int)kind);
        end(&whole);
        end(&second);
    }
}
