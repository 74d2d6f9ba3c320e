/* State dicts: layers and their numbers as the file has them, and what is no layer. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "base/byte_order.h"
#include "batchprop/batchprop.h"
#include "support/tensor_bytes.h"

static bp_import_options relu(void)
{
    bp_import_options options = bp_import_options_default();
    options.activations = "relu";
    return options;
}

static bp_model *import(struct tensor_bytes *tensors, const bp_import_options *options,
                        bp_import_info *info)
{
    bp_model *model;
    bp_error error;
    tensor_end(tensors);
    cr_assert_eq(
        bp_model_import_memory(&model, tensors->file, tensors->file_size, options, info, &error),
        BP_OK, "%s", error.message);
    return model;
}

static void refuse(struct tensor_bytes *tensors, const bp_import_options *options, bp_status status,
                   const char *reason)
{
    bp_model *model = (bp_model *)tensors; /* to be set to NULL */
    bp_error error = {BP_OK, ""};
    tensor_end(tensors);
    cr_expect_eq(
        bp_model_import_memory(&model, tensors->file, tensors->file_size, options, NULL, &error),
        status);
    cr_expect_null(model);
    cr_expect_eq(error.status, status);
    cr_expect(strstr(error.message, reason), "%s", error.message);
}

/* Parameters of a layer, with the sign of thresholds. */
static void expect_layer(const bp_model *model, size_t layer, const float *weights,
                         const float *biases, size_t neurons, size_t inputs)
{
    float w[64], t[16];
    cr_assert_eq(bp_model_get_parameters(model, layer, w, t, NULL), BP_OK);
    for (size_t k = 0; k < neurons * inputs; k++)
        cr_expect_eq(w[k], weights[k]);
    for (size_t j = 0; j < neurons; j++)
        cr_expect_eq(t[j], -biases[j]);
}

Test(import_tensors, parameters_are_those_of_the_file_bit_for_bit)
{
    static const float first[6] = {0.1f, -0.0f, 0x1p-149f, 0x1.fffffep127f, -3, 7e-20f};
    static const float bias[3] = {0x1p-140f, -1e30f, 5}, last[3] = {1, -2, 0.3f}, out[1] = {-0.0f};
    struct tensor_bytes tensors = {0};
    unsigned char bytes[4][24];
    const float *of[] = {first, bias, last, out};
    static const size_t count[] = {6, 3, 3, 1};
    for (size_t t = 0; t < 4; t++)
        for (size_t k = 0; k < count[t]; k++)
            bp_store_float(bytes[t] + 4 * k, of[t][k]);
    tensor_add(&tensors, "net.2.bias", "F32", "[1]", bytes[3], 4);
    tensor_add(&tensors, "net.0.weight", "F32", "[3,2]", bytes[0], 24);
    tensor_add(&tensors, "net.2.weight", "F32", "[1,3]", bytes[2], 12);
    tensor_add(&tensors, "net.0.bias", "F32", "[3]", bytes[1], 12);
    const bp_import_options options = relu();
    bp_import_info info;
    bp_model *model = import(&tensors, &options, &info);
    expect_layer(model, 0, first, bias, 3, 2);
    expect_layer(model, 1, last, out, 1, 3);
    cr_expect_eq(info.format, BP_IMPORT_SAFETENSORS);
    cr_expect_eq(info.rounded, 0);
    cr_expect_not(info.by_shapes);
    /* A view, and so the digest and the file, have the sign of a zero, too. */
    bp_layer_view view;
    cr_assert_eq(bp_model_view_layer(model, 1, &view, NULL), BP_OK);
    cr_expect_eq(memcmp(view.biases, out, sizeof out), 0);
    bp_model_free(model);
}

/* The layers that other programs wrote load as they are, and as their own file. */
Test(import_tensors, a_model_of_this_library_is_refused_as_one_already)
{
    struct tensor_bytes tensors = {0};
    tensor_add_layer(&tensors, "layers.0", 2, 3);
    bp_model *model = import(&tensors, NULL, NULL), *other;
    void *bytes;
    size_t size;
    bp_error error;
    cr_assert_eq(bp_model_save_memory(model, &bytes, &size, NULL), BP_OK);
    cr_expect_eq(bp_model_import_memory(&other, bytes, size, NULL, NULL, &error), BP_ERROR_INPUT);
    cr_expect(strstr(error.message, "is a model of batchprop already"), "%s", error.message);
    bp_memory_free(bytes);
    bp_model_free(model);
}

