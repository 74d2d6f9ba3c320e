/* The trainer's gradient against central differences of the loss in binary64. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "support/trial.h"

/* The parameter that is moved, and what the loss is then. */
struct probe {
    const struct trial *trial;
    double *parameter;
};

static double loss_at(const struct probe *probe, double at)
{
    const struct trial *trial = probe->trial;
    const double before = *probe->parameter;
    *probe->parameter = at;
    const double sum =
        reference_loss(trial->reference, trial->input, trial->target, trial->samples.count);
    *probe->parameter = before;
    return sum / (double)trial->samples.count;
}

static double difference(const struct probe *probe, double h)
{
    const double at = *probe->parameter;
    return (loss_at(probe, at + h) - loss_at(probe, at - h)) / (2.0 * h);
}

/*
 * D(h) = E' + h^2/6 E''' + O(h^4), so that D(2h) - D(h) is three times the error of D(h): taken
 * whole, it covers the higher terms. Each loss is a sum in binary64 of squares of values that have
 * been through `layers` sums: their relative errors stay below 2^-53 times the roundings on the
 * way, for the widths here below 2^-53 x 2^10, and D(h) divides them by h.
 */
static struct bounded differentiate(const struct probe *probe)
{
    const double h = 0x1p-14;
    const double near = difference(probe, h), far = difference(probe, 2.0 * h);
    const double loss = loss_at(probe, *probe->parameter);
    return (struct bounded){near, fabs(far - near) + 0x1p-43 * loss / h};
}

/* `analytic` may be off by its own bound too. */
static void expect_derivative(const struct probe *probe, float analytic, double bound, size_t l)
{
    struct bounded numeric = differentiate(probe);
    numeric.error += bound;
    cr_assert(bounded_holds(numeric, (double)analytic),
              "layer %zu: %.9g instead of %.9g +- %.2g by central differences", l, (double)analytic,
              numeric.value, numeric.error);
}

static void check_layer(const struct trial *trial, const float *gradient, size_t l)
{
    const struct reference_layer *layer = &trial->reference->layer[l];
    float *weights = malloc(layer->in * layer->out * sizeof *weights);
    float *biases = malloc(layer->out * sizeof *biases);
    cr_assert(weights && biases);
    bp_layer_unpack(&trial->network->layer[l], gradient, weights, biases);
    for (size_t j = 0; j < layer->out; j++) {
        for (size_t i = 0; i < layer->in; i++) {
            const size_t at = i * layer->out + j;
            expect_derivative(&(struct probe){trial, &layer->weight[at].value},
                              weights[j * layer->in + i], layer->weight_sum[at].error, l);
        }
        /* dE/db_j = -sum_x delta_j(x): the bias is the negated threshold. */
        if (trial->network->reduced)
            cr_assert_eq(biases[j], 0.0f);
        else
            expect_derivative(&(struct probe){trial, &layer->threshold[j].value}, -biases[j],
                              layer->threshold_sum[j].error, l);
    }
    free(weights);
    free(biases);
}

/* With thresholds, and without. */
static void check_network(struct bp_network_spec spec, bool labels)
{
    for (int reduced = 0; reduced < 2; reduced++) {
        spec.reduced = reduced;
        struct trial *trial = trial_create(&spec, 9, labels, 7);
        reference_propagate(trial->reference, trial->input, trial->target, 9);
        float *gradient = trial_values_alloc(trial);
        trial_gradient(trial, BP_ISA_AUTO, 2, gradient);
        for (size_t l = 0; l < spec.layers; l++)
            check_layer(trial, gradient, l);
        trial_values_free(gradient);
        trial_free(trial);
    }
}

Test(check_gradcheck, one_layer_has_the_gradient_of_its_loss)
{
    check_network((struct bp_network_spec){.layers = 1, .widths = {17, 5}}, true);
    check_network((struct bp_network_spec){.layers = 1, .widths = {1, 1}}, false);
}

Test(check_gradcheck, two_layers_have_the_gradient_of_their_loss)
{
    check_network((struct bp_network_spec){.layers = 2, .widths = {7, 17, 3}}, true);
    check_network((struct bp_network_spec){.layers = 2, .widths = {1, 33, 1}}, false);
}

Test(check_gradcheck, three_layers_have_the_gradient_of_their_loss)
{
    check_network((struct bp_network_spec){.layers = 3, .widths = {5, 17, 9, 2}}, true);
}

Test(check_gradcheck, four_layers_have_the_gradient_of_their_loss)
{
    check_network((struct bp_network_spec){.layers = 4, .widths = {3, 5, 17, 7, 3}}, false);
}

Test(check_gradcheck, identity_neurons_have_the_gradient_of_their_loss)
{
    struct bp_network_spec spec = {.layers = 2, .widths = {4, 15, 2}};
    spec.activations[1] = BP_ACTIVATION_IDENTITY;
    check_network(spec, false);
}
