/* Thresholds: subtracted from n_j, and moved by Delta b_j = +eta sum_x delta_j(x) (section 2); and
 * networks that have none (section 1). */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "step/passes/passes.h"
#include "support/trial.h"

/* The values of the last layer for the samples of the batch: samples x out, without padding. */
static void evaluate(const struct trial *trial, float *output)
{
    const size_t n = trial->samples.count;
    struct bp_activations room;
    cr_assert_eq(bp_activations_make(&room, trial->network, n, false, NULL), BP_OK);
    const size_t in = trial->samples.inputs;
    for (size_t x = 0; x < n; x++)
        for (size_t i = 0; i < in; i++)
            room.value[0][bp_panels_at(room.stride, x, i)] = trial->input[x * in + i];
    bp_forward(trial->network, bp_kernels_select(BP_ISA_AUTO), &room, n);
    bp_activations_outputs(&room, trial->network, n, output);
    bp_activations_release(&room);
}

static float threshold_of(const struct trial *trial, size_t l, size_t j)
{
    float *bias = malloc(trial->network->layer[l].out * sizeof *bias);
    cr_assert(bias);
    bp_layer_unpack(&trial->network->layer[l], trial->network->values, NULL, bias);
    const float threshold = -bias[j];
    free(bias);
    return threshold;
}

static struct trial *make_neuron(bp_activation activation, size_t samples)
{
    struct bp_network_spec spec = {.layers = 1, .widths = {2, 1}};
    spec.activations[0] = activation;
    return trial_create(&spec, samples, false, 12);
}

Test(math_thresholds, n_falls_by_what_the_threshold_rises)
{
    struct trial *trial = make_neuron(BP_ACTIVATION_IDENTITY, 1);
    float low, high;
    trial_set(trial, 0, (const float[2]){0, 0}, (const float[1]){0.25f});
    evaluate(trial, &low);
    trial_set(trial, 0, (const float[2]){0, 0}, (const float[1]){0.75f});
    evaluate(trial, &high);
    cr_expect_eq(low, -0.25f);
    cr_expect_eq(high, -0.75f);
    trial_free(trial);
}

Test(math_thresholds, without_weights_a_neuron_is_sigma_of_minus_its_threshold)
{
    const struct bp_network_spec spec = {.layers = 2, .widths = {3, 17, 2}};
    struct trial *trial = trial_create(&spec, 4, false, 13);
    static const float zeros[3 * 17];
    trial_set(trial, 0, zeros, zeros);
    trial_set(trial, 1, zeros, (const float[2]){1.5f, -1.5f});
    float output[4 * 2];
    evaluate(trial, output);
    for (size_t x = 0; x < 4; x++) {
        struct bounded slope;
        cr_expect(
            bounded_holds(reference_logistic(bounded_exact(-1.5), &slope), (double)output[2 * x]));
        cr_expect(bounded_holds(reference_logistic(bounded_exact(1.5), &slope),
                                (double)output[2 * x + 1]));
    }
    trial_free(trial);
}

/* One step from threshold 0 with all targets at `target`. */
static float move_threshold(float target)
{
    struct trial *trial = make_neuron(BP_ACTIVATION_LOGISTIC, 5);
    trial_set(trial, 0, (const float[2]){0, 0}, (const float[1]){0});
    for (size_t x = 0; x < 5; x++)
        trial->samples.targets[x] = target;
    trial_train(trial, BP_ISA_AUTO, 1, 1.0f, 1);
    const float moved = threshold_of(trial, 0, 0);
    trial_free(trial);
    return moved;
}

/* o = 1/2, sigma' = 1/4, delta(x) = (2/5) (1/2 - t) / 4, eta = 1: Delta b = (1/2 - t) / 2. Five
 * equal deltas, rounded from 0.05, and four sums. */
Test(math_thresholds, a_threshold_rises_where_the_output_is_too_high)
{
    cr_expect_float_eq(move_threshold(0.0f), 0.25f, 6 * 0x1p-24 * 0.25);
}

Test(math_thresholds, a_threshold_falls_where_the_output_is_too_low)
{
    cr_expect_float_eq(move_threshold(1.0f), -0.25f, 6 * 0x1p-24 * 0.25);
}

Test(math_thresholds, a_threshold_stays_where_the_output_is_right)
{
    cr_expect_eq(move_threshold(0.5f), 0.0f);
}