Test(import_tensors, numbers_of_sixteen_and_sixty_four_bits_are_converted)
{
    static const uint16_t half[8] = {0x3c00, 0xc000, 0x0001, 0x03ff,
                                     0x7bff, 0x8000, 0x3555, 0x0400};
    static const float of_half[8] = {1,     -2,    0x1p-24f,    1023 * 0x1p-24f,
                                     65504, -0.0f, 0x1.554p-2f, 0x1p-14f};
    static const uint16_t brain[2] = {0x3f80, 0xc049};
    static const float of_brain[2] = {1, -3.140625f};
    static const double wide[2] = {0.1, 0.5};
    static const float of_wide[2] = {0.1f, 0.5f};
    struct tensor_bytes tensors = {0};
    unsigned char bytes[3][16];
    for (size_t k = 0; k < 8; k++)
        bp_store_little(bytes[0] + 2 * k, half[k], 2);
    for (size_t k = 0; k < 2; k++) {
        uint64_t bits;
        memcpy(&bits, &wide[k], sizeof bits);
        bp_store_little(bytes[1] + 2 * k, brain[k], 2);
        bp_store_little(bytes[2] + 8 * k, bits, 8);
    }
    tensor_add(&tensors, "0.weight", "F16", "[2,4]", bytes[0], 16);
    tensor_add(&tensors, "0.bias", "BF16", "[2]", bytes[1], 4);
    tensor_add(&tensors, "1.weight", "F64", "[1,2]", bytes[2], 16);
    const bp_import_options options = relu();
    bp_import_info info;
    bp_model *model = import(&tensors, &options, &info);
    expect_layer(model, 0, of_half, of_brain, 2, 4);
    expect_layer(model, 1, of_wide, (const float[]){0}, 1, 2);
    cr_expect_eq(info.rounded, 1); /* 0.1 */
    bp_model_free(model);
}

Test(import_tensors, infinite_and_missing_numbers_are_refused_where_they_stand)
{
    static const uint16_t bad[] = {0x7c00, 0x7e00};
    for (size_t k = 0; k < 2; k++) {
        struct tensor_bytes tensors = {0};
        unsigned char bytes[4] = {0};
        bp_store_little(bytes + 2, bad[k], 2);
        tensor_add(&tensors, "fc.weight", "F16", "[1,2]", bytes, 4);
        refuse(&tensors, NULL, BP_ERROR_INPUT, "tensor \"fc.weight\": number 2 is not finite");
    }
    struct tensor_bytes tensors = {0};
    unsigned char wide[8];
    bp_store_little(wide, 0x7fe0000000000000, 8); /* 2^1023 */
    tensor_add(&tensors, "fc.weight", "F64", "[1,1]", wide, 8);
    refuse(&tensors, NULL, BP_ERROR_INPUT, "beyond binary32");
}

Test(import_tensors, without_any_bias_there_are_no_thresholds)
{
    struct tensor_bytes tensors = {0};
    tensor_add_steps(&tensors, "a.0.weight", "[2,2]", 4, 1);
    tensor_add_steps(&tensors, "a.1.weight", "[1,2]", 2, 1);
    bp_import_options options = relu();
    bp_model *model = import(&tensors, &options, NULL);
    cr_expect_not(bp_model_get_info(model).thresholds);
    bp_model_free(model);
    struct tensor_bytes one = {0};
    tensor_add_layer(&one, "a.0", 2, 2);
    tensor_add_steps(&one, "a.1.weight", "[1,2]", 2, 1);
    model = import(&one, &options, NULL);
    cr_expect(bp_model_get_info(model).thresholds);
    bp_model_free(model);
}

/* A name without a prefix is that of a module which is one layer. */
Test(import_tensors, a_single_linear_layer_needs_no_activation)
{
    struct tensor_bytes tensors = {0};
    tensor_add_steps(&tensors, "weight", "[2,3]", 6, 1);
    tensor_add_steps(&tensors, "bias", "[2]", 2, 1);
    bp_model *model = import(&tensors, NULL, NULL);
    const bp_model_info info = bp_model_get_info(model);
    cr_expect_eq(info.layers, 1);
    cr_expect_eq(info.task, BP_TASK_REGRESS);
    cr_expect_eq(info.output_activation, BP_ACTIVATION_IDENTITY);
    bp_model_free(model);
}

Test(import_tensors, activations_are_asked_for_and_counted)
{
    struct tensor_bytes tensors = {0};
    bp_import_options options = bp_import_options_default();
    tensor_add_layer(&tensors, "0", 3, 2);
    tensor_add_layer(&tensors, "2", 3, 3);
    tensor_add_layer(&tensors, "4", 1, 3);
    const struct tensor_bytes again = tensors;
    refuse(&tensors, &options, BP_ERROR_ARGUMENT,
           "does not say that of its 2 hidden layers, such as \"0.weight\": give it: relu");
    options.activations = "relu,tanh,relu,relu";
    tensors = again;
    refuse(&tensors, &options, BP_ERROR_ARGUMENT, "activation: 4 names for 2 hidden layers");
    options.activations = "sigmod";
    tensors = again;
    refuse(&tensors, &options, BP_ERROR_ARGUMENT, "activation: unknown activation \"sigmod\"");
    options.activations = "relu,tanh,logistic";
    tensors = again;
    bp_model *model = import(&tensors, &options, NULL);
    const bp_model_info info = bp_model_get_info(model);
    cr_expect_eq(info.activations[0], BP_ACTIVATION_RELU);
    cr_expect_eq(info.activations[1], BP_ACTIVATION_TANH);
    cr_expect_eq(info.activations[2], BP_ACTIVATION_LOGISTIC);
    bp_model_free(model);
    bp_model_options of_model = bp_import_model_options_default();
    of_model.output_activation = BP_ACTIVATION_TANH;
    options.model = &of_model;
    tensors = again;
    refuse(&tensors, &options, BP_ERROR_ARGUMENT, "has a name for the outputs as well");
}

