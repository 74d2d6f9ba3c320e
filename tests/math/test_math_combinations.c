/* Every activation with every loss that goes with it: the gradient against central differences,
 * through the public interface; and what does not go together. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batchprop/batchprop.h"
#include "support/folder.h"
#include "support/noise.h"

enum { COUNT = 9, INPUTS = 3, OUTPUTS = 4 };

/* Numbers from 0 to 4, or classes. */
static bp_dataset *make_dataset(bool classes)
{
    float input[COUNT * INPUTS], targets[COUNT * OUTPUTS];
    uint32_t labels[COUNT];
    struct noise noise = {17};
    noise_fill(&noise, input, COUNT * INPUTS);
    noise_fill(&noise, targets, COUNT * OUTPUTS);
    for (size_t k = 0; k < COUNT * OUTPUTS; k++)
        targets[k] = 2.0f + 2.0f * targets[k];
    for (size_t x = 0; x < COUNT; x++)
        labels[x] = (uint32_t)(noise_bits(&noise) % OUTPUTS);
    const bp_arrays arrays = {
        .size = sizeof(bp_arrays),
        .count = COUNT,
        .inputs = INPUTS,
        .outputs = classes ? 0 : OUTPUTS,
        .input = input,
        .targets = classes ? NULL : targets,
        .labels = classes ? labels : NULL,
        .classes = classes ? OUTPUTS : 0,
    };
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    return dataset;
}

/* 3-17-2 or 3-5-18-2 neurons, with large weights, so that slopes differ. */
static bp_model_options make_options(bool deep, bp_activation hidden, bp_activation output,
                                     bp_loss loss)
{
    bp_model_options options = bp_model_options_default();
    options.hidden_count = deep ? 2 : 1;
    options.hidden[0] = deep ? 5 : 17;
    options.hidden[1] = 18;
    for (size_t l = 0; l < BP_LAYERS_MAX; l++)
        options.activations[l] = hidden;
    options.output_activation = output;
    options.loss = loss;
    options.init = BP_INIT_UNIFORM;
    options.init_range = 0.9f;
    options.seed = 5;
    return options;
}

static void expect_slope_of_loss(const bp_model *model, const bp_dataset *dataset)
{
    static const bp_isa sets[] = {BP_ISA_PORTABLE, BP_ISA_AUTO};
    const bp_model_info info = bp_model_get_info(model);
    const bp_gradcheck_options options = {
        .size = sizeof(bp_gradcheck_options), .samples = 0, .parameters = 60};
    for (size_t k = 0; k < 2; k++) {
        bp_run_options run = bp_run_options_default();
        run.threads = 1;
        run.isa = sets[k];
        bp_gradcheck_result result;
        cr_assert_eq(bp_gradcheck(model, dataset, &options, &run, &result, NULL), BP_OK);
        cr_assert(result.failed == 0 && result.parameters > 10 * result.skipped,
                  "%s thresholds: %s, then %s, %s: %zu of %zu parameters failed, %zu left out; "
                  "layer %zu: %.9g is "
                  "%.9g by differences, %.3g of what rounding allows",
                  info.thresholds ? "with" : "no",
                  bp_choice_name(BP_CHOICE_ACTIVATION, (int)info.activations[0]),
                  bp_choice_name(BP_CHOICE_ACTIVATION, (int)info.activations[info.layers - 1]),
                  bp_choice_name(BP_CHOICE_LOSS, (int)info.loss), result.failed, result.parameters,
                  result.skipped, result.worst_layer, result.analytic, result.numeric,
                  result.worst_ratio);
    }
}

static bool goes_together(bp_activation output, bp_loss loss, bool classes)
{
    switch (loss) {
    case BP_LOSS_BINARY_CROSS_ENTROPY:
        return output == BP_ACTIVATION_LOGISTIC;
    case BP_LOSS_CROSS_ENTROPY:
        return output == BP_ACTIVATION_SOFTMAX && classes;
    case BP_LOSS_POISSON:
        return output == BP_ACTIVATION_IDENTITY && !classes;
    default:
        return output != BP_ACTIVATION_SOFTMAX || classes;
    }
}

