/* Other training rows for a run that goes on. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/scratch.h"
#include "support/training.h"

static char *path;

static void set_up(void)
{
    path = scratch_file("set_data.safetensors");
}

TestSuite(train_set_data, .init = set_up, .fini = scratch_remove);

/* Iris again, whose 30 rows of validation become those of training. */
static void exchange(struct training *training)
{
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_trainer_set_data(training->trainer, training->valid, &error), BP_OK, "%s",
                 error.message);
}

Test(train_set_data, the_same_rows_again_change_no_bit)
{
    for (bp_optimizer kind = BP_OPTIMIZER_SGD; bp_choice_name(BP_CHOICE_OPTIMIZER, (int)kind);
         kind++) {
        bp_train_options options = training_options(kind);
        options.epochs = 9;
        options.dropout = 0.25f;
        options.class_weight = "balanced";
        const bp_train_result whole = training_run(&options, NULL);
        options.epochs = 4;
        struct training training = training_create(&options, NULL);
        training_finish(&training);
        cr_assert_eq(bp_trainer_set_data(training.trainer, training.train, NULL), BP_OK);
        training_set_epochs(&training, 9);
        const bp_train_result result = training_finish(&training);
        training_expect_equal(&result, &whole);
        cr_expect_eq(result.updates, whole.updates);
        training_free(&training);
    }
}

/* 4 epochs of 120 rows, 2 of 30: in batches of 32, or as many as there are. */
Test(train_set_data, other_rows_are_trained_on_with_the_state_that_there_is)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    options.epochs = 4;
    options.shuffle = false;
    options.keep_best = false;
    struct training training = training_create(&options, NULL);
    struct training updated = training_create(&options, NULL);
    training_finish(&training);
    training_finish(&updated);
    exchange(&training);
    training_set_epochs(&training, 6);
    const bp_train_result result = training_finish(&training);
    cr_expect_eq(result.samples, 30);
    cr_expect_eq(result.batch_size, 30);
    cr_expect_eq(result.updates, 4 * 4 + 2);
    cr_expect_eq(result.epochs, 6);
    for (int k = 0; k < 2; k++)
        cr_assert_eq(bp_trainer_update(updated.trainer, updated.valid, 0.0f, NULL, NULL), BP_OK);
    cr_expect_str_eq(bp_model_get_info(updated.model).weights_digest, result.weights_digest);
    /* And back: the batches are those that were asked for. */
    cr_assert_eq(bp_trainer_set_data(training.trainer, training.train, NULL), BP_OK);
    training_set_epochs(&training, 7);
    const bp_train_result again = training_finish(&training);
    cr_expect_eq(again.batch_size, 32);
    cr_expect_eq(again.updates, 4 * 4 + 2 + 4);
    training_free(&training);
    training_free(&updated);
}

Test(train_set_data, an_epoch_that_has_begun_begins_again)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    struct training training = training_create(&options, NULL);
    bp_train_result result;
    training_interrupt(&training, 2, 32, path);
    exchange(&training);
    cr_assert_eq(bp_trainer_run(training.trainer, NULL, NULL, &result, NULL), BP_OK);
    cr_expect_eq(result.epochs, 6);
    cr_expect_eq(result.updates, 2 * 4 + 4);
    training_free(&training);
}

Test(train_set_data, the_state_is_taken_up_by_a_trainer_of_the_new_rows)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    struct training training = training_create(&options, NULL);
    void *bytes;
    size_t size;
    bp_error error = {BP_OK, ""};
    training_finish(&training);
    exchange(&training);
    cr_assert_eq(bp_trainer_save_memory(training.trainer, &bytes, &size, NULL), BP_OK);
    training_set_epochs(&training, 8);
    const bp_train_result whole = training_finish(&training);
    training_free(&training);
    training = training_create(&options, NULL);
    cr_expect_eq(bp_trainer_restore_memory(training.trainer, bytes, size, &error), BP_ERROR_INPUT,
                 "of other rows");
    exchange(&training);
    cr_assert_eq(bp_trainer_restore_memory(training.trainer, bytes, size, &error), BP_OK, "%s",
                 error.message);
    bp_memory_free(bytes);
    training_set_epochs(&training, 8);
    const bp_train_result result = training_finish(&training);
    training_expect_equal(&result, &whole);
    cr_expect_eq(result.updates, whole.updates);
    training_free(&training);
}

Test(train_set_data, rows_that_do_not_suit_leave_the_trainer_as_it_was)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    const bp_train_result whole = training_run(&options, NULL);
    struct training training = training_create(&options, NULL);
    const float input[4] = {1.0f, 2.0f, 3.0f, 4.0f};
    const float target[2] = {0.0f, 1.0f};
    const bp_arrays arrays = {.size = sizeof arrays,
                              .count = 2,
                              .inputs = 2,
                              .outputs = 1,
                              .input = input,
                              .targets = target};
    bp_dataset *other;
    cr_assert_eq(bp_dataset_from_arrays(&other, &arrays, NULL), BP_OK);
    cr_expect_eq(bp_trainer_set_data(training.trainer, other, NULL), BP_ERROR_INPUT);
    bp_dataset_free(other);
    const bp_train_result result = training_finish(&training);
    training_expect_equal(&result, &whole);
    training_free(&training);
    options.refit = true;
    training = training_create(&options, NULL);
    bp_error error = {BP_OK, ""};
    cr_expect_eq(bp_trainer_set_data(training.trainer, training.valid, &error), BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "without refit"), "%s", error.message);
    training_free(&training);
}
