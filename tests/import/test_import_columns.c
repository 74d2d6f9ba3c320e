/* What imported inputs and outputs mean: names, classes, scaling, and data that say it. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "batchprop/batchprop.h"
#include "support/tensor_bytes.h"

static struct tensor_bytes tensors;

/* Three inputs, four hidden neurons, and so many outputs. */
static bp_status import_outputs(size_t outputs, const bp_import_options *options,
                                bp_import_info *info, bp_model **model, bp_error *error)
{
    tensors = (struct tensor_bytes){0};
    tensor_add_layer(&tensors, "0", 4, 3);
    tensor_add_layer(&tensors, "2", outputs, 4);
    tensor_end(&tensors);
    return bp_model_import_memory(model, tensors.file, tensors.file_size, options, info, error);
}

static bp_model *import(size_t outputs, const bp_import_options *options, bp_import_info *info)
{
    bp_model *model;
    bp_error error;
    cr_assert_eq(import_outputs(outputs, options, info, &model, &error), BP_OK, "%s",
                 error.message);
    return model;
}

static void refuse(size_t outputs, const bp_import_options *options, const char *reason)
{
    bp_model *model;
    bp_error error = {BP_OK, ""};
    cr_expect_eq(import_outputs(outputs, options, NULL, &model, &error), BP_ERROR_ARGUMENT);
    cr_expect_null(model);
    cr_expect(strstr(error.message, reason), "%s", error.message);
}

static bp_import_options tanh_options(void)
{
    bp_import_options options = bp_import_options_default();
    options.activations = "tanh";
    return options;
}

static bp_model_column column(const bp_model *model, size_t index)
{
    bp_model_column info;
    cr_assert_eq(bp_model_get_column(model, index, &info, NULL), BP_OK);
    return info;
}

static const float row[3] = {0.3f, -0.2f, 0.1f};

static void predict(const bp_model *model, float *outputs)
{
    bp_workspace *workspace;
    cr_assert_eq(bp_workspace_create(&workspace, model, NULL), BP_OK);
    cr_assert_eq(bp_predict_rows(model, workspace, row, 1, outputs, NULL), BP_OK);
    bp_workspace_free(workspace);
}

Test(import_columns, inputs_and_outputs_are_numbers_as_they_are)
{
    const bp_import_options options = tanh_options();
    bp_model *model = import(2, &options, NULL);
    const bp_model_info info = bp_model_get_info(model);
    cr_expect_eq(info.task, BP_TASK_REGRESS);
    cr_expect_eq(info.loss, BP_LOSS_MSE);
    cr_expect_eq(info.input_columns, 3);
    cr_expect_eq(info.target_columns, 2);
    cr_expect_str_eq(column(model, 2).name, "x3");
    cr_expect_str_eq(column(model, 4).name, "y2");
    for (size_t c = 0; c < 5; c++) {
        cr_expect_eq(column(model, c).shift, 0);
        cr_expect_eq(column(model, c).scale, 1);
    }
    float weights[8], thresholds[2];
    cr_assert_eq(bp_model_get_parameters(model, 1, weights, thresholds, NULL), BP_OK);
    for (size_t k = 0; k < 8; k++)
        cr_expect_eq(weights[k], (float)(k + 1) * 0.1f);
    for (size_t j = 0; j < 2; j++)
        cr_expect_eq(thresholds[j], (float)(j + 1) * 0.3f);
    bp_model_free(model);
}

Test(import_columns, names_are_those_of_the_lists)
{
    bp_model_options of_model = bp_import_model_options_default();
    bp_import_options options = tanh_options();
    options.inputs = "width,\"a, b\",height";
    of_model.target = "price,area";
    of_model.scaling = "width=1:0.5,area=10:0.1";
    options.model = &of_model;
    bp_model *model = import(2, &options, NULL);
    cr_expect_str_eq(column(model, 1).name, "a, b");
    cr_expect_str_eq(column(model, 4).name, "area");
    cr_expect_eq(column(model, 0).shift, 1);
    cr_expect_eq(column(model, 0).scale, 0.5f);
    cr_expect_eq(column(model, 4).scale, 0.1f);
    bp_model_free(model);
    options.inputs = "width,height";
    refuse(2, &options, "inputs: 2 names for 3 inputs of the network");
    options.inputs = "a,b,a";
    refuse(2, &options, "is there twice");
    options.inputs = NULL;
    of_model.target = "price";
    refuse(2, &options, "target: 1 name for 2 outputs");
    of_model.target = NULL;
    of_model.scaling = "q=0:1";
    refuse(2, &options, "scaling: ");
}

