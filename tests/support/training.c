/* Runs on iris, whole and in parts. */
#include "support/training.h"

#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

static void expect_ok(bp_status status, const bp_error *error)
{
    cr_assert_eq(status, BP_OK, "%s", error->message);
}

bp_train_options training_options(bp_optimizer optimizer)
{
    bp_train_options options = bp_train_options_default();
    options.optimizer = optimizer;
    options.epochs = 6;
    options.batch_size = optimizer == BP_OPTIMIZER_IRPROP ? BP_BATCH_FULL : 32;
    options.threads = 1;
    return options;
}

bp_model_options training_model(void)
{
    bp_model_options model = bp_model_options_default();
    model.hidden[0] = 16;
    return model;
}

static void read_samples(struct training *training)
{
    bp_error error;
    bp_dataset *whole;
    expect_ok(bp_dataset_read(&whole, DATASETS "/iris.csv", NULL, &error), &error);
    expect_ok(bp_dataset_split(whole, 0.2, 1, &training->train, &training->valid, &error), &error);
    bp_dataset_free(whole);
}

static void make_trainer(struct training *training, const bp_train_options *options)
{
    bp_error error;
    expect_ok(bp_trainer_create(&training->trainer, training->model, training->train,
                                training->valid, options, &error),
              &error);
}

struct training training_create(const bp_train_options *options, const bp_model_options *model)
{
    struct training training = {0};
    const bp_model_options usual = training_model();
    bp_error error;
    read_samples(&training);
    expect_ok(bp_model_create(&training.model, training.train, model ? model : &usual, &error),
              &error);
    make_trainer(&training, options);
    return training;
}

struct training training_load(const bp_train_options *options, const char *path)
{
    struct training training = {0};
    bp_error error;
    read_samples(&training);
    expect_ok(bp_model_load(&training.model, path, &error), &error);
    make_trainer(&training, options);
    return training;
}

void training_free(struct training *training)
{
    bp_trainer_free(training->trainer);
    bp_model_free(training->model);
    bp_dataset_free(training->valid);
    bp_dataset_free(training->train);
}

void training_set_epochs(struct training *training, size_t epochs)
{
    bp_error error;
    expect_ok(bp_trainer_set_epochs(training->trainer, epochs, &error), &error);
}

bp_train_result training_finish(struct training *training)
{
    bp_error error;
    bp_train_result result;
    expect_ok(bp_trainer_run(training->trainer, NULL, NULL, &result, &error), &error);
    return result;
}

struct interruption {
    bp_trainer *trainer;
    const char *path;
    size_t epochs;
    size_t samples;
};

/* The trainer reports at the end of an epoch, and a tenth of a second after its last report: a
 * callback that takes longer is called again after the next batch. */
static bool interrupt(const bp_progress *progress, void *user)
{
    const struct interruption *interruption = user;
    const struct timespec pause = {.tv_nsec = 110000000};
    const size_t samples = progress->epoch_done ? 0 : progress->samples;
    if (progress->epoch == interruption->epochs && samples >= interruption->samples) {
        bp_error error;
        expect_ok(bp_trainer_save(interruption->trainer, interruption->path, &error), &error);
        return false;
    }
    if (progress->epoch == interruption->epochs)
        nanosleep(&pause, NULL);
    return true;
}

void training_interrupt(struct training *training, size_t epochs, size_t samples, const char *path)
{
    struct interruption interruption = {training->trainer, path, epochs, samples};
    bp_error error;
    const bp_status status =
        bp_trainer_run(training->trainer, interrupt, &interruption, NULL, &error);
    cr_assert(status == BP_STOPPED || status == BP_OK, "%s", error.message);
}

bp_train_result training_run(const bp_train_options *options, const bp_model_options *model)
{
    struct training training = training_create(options, model);
    const bp_train_result result = training_finish(&training);
    training_free(&training);
    return result;
}

void training_checkpoint(const bp_train_options *options, const bp_model_options *model,
                         size_t epochs, size_t samples, const char *path)
{
    struct training training = training_create(options, model);
    training_interrupt(&training, epochs, samples, path);
    training_free(&training);
}

bp_train_result training_resume(const bp_train_options *options, const bp_model_options *model,
                                const char *path)
{
    struct training training = training_create(options, model);
    bp_error error;
    expect_ok(bp_trainer_restore(training.trainer, path, &error), &error);
    const bp_train_result result = training_finish(&training);
    training_free(&training);
    return result;
}

void training_expect_equal(const bp_train_result *result, const bp_train_result *expected)
{
    cr_assert_str_eq(result->weights_digest, expected->weights_digest);
    cr_assert_eq(result->epochs, expected->epochs);
    cr_assert_eq(result->best_epoch, expected->best_epoch);
    cr_assert_eq(result->ended_early, expected->ended_early);
    cr_assert_eq(memcmp(&result->train_loss, &expected->train_loss, sizeof(double)), 0);
    cr_assert_eq(memcmp(&result->valid_loss, &expected->valid_loss, sizeof(double)), 0);
}
