/* Runs that go on for more epochs than they were created for. */
#include <criterion/criterion.h>

#include <string.h>

#include "support/training.h"
#include "train/schedule.h"

/* The validation set chooses weights at the end of each part; the next part goes on from others. */
Test(train_going_on, more_epochs_give_the_bits_of_a_run_of_the_sum)
{
    for (bp_optimizer kind = BP_OPTIMIZER_SGD; bp_choice_name(BP_CHOICE_OPTIMIZER, (int)kind);
         kind++) {
        bp_train_options options = training_options(kind);
        options.epochs = 9;
        const bp_train_result whole = training_run(&options, NULL);
        options.epochs = 4;
        struct training training = training_create(&options, NULL);
        cr_assert_eq(training_finish(&training).epochs, 4);
        training_set_epochs(&training, 9);
        const bp_train_result result = training_finish(&training);
        training_expect_equal(&result, &whole);
        training_free(&training);
    }
}

/* Epochs 1 to 4 of a cosine over 4, then 5 to 8 of one over 8: beside one epoch at a time, each
 * given the rate by hand. */
Test(train_going_on, a_cosine_is_that_of_the_new_number_of_epochs)
{
    bp_train_options options = training_options(BP_OPTIMIZER_MOMENTUM);
    options.epochs = 4;
    options.schedule = BP_SCHEDULE_COSINE;
    options.keep_best = false;
    options.batch_size = BP_BATCH_FULL;
    options.learning_rate = 0.5f;
    options.shuffle = false;
    struct training training = training_create(&options, NULL);
    struct training updated = training_create(&options, NULL);
    training_finish(&training);
    training_set_epochs(&training, 8);
    const bp_train_result result = training_finish(&training);
    for (size_t epoch = 0; epoch < 8; epoch++) {
        bp_train_options cosine = options;
        cosine.epochs = epoch < 4 ? 4 : 8;
        const float rate = bp_schedule_rate(&cosine, epoch, 0, 1, 0);
        cr_assert_gt(rate, 0.0f);
        cr_assert_eq(bp_trainer_update(updated.trainer, updated.train, rate, NULL, NULL), BP_OK);
    }
    cr_expect_str_eq(bp_model_get_info(updated.model).weights_digest, result.weights_digest);
    training_free(&updated);
    training_free(&training);
}

Test(train_going_on, so_does_a_finished_run_from_memory)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    options.epochs = 9;
    const bp_train_result whole = training_run(&options, NULL);
    options.epochs = 4;
    struct training first = training_create(&options, NULL);
    void *bytes;
    size_t size;
    training_finish(&first);
    cr_assert_eq(bp_trainer_save_memory(first.trainer, &bytes, &size, NULL), BP_OK);
    training_free(&first);
    struct training second = training_create(&options, NULL);
    cr_assert_eq(bp_trainer_restore_memory(second.trainer, bytes, size, NULL), BP_OK);
    bp_memory_free(bytes);
    training_set_epochs(&second, 9);
    const bp_train_result result = training_finish(&second);
    training_expect_equal(&result, &whole);
    bp_train_options recipe = bp_train_options_default();
    cr_assert_eq(bp_model_get_train_options(second.model, &recipe, NULL), BP_OK);
    cr_expect_eq(recipe.epochs, 9);
    training_free(&second);
}

Test(train_going_on, patience_counts_anew_after_it_ran_out)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.epochs = 40;
    options.learning_rate = 8.0f;
    options.metric = BP_METRIC_ACCURACY;
    options.patience = 5;
    struct training training = training_create(&options, NULL);
    const bp_train_result first = training_finish(&training);
    cr_assert(first.ended_early, "of no use: %zu epochs", first.epochs);
    training_set_epochs(&training, first.epochs + 2);
    const bp_train_result result = training_finish(&training);
    cr_expect_eq(result.epochs, first.epochs + 2);
    cr_expect_not(result.ended_early);
    training_free(&training);
}

Test(train_going_on, fewer_epochs_than_have_begun_are_refused)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    struct training training = training_create(&options, NULL);
    bp_error error = {BP_OK, ""};
    training_finish(&training);
    cr_assert_eq(bp_trainer_set_epochs(training.trainer, 5, &error), BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "6 of this run have begun"), "%s", error.message);
    cr_assert_eq(bp_trainer_set_epochs(training.trainer, 0, NULL), BP_ERROR_ARGUMENT);
    training_set_epochs(&training, 6);
    training_free(&training);
}

Test(train_going_on, a_refit_that_has_begun_is_left_alone)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.refit = true;
    struct training training = training_create(&options, NULL);
    bp_error error = {BP_OK, ""};
    training_finish(&training);
    cr_assert_eq(bp_trainer_set_epochs(training.trainer, 20, &error), BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "without refit"), "%s", error.message);
    training_free(&training);
}

/* The callback of a run asks for what would take the rows and the state of the run from it. */
static bool change_what_runs(const bp_progress *progress, void *user)
{
    const struct training *training = user;
    bp_trainer *trainer = training->trainer;
    void *bytes = NULL;
    size_t size = 0;
    bp_error error = {BP_OK, ""};
    (void)progress;
    cr_expect_eq(bp_trainer_run(trainer, NULL, NULL, NULL, &error), BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "the trainer runs"), "%s", error.message);
    cr_expect_eq(bp_trainer_update(trainer, training->train, 0.0f, NULL, NULL), BP_ERROR_ARGUMENT);
    cr_expect_eq(bp_trainer_set_data(trainer, training->train, NULL), BP_ERROR_ARGUMENT);
    cr_assert_eq(bp_trainer_save_memory(trainer, &bytes, &size, NULL), BP_OK);
    cr_expect_eq(bp_trainer_restore_memory(trainer, bytes, size, NULL), BP_ERROR_ARGUMENT);
    bp_memory_free(bytes);
    return true;
}

Test(train_going_on, a_callback_cannot_change_the_trainer_that_calls_it)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    const bp_train_result whole = training_run(&options, NULL);
    struct training training = training_create(&options, NULL);
    bp_train_result result;
    cr_assert_eq(bp_trainer_run(training.trainer, change_what_runs, &training, &result, NULL),
                 BP_OK);
    training_expect_equal(&result, &whole);
    cr_expect_eq(bp_trainer_update(training.trainer, training.train, 0.0f, NULL, NULL), BP_OK);
    training_free(&training);
}
