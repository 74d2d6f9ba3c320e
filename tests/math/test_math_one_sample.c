/* A batch of one sample gives, bit for bit, the single-sample equations of section 1.5. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/trial.h"

#define WIDTH_MAX 80 /* a multiple of 16 */

/* The sample in binary32: layer l reads value[l], whose neurons value[l + 1] have slope and delta.
 */
struct pass {
    const struct trial *trial;
    _Alignas(64) float value[5][WIDTH_MAX];
    _Alignas(64) float slope[4][WIDTH_MAX];
    float delta[4][WIDTH_MAX];
    float weight[4][WIDTH_MAX][WIDTH_MAX]; /* w_ij at [i][j] */
    float threshold[4][WIDTH_MAX];
};

static void load_parameters(struct pass *pass)
{
    for (size_t l = 0; l < pass->trial->network->layers; l++) {
        const struct reference_layer *layer = &pass->trial->reference->layer[l];
        for (size_t j = 0; j < layer->out; j++) {
            for (size_t i = 0; i < layer->in; i++)
                pass->weight[l][i][j] = (float)layer->weight[i * layer->out + j].value;
            pass->threshold[l][j] = (float)layer->threshold[j].value;
        }
    }
}

/* n_j = (sum_i w_ij o_i) - b_j, o_j = sigma(n_j), from -b_j on and i ascending. */
static void run_forward(struct pass *pass, size_t l)
{
    const struct bp_layer *layer = &pass->trial->network->layer[l];
    _Alignas(64) float n[WIDTH_MAX] = {0};
    for (size_t j = 0; j < layer->out; j++) {
        n[j] = -pass->threshold[l][j];
        for (size_t i = 0; i < layer->in; i++)
            n[j] = fmaf(pass->weight[l][i][j], pass->value[l][i], n[j]);
    }
    bp_kernels_select(BP_ISA_PORTABLE)
        ->activate(layer->activation, n, pass->value[l + 1], pass->slope[l], WIDTH_MAX);
}

/* dE/do_j = 2 (o_j - t_j) at the output, else sum_l delta_l w_jl; delta_j = dE/do_j sigma'(n_j). */
static void run_delta(struct pass *pass, size_t l)
{
    const struct bp_network *network = pass->trial->network;
    for (size_t j = 0; j < network->layer[l].out; j++) {
        float by_value = 0.0f;
        if (l == network->layers - 1)
            by_value = 2.0f * (pass->value[l + 1][j] - pass->trial->target[j]);
        else
            for (size_t k = 0; k < network->layer[l + 1].out; k++)
                by_value = fmaf(pass->delta[l + 1][k], pass->weight[l + 1][j][k], by_value);
        pass->delta[l][j] = by_value * pass->slope[l][j];
    }
}

static struct pass *run_sample(const struct trial *trial)
{
    static struct pass pass;
    memset(&pass, 0, sizeof pass);
    pass.trial = trial;
    load_parameters(&pass);
    memcpy(pass.value[0], trial->input, trial->network->layer[0].in * sizeof(float));
    for (size_t l = 0; l < trial->network->layers; l++)
        run_forward(&pass, l);
    for (size_t l = trial->network->layers; l > 0; l--)
        run_delta(&pass, l - 1);
    return &pass;
}

/* Asserts that `values`, laid out as network->values, hold fma(step, o_i delta_j, from w_ij) and
 * for the added bias fma(step, delta_j, from -b_j): with step 1 and from 0 the gradient. */
static void expect_bits(const struct pass *pass, const float *values, float step, float from)
{
    static float weights[WIDTH_MAX * WIDTH_MAX], biases[WIDTH_MAX];
    for (size_t l = 0; l < pass->trial->network->layers; l++) {
        const struct bp_layer *layer = &pass->trial->network->layer[l];
        bp_layer_unpack(layer, values, weights, biases);
        for (size_t j = 0; j < layer->out; j++) {
            const float delta = pass->delta[l][j];
            for (size_t i = 0; i < layer->in; i++) {
                const float product = pass->value[l][i] * delta;
                cr_assert_eq(weights[j * layer->in + i],
                             fmaf(step, product, from * pass->weight[l][i][j]),
                             "layer %zu, from %zu to %zu", l, i, j);
            }
            const float moved = fmaf(step, delta, from * -pass->threshold[l][j]);
            cr_assert_eq(biases[j], pass->trial->network->reduced ? 0.0f : moved,
                         "layer %zu, threshold %zu", l, j);
        }
    }
}

static void check_gradient_of(const struct bp_network_spec *spec, bool labels)
{
    size_t threads = 0;
    struct trial *trial = trial_create(spec, 1, labels, 3);
    const struct pass *pass = run_sample(trial);
    float *gradient = trial_values_alloc(trial);
    for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) {
        trial_gradient(trial, k->isa, ++threads, gradient);
        expect_bits(pass, gradient, 1.0f, 0.0f);
    }
    trial_values_free(gradient);
    trial_free(trial);
}

/* With and without thresholds. */
static void check_gradient(struct bp_network_spec spec, bool labels)
{
    check_gradient_of(&spec, labels);
    spec.reduced = true;
    check_gradient_of(&spec, labels);
}

Test(math_one_sample, the_gradient_is_o_i_delta_j)
{
    check_gradient((struct bp_network_spec){.layers = 1, .widths = {1, 1}}, false);
    check_gradient((struct bp_network_spec){.layers = 1, .widths = {33, 3}}, true);
    check_gradient((struct bp_network_spec){.layers = 2, .widths = {65, 17, 2}}, true);
    check_gradient((struct bp_network_spec){.layers = 3, .widths = {3, 65, 31, 15}}, false);
    check_gradient((struct bp_network_spec){.layers = 4, .widths = {2, 16, 33, 1, 5}}, false);
}

/* Delta w_ij = -eta o_i delta_j and, by the added bias -b_j, Delta b_j = eta delta_j. */
static void check_update(struct bp_network_spec spec, float rate)
{
    for (int reduced = 0; reduced < 2; reduced++) {
        spec.reduced = reduced;
        struct trial *trial = trial_create(&spec, 1, false, 5);
        const struct pass *pass = run_sample(trial);
        trial_train(trial, BP_ISA_AUTO, 2, rate, 1);
        expect_bits(pass, trial->network->values, -rate, 1.0f);
        trial_free(trial);
    }
}

Test(math_one_sample, the_update_is_minus_eta_o_i_delta_j)
{
    check_update((struct bp_network_spec){.layers = 1, .widths = {17, 3}}, 1.0f);
    check_update((struct bp_network_spec){.layers = 3, .widths = {9, 33, 16, 2}}, 0.3f);
}

static void check_loss(bool reduced)
{
    const struct bp_network_spec spec = {.layers = 2, .widths = {5, 17, 4}, .reduced = reduced};
    struct trial *trial = trial_create(&spec, 1, false, 6);
    const struct pass *pass = run_sample(trial);
    double expected = 0.0;
    for (size_t j = 0; j < 4; j++) {
        const float difference = pass->value[2][j] - trial->target[j];
        expected += (double)difference * (double)difference;
    }
    float *gradient = trial_values_alloc(trial);
    cr_expect_eq(trial_gradient(trial, BP_ISA_AUTO, 1, gradient), expected);
    trial_values_free(gradient);
    trial_free(trial);
}

Test(math_one_sample, the_loss_is_the_sum_of_squares)
{
    check_loss(false);
    check_loss(true);
}
