/* Many trainings at once: the same numbers on any number of threads, and no trial stops another. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/tables.h"

#define FOLDS 6

static bp_dataset *read_iris(void)
{
    const bp_read_options options = bp_read_options_default();
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_read(&dataset, DATASETS "/iris.csv", &options, &error), BP_OK, "%s",
                 error.message);
    return dataset;
}

/* What a trial points to. */
struct parts {
    bp_model_options model;
    bp_train_options train;
    bp_holdout holdout;
    double valid_fraction;
};

static void make_trials(struct parts *parts, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        parts[k] = (struct parts){.model = bp_model_options_default(),
                                  .train = bp_train_options_default(),
                                  .holdout = bp_holdout_default()};
        parts[k].train.epochs = 5 + k % 3;
        parts[k].holdout.folds = FOLDS;
        parts[k].holdout.fold = k % FOLDS;
    }
}

static void point(bp_trial *trials, const struct parts *parts, size_t count)
{
    for (size_t k = 0; k < count; k++)
        trials[k] = (bp_trial){.size = sizeof(bp_trial),
                               .model = &parts[k].model,
                               .train = &parts[k].train,
                               .holdout = &parts[k].holdout,
                               .valid_fraction = parts[k].valid_fraction};
}

static bp_status run_trials(const bp_dataset *dataset, const struct parts *parts, size_t count,
                            size_t threads, bp_trial_result *results)
{
    bp_trial trials[2 * FOLDS];
    cr_assert_leq(count, 2 * FOLDS);
    point(trials, parts, count);
    const bp_trials run = {.size = sizeof(bp_trials),
                           .dataset = dataset,
                           .trial = trials,
                           .count = count,
                           .threads = threads};
    return bp_trials_run(&run, results, NULL);
}

static void assert_same(const bp_trial_result *a, const bp_trial_result *b)
{
    cr_assert_eq(a->error.status, b->error.status);
    cr_assert_str_eq(a->error.message, b->error.message);
    cr_assert_eq(a->task, b->task);
    cr_assert_eq(a->metrics.samples, b->metrics.samples);
    cr_assert_eq(a->metrics.loss, b->metrics.loss);
    cr_assert_eq(a->metrics.accuracy, b->metrics.accuracy);
    cr_assert_eq(a->train.epochs, b->train.epochs);
    cr_assert_eq(a->train.train_loss, b->train.train_loss);
    cr_assert_str_eq(a->train.weights_digest, b->train.weights_digest);
}

Test(trials, numbers_do_not_depend_on_the_threads)
{
    static const size_t threads[] = {1, 2, 5, 0, 40};
    bp_dataset *dataset = read_iris();
    struct parts trials[2 * FOLDS];
    bp_trial_result first[2 * FOLDS], results[2 * FOLDS];
    make_trials(trials, 2 * FOLDS);
    for (size_t k = 0; k < sizeof threads / sizeof threads[0]; k++) {
        cr_assert_eq(run_trials(dataset, trials, 2 * FOLDS, threads[k], results), BP_OK);
        for (size_t i = 0; i < 2 * FOLDS; i++) {
            cr_assert_eq(results[i].error.status, BP_OK, "%s", results[i].error.message);
            cr_assert_eq(results[i].metrics.samples, 25);
            if (k > 0)
                assert_same(&first[i], &results[i]);
            else
                first[i] = results[i];
        }
    }
    bp_dataset_free(dataset);
}