Test(import_columns, classes_have_softmax_outputs_unless_told_otherwise)
{
    bp_import_options options = tanh_options();
    bp_import_info info;
    options.classes = "a,b,c";
    bp_model *model = import(3, &options, &info);
    bp_model_info of = bp_model_get_info(model);
    cr_expect_eq(of.task, BP_TASK_CLASSIFY);
    cr_expect_eq(of.output_activation, BP_ACTIVATION_SOFTMAX);
    cr_expect_eq(of.loss, BP_LOSS_CROSS_ENTROPY);
    cr_expect_str_eq(column(model, 3).name, "class");
    cr_expect_not(info.split || info.reordered);
    bp_model_free(model);
    options.classes = NULL;
    options.activations = "tanh,softmax";
    model = import(3, &options, NULL);
    cr_expect_eq(bp_model_get_info(model).task, BP_TASK_CLASSIFY);
    cr_expect_str_eq(column(model, 3).categories[2], "2");
    bp_model_free(model);
    options.classes = "a,b";
    refuse(3, &options, "classes: 2 names for 3 output neurons");
    bp_model_options of_model = bp_import_model_options_default();
    of_model.task = BP_TASK_REGRESS;
    options.model = &of_model;
    options.classes = "a,b,c";
    refuse(3, &options, "classes: there are none with task regress");
}

/* Classes are sorted here; the neurons go with them. */
Test(import_columns, output_neurons_keep_their_classes)
{
    bp_import_options options = tanh_options();
    bp_import_info info;
    float sorted[3], given[3];
    options.classes = "1,9,10";
    bp_model *model = import(3, &options, &info);
    cr_expect_not(info.reordered);
    predict(model, sorted);
    bp_model_free(model);
    options.classes = "10,1,9";
    model = import(3, &options, &info);
    cr_expect(info.reordered);
    cr_expect_str_eq(column(model, 3).categories[2], "10");
    predict(model, given);
    cr_expect_eq(given[2], sorted[0]);
    cr_expect_eq(given[0], sorted[1]);
    cr_expect_eq(given[1], sorted[2]);
    bp_model_free(model);
}

/* The outputs of a network without hidden layers are easy to say. */
Test(import_columns, one_output_neuron_is_the_probability_of_the_second_class)
{
    static const char *const classes[] = {"no,yes", "yes,no"};
    for (size_t k = 0; k < 2; k++) {
        struct tensor_bytes one = {0};
        bp_import_options options = bp_import_options_default();
        bp_model *model;
        bp_import_info info;
        float outputs[2];
        tensor_add_layer(&one, "fc", 1, 3);
        tensor_end(&one);
        options.classes = classes[k];
        cr_assert_eq(bp_model_import_memory(&model, one.file, one.file_size, &options, &info, NULL),
                     BP_OK);
        predict(model, outputs);
        const double n = 0.1 * 0.3 - 0.2 * 0.2 + 0.3 * 0.1 - 0.3;
        cr_expect(info.split);
        cr_expect_float_eq(outputs[1 - k], 1 / (1 + exp(-n)), 1e-6);
        cr_expect_float_eq(outputs[k], 1 / (1 + exp(n)), 1e-6);
        cr_expect_eq(bp_model_get_info(model).loss, BP_LOSS_CROSS_ENTROPY);
        bp_model_free(model);
    }
    bp_import_options options = tanh_options();
    bp_model_options of_model = bp_import_model_options_default();
    of_model.output_activation = BP_ACTIVATION_IDENTITY;
    options.model = &of_model;
    options.classes = "no,yes";
    refuse(1, &options,
           "output activation identity: one output neuron for two classes (\"2.weight\"");
    of_model.output_activation = BP_ACTIVATION_LOGISTIC;
    of_model.loss = BP_LOSS_BINARY_CROSS_ENTROPY;
    bp_model_free(import(1, &options, NULL));
}

/* Probabilities of several labels are numbers. */
Test(import_columns, a_loss_that_needs_other_outputs_is_refused_with_the_file)
{
    bp_model_options of_model = bp_import_model_options_default();
    bp_import_options options = tanh_options();
    of_model.loss = BP_LOSS_BINARY_CROSS_ENTROPY;
    options.model = &of_model;
    refuse(2, &options, "memory: loss binary-cross-entropy needs logistic output neurons");
    of_model.output_activation = BP_ACTIVATION_LOGISTIC;
    bp_model *model = import(2, &options, NULL);
    cr_expect_eq(bp_model_get_info(model).task, BP_TASK_REGRESS);
    bp_model_free(model);
}

