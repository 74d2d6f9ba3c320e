/* Cross-validation: which models are trained, and what their metrics come to. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "support/folder.h"

static bp_dataset *read_table(const char *path)
{
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_read(&dataset, path, NULL, &error), BP_OK, "%s", error.message);
    return dataset;
}

static bp_dataset *read_iris(void)
{
    return read_table(DATASETS "/iris.csv");
}

/* Trainings of three epochs, from seed 7; `validation` points to `train`. */
static bp_cross_validation_options make_options(bp_train_options *train)
{
    *train = bp_train_options_default();
    train->epochs = 3;
    train->seed = 7;
    bp_cross_validation_options options = bp_cross_validation_options_default();
    options.train = train;
    options.folds = 4;
    return options;
}

static bp_cross_validation *validate(const bp_dataset *dataset,
                                     const bp_cross_validation_options *options)
{
    bp_cross_validation *validation;
    bp_error error;
    cr_assert_eq(bp_cross_validate(&validation, dataset, options, &error), BP_OK, "%s",
                 error.message);
    return validation;
}

static bp_cross_validation_model get(const bp_cross_validation *validation, size_t index)
{
    bp_cross_validation_model model;
    cr_assert_eq(bp_cross_validation_get_model(validation, index, &model, NULL), BP_OK);
    return model;
}

static void expect_same(const bp_trial_result *a, const bp_trial_result *b)
{
    cr_assert_eq(a->error.status, b->error.status, "%s%s", a->error.message, b->error.message);
    cr_assert_eq(a->metrics.samples, b->metrics.samples);
    cr_assert_eq(memcmp(&a->metrics.loss, &b->metrics.loss, sizeof a->metrics.loss), 0);
    cr_assert_eq(a->train.samples, b->train.samples);
    cr_assert_str_eq(a->train.weights_digest, b->train.weights_digest);
}

/* The model is what bp_trials_run() makes of a trial that is put together by hand. */
static void expect_trial(const bp_dataset *dataset, const bp_cross_validation_options *options,
                         const bp_cross_validation_model *model)
{
    bp_model_options network = bp_model_options_default();
    bp_train_options train = *options->train;
    bp_holdout holdout = bp_holdout_default();
    network.seed = train.seed = model->seed;
    holdout.folds = options->holdout > 0 ? 0 : options->folds;
    holdout.fold = model->fold;
    holdout.fraction = options->holdout;
    holdout.seed = 7 + model->repeat;
    holdout.stratify = options->stratify;
    bp_trial trial = bp_trial_default();
    trial.model = &network;
    trial.train = &train;
    trial.holdout = &holdout;
    trial.valid_fraction = options->valid_fraction;
    bp_trials trials = bp_trials_default();
    trials.dataset = dataset;
    trials.trial = &trial;
    trials.count = 1;
    bp_trial_result expected;
    cr_assert_eq(bp_trials_run(&trials, &expected, NULL), BP_OK);
    expect_same(&model->result, &expected);
}

Test(cross_validation, each_model_is_a_trial_in_a_known_order)
{
    bp_dataset *dataset = read_iris();
    bp_train_options train;
    bp_cross_validation_options options = make_options(&train);
    options.repeats = 2;
    options.seeds = 3;
    bp_cross_validation *validation = validate(dataset, &options);
    const bp_cross_validation_info info = bp_cross_validation_get_info(validation);
    cr_assert_eq(info.models, 24);
    cr_assert_eq(info.failed, 0);
    cr_assert_eq(info.first_failed, 24);
    cr_assert_eq(info.task, BP_TASK_CLASSIFY);
    for (size_t k = 0; k < 24; k++) {
        const bp_cross_validation_model model = get(validation, k);
        cr_assert_eq(model.repeat, k / 12);
        cr_assert_eq(model.seed, 7 + k / 4 % 3);
        cr_assert_eq(model.fold, k % 4);
        expect_trial(dataset, &options, &model);
    }
    bp_cross_validation_free(validation);
    bp_dataset_free(dataset);
}