Test(trials, a_trial_is_what_one_would_do_by_hand)
{
    bp_dataset *dataset = read_iris(), *train, *held_out;
    struct parts trials[FOLDS];
    bp_trial_result results[FOLDS];
    make_trials(trials, FOLDS);
    cr_assert_eq(run_trials(dataset, trials, FOLDS, 2, results), BP_OK);

    const struct parts *trial = &trials[4];
    const bp_run_options run = bp_run_options_default();
    bp_model *model;
    bp_trainer *trainer;
    bp_train_result trained;
    bp_metrics metrics;
    cr_assert_eq(bp_dataset_hold_out(dataset, &trial->holdout, &train, &held_out, NULL), BP_OK);
    cr_assert_eq(bp_model_create(&model, train, &trial->model, NULL), BP_OK);
    cr_assert_eq(bp_trainer_create(&trainer, model, train, NULL, &trial->train, NULL), BP_OK);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, &trained, NULL), BP_OK);
    cr_assert_eq(bp_evaluate(model, held_out, &run, &metrics, NULL), BP_OK);

    cr_assert_str_eq(results[4].train.weights_digest, trained.weights_digest);
    cr_assert_eq(results[4].metrics.loss, metrics.loss);
    cr_assert_eq(results[4].task, BP_TASK_CLASSIFY);
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(train);
    bp_dataset_free(held_out);
    bp_dataset_free(dataset);
}

Test(trials, a_trial_that_diverges_stops_no_other)
{
    bp_dataset *dataset = read_iris();
    struct parts trials[FOLDS];
    bp_trial_result results[FOLDS];
    make_trials(trials, FOLDS);
    trials[1].model.output_activation = BP_ACTIVATION_IDENTITY;
    trials[1].train.learning_rate = 1e20f;
    trials[3].model.hidden_count = BP_LAYERS_MAX + 1;
    cr_assert_eq(run_trials(dataset, trials, FOLDS, 2, results), BP_OK);
    for (size_t k = 0; k < FOLDS; k++)
        cr_assert_eq(results[k].error.status, k == 1   ? BP_ERROR_NOT_FINITE
                                              : k == 3 ? BP_ERROR_ARGUMENT
                                                       : BP_OK);
    cr_assert_not_null(strstr(results[1].error.message, "not finite"));
    cr_assert_not_null(strstr(results[3].error.message, "hidden layers"));
    bp_dataset_free(dataset);
}

Test(trials, a_class_that_is_only_held_out_is_measured)
{
    bp_dataset *dataset = table_csv("1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n7,c\n", false);
    struct parts trials[7];
    bp_trial_result results[7];
    make_trials(trials, 7);
    for (size_t k = 0; k < 7; k++) {
        trials[k].holdout.folds = 7;
        trials[k].holdout.fold = k;
    }
    cr_assert_eq(run_trials(dataset, trials, 7, 2, results), BP_OK);
    for (size_t k = 0; k < 7; k++) {
        cr_assert_eq(results[k].error.status, BP_OK, "%s", results[k].error.message);
        cr_assert_eq(results[k].metrics.samples, 1);
    }
    bp_dataset_free(dataset);
}

Test(trials, part_of_the_training_rows_can_validate)
{
    bp_dataset *dataset = read_iris();
    struct parts trial;
    bp_trial_result result;
    make_trials(&trial, 1);
    trial.valid_fraction = 0.2;
    cr_assert_eq(run_trials(dataset, &trial, 1, 1, &result), BP_OK);
    cr_assert_eq(result.error.status, BP_OK, "%s", result.error.message);
    cr_assert_eq(result.train.samples, 100);
    cr_assert_eq(result.metrics.samples, 25);
    cr_assert_gt(result.train.valid_loss, 0);
    bp_dataset_free(dataset);
}

struct watched {
    size_t calls;
    size_t done;
    double share;
    size_t stop_after;
};

static bool watch(const bp_trials_progress *progress, void *user)
{
    struct watched *watched = user;
    watched->calls++;
    cr_assert_geq(progress->done, watched->done);
    cr_assert_leq(progress->share, 1);
    watched->done = progress->done;
    watched->share = progress->share;
    return watched->done < watched->stop_after;
}

