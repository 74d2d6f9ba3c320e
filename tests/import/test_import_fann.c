/* Network files of FANN: what its neurons compute, its scaling, and what there is not here. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batchprop/batchprop.h"

#define HEAD                                                                                       \
    "num_layers=3\nlearning_rate=0.700000\nconnection_rate=1.000000\nnetwork_type=0\n"             \
    "training_algorithm=2\ncascade_activation_functions_count=2\n"                                 \
    "cascade_activation_functions=3 5 \ncascade_activation_steepnesses_count=1\n"                  \
    "cascade_activation_steepnesses=2.5e-01 \nlayer_sizes=3 3 2 \n"
#define UNSCALED "scale_included=0\n"
#define NEURONS                                                                                    \
    "neurons (num_inputs, activation_function, activation_steepness)=(0, 0, 0.0e+00) "             \
    "(0, 0, 0.0e+00) (0, 0, 0.0e+00) "
#define HIDDEN "(3, 5, 5.0e-01) (3, 5, 2.5e-01) (0, 5, 0.0e+00) "
#define OUTPUT "(3, 3, 5.0e-01) (0, 3, 0.0e+00) \n"
#define CONNECTIONS                                                                                \
    "connections (connected_to_neuron, weight)=(0, 1.5e+00) (1, -2.0e+00) (2, 3.0e-01) "           \
    "(0, 4.0e+00) (1, 1.0e-01) (2, -0.5e+00) (3, 2.0e+00) (4, -1.0e+00) (5, 0.25e+00) \n"
#define NET "FANN_FLO_2.1\n" HEAD UNSCALED NEURONS HIDDEN OUTPUT CONNECTIONS

static bp_model *import(const char *text, bp_import_info *info)
{
    bp_model *model;
    bp_error error;
    cr_assert_eq(bp_model_import_memory(&model, text, strlen(text), NULL, info, &error), BP_OK,
                 "%s", error.message);
    return model;
}

static void refuse_with(const char *text, const bp_import_options *options, bp_status status,
                        const char *reason)
{
    bp_model *model = (bp_model *)&status; /* to be set to NULL */
    bp_error error = {BP_OK, ""};
    cr_expect_eq(bp_model_import_memory(&model, text, strlen(text), options, NULL, &error), status);
    cr_expect_null(model);
    cr_expect(strstr(error.message, reason), "%s", error.message);
}

static void refuse(const char *text, const char *reason)
{
    refuse_with(text, NULL, BP_ERROR_INPUT, reason);
}

