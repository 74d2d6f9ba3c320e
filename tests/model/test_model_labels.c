/* Several labels for a row: targets of 0 and 1 that stay so, with logistic outputs. */

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"

#define ROWS   64
#define LABELS 3

static float input[ROWS][2], target[ROWS][LABELS];

static bp_dataset *make_dataset(void)
{
    bp_dataset *dataset;
    bp_error error;
    bp_arrays arrays = bp_arrays_default();
    for (size_t x = 0; x < ROWS; x++) {
        input[x][0] = (float)(x % 8);
        input[x][1] = (float)(x / 8);
        target[x][0] = x % 8 > 3;
        target[x][1] = x / 8 > 3;
        target[x][2] = 1; /* always there */
    }
    arrays.count = ROWS;
    arrays.inputs = 2;
    arrays.outputs = LABELS;
    arrays.input = input[0];
    arrays.targets = target[0];
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, &error), BP_OK, "%s", error.message);
    return dataset;
}

/* Trains and expects each label of each row. */
static void expect_labels(bp_loss loss, bp_target_scale scale)
{
    bp_dataset *dataset = make_dataset();
    bp_model *model;
    bp_trainer *trainer;
    bp_error error;
    float outputs[ROWS][LABELS];
    bp_model_options shape = bp_model_options_default();
    bp_train_options options = bp_train_options_default();
    shape.hidden[0] = 8;
    shape.loss = loss;
    shape.target_scale = scale;
    options.optimizer = BP_OPTIMIZER_ADAM;
    options.learning_rate = 0.02F;
    options.epochs = 300;
    options.batch_size = 16;
    options.threads = 1;
    cr_assert_eq(bp_model_create(&model, dataset, &shape, &error), BP_OK, "%s", error.message);
    cr_expect_eq(bp_model_get_info(model).task, BP_TASK_REGRESS);
    cr_assert_eq(bp_trainer_create(&trainer, model, dataset, NULL, &options, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, NULL, &error), BP_OK, "%s", error.message);
    cr_assert_eq(bp_predict(model, dataset, NULL, outputs[0], &error), BP_OK, "%s", error.message);
    for (size_t k = 0; k < (size_t)ROWS * LABELS; k++) {
        const float output = outputs[k / LABELS][k % LABELS];
        cr_expect(output >= 0 && output <= 1, "output %zu is %g", k, (double)output);
        cr_expect_eq(output > 0.5F, target[k / LABELS][k % LABELS] > 0, "output %zu", k);
    }
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_labels, binary_cross_entropy_gives_a_probability_for_each)
{
    expect_labels(BP_LOSS_BINARY_CROSS_ENTROPY, BP_TARGET_SCALE_AUTO);
}

Test(model_labels, the_squared_error_does_where_targets_stay_as_they_are)
{
    expect_labels(BP_LOSS_MSE, BP_TARGET_SCALE_NONE);
}

Test(model_labels, a_model_remembers_how_its_targets_are_scaled)
{
    bp_dataset *dataset = make_dataset();
    bp_model *model;
    bp_model_options shape = bp_model_options_default(), found = shape;
    shape.target_scale = BP_TARGET_SCALE_NONE;
    shape.scaling = "x2=3.5:0.25";
    cr_assert_eq(bp_model_create(&model, dataset, &shape, NULL), BP_OK);
    cr_assert_eq(bp_model_get_options(model, &found, NULL), BP_OK);
    cr_expect_eq(found.target_scale, BP_TARGET_SCALE_NONE);
    cr_expect_str_eq(found.scaling, shape.scaling);
    bp_model_column column;
    cr_assert_eq(bp_model_get_column(model, 1, &column, NULL), BP_OK);
    cr_expect_eq(column.shift, 3.5F);
    cr_expect_eq(column.scale, 0.25F);
    bp_model_free(model);
    bp_dataset_free(dataset);
}