Test(trials, progress_counts_up_to_all)
{
    bp_dataset *dataset = read_iris();
    bp_trial asked[FOLDS];
    struct parts trials[FOLDS];
    bp_trial_result results[FOLDS];
    struct watched watched = {.stop_after = FOLDS + 1};
    make_trials(trials, FOLDS);
    point(asked, trials, FOLDS);
    const bp_trials run = {.size = sizeof(bp_trials),
                           .dataset = dataset,
                           .trial = asked,
                           .count = FOLDS,
                           .threads = 3,
                           .progress = watch,
                           .user = &watched};
    cr_assert_eq(bp_trials_run(&run, results, NULL), BP_OK);
    cr_assert_geq(watched.calls, FOLDS);
    cr_assert_eq(watched.done, FOLDS);
    cr_assert_float_eq(watched.share, 1, 1e-12);
    bp_dataset_free(dataset);
}

Test(trials, the_callback_can_stop_all)
{
    bp_dataset *dataset = read_iris();
    bp_trial asked[FOLDS];
    struct parts trials[FOLDS];
    bp_trial_result results[FOLDS];
    struct watched watched = {.stop_after = 1};
    make_trials(trials, FOLDS);
    for (size_t k = 1; k < FOLDS; k++)
        trials[k].train.epochs = 1000000000;
    point(asked, trials, FOLDS);
    const bp_trials run = {.size = sizeof(bp_trials),
                           .dataset = dataset,
                           .trial = asked,
                           .count = FOLDS,
                           .threads = 2,
                           .progress = watch,
                           .user = &watched};
    cr_assert_eq(bp_trials_run(&run, results, NULL), BP_STOPPED);
    cr_assert_eq(results[0].error.status, BP_OK);
    for (size_t k = 1; k < FOLDS; k++)
        cr_assert_eq(results[k].error.status, BP_STOPPED);
    cr_assert_str_eq(results[FOLDS - 1].error.message, "the trial was not begun");
    bp_dataset_free(dataset);
}

/* The user is the request. */
static bool request_after_one(const bp_trials_progress *progress, void *user)
{
    if (progress->done > 0)
        bp_stop_request(user);
    return true;
}

Test(trials, a_request_stops_all)
{
    bp_dataset *dataset = read_iris();
    bp_trial asked[FOLDS];
    struct parts trials[FOLDS];
    bp_trial_result results[FOLDS];
    bp_stop *stop;
    cr_assert_eq(bp_stop_create(&stop, NULL), BP_OK);
    make_trials(trials, FOLDS);
    for (size_t k = 1; k < FOLDS; k++)
        trials[k].train.epochs = 1000000000;
    point(asked, trials, FOLDS);
    bp_trials run = {.size = sizeof(bp_trials),
                     .dataset = dataset,
                     .trial = asked,
                     .count = FOLDS,
                     .threads = 2,
                     .progress = request_after_one,
                     .user = stop,
                     .stop = stop};
    cr_assert_eq(bp_trials_run(&run, results, NULL), BP_STOPPED);
    cr_assert_eq(results[0].error.status, BP_OK);
    for (size_t k = 1; k < FOLDS; k++)
        cr_assert_eq(results[k].error.status, BP_STOPPED);
    run.progress = NULL;
    cr_assert_eq(bp_trials_run(&run, results, NULL), BP_STOPPED);
    cr_assert_str_eq(results[0].error.message, "the trial was not begun");
    bp_stop_free(stop);
    bp_dataset_free(dataset);
}

Test(trials, no_trial_is_no_work)
{
    bp_dataset *dataset = read_iris();
    cr_assert_eq(run_trials(dataset, NULL, 0, 2, NULL), BP_OK);
    bp_dataset_free(dataset);
}

Test(trials, threads_that_cannot_be_had_are_an_error)
{
    bp_dataset *dataset = read_iris();
    bp_trial asked[2];
    struct parts trials[2];
    bp_trial_result results[2];
    bp_error error;
    make_trials(trials, 2);
    point(asked, trials, 2);
    const bp_trials run = {.size = sizeof(bp_trials),
                           .dataset = dataset,
                           .trial = asked,
                           .count = 2,
                           .threads = 2,
                           .backend = BP_BACKEND_SERIAL};
    cr_assert_eq(bp_trials_run(&run, results, &error), BP_ERROR_ARGUMENT);
    cr_assert_not_null(strstr(error.message, "serial backend"));
    bp_dataset_free(dataset);
}
