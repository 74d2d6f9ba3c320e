/* The gradient of a model for optimizers of the caller, and parameters where they are. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "batchprop/batchprop.h"

#define ROWS    70
#define INPUTS  19
#define HIDDEN  37
#define OUTPUTS 2

struct work {
    bp_dataset *dataset;
    bp_model *model;
    bp_gradient *gradient;
};

/* Two numbers of nineteen; rows have weights if `weighted`. */
static bp_dataset *make_dataset(bool weighted)
{
    static float input[ROWS][INPUTS], targets[ROWS][OUTPUTS], weight[ROWS];
    bp_column_block block[3] = {bp_column_block_default(), bp_column_block_default(),
                                bp_column_block_default()};
    bp_blocks blocks = bp_blocks_default();
    bp_dataset *dataset;
    bp_error error;
    for (size_t x = 0; x < ROWS; x++) {
        for (size_t i = 0; i < INPUTS; i++)
            input[x][i] = (float)((x * INPUTS + i) * 2654435761u % 1000u) / 500.0f - 1.0f;
        targets[x][0] = input[x][0] * input[x][1];
        targets[x][1] = input[x][2] - input[x][3];
        weight[x] = (float)(x % 3);
    }
    block[0].data = input;
    block[0].columns = INPUTS;
    block[1].role = BP_ROLE_TARGET;
    block[1].data = targets;
    block[1].columns = OUTPUTS;
    block[2].role = BP_ROLE_WEIGHT;
    block[2].data = weight;
    blocks.rows = ROWS;
    blocks.block = block;
    blocks.count = weighted ? 3 : 2;
    cr_assert_eq(bp_dataset_from_blocks(&dataset, &blocks, &error), BP_OK, "%s", error.message);
    return dataset;
}

