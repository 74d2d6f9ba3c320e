/* Trials and cross-validation of ensembles: what a program would do with the library by hand, and
 * the same on any number of threads. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"

#define KINDS 2
#define FOLDS 3

static bp_dataset *read_iris(void)
{
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_read(&dataset, DATASETS "/iris.csv", NULL, NULL), BP_OK);
    return dataset;
}

/* What a trial of an ensemble points to. */
struct parts {
    bp_model_options model[KINDS];
    bp_train_options train[KINDS];
    bp_member_kind kind[KINDS];
    bp_ensemble_options ensemble;
    bp_holdout holdout;
};

static void make_parts(struct parts *parts)
{
    for (size_t k = 0; k < KINDS; k++) {
        parts->model[k] = bp_model_options_default();
        parts->train[k] = bp_train_options_default();
        cr_assert_eq(bp_preset_apply(BP_PRESET_MODERN, &parts->model[k], &parts->train[k], NULL),
                     BP_OK);
        parts->model[k].hidden_count = k;
        parts->model[k].hidden[0] = 6;
        parts->train[k].epochs = 3 + k;
        parts->kind[k] = bp_member_kind_default();
        parts->kind[k].model = &parts->model[k];
        parts->kind[k].train = &parts->train[k];
    }
    parts->ensemble = bp_ensemble_options_default();
    parts->ensemble.member_rows = BP_MEMBER_ROWS_FOLDS;
    parts->ensemble.member_folds = 4;
    parts->ensemble.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    parts->ensemble.decide = BP_DECISION_F1;
    parts->ensemble.seed = 5;
    parts->holdout = bp_holdout_default();
    parts->holdout.folds = FOLDS;
    parts->holdout.seed = 5;
}

static bp_trial make_trial(const struct parts *parts)
{
    bp_trial trial = bp_trial_default();
    trial.kinds = parts->kind;
    trial.kind_count = KINDS;
    trial.ensemble = &parts->ensemble;
    trial.holdout = &parts->holdout;
    return trial;
}

static bp_status run(const bp_dataset *dataset, const bp_trial *trial, size_t count, size_t threads,
                     bp_trial_result *results)
{
    bp_trials trials = bp_trials_default();
    trials.dataset = dataset;
    trials.trial = trial;
    trials.count = count;
    trials.threads = threads;
    return bp_trials_run(&trials, results, NULL);
}

static void expect_same(const bp_trial_result *a, const bp_trial_result *b)
{
    cr_expect_eq(a->error.status, BP_OK, "%s", a->error.message);
    cr_expect_eq(b->error.status, BP_OK, "%s", b->error.message);
    cr_expect_eq(a->metrics.samples, b->metrics.samples);
    cr_expect_eq(a->metrics.loss, b->metrics.loss);
    cr_expect_eq(a->metrics.accuracy, b->metrics.accuracy);
    cr_expect_eq(a->task, b->task);
    cr_expect_eq(a->train.samples, b->train.samples);
    cr_expect_eq(a->train.epochs, b->train.epochs);
    cr_expect_eq(a->train.updates, b->train.updates);
    cr_expect_str_eq(a->train.weights_digest, b->train.weights_digest);
}

/* The sums over all members. */
static void count_work(const bp_ensemble *ensemble, size_t *epochs, size_t *updates)
{
    *epochs = *updates = 0;
    for (size_t m = 0; m < bp_ensemble_get_info(ensemble).members; m++) {
        bp_ensemble_member member;
        cr_assert_eq(bp_ensemble_get_member(ensemble, m, &member, NULL), BP_OK);
        *epochs += member.train.epochs;
        *updates += member.train.updates;
    }
}

