/* Models without thresholds (section 1 of the text): what is trained, stored and refused. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "net/safetensors.h"
#include "support/hostile.h"
#include "support/scratch.h"
#include "support/training.h"

static char *path;

static void set_up(void)
{
    path = scratch_file("m.safetensors");
}

TestSuite(model_thresholds, .init = set_up, .fini = scratch_remove);

/* 4-16-3 neurons on iris. */
static struct training create(bp_optimizer optimizer)
{
    const bp_train_options options = training_options(optimizer);
    bp_model_options model = training_model();
    model.thresholds = false;
    return training_create(&options, &model);
}

static void expect_zeros(const bp_model *model)
{
    static const float zeros[16];
    for (size_t l = 0; l < 2; l++) {
        float thresholds[16];
        memset(thresholds, 0xFF, sizeof thresholds);
        cr_assert_eq(bp_model_get_parameters(model, l, NULL, thresholds, NULL), BP_OK);
        cr_assert_arr_eq(thresholds, zeros, (l ? 3 : 16) * sizeof *zeros);
    }
}

Test(model_thresholds, a_model_has_them_unless_it_is_asked_to_have_none)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    struct training with = training_create(&options, NULL), without = create(BP_OPTIMIZER_SGD);
    cr_expect(bp_model_get_info(with.model).thresholds);
    cr_expect_eq(bp_model_get_info(with.model).parameters, 4 * 16 + 16 + 16 * 3 + 3);
    cr_expect_not(bp_model_get_info(without.model).thresholds);
    cr_expect_eq(bp_model_get_info(without.model).parameters, 4 * 16 + 16 * 3);
    training_free(&with);
    training_free(&without);
}

Test(model_thresholds, a_whole_run_of_every_optimizer_leaves_them_at_zero)
{
    for (bp_optimizer kind = BP_OPTIMIZER_SGD; bp_choice_name(BP_CHOICE_OPTIMIZER, (int)kind);
         kind++) {
        struct training training = create(kind);
        char before[BP_DIGEST_SIZE];
        strcpy(before, bp_model_get_info(training.model).weights_digest);
        const bp_train_result result = training_finish(&training);
        cr_expect_str_neq(result.weights_digest, before);
        expect_zeros(training.model);
        training_free(&training);
    }
}

Test(model_thresholds, only_zeros_can_be_put_in_their_place)
{
    struct training training = create(BP_OPTIMIZER_SGD);
    float weights[16 * 3] = {0.5f}, thresholds[3] = {0.0f, -0.0f, 0.0f};
    bp_error error;
    cr_expect_eq(bp_model_set_parameters(training.model, 1, weights, NULL, NULL), BP_OK);
    cr_expect_eq(bp_model_set_parameters(training.model, 1, weights, thresholds, NULL), BP_OK);
    const bp_model_info before = bp_model_get_info(training.model);
    thresholds[2] = 0.25f;
    weights[0] = 0.75f;
    cr_expect_eq(bp_model_set_parameters(training.model, 1, weights, thresholds, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "layer 1: threshold 2 is 0.25, and the model has none: give "
                                    "NULL, or 0 for all");
    cr_expect_str_eq(bp_model_get_info(training.model).weights_digest, before.weights_digest,
                     "a call that fails changes nothing");
    expect_zeros(training.model);
    training_free(&training);
}

Test(model_thresholds, the_file_holds_weights_alone_and_gives_the_model_back)
{
    struct training training = create(BP_OPTIMIZER_ADAM);
    const bp_train_result result = training_finish(&training);
    cr_assert_eq(bp_model_save(training.model, path, NULL), BP_OK);
    struct bp_safetensors *file;
    cr_assert_eq(bp_safetensors_read(&file, &(struct bp_input){.path = path}, NULL), BP_OK);
    cr_expect_eq(file->count, 2);
    for (size_t k = 0; k < file->count; k++)
        cr_expect_null(strstr(file->tensors[k].name, "bias"));
    bp_safetensors_free(file);
    bp_model *loaded;
    cr_assert_eq(bp_model_load(&loaded, path, NULL), BP_OK);
    const bp_model_info info = bp_model_get_info(loaded);
    cr_expect_not(info.thresholds);
    cr_expect_eq(info.parameters, 4 * 16 + 16 * 3);
    cr_expect_str_eq(info.weights_digest, result.weights_digest);
    expect_zeros(loaded);
    bp_model_free(loaded);
    training_free(&training);
}

/* As --from does. */
Test(model_thresholds, training_goes_on_from_a_file_without_them)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    struct training training = create(BP_OPTIMIZER_ADAM);
    cr_assert_eq(bp_model_save(training.model, path, NULL), BP_OK);
    const bp_train_result expected = training_finish(&training);
    training_free(&training);
    training = training_load(&options, path);
    const bp_train_result result = training_finish(&training);
    training_expect_equal(&result, &expected);
    expect_zeros(training.model);
    training_free(&training);
}

Test(model_thresholds, the_gradient_check_checks_every_weight_and_nothing_else)
{
    struct training training = create(BP_OPTIMIZER_SGD);
    const bp_gradcheck_options all = {
        .size = sizeof(bp_gradcheck_options), .samples = 0, .parameters = 0};
    const bp_run_options run = bp_run_options_default();
    bp_gradcheck_result result;
    cr_assert_eq(bp_gradcheck(training.model, training.train, &all, &run, &result, NULL), BP_OK);
    cr_expect_eq(result.failed, 0);
    cr_expect_eq(result.parameters + result.skipped, bp_model_get_info(training.model).parameters);
    training_free(&training);
}

Test(model_thresholds, a_file_that_says_one_thing_and_holds_the_other_is_refused)
{
    static const char key[] = "\\\"hidden_delta\\\":";
    struct training training = create(BP_OPTIMIZER_SGD);
    cr_assert_eq(bp_model_save(training.model, path, NULL), BP_OK);
    training_free(&training);
    hostile_edit(path, "\\\"thresholds\\\":false", "\\\"thresholds\\\":0");
    hostile_expect_no_model(path, "\"thresholds\" of the network is neither true nor false");
    hostile_edit(path, "\\\"thresholds\\\":0", "\\\"thresholds\\\":true");
    hostile_expect_no_model(path, "2 tensors where 2 layers have 4");

    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    training = training_create(&options, NULL);
    cr_assert_eq(bp_model_save(training.model, path, NULL), BP_OK);
    training_free(&training);
    hostile_edit(path, key, "\\\"thresholds\\\":false,\\\"hidden_delta\\\":");
    hostile_expect_no_model(path, "4 tensors where 2 layers without thresholds have 2");
}

/* The numbers of a layer are there under the name of its biases. */
Test(model_thresholds, biases_in_place_of_weights_are_refused)
{
    struct training training = create(BP_OPTIMIZER_SGD);
    cr_assert_eq(bp_model_save(training.model, path, NULL), BP_OK);
    training_free(&training);
    hostile_edit(path, "\"layers.1.weight\"", "\"layers.1.bias\"");
    hostile_expect_no_model(path, "tensor layers.1.weight is missing");
}