static struct work begin(const bp_run_options *options, bool weighted)
{
    struct work work = {.dataset = make_dataset(weighted)};
    bp_model_options model = bp_model_options_default();
    bp_error error;
    model.hidden[0] = HIDDEN;
    cr_assert_eq(bp_model_create(&work.model, work.dataset, &model, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_gradient_create(&work.gradient, work.model, options, &error), BP_OK, "%s",
                 error.message);
    return work;
}

static void end(struct work *work)
{
    bp_gradient_free(work->gradient);
    bp_model_free(work->model);
    bp_dataset_free(work->dataset);
}

static double compute(struct work *work)
{
    double loss;
    bp_error error;
    cr_assert_eq(bp_gradient_compute(work->gradient, work->dataset, &loss, &error), BP_OK, "%s",
                 error.message);
    return loss;
}

/* The parameters of a layer, or a gradient by them. */
struct layer {
    float weights[HIDDEN * HIDDEN];
    float thresholds[HIDDEN];
};

#define RATE 0.25f

/* Gradient descent by hand gives the bits of an update of a trainer. */
Test(train_gradient, a_step_by_hand_is_that_of_a_trainer)
{
    for (int weighted = 0; weighted < 2; weighted++) {
        static const size_t widths[] = {INPUTS, HIDDEN, OUTPUTS};
        static struct layer gradient, before, after;
        struct work work = begin(NULL, weighted);
        bp_train_options options = bp_train_options_default();
        bp_model *trained;
        bp_trainer *trainer;
        double loss;
        options.threads = 1;
        cr_assert_eq(bp_model_copy(&trained, work.model, NULL), BP_OK);
        cr_assert_eq(bp_trainer_create(&trainer, trained, work.dataset, NULL, &options, NULL),
                     BP_OK);
        cr_assert_eq(bp_trainer_update(trainer, work.dataset, RATE, &loss, NULL), BP_OK);
        cr_expect_eq(compute(&work), loss);
        for (size_t l = 0; l < 2; l++) {
            const size_t in = widths[l], out = widths[l + 1];
            bp_gradient_get_parameters(work.gradient, l, gradient.weights, gradient.thresholds,
                                       NULL);
            bp_model_get_parameters(work.model, l, before.weights, before.thresholds, NULL);
            bp_model_get_parameters(trained, l, after.weights, after.thresholds, NULL);
            for (size_t k = 0; k < in * out; k++)
                before.weights[k] = fmaf(-RATE, gradient.weights[k], before.weights[k]);
            for (size_t j = 0; j < out; j++)
                before.thresholds[j] = fmaf(-RATE, gradient.thresholds[j], before.thresholds[j]);
            cr_expect_arr_eq(before.weights, after.weights, in * out * sizeof(float));
            cr_expect_arr_eq(before.thresholds, after.thresholds, out * sizeof(float));
            cr_assert_eq(
                bp_model_set_parameters(work.model, l, before.weights, before.thresholds, NULL),
                BP_OK);
        }
        cr_expect_str_eq(bp_model_get_info(work.model).weights_digest,
                         bp_model_get_info(trained).weights_digest);
        bp_trainer_free(trainer);
        bp_model_free(trained);
        end(&work);
    }
}

Test(train_gradient, the_loss_is_that_of_an_evaluation)
{
    struct work work = begin(NULL, true);
    bp_metrics metrics;
    cr_assert_eq(bp_evaluate(work.model, work.dataset, NULL, &metrics, NULL), BP_OK);
    /* Sums of ROWS terms, each rounded, and weights that are divided as floats. */
    cr_expect_float_eq(compute(&work), metrics.loss, ROWS * 0x1p-24 * metrics.loss);
    end(&work);
}

Test(train_gradient, threads_and_views_change_no_bit)
{
    static struct layer one, several;
    bp_run_options options = bp_run_options_default();
    options.threads = 1;
    struct work work = begin(&options, true);
    options.threads = 3;
    struct work other = begin(&options, true);
    cr_expect_eq(compute(&work), compute(&other));
    for (size_t l = 0; l < 2; l++) {
        bp_layer_view view;
        bp_gradient_get_parameters(work.gradient, l, one.weights, one.thresholds, NULL);
        bp_gradient_get_parameters(other.gradient, l, several.weights, several.thresholds, NULL);
        cr_assert_eq(bp_gradient_view_layer(work.gradient, l, &view, NULL), BP_OK);
        cr_expect_arr_eq(one.weights, several.weights, view.neurons * view.inputs * sizeof(float));
        cr_expect_arr_eq(one.thresholds, several.thresholds, view.neurons * sizeof(float));
        for (size_t j = 0; j < view.neurons; j++) {
            const size_t p = j / view.lanes * view.panel_stride + j % view.lanes;
            cr_expect_eq(view.biases[p], -one.thresholds[j]);
            for (size_t i = 0; i < view.inputs; i++)
                cr_expect_eq(view.weights[p + i * view.input_stride],
                             one.weights[j * view.inputs + i]);
        }
    }
    end(&work);
    end(&other);
}

Test(train_gradient, a_view_of_a_model_shows_what_it_has_now)
{
    struct work work = begin(NULL, false);
    static float weights[OUTPUTS][HIDDEN];
    bp_layer_view view;
    cr_assert_eq(bp_model_view_layer(work.model, 1, &view, NULL), BP_OK);
    cr_expect_eq(view.neurons, OUTPUTS);
    cr_expect_eq(view.inputs, HIDDEN);
    weights[1][5] = 0.5f;
    cr_assert_eq(bp_model_set_parameters(work.model, 1, weights[0], NULL, NULL), BP_OK);
    cr_expect_eq(view.weights[1 + 5 * view.input_stride], 0.5f);
    cr_expect_eq(view.weights[0], 0.0f);
    bp_error error = {BP_OK, ""};
    cr_expect_eq(bp_model_view_layer(work.model, 2, &view, &error), BP_ERROR_ARGUMENT);
    cr_expect_null(view.weights);
    cr_expect_eq(bp_gradient_view_layer(work.gradient, 2, &view, &error), BP_ERROR_ARGUMENT);
    cr_expect_eq(bp_gradient_get_parameters(work.gradient, 2, NULL, NULL, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "layer 2: the model has 2, from 0");
    end(&work);
}

/* Batches of any size, one after the other. */
Test(train_gradient, rows_are_one_batch_however_many_they_are)
{
    struct work work = begin(NULL, false);
    bp_dataset *some, *others;
    double a, b;
    const double all = compute(&work);
    cr_assert_eq(bp_dataset_split(work.dataset, 0.3, 1, &some, &others, NULL), BP_OK);
    cr_assert_eq(bp_gradient_compute(work.gradient, some, &a, NULL), BP_OK);
    cr_assert_eq(bp_gradient_compute(work.gradient, others, &b, NULL), BP_OK);
    /* Binary64 sums of ROWS terms. */
    cr_expect_float_eq((a * 49 + b * 21) / ROWS, all, ROWS * 0x1p-52 * all);
    cr_expect_eq(compute(&work), all);
    bp_dataset_free(some);
    bp_dataset_free(others);
    end(&work);
}