/* NET with `from`, which is there, in the place of `to`; refused, or freed with free(). */
static char *change(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    cr_assert_not_null(at, "%s", from);
    const size_t size = strlen(text) + strlen(to) + 1;
    char *changed = malloc(size);
    cr_assert_not_null(changed);
    snprintf(changed, size, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return changed;
}

static void refuse_changed(const char *from, const char *to, const char *reason)
{
    char *text = change(NET, from, to);
    refuse(text, reason);
    free(text);
}

static void predict(const bp_model *model, const double *inputs, double *outputs)
{
    bp_workspace *workspace;
    cr_assert_eq(bp_workspace_create(&workspace, model, NULL), BP_OK);
    cr_assert_eq(bp_predict_rows_wide(model, workspace, inputs, 1, outputs, NULL), BP_OK);
    bp_workspace_free(workspace);
}

/* 1 / (1 + exp(-2 s n)) and tanh(s n), as FANN has them. */
static double by_hand(double x, double y)
{
    const double a = tanh(0.5 * (1.5 * x - 2 * y + 0.3));
    const double b = tanh(0.25 * (4 * x + 0.1 * y - 0.5));
    return 1 / (1 + exp(-2 * 0.5 * (2 * a - b + 0.25)));
}

Test(import_fann, neurons_compute_what_those_of_fann_do)
{
    bp_import_info info;
    bp_model *model = import(NET, &info);
    const bp_model_info of = bp_model_get_info(model);
    cr_expect_eq(info.format, BP_IMPORT_FANN);
    cr_expect_eq(info.rounded, 2); /* 0.3 and 0.1, which no float is */
    cr_expect_eq(of.activations[0], BP_ACTIVATION_TANH);
    cr_expect_eq(of.activations[1], BP_ACTIVATION_LOGISTIC);
    cr_expect_eq(of.loss, BP_LOSS_MSE);
    for (double x = -2; x <= 2; x += 0.5) {
        const double inputs[2] = {x, 1 - x * x};
        double output;
        predict(model, inputs, &output);
        cr_expect_float_eq(output, by_hand(inputs[0], inputs[1]), 1e-6);
    }
    bp_model_free(model);
}

/* What FANN writes for a float is that float, and twice a power of two of it is exact. */
Test(import_fann, parameters_are_exact_with_a_steepness_that_is_a_power_of_two)
{
    bp_import_info info;
    char *text = change(NET, "(2, 3.0e-01)", "(2, 3.00000011920928955078e-01)");
    char *exact = change(text, "(1, 1.0e-01)", "(1, 1.00000001490116119385e-01)");
    bp_model *model = import(exact, &info);
    float weights[4], thresholds[2];
    cr_expect_eq(info.rounded, 0);
    cr_assert_eq(bp_model_get_parameters(model, 0, weights, thresholds, NULL), BP_OK);
    cr_expect_eq(weights[0], 0.75f);
    cr_expect_eq(weights[3], 0.25f * 0.1f);
    cr_expect_eq(thresholds[0], -0.5f * 0.3f);
    bp_model_free(model);
    char *uneven = change(exact, "(3, 5, 5.0e-01)", "(3, 5, 7.0e-01)");
    bp_model_free(import(uneven, &info));
    cr_expect_eq(info.rounded, 3);
    free(uneven);
    free(exact);
    free(text);
}

Test(import_fann, lines_may_end_anywhere)
{
    static const char net[] = NET;
    char text[2 * sizeof net];
    size_t length = 0;
    for (size_t k = 0; net[k]; k++) {
        if (net[k] == '(' && k > 0 && (net[k - 1] == '=' || net[k - 1] == ' '))
            text[length++] = '\n';
        text[length++] = net[k];
    }
    text[length] = '\0';
    bp_model *model = import(NET, NULL), *other = import(text, NULL);
    cr_expect_str_eq(bp_model_get_info(model).weights_digest,
                     bp_model_get_info(other).weights_digest);
    bp_model_free(model);
    bp_model_free(other);
}

/* ((x - mean) / deviation + 1) factor + minimum; outputs the other way round. */
Test(import_fann, its_scaling_is_that_of_the_columns)
{
    bp_import_info info;
    char *text = change(NET, UNSCALED,
                        "scale_included=1\nscale_mean_in=10.0 0.5 \nscale_deviation_in=2.0 0.0 \n"
                        "scale_new_min_in=-1.0 -1.0 \nscale_factor_in=1.0 1.0 \n"
                        "scale_mean_out=100.0 \nscale_deviation_out=50.0 \n"
                        "scale_new_min_out=0.0 \nscale_factor_out=0.5 \n");
    bp_model *model = import(text, &info);
    for (double x = 7; x <= 13; x += 1.5) {
        const double inputs[2] = {x, x / 10};
        double output;
        predict(model, inputs, &output);
        const double neuron = by_hand((x - 10) / 2 + 1 - 1, x / 10); /* deviation 0: as it is */
        cr_expect_float_eq(output, (neuron / 0.5 - 1) * 50 + 100, 1e-4);
    }
    bp_model_free(model);
    bp_model_options of_model = bp_import_model_options_default();
    bp_import_options options = bp_import_options_default();
    of_model.scaling = "x1=0:1";
    options.model = &of_model;
    refuse_with(text, &options, BP_ERROR_ARGUMENT, "scaling: memory has one of its own");
    of_model.scaling = NULL;
    options.classes = "no,yes";
    refuse_with(text, &options, BP_ERROR_INPUT, "column \"class\" is a category");
    options.classes = NULL;
    /* One column and the neuron that tells of its missing cells. */
    const double rows[2][2] = {{1, 2}, {(double)NAN, 3}};
    bp_column_block block[2] = {bp_column_block_default(), bp_column_block_default()};
    for (int k = 0; k < 2; k++) {
        block[k].type = BP_CELL_DOUBLE;
        block[k].data = &rows[0][k];
        block[k].row_stride = sizeof rows[0];
        block[k].column_stride = sizeof rows[0][0];
    }
    block[0].missing = true;
    block[1].role = BP_ROLE_TARGET;
    bp_blocks blocks = bp_blocks_default();
    blocks.block = block;
    blocks.count = blocks.rows = 2;
    bp_dataset *data;
    cr_assert_eq(bp_dataset_from_blocks(&data, &blocks, NULL), BP_OK);
    of_model.missing = BP_MISSING_INDICATOR;
    options.dataset = data;
    refuse_with(text, &options, BP_ERROR_INPUT, "column \"x1\" has 2 input neurons");
    bp_dataset_free(data);
    free(text);
}

Test(import_fann, networks_that_are_not_of_full_layers_are_refused)
{
    refuse_changed("connection_rate=1.000000", "connection_rate=0.5",
                   "has the connection_rate 0.5");
    refuse_changed("network_type=0", "network_type=1", "has shortcut connections");
    refuse_changed("(3, 5, 2.5e-01)", "(2, 5, 2.5e-01)",
                   "layer 1: neuron 2 reads 2 of 3 neurons of the layer before it");
    refuse_changed("(1, -2.0e+00)", "(0, -2.0e+00)", "only layers connected in full are read");
    refuse_changed("(0, 5, 0.0e+00)", "(1, 5, 0.0e+00)", "layer 1: neuron 3 is an input or a bias");
}

Test(import_fann, activations_that_there_are_not_here_are_named)
{
    refuse_changed("(3, 5, 2.5e-01)", "(3, 10, 2.5e-01)",
                   "layer 1: neuron 2 has the activation 10 (FANN_ELLIOT)");
    refuse_changed("(3, 5, 2.5e-01)", "(3, 3, 2.5e-01)",
                   "layer 1: neuron 2 has another activation than neuron 1");
    refuse_changed("(3, 3, 5.0e-01)", "(3, 4, 5.0e-01)", "FANN_SIGMOID_STEPWISE");
    refuse_changed("(3, 3, 5.0e-01)", "(3, 77, 5.0e-01)", "has the activation 77 (unknown)");
    refuse_changed("(3, 3, 5.0e-01)", "(3, 3, 0.0)", "has a steepness that is not above 0");
}

Test(import_fann, other_versions_are_refused_with_what_to_do)
{
    refuse_changed("FANN_FLO_2.1", "FANN_FIX_2.1", "save it with fann_save()");
    refuse_changed("FANN_FLO_2.1", "FANN_FLO_1.1", "read it with FANN 2.1 or later");
    refuse_changed("FANN_FLO_2.1", "FANN_3", "is no network of FANN");
    char *old = change(NET, UNSCALED, "");
    char *version = change(old, "FLO_2.1", "FLO_2.0");
    bp_model_free(import(version, NULL));
    free(version);
    free(old);
}

Test(import_fann, damaged_files_are_refused_where_they_are_wrong)
{
    refuse_changed("layer_sizes=3 3 2", "layer_sizes=3 1 2",
                   "memory:11:2: \"1\" is not the number");
    refuse_changed("layer_sizes=3 3 2", "layer_sizes=3 3",
                   "\"scale_included=0\" is not the number");
    refuse_changed("layer_sizes=3 3 2", "x=1", "has no layer_sizes before its neurons");
    refuse_changed("num_layers=3", "num_layers=66", "which is from 2 to 65");
    refuse_changed("num_layers=3", "num_layers=3\nnum_layers=9", "has num_layers twice");
    refuse_changed("num_layers=3\n", "", "has layer_sizes before num_layers");
    refuse_changed("layer_sizes=3 3 2 \n", "layer_sizes=3 3 2 \nlayer_sizes=3 3 2 \n", "or twice");
    refuse_changed("network_type=0", "network", "\"network\" is not NAME=VALUE");
    refuse_changed("(1, -2.0e+00)", "(1, -2.0e+00", "is not a weight of layer 1");
    refuse_changed("(1, -2.0e+00)", "(1, nan)", "is not a weight of layer 1");
    refuse_changed("(1, -2.0e+00)", "(1, 1e39)", "layer 1: neuron 1 has a weight that is beyond");
    refuse_changed("(5, 0.25e+00)", "", "the file ends where there should be the number");
    refuse_changed("(5, 0.25e+00) ", "(5, 0.25e+00) (6, 1)", "is not the end of the file");
    refuse_changed("weight)=", "weights)=", "is not weight)=");
    refuse_changed("neurons (num", "(num", "is not NAME=VALUE");
    refuse_changed(UNSCALED, "scale_included=1\n", "has scale_included=1, but not all");
    refuse_changed(UNSCALED, "scale_mean_in=1 2\nscale_mean_in=1 2\n", "like twice");
    refuse_changed("learning_rate=0.7", "scale_mean_in=1", "like before layer_sizes");
    refuse("FANN_FLO_2.1\n", "the file ends where there should be the neurons");
}

Test(import_fann, what_the_file_says_is_not_asked_again)
{
    bp_model_options of_model = bp_import_model_options_default();
    bp_import_options options = bp_import_options_default();
    options.activations = "tanh";
    refuse_with(NET, &options, BP_ERROR_ARGUMENT, "says what its activations are");
    options.activations = NULL;
    options.layers = "a,b";
    refuse_with(NET, &options, BP_ERROR_ARGUMENT, "has its layers in their order");
    options.layers = NULL;
    of_model.output_activation = BP_ACTIVATION_TANH;
    options.model = &of_model;
    refuse_with(NET, &options, BP_ERROR_ARGUMENT, "says what its activations are");
    options.format = BP_IMPORT_SAFETENSORS;
    refuse_with(NET, &options, BP_ERROR_INPUT, "is not a safetensors file");
    options.format = (bp_import_format)9;
    refuse_with(NET, &options, BP_ERROR_ARGUMENT, "there is no format of a network of number 9");
}