/* Two numbers and a category of classes, 3 inputs; the last column is the target. */
static bp_dataset *make_data(size_t categories)
{
    static const float numbers[] = {1, 2, 3, 4};
    static const int32_t codes[] = {0, 1, 2, 1};
    static const char *const names[] = {"c", "a", "b"};
    bp_column_block block[2] = {bp_column_block_default(), bp_column_block_default()};
    bp_blocks blocks = bp_blocks_default();
    bp_dataset *dataset;
    block[0].data = numbers;
    block[0].columns = 1;
    block[0].type = BP_CELL_FLOAT;
    block[1].role = BP_ROLE_TARGET;
    block[1].type = BP_CELL_CODE;
    block[1].data = codes;
    block[1].categories = names;
    block[1].category_count = categories;
    block[1].all_categories = true;
    blocks.rows = categories == 3 ? 4 : 2;
    blocks.block = block;
    blocks.count = 2;
    cr_assert_eq(bp_dataset_from_blocks(&dataset, &blocks, NULL), BP_OK);
    return dataset;
}

Test(import_columns, data_say_what_columns_are)
{
    bp_dataset *data = make_data(3);
    struct tensor_bytes one = {0};
    bp_import_options options = bp_import_options_default();
    bp_model_options of_model = bp_import_model_options_default();
    bp_model *model;
    bp_import_info info;
    bp_error error;
    tensor_add_layer(&one, "fc", 3, 1);
    tensor_end(&one);
    options.dataset = data;
    of_model.scale = BP_SCALE_STANDARD;
    options.model = &of_model;
    cr_assert_eq(bp_model_import_memory(&model, one.file, one.file_size, &options, &info, &error),
                 BP_OK, "%s", error.message);
    cr_expect_str_eq(column(model, 1).categories[0], "a");
    cr_expect_eq(column(model, 0).shift, 2.5f);
    cr_expect_not(info.reordered);
    bp_model_free(model);
    options.classes = "c,a,b";
    cr_assert_eq(bp_model_import_memory(&model, one.file, one.file_size, &options, &info, &error),
                 BP_OK, "%s", error.message);
    cr_expect(info.reordered);
    bp_model_free(model);
    options.classes = "a,b,d";
    cr_expect_eq(bp_model_import_memory(&model, one.file, one.file_size, &options, &info, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect(strstr(error.message, "has the class \"c\", which is not named"), "%s",
              error.message);
    bp_dataset_free(data);
}

Test(import_columns, data_of_another_width_are_refused_with_the_layer)
{
    bp_dataset *data = make_data(3);
    bp_import_options options = tanh_options();
    options.dataset = data;
    refuse(3, &options,
           "memory: \"0.weight\" reads 3 numbers, and the columns of the data are 1 input neurons");
    options.inputs = "a,b,c";
    refuse(3, &options, "inputs: the data have names of the inputs");
    struct tensor_bytes one = {0};
    bp_model *model;
    bp_error error;
    options = bp_import_options_default();
    options.dataset = data;
    tensor_add_layer(&one, "fc", 2, 1);
    tensor_end(&one);
    cr_expect_eq(bp_model_import_memory(&model, one.file, one.file_size, &options, NULL, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect(strstr(error.message, "\"fc.weight\" has 2 neurons, and the data have 3 classes"),
              "%s", error.message);
    bp_dataset_free(data);
}

Test(import_columns, two_classes_of_data_fit_one_output_neuron)
{
    bp_dataset *data = make_data(2);
    bp_import_options options = bp_import_options_default();
    bp_model *model;
    bp_import_info info;
    struct tensor_bytes one = {0};
    tensor_add_layer(&one, "fc", 1, 1);
    tensor_end(&one);
    options.dataset = data;
    cr_assert_eq(bp_model_import_memory(&model, one.file, one.file_size, &options, &info, NULL),
                 BP_OK);
    cr_expect(info.split);
    cr_expect_eq(bp_model_get_info(model).outputs, 2);
    bp_model_free(model);
    bp_dataset_free(data);
}

/* It goes on from its parameters, as any other model. */
Test(import_columns, an_imported_model_is_trained_further)
{
    static const float inputs[12] = {1, 2, 3, 2, 1, 0, 3, 3, 1, 0, 1, 2};
    static const uint32_t labels[4] = {0, 1, 1, 0};
    bp_import_options options = tanh_options();
    options.classes = "0,1";
    bp_model *model = import(2, &options, NULL);
    bp_arrays arrays = bp_arrays_default();
    bp_train_options train = bp_train_options_default();
    bp_dataset *data;
    bp_trainer *trainer;
    bp_train_result result;
    arrays.count = 4;
    arrays.inputs = 3;
    arrays.input = inputs;
    arrays.labels = labels;
    arrays.classes = 2;
    train.epochs = 3;
    train.threads = 1;
    cr_assert_eq(bp_dataset_from_arrays(&data, &arrays, NULL), BP_OK);
    const bp_model_info before = bp_model_get_info(model);
    cr_assert_eq(bp_trainer_create(&trainer, model, data, NULL, &train, NULL), BP_OK);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, &result, NULL), BP_OK);
    cr_expect_str_neq(bp_model_get_info(model).weights_digest, before.weights_digest);
    bp_trainer_free(trainer);
    bp_dataset_free(data);
    bp_model_free(model);
}