Test(cross_validation, options_of_the_holdout_reach_the_trials)
{
    bp_dataset *dataset = read_iris();
    bp_train_options train;
    bp_cross_validation_options options = make_options(&train);
    options.holdout = 0.3;
    options.repeats = 2;
    options.stratify = false;
    options.valid_fraction = 0.2;
    bp_cross_validation *validation = validate(dataset, &options);
    cr_assert_eq(bp_cross_validation_get_info(validation).models, 2);
    for (size_t k = 0; k < 2; k++) {
        const bp_cross_validation_model model = get(validation, k);
        cr_assert_eq(model.result.metrics.samples, 45);
        cr_assert_eq(model.result.train.samples, 84);
        expect_trial(dataset, &options, &model);
    }
    bp_cross_validation_free(validation);
    bp_dataset_free(dataset);
}

Test(cross_validation, no_options_are_ten_folds_of_the_default_network)
{
    bp_dataset *dataset = read_iris();
    bp_cross_validation *validation = validate(dataset, NULL);
    cr_assert_eq(bp_cross_validation_get_info(validation).models, 10);
    cr_assert_eq(get(validation, 9).seed, 1);
    cr_assert_eq(get(validation, 9).result.train.batch_size, 64);
    cr_assert_eq(get(validation, 9).result.train.epochs, 1000);
    cr_assert_eq(get(validation, 9).result.train.updates, 1000 * 3);
    cr_assert_eq(get(validation, 9).result.metrics.samples, 15);
    bp_cross_validation_free(validation);
    bp_dataset_free(dataset);
}

Test(cross_validation, numbers_do_not_depend_on_the_threads)
{
    static const size_t threads[] = {1, 2, 5, 40};
    bp_dataset *dataset = read_iris();
    bp_train_options train;
    bp_cross_validation_options options = make_options(&train);
    bp_cross_validation *first = validate(dataset, &options);
    for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++) {
        options.threads = threads[t];
        bp_cross_validation *again = validate(dataset, &options);
        cr_assert_eq(bp_cross_validation_get_info(again).threads, threads[t] < 4 ? threads[t] : 4);
        for (size_t k = 0; k < 4; k++) {
            const bp_cross_validation_model a = get(first, k), b = get(again, k);
            expect_same(&a.result, &b.result);
        }
        bp_cross_validation_free(again);
    }
    bp_cross_validation_free(first);
    bp_dataset_free(dataset);
}

/* Of four values: a sum of four numbers at most 1 in binary64 is off by 4 eps at the most. */
Test(cross_validation, the_summary_is_that_of_the_models)
{
    bp_dataset *dataset = read_iris();
    bp_train_options train;
    const bp_cross_validation_options options = make_options(&train);
    bp_cross_validation *validation = validate(dataset, &options);
    double value[4], sum = 0, squares = 0;
    for (size_t k = 0; k < 4; k++)
        sum += value[k] = get(validation, k).result.metrics.loss;
    for (size_t k = 0; k < 4; k++)
        squares += (value[k] - sum / 4) * (value[k] - sum / 4);
    const bp_metric_summary loss = bp_cross_validation_summarize(validation, BP_METRIC_LOSS);
    cr_assert_eq(loss.count, 4);
    cr_assert_float_eq(loss.mean, sum / 4, 1e-15);
    cr_assert_float_eq(loss.std, sqrt(squares / 3), 1e-15);
    cr_assert_eq(loss.min, fmin(fmin(value[0], value[1]), fmin(value[2], value[3])));
    cr_assert_eq(loss.max, fmax(fmax(value[0], value[1]), fmax(value[2], value[3])));
    cr_assert_gt(loss.std, 0);
    bp_cross_validation_free(validation);
    bp_dataset_free(dataset);
}