/* With thresholds, and without. */
static void expect_slopes(const bp_dataset *dataset, bp_model_options options)
{
    bp_error error = {BP_OK, ""};
    for (int thresholds = 0; thresholds < 2; thresholds++) {
        bp_model *model;
        options.thresholds = thresholds;
        cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_OK, "%s",
                     error.message);
        expect_slope_of_loss(model, dataset);
        bp_model_free(model);
    }
}

static void check_combination(const bp_dataset *dataset, bool classes,
                              const bp_model_options *options)
{
    bp_model *model;
    const bp_status status = bp_model_create(&model, dataset, options, NULL);
    if (!goes_together(options->output_activation, options->loss, classes)) {
        cr_assert_eq(status, BP_ERROR_ARGUMENT, "%d with loss %d was accepted",
                     (int)options->output_activation, (int)options->loss);
        return;
    }
    bp_model_free(model);
    expect_slopes(dataset, *options);
}

static void check_loss(bp_loss loss)
{
    for (int kind = 0; kind < 2; kind++) {
        bp_dataset *dataset = make_dataset(kind);
        for (int hidden = 0; bp_choice_name(BP_CHOICE_ACTIVATION, hidden); hidden++) {
            if (hidden == BP_ACTIVATION_SOFTMAX || hidden == BP_ACTIVATION_AUTO)
                continue;
            for (int output = 0; bp_choice_name(BP_CHOICE_ACTIVATION, output); output++) {
                const bp_model_options options =
                    make_options(hidden % 2, (bp_activation)hidden, (bp_activation)output, loss);
                if (output != BP_ACTIVATION_AUTO)
                    check_combination(dataset, kind, &options);
            }
        }
        bp_dataset_free(dataset);
    }
}

Test(math_combinations, squared_error_with_every_pair_of_activations)
{
    check_loss(BP_LOSS_MSE);
}

Test(math_combinations, absolute_error_with_every_pair_of_activations)
{
    check_loss(BP_LOSS_MAE);
}

Test(math_combinations, the_huber_loss_with_every_pair_of_activations)
{
    check_loss(BP_LOSS_HUBER);
}

/* A loss with a parameter: outputs on both sides of what it says. */
static void check_parameter(bp_loss loss, float parameter)
{
    for (int classes = 0; classes < 2; classes++) {
        bp_dataset *dataset = make_dataset(classes);
        static const bp_activation outputs[] = {BP_ACTIVATION_IDENTITY, BP_ACTIVATION_LOGISTIC,
                                                BP_ACTIVATION_SOFTMAX};
        for (size_t k = 0; k < 3; k++) {
            bp_model_options options = make_options(false, BP_ACTIVATION_TANH, outputs[k], loss);
            *(loss == BP_LOSS_HUBER ? &options.huber_bend : &options.quantile_level) = parameter;
            check_combination(dataset, classes, &options);
        }
        bp_dataset_free(dataset);
    }
}

Test(math_combinations, the_huber_loss_with_other_bends)
{
    check_parameter(BP_LOSS_HUBER, 0.03125f);
    check_parameter(BP_LOSS_HUBER, 0.3f);
    check_parameter(BP_LOSS_HUBER, 3.0f);
}

Test(math_combinations, the_quantile_loss_with_every_pair_of_activations)
{
    check_loss(BP_LOSS_QUANTILE);
}

Test(math_combinations, the_quantile_loss_with_other_levels)
{
    check_parameter(BP_LOSS_QUANTILE, 0.05f);
    check_parameter(BP_LOSS_QUANTILE, 0.9f);
}

Test(math_combinations, binary_cross_entropy_with_logistic_outputs_alone)
{
    check_loss(BP_LOSS_BINARY_CROSS_ENTROPY);
}

Test(math_combinations, cross_entropy_with_softmax_outputs_alone)
{
    check_loss(BP_LOSS_CROSS_ENTROPY);
}

Test(math_combinations, the_poisson_loss_with_identity_outputs_alone)
{
    check_loss(BP_LOSS_POISSON);
}

