/* A run that is taken up again from a checkpoint ends with the bits of one that was not
 * interrupted. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "support/scratch.h"
#include "support/training.h"

static char *path;

static void set_up(void)
{
    path = scratch_file("c.safetensors");
}

TestSuite(train_resume, .init = set_up, .fini = scratch_remove);

static void expect_resumed(const bp_train_options *options, const bp_model_options *model,
                           size_t epochs, size_t samples)
{
    const bp_train_result whole = training_run(options, model);
    training_checkpoint(options, model, epochs, samples, path);
    const bp_train_result rest = training_resume(options, model, path);
    training_expect_equal(&rest, &whole);
}

Test(train_resume, every_optimizer_goes_on_within_an_epoch)
{
    for (bp_optimizer kind = BP_OPTIMIZER_SGD; bp_choice_name(BP_CHOICE_OPTIMIZER, (int)kind);
         kind++) {
        bp_train_options options = training_options(kind);
        options.keep_best = false;
        expect_resumed(&options, NULL, 2, kind == BP_OPTIMIZER_IRPROP ? 0 : 64);
    }
}

Test(train_resume, every_optimizer_goes_on_without_thresholds)
{
    bp_model_options model = bp_model_options_default();
    model.thresholds = false;
    for (bp_optimizer kind = BP_OPTIMIZER_SGD; bp_choice_name(BP_CHOICE_OPTIMIZER, (int)kind);
         kind++) {
        const bp_train_options options = training_options(kind);
        expect_resumed(&options, &model, 3, kind == BP_OPTIMIZER_IRPROP ? 0 : 64);
    }
}

/* From a checkpoint in memory, whose bytes are those of the file. */
Test(train_resume, a_run_goes_on_from_memory)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    const bp_train_result whole = training_run(&options, NULL);
    struct training first = training_create(&options, NULL);
    void *bytes;
    size_t size, file_size;
    training_interrupt(&first, 2, 64, path);
    cr_assert_eq(bp_trainer_save_memory(first.trainer, &bytes, &size, NULL), BP_OK);
    char *file = file_get(path, &file_size);
    cr_assert_eq(size, file_size);
    cr_assert_arr_eq(bytes, file, size);
    free(file);
    training_free(&first);
    struct training second = training_create(&options, NULL);
    bp_error error;
    cr_assert_eq(bp_trainer_restore_memory(second.trainer, bytes, size, &error), BP_OK, "%s",
                 error.message);
    bp_memory_free(bytes);
    const bp_train_result rest = training_finish(&second);
    training_expect_equal(&rest, &whole);
    training_free(&second);
}

Test(train_resume, every_stop_between_two_batches_is_as_good)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    for (size_t samples = 0; samples < 120; samples += 32)
        expect_resumed(&options, NULL, 1, samples);
}

Test(train_resume, whatever_changes_the_steps_goes_on)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAMW);
    options.schedule = BP_SCHEDULE_COSINE;
    options.warmup_epochs = 2;
    options.weight_decay = 0.01f;
    options.clip_norm = 0.5f;
    options.clip_value = 0.05f;
    options.dropout = 0.25f;
    options.class_weight = "balanced";
    expect_resumed(&options, NULL, 1, 32);
    expect_resumed(&options, NULL, 3, 96);
}

Test(train_resume, the_best_weights_and_what_is_left_of_patience_go_on)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.epochs = 40;
    options.learning_rate = 8.0f;
    options.metric = BP_METRIC_ACCURACY;
    options.patience = 5;
    const bp_train_result whole = training_run(&options, NULL);
    cr_assert(whole.ended_early, "of no use: %zu epochs", whole.epochs);
    cr_assert_lt(whole.best_epoch, whole.epochs);
    training_checkpoint(&options, NULL, whole.epochs - 2, 32, path);
    const bp_train_result rest = training_resume(&options, NULL, path);
    training_expect_equal(&rest, &whole);
}

