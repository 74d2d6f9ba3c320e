/* The hidden-layer rule as the text prints it, delta_j = sum_l delta_l w_jl, beside the chain rule.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "data/samples/batch.h"
#include "step/passes/passes.h"
#include "support/trial.h"

#define SAMPLES 9

/* With thresholds, and the same without. */
static const struct bp_network_spec shapes[] = {
    {.layers = 3, .widths = {7, 33, 17, 3}},
    {.layers = 3, .widths = {7, 33, 17, 3}, .reduced = true},
};

static struct bp_network_spec make_spec(size_t reduced, bp_hidden_delta rule)
{
    struct bp_network_spec spec = shapes[reduced];
    spec.hidden_delta = rule;
    return spec;
}

/* The deltas of a batch under one rule stand in room->slope. */
static struct trial *run_rule(size_t reduced, bp_hidden_delta rule, bp_isa isa,
                              struct bp_activations *room)
{
    const struct bp_network_spec spec = make_spec(reduced, rule);
    struct trial *trial = trial_create(&spec, SAMPLES, true, 8);
    const struct bp_kernels *kernels = bp_kernels_select(isa);
    double loss[SAMPLES];
    cr_assert_eq(bp_activations_make(room, trial->network, SAMPLES, true, NULL), BP_OK);
    bp_batch_gather(&trial->samples, trial->order, SAMPLES, room->value[0], room->stride);
    bp_forward(trial->network, kernels, room, SAMPLES);
    bp_batch_gather_targets(&trial->samples, trial->order, SAMPLES, room->target, room->stride);
    bp_delta_output(trial->network, kernels, room, SAMPLES, SAMPLES, loss);
    bp_delta_hidden(trial->network, kernels, room, SAMPLES);
    return trial;
}

/* sum_l delta_l(x) w_jl for neuron j of layer l, from 0 on and l ascending. */
static float sum_printed(const struct trial *trial, const struct bp_activations *room, size_t l,
                         size_t x, size_t j)
{
    const struct reference_layer *next = &trial->reference->layer[l + 1];
    float sum = 0.0f;
    for (size_t k = 0; k < next->out; k++)
        sum = fmaf(room->slope[l + 1][bp_panels_at(room->stride, x, k)],
                   (float)next->weight[j * next->out + k].value, sum);
    return sum;
}

static void check_printed_sum(size_t reduced)
{
    for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) {
        struct bp_activations room;
        struct trial *trial = run_rule(reduced, BP_HIDDEN_DELTA_AS_PRINTED, k->isa, &room);
        for (size_t l = 0; l < 2; l++)
            for (size_t x = 0; x < SAMPLES; x++)
                for (size_t j = 0; j < shapes[0].widths[l + 1]; j++)
                    cr_assert_eq(room.slope[l][bp_panels_at(room.stride, x, j)],
                                 sum_printed(trial, &room, l, x, j));
        bp_activations_release(&room);
        trial_free(trial);
    }
}

Test(math_as_printed, hidden_deltas_are_the_printed_sum_bit_for_bit)
{
    check_printed_sum(0);
    check_printed_sum(1);
}

static void check_slope(size_t reduced)
{
    struct bp_activations room, slopes;
    struct trial *trial = run_rule(reduced, BP_HIDDEN_DELTA_CHAIN_RULE, BP_ISA_PORTABLE, &room);
    cr_assert_eq(bp_activations_make(&slopes, trial->network, SAMPLES, true, NULL), BP_OK);
    memcpy(slopes.value[0], room.value[0], room.stride * sizeof(float));
    bp_forward(trial->network, bp_kernels_select(BP_ISA_PORTABLE), &slopes, SAMPLES);
    for (size_t l = 0; l < 2; l++)
        for (size_t x = 0; x < SAMPLES; x++)
            for (size_t j = 0; j < shapes[0].widths[l + 1]; j++) {
                const size_t at = bp_panels_at(room.stride, x, j);
                cr_assert_eq(room.slope[l][at],
                             sum_printed(trial, &room, l, x, j) * slopes.slope[l][at]);
            }
    bp_activations_release(&slopes);
    bp_activations_release(&room);
    trial_free(trial);
}

Test(math_as_printed, the_chain_rule_multiplies_the_printed_sum_by_the_slope_once)
{
    check_slope(0);
    check_slope(1);
}

static void compare_rules(size_t reduced)
{
    struct bp_activations printed, chain;
    struct trial *first = run_rule(reduced, BP_HIDDEN_DELTA_AS_PRINTED, BP_ISA_AUTO, &printed);
    struct trial *second = run_rule(reduced, BP_HIDDEN_DELTA_CHAIN_RULE, BP_ISA_AUTO, &chain);
    for (size_t l = 0; l < 3; l++)
        for (size_t x = 0; x < SAMPLES; x++)
            for (size_t j = 0; j < shapes[0].widths[l + 1]; j++) {
                const size_t at = bp_panels_at(printed.stride, x, j);
                cr_assert_eq(printed.slope[l][at] == chain.slope[l][at], l == 2,
                             "layer %zu, sample %zu, neuron %zu", l, x, j);
            }
    bp_activations_release(&printed);
    bp_activations_release(&chain);
    trial_free(first);
    trial_free(second);
}