/* What other layers have, each with its name and the reason. */
Test(import_tensors, what_is_no_linear_layer_is_refused_by_name)
{
    static const unsigned char zeros[512];
    static const struct {
        const char *name, *type, *shape;
        size_t size;
        const char *reason;
    } bad[] = {
        {"1.running_mean", "F32", "[2]", 8, "\"1.running_mean\" belongs to a batch normalization"},
        {"1.num_batches_tracked", "I64", "[]", 8,
         "\"1.num_batches_tracked\" belongs to a batch normalization"},
        {"1.weight", "F32", "[2]", 8, "\"1.weight\" has fewer than two dimensions"},
        {"conv.weight", "F32", "[2,1,3,3]", 72, "\"conv.weight\" has more than two dimensions"},
        {"rnn.weight_ih_l0", "F32", "[2,2]", 16, "\"rnn.weight_ih_l0\" is neither the weight"},
        {"1.weight", "I32", "[2,2]", 16, "\"1.weight\" holds numbers of type I32"},
        {"1.weight", "F8_E4M3", "[2,2]", 4, "\"1.weight\" holds numbers of type F8_E4M3"},
        {"1.weight", "Q4", "[2,2]", 2, "\"1.weight\" is of type \"Q4\", which is none"},
        {"1.weight", "F32", "[0,2]", 0, "\"1.weight\" is 0 x 2: a layer has 1 to"},
        {"1.bias", "F32", "[2]", 8, "\"1.bias\" has no weight beside it"},
        {"0.bias", "F32", "[3]", 12, "\"0.bias\" is not a list of 2 numbers"},
        {"0.bias", "F32", "[2,1]", 8, "\"0.bias\" is not a list of 2 numbers"},
        {"1.weight", "F32", "[2,2,1,1,1,1,1,1,1]", 16, "has rank 9"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        struct tensor_bytes tensors = {0};
        const bp_import_options options = relu();
        tensor_add_steps(&tensors, "0.weight", "[2,2]", 4, 1);
        tensor_add(&tensors, bad[k].name, bad[k].type, bad[k].shape, zeros, bad[k].size);
        refuse(&tensors, &options, BP_ERROR_INPUT, bad[k].reason);
    }
    struct tensor_bytes none = {0};
    none.header[none.length++] = '{';
    refuse(&none, NULL, BP_ERROR_INPUT, "no tensor");
}

Test(import_tensors, a_layer_that_does_not_read_the_one_before_is_named)
{
    struct tensor_bytes tensors = {0};
    const bp_import_options options = relu();
    tensor_add_layer(&tensors, "net.0", 3, 2);
    tensor_add_layer(&tensors, "net.10", 1, 4);
    refuse(&tensors, &options, BP_ERROR_INPUT,
           "layer \"net.10\" (1 x 4) reads 4 numbers, and layer \"net.0\" (3 x 2) before it gives "
           "3");
}

Test(import_tensors, more_layers_than_there_may_be_are_refused)
{
    struct tensor_bytes tensors = {0};
    const bp_import_options options = relu();
    for (unsigned l = 0; l < BP_LAYERS_MAX + 1; l++) {
        char name[16];
        snprintf(name, sizeof name, "%u.weight", l);
        tensor_add_steps(&tensors, name, "[1,1]", 1, 1);
    }
    refuse(&tensors, &options, BP_ERROR_INPUT, "is of one more than 64 layers");
}

/* Neither is opened: to read a pickle is to run it. */
Test(import_tensors, files_of_torch_save_are_recognized_and_not_opened)
{
    static const char zip[] = "PK\3\4\n\0\0archive/data.pkl", pickle[] = "\x80\2}q\0.";
    bp_model *model;
    bp_error error;
    cr_expect_eq(bp_model_import_memory(&model, zip, sizeof zip, NULL, NULL, &error),
                 BP_ERROR_INPUT);
    cr_expect(strstr(error.message, "as PyTorch saves models"), "%s", error.message);
    cr_expect(strstr(error.message, "save_file(state, "), "%s", error.message);
    cr_expect_eq(bp_model_import_memory(&model, pickle, sizeof pickle, NULL, NULL, &error),
                 BP_ERROR_INPUT);
    cr_expect(strstr(error.message, "is a pickle"), "%s", error.message);
    cr_expect_eq(bp_model_import_memory(&model, "1,2\n3,4\n", 8, NULL, NULL, &error),
                 BP_ERROR_INPUT);
    cr_expect(strstr(error.message, "is neither a safetensors file nor"), "%s", error.message);
}