Test(trials_ensemble, a_trial_is_what_one_would_do_by_hand)
{
    struct parts parts;
    bp_dataset *dataset = read_iris(), *rows, *held_out;
    bp_ensemble *ensemble;
    bp_model *model;
    bp_metrics metrics;
    bp_trial_result result;
    size_t epochs, updates;
    make_parts(&parts);
    const bp_trial trial = make_trial(&parts);
    cr_assert_eq(run(dataset, &trial, 1, 1, &result), BP_OK);
    cr_assert_eq(bp_dataset_hold_out(dataset, &parts.holdout, &rows, &held_out, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_train(&ensemble, rows, NULL, parts.kind, KINDS, &parts.ensemble, NULL),
                 BP_OK);
    count_work(ensemble, &epochs, &updates);
    cr_assert_eq(bp_ensemble_take_model(ensemble, &model, NULL), BP_OK);
    cr_assert_eq(bp_evaluate(model, held_out, NULL, &metrics, NULL), BP_OK);

    cr_assert_eq(result.error.status, BP_OK, "%s", result.error.message);
    cr_expect_eq(result.task, BP_TASK_CLASSIFY);
    cr_expect_eq(result.metrics.loss, metrics.loss);
    cr_expect_eq(result.metrics.accuracy, metrics.accuracy);
    cr_expect_eq(result.metrics.samples, 50);
    cr_expect_eq(result.train.samples, 100);
    cr_expect_eq(result.train.epochs, epochs);
    cr_expect_eq(result.train.updates, updates);
    cr_expect(isnan(result.train.train_loss) && isnan(result.train.best_metric));
    cr_expect_str_eq(result.train.weights_digest, bp_model_get_info(model).weights_digest);
    bp_model_free(model);
    bp_ensemble_free(ensemble);
    bp_dataset_free(held_out);
    bp_dataset_free(rows);
    bp_dataset_free(dataset);
}

Test(trials_ensemble, numbers_do_not_depend_on_the_threads)
{
    static const size_t threads[] = {1, 2, 5};
    struct parts parts[FOLDS];
    bp_trial trial[FOLDS];
    bp_trial_result expected[FOLDS], results[FOLDS];
    bp_dataset *dataset = read_iris();
    for (size_t k = 0; k < FOLDS; k++) {
        make_parts(&parts[k]);
        parts[k].holdout.fold = k;
        trial[k] = make_trial(&parts[k]);
    }
    cr_assert_eq(run(dataset, trial, FOLDS, 1, expected), BP_OK);
    for (size_t t = 1; t < 3; t++) {
        cr_assert_eq(run(dataset, trial, FOLDS, threads[t], results), BP_OK);
        for (size_t k = 0; k < FOLDS; k++)
            expect_same(&results[k], &expected[k]);
    }
    cr_expect_str_neq(expected[0].train.weights_digest, expected[1].train.weights_digest);
    bp_dataset_free(dataset);
}

/* Without kinds they are one, made of the model and the training of the trial. */
Test(trials_ensemble, model_and_training_are_the_only_kind)
{
    struct parts parts;
    bp_dataset *dataset = read_iris();
    bp_trial_result results[2];
    make_parts(&parts);
    bp_trial trial[] = {make_trial(&parts), bp_trial_default()};
    trial[0].kind_count = 1;
    trial[1].model = parts.kind[0].model;
    trial[1].train = parts.kind[0].train;
    trial[1].ensemble = &parts.ensemble;
    trial[1].holdout = &parts.holdout;
    cr_assert_eq(run(dataset, trial, 2, 1, results), BP_OK);
    expect_same(&results[1], &results[0]);
    bp_dataset_free(dataset);
}

Test(trials_ensemble, validation_rows_are_those_of_every_member)
{
    struct parts parts;
    bp_dataset *dataset = read_iris(), *others, *held_out, *rows, *valid;
    bp_ensemble *ensemble;
    bp_model *model;
    bp_trial_result result, without;
    make_parts(&parts);
    for (size_t k = 0; k < KINDS; k++) {
        parts.train[k].epochs = 60;
        parts.train[k].patience = 1; /* validation rows end the training */
    }
    bp_trial trial = make_trial(&parts);
    cr_assert_eq(run(dataset, &trial, 1, 1, &without), BP_OK);
    trial.valid_fraction = 0.2;
    cr_assert_eq(run(dataset, &trial, 1, 1, &result), BP_OK);
    cr_assert_eq(result.error.status, BP_OK, "%s", result.error.message);
    bp_holdout share = parts.holdout;
    share.folds = 0;
    share.fraction = 0.2;
    cr_assert_eq(bp_dataset_hold_out(dataset, &parts.holdout, &others, &held_out, NULL), BP_OK);
    cr_assert_eq(bp_dataset_hold_out(others, &share, &rows, &valid, NULL), BP_OK);
    cr_assert_eq(
        bp_ensemble_train(&ensemble, rows, valid, parts.kind, KINDS, &parts.ensemble, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_take_model(ensemble, &model, NULL), BP_OK);

    cr_expect_eq(result.train.samples, 80);
    cr_expect_str_eq(result.train.weights_digest, bp_model_get_info(model).weights_digest);
    cr_expect_str_neq(result.train.weights_digest, without.train.weights_digest);
    bp_model_free(model);
    bp_ensemble_free(ensemble);
    bp_dataset_free(valid);
    bp_dataset_free(rows);
    bp_dataset_free(held_out);
    bp_dataset_free(others);
    bp_dataset_free(dataset);
}

Test(trials_ensemble, a_trial_that_fails_stops_no_other)
{
    struct parts good, bad;
    bp_dataset *dataset = read_iris();
    bp_trial_result results[3];
    make_parts(&good);
    make_parts(&bad);
    bad.model[1].scale = BP_SCALE_MINMAX;
    bp_trial trial[] = {make_trial(&bad), make_trial(&good), make_trial(&good)};
    trial[2].kinds = NULL;
    cr_assert_eq(run(dataset, trial, 3, 1, results), BP_OK);
    cr_expect_eq(results[0].error.status, BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(results[0].error.message, "scale is not the same"));
    cr_expect_eq(results[1].error.status, BP_OK, "%s", results[1].error.message);
    cr_expect_eq(results[2].error.status, BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(results[2].error.message, "`trial->kinds`"), "%s",
                       results[2].error.message);
    bp_dataset_free(dataset);
}

/* Counts calls, and wants the end after some. */
struct calls {
    size_t count, last;
    double share;
};

static bool count_calls(const bp_trials_progress *progress, void *user)
{
    struct calls *calls = user;
    cr_expect_leq(calls->share, progress->share);
    calls->share = progress->share;
    return ++calls->count < calls->last;
}

Test(trials_ensemble, the_callback_hears_of_it_and_stops_it)
{
    struct parts parts;
    bp_dataset *dataset = read_iris();
    bp_trial_result results[2];
    make_parts(&parts);
    const bp_trial trial[] = {make_trial(&parts), make_trial(&parts)};
    struct calls calls = {.last = 1000000};
    bp_trials trials = bp_trials_default();
    trials.dataset = dataset;
    trials.trial = trial;
    trials.count = 2;
    trials.threads = 1;
    trials.progress = count_calls;
    trials.user = &calls;
    cr_assert_eq(bp_trials_run(&trials, results, NULL), BP_OK);
    cr_expect_leq(2, calls.count);
    cr_expect_eq(calls.share, 1);
    parts.train[0].epochs = parts.train[1].epochs = 100000000; /* it ends before them */
    calls = (struct calls){.last = 1};
    cr_assert_eq(bp_trials_run(&trials, results, NULL), BP_STOPPED);
    cr_expect_eq(results[0].error.status, BP_STOPPED);
    cr_expect_eq(results[1].error.status, BP_STOPPED);
    bp_dataset_free(dataset);
}

/* Seeds 5 and 6, three folds each. */
Test(trials_ensemble, cross_validation_runs_trials_of_ensembles)
{
    struct parts parts;
    bp_dataset *dataset = read_iris();
    bp_cross_validation *validation;
    bp_error error;
    make_parts(&parts);
    bp_cross_validation_options options = bp_cross_validation_options_default();
    options.kinds = parts.kind;
    options.kind_count = KINDS;
    options.ensemble = &parts.ensemble;
    options.folds = FOLDS;
    options.seeds = 2;
    options.threads = 2;
    cr_assert_eq(bp_cross_validate(&validation, dataset, &options, &error), BP_OK, "%s",
                 error.message);
    for (size_t k = 0; k < 2 * FOLDS; k++) {
        bp_cross_validation_model model;
        bp_trial_result result;
        cr_assert_eq(bp_cross_validation_get_model(validation, k, &model, NULL), BP_OK);
        cr_expect_eq(model.seed, 5 + k / FOLDS);
        parts.ensemble.seed = model.seed;
        parts.holdout.fold = k % FOLDS;
        const bp_trial trial = make_trial(&parts);
        cr_assert_eq(run(dataset, &trial, 1, 1, &result), BP_OK);
        expect_same(&model.result, &result);
    }
    bp_cross_validation_free(validation);
    bp_dataset_free(dataset);
}