Test(cross_validation, a_metric_that_no_model_has_is_nan)
{
    bp_dataset *dataset = read_iris();
    bp_train_options train;
    bp_cross_validation_options options = make_options(&train);
    options.holdout = 0.2;
    bp_cross_validation *validation = validate(dataset, &options);
    const bp_metric_summary rmse = bp_cross_validation_summarize(validation, BP_METRIC_RMSE);
    cr_assert_eq(rmse.count, 0);
    cr_assert(isnan(rmse.mean) && isnan(rmse.std) && isnan(rmse.min) && isnan(rmse.max));
    const bp_metric_summary loss = bp_cross_validation_summarize(validation, BP_METRIC_LOSS);
    cr_assert_eq(loss.count, 1);
    cr_assert(isnan(loss.std), "one model has no std");
    cr_assert_eq(loss.mean, loss.min);
    bp_cross_validation_free(validation);
    bp_dataset_free(dataset);
}

/* Where the only cell of a column is held out, there is nothing to fill the others with. */
Test(cross_validation, a_model_that_fails_is_counted_and_left_out_of_the_summary)
{
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "sparse.csv");
    file_put_text(path, "1,,2\n2,,3\n3,5,4\n4,,5\n5,,6\n6,,7\n");
    bp_dataset *dataset = read_table(path);
    bp_model_options model = bp_model_options_default();
    bp_train_options train;
    bp_cross_validation_options options = make_options(&train);
    model.missing = BP_MISSING_MEAN;
    model.task = BP_TASK_REGRESS;
    options.model = &model;
    options.folds = 3;
    bp_cross_validation *validation = validate(dataset, &options);
    const bp_cross_validation_info info = bp_cross_validation_get_info(validation);
    cr_assert_eq(info.failed, 1);
    cr_assert_eq(info.task, BP_TASK_REGRESS);
    for (size_t k = 0; k < 3; k++)
        cr_assert_eq(get(validation, k).result.error.status,
                     k == info.first_failed ? BP_ERROR_INPUT : BP_OK);
    cr_assert_eq(bp_cross_validation_summarize(validation, BP_METRIC_LOSS).count, 2);
    bp_cross_validation_free(validation);
    bp_dataset_free(dataset);
    folder_remove(&folder);
    free(path);
}

Test(cross_validation, several_as_one_run_are_each_what_it_is_alone)
{
    bp_dataset *dataset = read_iris();
    bp_train_options train[2];
    bp_cross_validation_options options[2] = {make_options(&train[0]), make_options(&train[1])};
    const bp_cross_validation_options *both[2] = {&options[0], &options[1]};
    bp_cross_validation *each[2];
    train[1].learning_rate = 0.5f;
    options[1].folds = 7;
    options[1].repeats = 2;
    cr_assert_eq(bp_cross_validate_each(each, 2, dataset, both, NULL), BP_OK);
    for (size_t c = 0; c < 2; c++) {
        bp_cross_validation *alone = validate(dataset, &options[c]);
        const size_t models = bp_cross_validation_get_info(alone).models;
        cr_assert_eq(bp_cross_validation_get_info(each[c]).models, models);
        for (size_t k = 0; k < models; k++) {
            const bp_cross_validation_model a = get(alone, k), b = get(each[c], k);
            expect_same(&a.result, &b.result);
        }
        bp_cross_validation_free(alone);
        bp_cross_validation_free(each[c]);
    }
    bp_dataset_free(dataset);
}

struct stop {
    size_t done;
};

static bool stop_after_one(const bp_trials_progress *progress, void *user)
{
    struct stop *stop = user;
    stop->done = progress->done;
    return progress->done < 1;
}

Test(cross_validation, the_callback_stops_it_and_what_is_done_stays)
{
    bp_dataset *dataset = read_iris();
    bp_train_options train;
    bp_cross_validation_options options = make_options(&train);
    struct stop stop = {0};
    bp_cross_validation *validation;
    options.threads = 1;
    options.progress = stop_after_one;
    options.user = &stop;
    cr_assert_eq(bp_cross_validate(&validation, dataset, &options, NULL), BP_STOPPED);
    cr_assert_eq(stop.done, 1);
    cr_assert_eq(bp_cross_validation_get_info(validation).failed, 3);
    cr_assert_eq(bp_cross_validation_get_info(validation).first_failed, 1);
    cr_assert_eq(get(validation, 3).result.error.status, BP_STOPPED);
    cr_assert_eq(bp_cross_validation_summarize(validation, BP_METRIC_LOSS).count, 1);
    bp_cross_validation_free(validation);
    bp_dataset_free(dataset);
}