Test(math_as_printed, both_rules_agree_at_the_output_and_nowhere_else)
{
    compare_rules(0);
    compare_rules(1);
}

static void compare_single_layer(size_t reduced)
{
    struct bp_network_spec spec = {.layers = 1, .widths = {17, 5}, .reduced = reduced};
    struct trial *chain = trial_create(&spec, 20, true, 9);
    spec.hidden_delta = BP_HIDDEN_DELTA_AS_PRINTED;
    struct trial *printed = trial_create(&spec, 20, true, 9);
    trial_train(chain, BP_ISA_AUTO, 1, 1.0f, 3);
    trial_train(printed, BP_ISA_AUTO, 1, 1.0f, 3);
    cr_expect_arr_eq(chain->network->values, printed->network->values,
                     chain->network->floats * sizeof(float));
    trial_free(chain);
    trial_free(printed);
}

Test(math_as_printed, a_network_without_hidden_layers_does_not_know_the_difference)
{
    compare_single_layer(0);
    compare_single_layer(1);
}

static void check_update(size_t reduced)
{
    const struct bp_network_spec spec = make_spec(reduced, BP_HIDDEN_DELTA_AS_PRINTED);
    struct trial *trial = trial_create(&spec, 65, false, 10);
    trial_train(trial, BP_ISA_AUTO, 2, 0.5f, 1);
    reference_propagate(trial->reference, trial->input, trial->target, 65);
    reference_descend(trial->reference, 0.5f);
    trial_expect_parameters(trial, trial->network->values);
    trial_free(trial);
}

Test(math_as_printed, sums_and_updates_are_those_of_the_printed_rule)
{
    check_update(0);
    check_update(1);
}

/* A network 1-1-1: weights 1, thresholds 0, input 1, target 0. Returns what the reference has for
 * the first weight in place of dE/dw, and asserts that the trainer agrees. */
static double differentiate_example(size_t reduced, bp_hidden_delta rule)
{
    const struct bp_network_spec spec = {
        .layers = 2, .widths = {1, 1, 1}, .hidden_delta = rule, .reduced = reduced};
    static const float one = 1.0f, zero = 0.0f;
    struct trial *trial = trial_create(&spec, 1, false, 1);
    trial_set(trial, 0, &one, &zero);
    trial_set(trial, 1, &one, &zero);
    trial->input[0] = trial->samples.owned_values[0] = one;
    trial->target[0] = trial->samples.targets[0] = zero;
    reference_propagate(trial->reference, trial->input, trial->target, 1);
    float *gradient = trial_values_alloc(trial);
    trial_gradient(trial, BP_ISA_AUTO, 1, gradient);
    trial_expect_sums(trial, gradient);
    const double sum = trial->reference->layer[0].weight_sum[0].value;
    trial_values_free(gradient);
    trial_free(trial);
    return sum;
}

/* docs/derivation.md gives eight decimal places. */
Test(math_as_printed, the_example_in_the_documentation_is_right)
{
    for (size_t reduced = 0; reduced < 2; reduced++) {
        const double printed = differentiate_example(reduced, BP_HIDDEN_DELTA_AS_PRINTED);
        const double chain = differentiate_example(reduced, BP_HIDDEN_DELTA_CHAIN_RULE);
        cr_expect_float_eq(printed, 0.29615498, 0.5e-8);
        cr_expect_float_eq(chain, 0.05822760, 0.5e-8);
    }
}

/* How far the sums of layer 0 are from the true gradient, beside the largest part of it. */
static double measure_error(size_t reduced, bp_hidden_delta rule)
{
    struct bp_network_spec spec = shapes[reduced];
    struct trial *truth = trial_create(&spec, 20, true, 11);
    reference_propagate(truth->reference, truth->input, truth->target, 20);
    spec.hidden_delta = rule;
    struct trial *trial = trial_create(&spec, 20, true, 11);
    float *gradient = trial_values_alloc(trial);
    trial_gradient(trial, BP_ISA_AUTO, 1, gradient);
    float weights[7 * 33];
    bp_layer_unpack(&trial->network->layer[0], gradient, weights, NULL);
    double largest = 0.0, error = 0.0;
    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < 33; j++) {
            const double exact = truth->reference->layer[0].weight_sum[i * 33 + j].value;
            largest = fmax(largest, fabs(exact));
            const double difference = fabs((double)weights[j * 7 + i] - exact);
            error = difference > error ? difference : error; /* as in largest_gradient() */
        }
    trial_values_free(gradient);
    trial_free(trial);
    trial_free(truth);
    return error / largest;
}

/* Slopes are at most 1/4: what lacks two of them is about sixteen times too large or more. */
Test(math_as_printed, the_printed_sum_is_not_the_gradient_of_the_loss)
{
    for (size_t reduced = 0; reduced < 2; reduced++) {
        cr_expect_lt(measure_error(reduced, BP_HIDDEN_DELTA_CHAIN_RULE), 1e-3);
        cr_expect_gt(measure_error(reduced, BP_HIDDEN_DELTA_AS_PRINTED), 1.0);
    }
}