Test(math_thresholds, thresholds_move_by_eta_times_the_sum_of_the_deltas)
{
    const struct bp_network_spec spec = {.layers = 3, .widths = {5, 17, 31, 3}};
    struct trial *trial = trial_create(&spec, 65, true, 14);
    reference_propagate(trial->reference, trial->input, trial->target, 65);
    float before[31];
    for (size_t j = 0; j < 31; j++)
        before[j] = threshold_of(trial, 1, j);
    trial_train(trial, BP_ISA_AUTO, 2, 2.0f, 1);
    for (size_t j = 0; j < 31; j++) {
        const struct bounded expected =
            bounded_fma(bounded_exact(2.0), trial->reference->layer[1].threshold_sum[j],
                        bounded_exact((double)before[j]));
        cr_expect(bounded_holds(expected, (double)threshold_of(trial, 1, j)));
        cr_expect_neq(threshold_of(trial, 1, j), before[j]);
    }
    trial_free(trial);
}

/* A network with one more input that is always -1 and leads to every neuron with the weight b_j:
 * the same chains, and -eta sum_x (-1) delta_j(x) is the same update. */
Test(math_thresholds, a_threshold_is_the_weight_of_an_input_of_minus_one)
{
    const struct bp_network_spec spec = {.layers = 1, .widths = {4, 17}};
    struct trial *with = trial_create(&spec, 20, false, 15);
    const struct bp_network_spec wider = {.layers = 1, .widths = {5, 17}};
    struct trial *without = trial_create(&wider, 20, false, 15);
    float weights[17 * 4], thresholds[17], wide[17 * 5];
    static const float zeros[17];
    bp_layer_unpack(&with->network->layer[0], with->network->values, weights, NULL);
    for (size_t j = 0; j < 17; j++) {
        thresholds[j] = wide[5 * j] = threshold_of(with, 0, j);
        for (size_t i = 0; i < 4; i++)
            wide[5 * j + 1 + i] = weights[4 * j + i];
    }
    trial_set(without, 0, wide, zeros);
    for (size_t x = 0; x < 20; x++) {
        without->samples.owned_values[5 * x] = -1.0f;
        for (size_t i = 0; i < 4; i++)
            without->samples.owned_values[5 * x + 1 + i] = with->samples.values[4 * x + i];
    }
    trial_train(with, BP_ISA_AUTO, 1, 0.5f, 1);
    trial_train(without, BP_ISA_AUTO, 1, 0.5f, 1);
    bp_layer_unpack(&without->network->layer[0], without->network->values, wide, NULL);
    for (size_t j = 0; j < 17; j++) {
        cr_expect_eq(threshold_of(with, 0, j), wide[5 * j], "neuron %zu", j);
        cr_expect_neq(threshold_of(with, 0, j), thresholds[j]);
    }
    trial_free(with);
    trial_free(without);
}

/* A network without thresholds has the values, and the gradient by its weights, of one whose
 * thresholds are 0; those of the latter move. */
Test(math_thresholds, a_network_without_thresholds_is_one_whose_thresholds_are_held_at_zero)
{
    struct bp_network_spec spec = {.layers = 2, .widths = {5, 17, 3}};
    struct trial *with = trial_create(&spec, 20, true, 18);
    spec.reduced = true;
    struct trial *without = trial_create(&spec, 20, true, 18);
    for (size_t l = 0; l < 2; l++) {
        float weights[17 * 17];
        static const float zeros[17];
        bp_layer_unpack(&without->network->layer[l], without->network->values, weights, NULL);
        trial_set(with, l, weights, zeros);
    }
    float outputs[2][20 * 3];
    evaluate(with, outputs[0]);
    evaluate(without, outputs[1]);
    cr_expect_arr_eq(outputs[0], outputs[1], sizeof outputs[0]);
    trial_train(with, BP_ISA_AUTO, 1, 0.5f, 1);
    trial_train(without, BP_ISA_AUTO, 1, 0.5f, 1);
    for (size_t l = 0; l < 2; l++) {
        const size_t size = spec.widths[l] * spec.widths[l + 1] * sizeof(float);
        float weights[2][17 * 17];
        bp_layer_unpack(&with->network->layer[l], with->network->values, weights[0], NULL);
        bp_layer_unpack(&without->network->layer[l], without->network->values, weights[1], NULL);
        cr_expect_arr_eq(weights[0], weights[1], size, "layer %zu", l);
        for (size_t j = 0; j < spec.widths[l + 1]; j++) {
            cr_expect_eq(threshold_of(without, l, j), 0.0f);
            cr_expect_neq(threshold_of(with, l, j), 0.0f);
        }
    }
    trial_free(with);
    trial_free(without);
}