/* The user is the request. */
static bool request_after_one(const bp_trials_progress *progress, void *user)
{
    if (progress->done > 0)
        bp_stop_request(user);
    return true;
}

Test(cross_validation, a_request_stops_it)
{
    bp_dataset *dataset = read_iris();
    bp_train_options train;
    bp_cross_validation_options options = make_options(&train);
    bp_cross_validation *validation;
    bp_stop *stop;
    cr_assert_eq(bp_stop_create(&stop, NULL), BP_OK);
    options.threads = 1;
    options.progress = request_after_one;
    options.user = stop;
    options.stop = stop;
    cr_assert_eq(bp_cross_validate(&validation, dataset, &options, NULL), BP_STOPPED);
    cr_assert_eq(bp_cross_validation_get_info(validation).first_failed, 1);
    bp_cross_validation_free(validation);
    bp_stop_free(stop);
    bp_dataset_free(dataset);
}

static void expect_refusal(const bp_dataset *dataset, const bp_cross_validation_options *options,
                           const char *words)
{
    bp_cross_validation *validation = (bp_cross_validation *)1;
    bp_error error;
    cr_assert_eq(bp_cross_validate(&validation, dataset, options, &error), BP_ERROR_ARGUMENT, "%s",
                 words);
    cr_assert_null(validation);
    cr_assert_not_null(strstr(error.message, words), "%s", error.message);
}

Test(cross_validation, options_out_of_range_are_errors_that_say_what_to_give)
{
    bp_dataset *dataset = read_iris();
    bp_train_options train;
    bp_cross_validation_options options = make_options(&train);
#define EXPECT_REFUSAL(member, wrong, words)                                                       \
    do {                                                                                           \
        options = make_options(&train);                                                            \
        options.member = wrong;                                                                    \
        expect_refusal(dataset, &options, words);                                                  \
    } while (0)
    EXPECT_REFUSAL(folds, 1, "give at least 2");
    EXPECT_REFUSAL(folds, 151, "150 rows cannot be divided into 151 folds");
    EXPECT_REFUSAL(holdout, 1.0, "give one above 0 and below 1");
    EXPECT_REFUSAL(holdout, -0.1, "give one above 0 and below 1");
    EXPECT_REFUSAL(holdout, (double)NAN, "give one above 0 and below 1");
    EXPECT_REFUSAL(valid_fraction, 1.0, "valid_fraction 1 is no share");
    EXPECT_REFUSAL(repeats, 0, "give at least one");
    EXPECT_REFUSAL(seeds, 0, "give at least one");
    EXPECT_REFUSAL(repeats, 250001, "more than 1000000 models");
    EXPECT_REFUSAL(seeds, SIZE_MAX, "more than 1000000 models");
    EXPECT_REFUSAL(size, 0, "bp_cross_validation_options");
    bp_dataset_free(dataset);
}

Test(cross_validation, one_wrong_of_several_leaves_none)
{
    bp_dataset *dataset = read_iris();
    bp_train_options train;
    bp_cross_validation_options good = make_options(&train), bad = good;
    const bp_cross_validation_options *both[2] = {&good, &bad};
    bp_cross_validation *each[2];
    bad.folds = 0;
    cr_assert_eq(bp_cross_validate_each(each, 2, dataset, both, NULL), BP_ERROR_ARGUMENT);
    cr_assert_null(each[0]);
    cr_assert_null(each[1]);
    bp_dataset_free(dataset);
}

Test(cross_validation, an_index_beyond_the_last_is_an_error)
{
    bp_dataset *dataset = read_iris();
    bp_train_options train;
    const bp_cross_validation_options options = make_options(&train);
    bp_cross_validation *validation = validate(dataset, &options);
    bp_cross_validation_model model;
    bp_error error;
    cr_assert_eq(bp_cross_validation_get_model(validation, 4, &model, &error), BP_ERROR_ARGUMENT);
    cr_assert_not_null(strstr(error.message, "no model 4 of 4"));
    bp_cross_validation_free(validation);
    bp_dataset_free(dataset);
}
