/* Inputs with a large offset and a small spread: training and prediction see the spread. */
#include <math.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "support/folder.h"

#define ROWS 400

/* x = offset + k * unit, and y = sin of a tenth of k: what only k tells. */
static bp_dataset *make_data(double offset, double unit, bool with_targets)
{
    static double input[ROWS];
    static float target[ROWS];
    for (size_t k = 0; k < ROWS; k++) {
        input[k] = offset + (double)k * unit;
        target[k] = (float)sin((double)k / ROWS * 6);
    }
    bp_arrays arrays = bp_arrays_default();
    arrays.count = ROWS;
    arrays.inputs = 1;
    arrays.wide_input = input;
    arrays.outputs = with_targets;
    arrays.targets = with_targets ? target : NULL;
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, &error), BP_OK, "%s", error.message);
    return dataset;
}

static bp_model *train(const bp_dataset *dataset, bp_train_result *result)
{
    bp_model_options options = bp_model_options_default();
    bp_train_options training = bp_train_options_default();
    bp_preset_apply(BP_PRESET_MODERN, &options, &training, NULL);
    training.epochs = 100;
    training.learning_rate = 0.01f;
    bp_model *model;
    bp_trainer *trainer;
    bp_error error;
    cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_OK, "%s", error.message);
    cr_assert_eq(bp_trainer_create(&trainer, model, dataset, NULL, &training, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, result, &error), BP_OK, "%s", error.message);
    bp_trainer_free(trainer);
    return model;
}

/* The same spread far from 0 and near it gives nearly the same model. */
Test(model_origin, an_offset_changes_nothing_that_matters)
{
    static const double cases[][2] = {{0, 1}, {1e5, 1e-5}, {1.7e9, 1}, {-1.7e9, 1}};
    for (size_t c = 0; c < 4; c++) {
        bp_dataset *dataset = make_data(cases[c][0], cases[c][1], true);
        bp_train_result result;
        bp_metrics metrics;
        bp_model *model = train(dataset, &result);
        cr_assert_eq(bp_evaluate(model, dataset, NULL, &metrics, NULL), BP_OK);
        cr_expect_gt(metrics.r2, 0.95, "r2 is %g at %g", metrics.r2, cases[c][0]);
        bp_model_free(model);
        bp_dataset_free(dataset);
    }
}

/* A dataset of other rows has another origin: a prediction is the same. */
Test(model_origin, predictions_do_not_depend_on_the_other_rows)
{
    bp_dataset *dataset = make_data(1.7e9, 1, true), *rows = make_data(1.7e9, 1, false);
    bp_train_result result;
    bp_model *model = train(dataset, &result), *loaded;
    struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors");
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    cr_assert_eq(bp_model_load(&loaded, path, NULL), BP_OK);
    float all[ROWS], one, again[ROWS];
    cr_assert_eq(bp_predict(model, rows, NULL, all, NULL), BP_OK);
    cr_assert_eq(bp_predict(loaded, rows, NULL, again, NULL), BP_OK);
    cr_assert_arr_eq(all, again, sizeof all);
    for (size_t k = 0; k < ROWS; k += 37) {
        bp_arrays arrays = bp_arrays_default();
        const double input = 1.7e9 + (double)k;
        arrays.count = arrays.inputs = 1;
        arrays.wide_input = &input;
        bp_dataset *single;
        cr_assert_eq(bp_dataset_from_arrays(&single, &arrays, NULL), BP_OK);
        cr_assert_eq(bp_predict(loaded, single, NULL, &one, NULL), BP_OK);
        cr_assert_eq(one, all[k]);
        bp_dataset_free(single);
    }
    bp_model_column column;
    cr_assert_eq(bp_model_get_column(loaded, 0, &column, NULL), BP_OK);
    cr_assert_eq(column.origin, 1.7e9);
    free(path);
    folder_remove(&folder);
    bp_model_free(loaded);
    bp_model_free(model);
    bp_dataset_free(rows);
    bp_dataset_free(dataset);
}

/* Targets of seconds since 1970, one after the other: doubles tell them apart, floats do not. */
Test(model_origin, predictions_in_doubles_keep_what_makes_targets_different)
{
    static double input[ROWS], target[ROWS], wide[ROWS], of_rows[ROWS];
    static float narrow[ROWS];
    for (size_t k = 0; k < ROWS; k++) {
        input[k] = 1.6e9 + (double)k;
        target[k] = 1.7e9 + 3 * (double)k;
    }
    bp_arrays arrays = bp_arrays_default();
    arrays.count = ROWS;
    arrays.inputs = arrays.outputs = 1;
    arrays.wide_input = input;
    arrays.wide_targets = target;
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    bp_train_result result;
    bp_model *model = train(dataset, &result);
    bp_metrics metrics;
    cr_assert_eq(bp_evaluate(model, dataset, NULL, &metrics, NULL), BP_OK);
    cr_assert_lt(metrics.rmse, 60, "rmse is %g", metrics.rmse);
    cr_assert_eq(bp_predict(model, dataset, NULL, narrow, NULL), BP_OK);
    cr_assert_eq(bp_predict_wide(model, dataset, NULL, wide, NULL), BP_OK);
    bp_workspace *workspace;
    cr_assert_eq(bp_workspace_create(&workspace, model, NULL), BP_OK);
    cr_assert_eq(bp_predict_rows_wide(model, workspace, input, ROWS, of_rows, NULL), BP_OK);
    double squares = 0;
    for (size_t k = 0; k < ROWS; k++) {
        squares += (wide[k] - target[k]) * (wide[k] - target[k]);
        cr_assert_eq((float)wide[k], narrow[k]);
        cr_assert_eq(of_rows[k], wide[k]);
    }
    /* A difference is rounded to 2^-22 s, a prediction and a target to 2^-24 of their range. */
    const double rounding = 0x1p-22 + 0x1p-22 * 3 * ROWS;
    cr_assert_lt(fabs(sqrt(squares / ROWS) - metrics.rmse), rounding, "%g, not %g",
                 sqrt(squares / ROWS), metrics.rmse);
    bp_workspace_free(workspace);
    bp_model_free(model);
    bp_dataset_free(dataset);
}