/* A row of a table of numbers or classes, and its weight. */
static void write_weighted_table(const char *path, bool classes)
{
    FILE *file = fopen(path, "w");
    cr_assert(file);
    struct noise noise = {23};
    fprintf(file, "a,b,c,w,y\n");
    for (size_t x = 0; x < COUNT; x++) {
        for (size_t i = 0; i < 3; i++)
            fprintf(file, "%.4f,", (double)noise_float(&noise));
        fprintf(file, "%.3f,", 1.2 + (double)noise_float(&noise));
        if (classes)
            fprintf(file, "%c\n", "pqr"[x % 3]);
        else
            fprintf(file, "%.4f\n", 2.0 + (double)noise_float(&noise));
    }
    cr_assert_eq(fclose(file), 0);
}

static void check_weighted(const char *path, bool classes, bp_activation output, bp_loss loss)
{
    const bp_read_options read = bp_read_options_default();
    bp_dataset *dataset;
    bp_error error = {BP_OK, ""};
    write_weighted_table(path, classes);
    cr_assert_eq(bp_dataset_read(&dataset, path, &read, &error), BP_OK, "%s", error.message);
    bp_model_options options = make_options(false, BP_ACTIVATION_TANH, output, loss);
    options.weight = "w";
    expect_slopes(dataset, options);
    bp_dataset_free(dataset);
}

Test(math_combinations, weights_of_samples_with_every_loss)
{
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "weighted.csv");
    check_weighted(path, false, BP_ACTIVATION_IDENTITY, BP_LOSS_MSE);
    check_weighted(path, false, BP_ACTIVATION_LOGISTIC, BP_LOSS_MAE);
    check_weighted(path, true, BP_ACTIVATION_SOFTMAX, BP_LOSS_HUBER);
    check_weighted(path, true, BP_ACTIVATION_LOGISTIC, BP_LOSS_BINARY_CROSS_ENTROPY);
    check_weighted(path, true, BP_ACTIVATION_SOFTMAX, BP_LOSS_CROSS_ENTROPY);
    check_weighted(path, false, BP_ACTIVATION_IDENTITY, BP_LOSS_POISSON);
    folder_remove(&folder);
    free(path);
}

/* ---- what is refused, and with which words ---- */

static void expect_refusal(bool classes, const bp_model_options *options, const char *reason)
{
    bp_dataset *dataset = make_dataset(classes);
    bp_model *model;
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_model_create(&model, dataset, options, &error), BP_ERROR_ARGUMENT);
    cr_assert_null(model);
    cr_assert_not_null(strstr(error.message, reason), "%s", error.message);
    bp_dataset_free(dataset);
}

Test(math_combinations, a_refused_pair_is_told_what_to_use)
{
    bp_model_options options =
        make_options(false, BP_ACTIVATION_RELU, BP_ACTIVATION_TANH, BP_LOSS_CROSS_ENTROPY);
    expect_refusal(true, &options, "loss cross-entropy needs softmax output neurons, not tanh");
    options.loss = BP_LOSS_BINARY_CROSS_ENTROPY;
    expect_refusal(true, &options, "give output activation logistic");
    options.loss = BP_LOSS_POISSON;
    expect_refusal(false, &options, "give output activation identity");
    options = make_options(false, BP_ACTIVATION_RELU, BP_ACTIVATION_SOFTMAX, BP_LOSS_MSE);
    expect_refusal(false, &options, "softmax is for classes");
    options = make_options(false, BP_ACTIVATION_RELU, BP_ACTIVATION_IDENTITY, BP_LOSS_POISSON);
    expect_refusal(true, &options, "loss poisson is for counts");
}

Test(math_combinations, softmax_and_auto_are_refused_in_hidden_layers)
{
    bp_model_options options =
        make_options(true, BP_ACTIVATION_RELU, BP_ACTIVATION_IDENTITY, BP_LOSS_MSE);
    options.activations[1] = BP_ACTIVATION_SOFTMAX;
    expect_refusal(false, &options, "give hidden layer 2 another one");
    options.activations[1] = BP_ACTIVATION_AUTO;
    expect_refusal(false, &options, "give layer 2 a definite one");
}

