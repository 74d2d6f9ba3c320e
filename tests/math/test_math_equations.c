/* The equations of the text against a reference in binary64, within bounds derived term by term. */
#include <criterion/criterion.h>

#include "data/samples/batch.h"
#include "step/passes/passes.h"
#include "support/trial.h"

/* One below, at and above each vector width and register tile; one; primes. */
static const size_t widths[] = {1, 2, 3, 15, 16, 17, 31, 33, 65};
static const size_t batches[] = {1, 2, 7, 8, 9, 63, 64, 65, 200};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Neighbours differ, and each width comes up in every layer as `first` goes from 0 to 8. */
static struct bp_network_spec make_spec(size_t layers, size_t first, bool reduced)
{
    struct bp_network_spec spec = {.layers = layers, .reduced = reduced};
    const size_t step = layers + 1;
    for (size_t l = 0; l <= layers; l++)
        spec.widths[l] = widths[(first + l * step) % COUNT(widths)];
    spec.activations[layers - 1] = first % 3 == 2 ? BP_ACTIVATION_IDENTITY : BP_ACTIVATION_LOGISTIC;
    return spec;
}

static void check_gradients(size_t layers, size_t samples, bool labels, bool reduced)
{
    for (size_t first = 0; first < COUNT(widths); first++) {
        const struct bp_network_spec spec = make_spec(layers, first, reduced);
        struct trial *trial = trial_create(&spec, samples, labels, 100 * samples + first);
        const struct bounded expected =
            reference_propagate(trial->reference, trial->input, trial->target, samples);
        float *gradient = trial_values_alloc(trial);
        const double loss = trial_gradient(trial, BP_ISA_AUTO, 1 + first % 3, gradient);
        cr_expect(bounded_holds(expected, loss), "sum of losses %.17g instead of %.17g +- %.2g",
                  loss, expected.value, expected.error);
        trial_expect_sums(trial, gradient);
        trial_values_free(gradient);
        trial_free(trial);
    }
}

static void check_all_batches(size_t layers)
{
    for (size_t b = 0; b < COUNT(batches); b++) {
        for (int kind = 0; kind < 4; kind++)
            check_gradients(layers, batches[b], kind % 2, kind / 2);
    }
}

Test(math_equations, loss_and_gradient_of_one_layer_are_those_of_the_text)
{
    check_all_batches(1);
}

Test(math_equations, loss_and_gradient_of_two_layers_are_those_of_the_text)
{
    check_all_batches(2);
}

Test(math_equations, loss_and_gradient_of_three_layers_are_those_of_the_text)
{
    check_all_batches(3);
}

Test(math_equations, loss_and_gradient_of_four_layers_are_those_of_the_text)
{
    check_all_batches(4);
}

/* Values or deltas of one layer: n x out, in panels. */
static void expect_rows(const float *actual, size_t stride, const struct bounded *expected,
                        const struct reference_layer *layer, size_t n)
{
    for (size_t x = 0; x < n; x++) {
        for (size_t j = 0; j < layer->out; j++) {
            const struct bounded e = expected[x * layer->out + j];
            const double a = (double)actual[bp_panels_at(stride, x, j)];
            cr_assert(bounded_holds(e, a), "sample %zu neuron %zu: %.9g instead of %.9g +- %.2g", x,
                      j, a, e.value, e.error);
        }
    }
}

static void check_passes(struct trial *trial, const struct bp_kernels *kernels)
{
    const size_t n = trial->samples.count;
    const struct reference_layer *layer = trial->reference->layer;
    struct bp_activations room;
    double loss[65];
    cr_assert_eq(bp_activations_make(&room, trial->network, n, true, NULL), BP_OK);
    bp_batch_gather(&trial->samples, trial->order, n, room.value[0], room.stride);
    bp_forward(trial->network, kernels, &room, n);
    for (size_t l = 0; l < trial->network->layers; l++) {
        expect_rows(room.value[l + 1], room.stride, layer[l].value, &layer[l], n);
        expect_rows(room.slope[l], room.stride, layer[l].slope, &layer[l], n);
    }
    bp_batch_gather_targets(&trial->samples, trial->order, n, room.target, room.stride);
    bp_delta_output(trial->network, kernels, &room, n, n, loss);
    bp_delta_hidden(trial->network, kernels, &room, n);
    for (size_t l = 0; l < trial->network->layers; l++)
        expect_rows(room.slope[l], room.stride, layer[l].delta, &layer[l], n);
    bp_activations_release(&room);
}

Test(math_equations, values_slopes_and_deltas_of_every_layer_are_those_of_the_text)
{
    for (size_t layers = 1; layers <= 4; layers++) {
        for (size_t first = 0; first < COUNT(widths); first++) {
            for (int reduced = 0; reduced < 2; reduced++) {
                const struct bp_network_spec spec = make_spec(layers, first, reduced);
                struct trial *trial = trial_create(&spec, 65, first % 2 == 0, first);
                reference_propagate(trial->reference, trial->input, trial->target, 65);
                for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k))
                    check_passes(trial, k);
                trial_free(trial);
            }
        }
    }
}

Test(math_equations, a_hidden_layer_of_identity_neurons_has_slope_one)
{
    for (int reduced = 0; reduced < 2; reduced++) {
        struct bp_network_spec spec = {.layers = 2, .widths = {5, 17, 3}, .reduced = reduced};
        spec.activations[0] = BP_ACTIVATION_IDENTITY;
        struct trial *trial = trial_create(&spec, 9, false, 4);
        reference_propagate(trial->reference, trial->input, trial->target, 9);
        float *gradient = trial_values_alloc(trial);
        trial_gradient(trial, BP_ISA_AUTO, 1, gradient);
        trial_expect_sums(trial, gradient);
        trial_values_free(gradient);
        trial_free(trial);
    }
}

/* What the other tests are worth: an error of a thousandth would be seen. */
Test(math_equations, the_bounds_are_below_a_thousandth_of_the_gradient)
{
    const struct bp_network_spec spec = {.layers = 3, .widths = {33, 17, 31, 3}};
    struct trial *trial = trial_create(&spec, 64, true, 1);
    reference_propagate(trial->reference, trial->input, trial->target, 64);
    for (size_t l = 0; l < 3; l++) {
        const struct reference_layer *layer = &trial->reference->layer[l];
        double largest = 0.0, bound = 0.0;
        for (size_t k = 0; k < layer->in * layer->out; k++) {
            largest = fmax(largest, fabs(layer->weight_sum[k].value));
            bound = fmax(bound, layer->weight_sum[k].error);
        }
        cr_expect_lt(bound, 1e-3 * largest, "layer %zu: bound %.2g, gradient %.2g", l, bound,
                     largest);
    }
    trial_free(trial);
}