Test(train_resume, threads_plan_and_instruction_set_may_be_others)
{
    bp_train_options options = training_options(BP_OPTIMIZER_MOMENTUM);
    options.plan = BP_PLAN_SAMPLES;
    const bp_train_result whole = training_run(&options, NULL);
    training_checkpoint(&options, NULL, 3, 32, path);
    options.threads = 3;
    options.plan = BP_PLAN_PARAMETERS;
    options.backend = BP_BACKEND_PTHREADS;
    options.isa = BP_ISA_PORTABLE;
    const bp_train_result rest = training_resume(&options, NULL, path);
    training_expect_equal(&rest, &whole);
}

Test(train_resume, a_run_may_be_interrupted_again_and_again)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_NESTEROV);
    const bp_train_result whole = training_run(&options, NULL);
    training_checkpoint(&options, NULL, 1, 32, path);
    for (size_t epochs = 2; epochs < 5; epochs++) {
        struct training training = training_create(&options, NULL);
        bp_error error;
        cr_assert_eq(bp_trainer_restore(training.trainer, path, &error), BP_OK, "%s",
                     error.message);
        training_interrupt(&training, epochs, epochs * 16, path);
        training_free(&training);
    }
    const bp_train_result rest = training_resume(&options, NULL, path);
    training_expect_equal(&rest, &whole);
}

Test(train_resume, a_run_that_was_complete_ends_the_same_at_once)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_RMSPROP);
    expect_resumed(&options, NULL, 6, 0);
}

Test(train_resume, a_run_that_ended_with_its_best_weights_goes_on_from_the_last)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.learning_rate = 8.0f;
    options.epochs = 12;
    const bp_train_result longer = training_run(&options, NULL);
    options.epochs = 6;
    struct training training = training_create(&options, NULL);
    const bp_train_result shorter = training_finish(&training);
    cr_assert_lt(shorter.best_epoch, 6, "of no use: the last epoch is the best");
    cr_assert_eq(bp_trainer_save(training.trainer, path, NULL), BP_OK);
    training_free(&training);
    options.epochs = 12;
    const bp_train_result rest = training_resume(&options, NULL, path);
    training_expect_equal(&rest, &longer);
}

Test(train_resume, a_checkpoint_changes_nothing_for_the_run_that_writes_it)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    const bp_train_result whole = training_run(&options, NULL);
    struct training training = training_create(&options, NULL);
    training_interrupt(&training, 2, 64, path);
    const bp_train_result rest = training_finish(&training);
    training_expect_equal(&rest, &whole);
    training_free(&training);
}

Test(train_resume, the_model_may_come_from_the_checkpoint_itself)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    const bp_train_result whole = training_run(&options, NULL);
    training_checkpoint(&options, NULL, 2, 64, path);
    struct training training = training_load(&options, path);
    cr_assert_eq(bp_trainer_restore(training.trainer, path, NULL), BP_OK);
    const bp_train_result rest = training_finish(&training);
    training_expect_equal(&rest, &whole);
    training_free(&training);
}

Test(train_resume, a_checkpoint_is_a_model_with_the_weights_of_its_moment)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    struct training training = training_create(&options, NULL);
    training_interrupt(&training, 2, 64, path);
    bp_model *model;
    bp_error error;
    cr_assert_eq(bp_model_load(&model, path, &error), BP_OK, "%s", error.message);
    cr_assert_str_eq(bp_model_get_info(model).weights_digest,
                     bp_model_get_info(training.model).weights_digest);
    bp_model_free(model);
    training_free(&training);
}

/* The rate falls before the interruption and after it. */
Test(train_resume, a_plateau_goes_on)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.epochs = 14;
    options.learning_rate = 8.0f;
    options.metric = BP_METRIC_ACCURACY;
    options.keep_best = false;
    const bp_train_result constant = training_run(&options, NULL);
    options.schedule = BP_SCHEDULE_PLATEAU;
    options.schedule_epochs = 1;
    options.schedule_factor = 0.5f;
    const bp_train_result whole = training_run(&options, NULL);
    cr_assert_str_neq(whole.weights_digest, constant.weights_digest, "of no use: it never fell");
    for (size_t epochs = 2; epochs < 14; epochs += 5)
        expect_resumed(&options, NULL, epochs, 32);
}