Test(math_combinations, a_choice_that_does_not_exist_is_refused)
{
    bp_model_options options = bp_model_options_default();
    options.activations[0] = (bp_activation)99;
    expect_refusal(false, &options, "layer 0 has no activation of number 99");
    options = bp_model_options_default();
    options.init = (bp_init)99;
    expect_refusal(false, &options, "init 99 does not exist");
    options.init = BP_INIT_UNIFORM;
    options.init_range = 0.0f;
    expect_refusal(false, &options, "init-range 0: give a number above 0");
    options = bp_model_options_default();
    options.loss = BP_LOSS_HUBER;
    options.huber_bend = -1.0f;
    expect_refusal(false, &options, "huber-bend -1: give a number above 0");
    options = bp_model_options_default();
    options.loss = BP_LOSS_QUANTILE;
    options.quantile_level = 1.0f;
    expect_refusal(false, &options, "quantile-level 1: give ");
}

/* ---- what auto and presets become ---- */

static bp_model_info make_info(bool classes, const bp_model_options *options)
{
    bp_dataset *dataset = make_dataset(classes);
    bp_model *model;
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_model_create(&model, dataset, options, &error), BP_OK, "%s", error.message);
    const bp_model_info info = bp_model_get_info(model);
    bp_model_free(model);
    bp_dataset_free(dataset);
    return info;
}

Test(math_combinations, auto_follows_the_targets_and_the_outputs)
{
    bp_model_options options =
        make_options(false, BP_ACTIVATION_TANH, BP_ACTIVATION_AUTO, BP_LOSS_AUTO);
    bp_model_info info = make_info(true, &options);
    cr_assert_eq(info.activations[1], BP_ACTIVATION_SOFTMAX);
    cr_assert_eq(info.loss, BP_LOSS_CROSS_ENTROPY);
    info = make_info(false, &options);
    cr_assert_eq(info.activations[1], BP_ACTIVATION_IDENTITY);
    cr_assert_eq(info.loss, BP_LOSS_MSE);
    options.output_activation = BP_ACTIVATION_LOGISTIC;
    info = make_info(true, &options);
    cr_assert_eq(info.loss, BP_LOSS_MSE);
}

Test(math_combinations, the_modern_preset_is_relu_softmax_cross_entropy_and_adamw)
{
    bp_model_options model = bp_model_options_default();
    bp_train_options train = bp_train_options_default();
    model.hidden_count = 2;
    model.hidden[0] = 16;
    model.hidden[1] = 7;
    cr_assert_eq(bp_preset_apply(BP_PRESET_MODERN, &model, &train, NULL), BP_OK);
    const bp_model_info info = make_info(true, &model);
    cr_assert_eq(info.activations[0], BP_ACTIVATION_GELU);
    cr_assert_eq(info.activations[1], BP_ACTIVATION_GELU);
    cr_assert_eq(info.activations[2], BP_ACTIVATION_SOFTMAX);
    cr_assert_eq(info.loss, BP_LOSS_CROSS_ENTROPY);
    cr_assert_eq(info.widths[2], 7, "what a preset does not speak of stays");
    cr_assert_eq(train.optimizer, BP_OPTIMIZER_ADAMW);
    cr_assert_eq(train.schedule, BP_SCHEDULE_COSINE);
    cr_assert_eq(train.weight_decay, BP_WEIGHT_DECAY_AUTO);
}

Test(math_combinations, the_classic_preset_takes_back_the_modern_one)
{
    bp_model_options model = bp_model_options_default();
    bp_train_options train = bp_train_options_default();
    cr_assert_eq(bp_preset_apply(BP_PRESET_MODERN, &model, &train, NULL), BP_OK);
    cr_assert_eq(bp_preset_apply(BP_PRESET_CLASSIC, &model, &train, NULL), BP_OK);
    cr_assert_eq(model.activations[0], BP_ACTIVATION_LOGISTIC);
    cr_assert_eq(model.output_activation, BP_ACTIVATION_LOGISTIC);
    cr_assert_eq(model.loss, BP_LOSS_MSE);
    cr_assert_eq(train.optimizer, BP_OPTIMIZER_SGD);
    cr_assert_eq(train.weight_decay, 0.0f);
    cr_assert_eq(train.schedule, BP_SCHEDULE_CONSTANT);
    cr_assert_eq(bp_preset_apply((bp_preset)9, &model, NULL, NULL), BP_ERROR_ARGUMENT);
}
