/* Prediction through a workspace: any number of rows, and inputs that are not finite. */
#include <math.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"

#define ROWS   700
#define INPUTS 19 /* a panel and a part of one */

static float input[ROWS][INPUTS];
static uint32_t labels[ROWS];

static bp_dataset *make_dataset(void)
{
    bp_dataset *dataset;
    bp_error error;
    bp_arrays arrays = bp_arrays_default();
    for (size_t k = 0; k < (size_t)ROWS * INPUTS; k++)
        input[k / INPUTS][k % INPUTS] = (float)(k * 7919 % 1009) / 16 - 30;
    for (size_t x = 0; x < ROWS; x++)
        labels[x] = (uint32_t)(x % 3);
    arrays.count = ROWS;
    arrays.inputs = INPUTS;
    arrays.input = input[0];
    arrays.labels = labels;
    arrays.classes = 3;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, &error), BP_OK, "%s", error.message);
    return dataset;
}

/* With so many hidden neurons. */
static bp_model *make_model(const bp_dataset *dataset, size_t hidden, uint64_t seed)
{
    bp_model *model;
    bp_error error;
    bp_model_options options = bp_model_options_default();
    options.hidden[0] = hidden;
    options.seed = seed;
    options.output_activation = BP_ACTIVATION_AUTO;
    options.loss = BP_LOSS_AUTO;
    cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_OK, "%s", error.message);
    return model;
}

static void expect_rows(const bp_model *model, const bp_dataset *dataset)
{
    static const size_t counts[] = {1, 2, 700, 256, 1, 257, 255, 16, 3, 1};
    static float expected[ROWS][3], outputs[ROWS][3];
    bp_workspace *workspace;
    cr_assert_eq(bp_predict(model, dataset, NULL, expected[0], NULL), BP_OK);
    cr_assert_eq(bp_workspace_create(&workspace, model, NULL), BP_OK);
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        const size_t first = (k * 131) % (ROWS - counts[k] + 1);
        memset(outputs, 0, sizeof outputs);
        cr_assert_eq(bp_predict_rows(model, workspace, input[first], counts[k], outputs[0], NULL),
                     BP_OK);
        cr_expect_arr_eq(outputs, expected[first], counts[k] * sizeof outputs[0], "%zu rows",
                         counts[k]);
    }
    bp_workspace_free(workspace);
}

Test(model_workspace, rows_in_any_number_give_the_same_bits)
{
    bp_dataset *dataset = make_dataset();
    bp_model *model = make_model(dataset, 37, 1);
    expect_rows(model, dataset);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_workspace, so_do_rows_of_several_networks)
{
    bp_dataset *dataset = make_dataset();
    bp_model *members[] = {make_model(dataset, 5, 1), make_model(dataset, 70, 2)}, *model;
    cr_assert_eq(bp_model_combine(&model, members, NULL, 2, NULL), BP_OK);
    expect_rows(model, dataset);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

static void expect_error(const bp_model *model, bp_workspace *workspace, const char *message)
{
    static double wide[2][INPUTS];
    double wide_outputs[2][3];
    float outputs[2][3];
    bp_error error;
    for (size_t k = 0; k < 2 * INPUTS; k++)
        wide[k / INPUTS][k % INPUTS] = (double)input[k / INPUTS][k % INPUTS];
    cr_expect_eq(bp_predict_rows(model, workspace, input[0], 2, outputs[0], &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, message);
    cr_expect_eq(bp_predict_rows_wide(model, workspace, wide[0], 2, wide_outputs[0], &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, message);
}

Test(model_workspace, inputs_that_are_not_finite_are_named)
{
    bp_dataset *dataset = make_dataset();
    bp_model *model = make_model(dataset, 4, 1);
    bp_workspace *workspace;
    cr_assert_eq(bp_workspace_create(&workspace, model, NULL), BP_OK);
    input[1][17] = NAN; /* in the part of a panel */
    expect_error(model, workspace,
                 "input 18 of row 2 (from 1) is nan, not a finite number: bp_predict_blocks() "
                 "takes missing cells");
    input[1][3] = -INFINITY;
    expect_error(model, workspace, "input 4 of row 2 (from 1) is -inf, not a finite number");
    bp_workspace_free(workspace);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_workspace, inputs_too_large_for_the_scale_are_named)
{
    bp_dataset *dataset = make_dataset();
    for (size_t x = 0; x < ROWS; x++)
        input[x][0] *= 1e-3F;
    bp_dataset_free(dataset);
    bp_arrays arrays = bp_arrays_default();
    arrays.count = ROWS;
    arrays.inputs = INPUTS;
    arrays.input = input[0];
    arrays.labels = labels;
    arrays.classes = 3;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    bp_model *model = make_model(dataset, 4, 1);
    bp_workspace *workspace;
    cr_assert_eq(bp_workspace_create(&workspace, model, NULL), BP_OK);
    input[0][0] = 3e38F;
    expect_error(model, workspace,
                 "input 1 of row 1 (from 1) is 3e+38, too large in the scale of the training data");
    bp_workspace_free(workspace);
    bp_model_free(model);
    bp_dataset_free(dataset);
}
