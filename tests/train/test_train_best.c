/* Which epoch of a run is the best: by which metric, and where that is the same or not defined. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/scratch.h"
#include "support/tables.h"
#include "support/training.h"
#include "train/score.h"

static bool is_better(struct bp_score score, struct bp_score best, bool lower, double delta)
{
    return bp_score_is_better(&score, &best,
                              &(struct bp_score_rule){.lower = lower, .delta = delta});
}

Test(train_best, the_metric_decides_and_where_it_is_the_same_the_loss)
{
    cr_expect(is_better((struct bp_score){0.9, 5}, (struct bp_score){0.8, 1}, false, 0));
    cr_expect_not(is_better((struct bp_score){0.8, 1}, (struct bp_score){0.9, 5}, false, 0));
    cr_expect(is_better((struct bp_score){2, 5}, (struct bp_score){3, 1}, true, 0));
    cr_expect_not(is_better((struct bp_score){3, 1}, (struct bp_score){2, 5}, true, 0));
    cr_expect(is_better((struct bp_score){0.9, 1}, (struct bp_score){0.9, 2}, false, 0));
    cr_expect_not(is_better((struct bp_score){0.9, 2}, (struct bp_score){0.9, 2}, false, 0));
    cr_expect_not(is_better((struct bp_score){0.9, 3}, (struct bp_score){0.9, 2}, false, 0));
}

Test(train_best, min_delta_holds_for_the_metric_and_for_the_loss)
{
    cr_expect_not(is_better((struct bp_score){0.95, 1}, (struct bp_score){0.9, 2}, false, 0.1));
    cr_expect_not(is_better((struct bp_score){0.9, 1.95}, (struct bp_score){0.9, 2}, false, 0.1));
    cr_expect(is_better((struct bp_score){0.9, 1.8}, (struct bp_score){0.9, 2}, false, 0.1));
}

Test(train_best, a_figure_that_is_not_defined_is_worse_than_any_number)
{
    const double none = (double)NAN;
    cr_expect(is_better((struct bp_score){-9, 5}, (struct bp_score){none, 1}, false, 0));
    cr_expect_not(is_better((struct bp_score){none, 1}, (struct bp_score){-9, 5}, false, 0));
    cr_expect(is_better((struct bp_score){none, 1}, (struct bp_score){none, 2}, false, 0));
    cr_expect_not(is_better((struct bp_score){none, 2}, (struct bp_score){none, 2}, false, 0));
    cr_expect_not(is_better((struct bp_score){none, none}, (struct bp_score){none, none}, true, 0));
}

static bool adds(struct bp_record *record, struct bp_score score)
{
    return bp_record_add(record, &score, &(struct bp_score_rule){.delta = 0.01});
}

/* An early epoch with a lucky accuracy ended runs that still learned. */
Test(train_best, a_lower_loss_than_any_is_a_gain_without_being_the_best)
{
    struct bp_record record = bp_record_begin(&(struct bp_score){0.9, 5});
    cr_expect(adds(&record, (struct bp_score){0.8, 4}));
    cr_expect_not(adds(&record, (struct bp_score){0.8, 3.995}));
    cr_expect_not(adds(&record, (struct bp_score){0.89, 4.5}));
    cr_expect_eq(record.top.loss, 5);
    cr_expect(adds(&record, (struct bp_score){0.9, 4.5}));
    cr_expect_eq(record.top.loss, 4.5);
    cr_expect(adds(&record, (struct bp_score){0.95, 9}));
    cr_expect_eq(record.top.metric, 0.95);
    cr_expect_eq(record.lowest_loss, 4);
}

/* Whether `score` takes the place of `best` where `rows` rows were counted and the highest accuracy
 * so far is `top`. */
static bool replaces(struct bp_score score, struct bp_score best, double top, size_t rows)
{
    const struct bp_record record = bp_record_begin(&(struct bp_score){top, 1});
    return bp_record_replaces(&record, &score, &best, &(struct bp_score_rule){.counted = rows});
}

/* All of 30 rows are right by luck in an early epoch, with most of the learning still to come. */
Test(train_best, accuracies_one_row_apart_are_the_same)
{
    const struct bp_score lucky = {1, 0.17};
    cr_expect(replaces((struct bp_score){29.0 / 30, 0.08}, lucky, 1, 30));
    cr_expect_not(replaces((struct bp_score){29.0 / 30, 0.17}, lucky, 1, 30));
    cr_expect_not(replaces((struct bp_score){28.0 / 30, 0.08}, lucky, 1, 30));
    cr_expect(replaces((struct bp_score){1, 0.08}, lucky, 1, 30));
    cr_expect_not(replaces((struct bp_score){29.0 / 30, 0.08}, lucky, 1, 0), "an exact metric");
}

/* sqrt(0.98 * 0.02 / 6000) is 10.8 rows of 6000. */
Test(train_best, accuracies_half_a_standard_error_apart_are_the_same)
{
    const struct bp_score best = {0.98, 0.1};
    cr_expect(replaces((struct bp_score){0.98 - 5.0 / 6000, 0.05}, best, 0.98, 6000));
    cr_expect_not(replaces((struct bp_score){0.98 - 6.0 / 6000, 0.05}, best, 0.98, 6000));
}

/* It is the highest accuracy that others are compared with, so that many small losses do not add up
 * to a large one. */
Test(train_best, accuracies_are_compared_with_the_highest)
{
    const struct bp_score best = {0.9, 0.1};
    cr_expect_not(replaces((struct bp_score){0.88, 0.05}, best, 0.92, 50));
    cr_expect(replaces((struct bp_score){0.94, 0.3}, best, 0.94, 50), "the best is too far below");
    cr_expect_not(replaces((struct bp_score){0.92, 0.3}, best, 0.92, 50));
}

/* The metric and the loss of each epoch. */
struct history {
    struct bp_score score[64];
    size_t best[64];
    size_t count;
};

static bool note(const bp_progress *progress, void *user)
{
    struct history *history = user;
    if (!progress->epoch_done)
        return true;
    cr_assert_lt(history->count, 64);
    history->best[history->count] = progress->best_epoch;
    history->score[history->count++] = (struct bp_score){progress->metric, progress->valid_loss};
    return true;
}

static bp_train_result run(struct training *training, struct history *history)
{
    bp_train_result result;
    bp_error error;
    *history = (struct history){.count = 0};
    cr_assert_eq(bp_trainer_run(training->trainer, note, history, &result, &error), BP_OK, "%s",
                 error.message);
    return result;
}

/* What may be the best beside the accuracy `top`. */
static bool is_near(double accuracy, double top, double rows)
{
    return fabs(accuracy - top) * rows < fmax(1.5, 0.5 * sqrt(rows * top * (1 - top)));
}

Test(train_best, of_classes_it_is_near_the_best_accuracy_and_has_of_these_the_lowest_loss)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.epochs = 60;
    options.learning_rate = 4.0f;
    options.seed = 2;
    cr_assert_eq(options.metric, BP_METRIC_AUTO);
    struct training training = training_create(&options, NULL);
    struct history history;
    const bp_train_result result = run(&training, &history);
    const double rows = (double)result.valid.samples;
    size_t best = 0, first = 0, lowest = 0;
    for (size_t k = 1; k < history.count; k++) {
        const struct bp_score *score = &history.score[k];
        if (score->metric > history.score[first].metric)
            first = k;
        if (score->loss < history.score[lowest].loss)
            lowest = k;
        const double top = history.score[first].metric;
        if (!is_near(history.score[best].metric, top, rows) ||
            (is_near(score->metric, top, rows) && score->loss < history.score[best].loss))
            best = k;
        cr_expect_eq(history.best[k], best + 1);
    }
    cr_assert_neq(best, first, "of no use: there is no tie");
    cr_assert_neq(history.score[best].metric, history.score[first].metric, "of no use: exact");
    cr_assert_neq(best, lowest, "of no use: the loss alone says the same");
    cr_expect_eq(result.metric, BP_METRIC_ACCURACY);
    cr_expect_eq(result.best_epoch, best + 1);
    cr_expect_eq(result.best_metric, history.score[best].metric);
    cr_expect_eq(result.valid.accuracy, history.score[best].metric);
    training_free(&training);
}

static bp_metric resolve(const char *text, const char *target, bp_loss loss)
{
    bp_dataset *dataset = table_csv(text, true);
    bp_model_options options = bp_model_options_default();
    bp_model *model;
    bp_error error;
    options.target = target;
    options.loss = loss;
    options.task = BP_TASK_AUTO;
    cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_OK, "%s", error.message);
    const bp_metric metric = bp_metric_resolve(BP_METRIC_AUTO, model);
    cr_expect_eq(bp_metric_resolve(BP_METRIC_MAE, model), BP_METRIC_MAE);
    bp_model_free(model);
    bp_dataset_free(dataset);
    return metric;
}

Test(train_best, auto_follows_from_the_targets_and_the_loss)
{
    const char *numbers = "a,y,z\n1,2.5,3.5\n2,3.5,1.5\n3,5.25,7.5\n";
    cr_expect_eq(resolve("a,y\n1,u\n2,v\n3,u\n", "y", BP_LOSS_AUTO), BP_METRIC_ACCURACY);
    cr_expect_eq(resolve(numbers, "y", BP_LOSS_AUTO), BP_METRIC_RMSE);
    cr_expect_eq(resolve(numbers, "y", BP_LOSS_MAE), BP_METRIC_LOSS);
    cr_expect_eq(resolve(numbers, "y,z", BP_LOSS_MSE), BP_METRIC_LOSS);
    cr_expect_eq(bp_metric_resolve(BP_METRIC_AUTO, NULL), BP_METRIC_AUTO);
}

/* r2 of validation rows with one target was NaN, each epoch the best, and patience never ended. */
Test(train_best, r2_of_a_target_that_is_constant_in_the_validation_rows_is_refused)
{
    const float rows[] = {1, 2, 2, 3, 3, 5, 4, 8}, row[] = {2, 4};
    bp_dataset *train = table_numbers(BP_FORMAT_AUTO, 4, 1, 1, rows);
    bp_dataset *valid = table_numbers(BP_FORMAT_AUTO, 1, 1, 1, row);
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_model *model;
    bp_trainer *trainer;
    bp_error error;
    options.metric = BP_METRIC_R2;
    cr_assert_eq(bp_model_create(&model, train, NULL, &error), BP_OK, "%s", error.message);
    cr_assert_eq(bp_trainer_create(&trainer, model, train, valid, &options, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message,
                     "metric r2 is not defined on the 1 validation row: \"y1\" has one value "
                     "there; take rmse, or more rows");
    options.metric = BP_METRIC_AUTO;
    options.patience = 2;
    options.epochs = 60;
    options.learning_rate = 2.0f;
    cr_assert_eq(bp_trainer_create(&trainer, model, train, valid, &options, &error), BP_OK, "%s",
                 error.message);
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(valid);
    bp_dataset_free(train);
}

/* Of several targets each has to vary. */
Test(train_best, r2_needs_validation_rows_that_vary_in_each_target)
{
    const float rows[] = {1, 2, 5, 2, 3, 6, 3, 5, 7}, others[] = {2, 4, 5, 3, 5, 5};
    bp_dataset *train = table_numbers(BP_FORMAT_AUTO, 3, 1, 2, rows);
    bp_dataset *valid = table_numbers(BP_FORMAT_AUTO, 2, 1, 2, others);
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_model *model;
    bp_trainer *trainer;
    bp_error error;
    options.metric = BP_METRIC_R2;
    cr_assert_eq(bp_model_create(&model, train, NULL, &error), BP_OK, "%s", error.message);
    cr_assert_eq(bp_trainer_create(&trainer, model, train, valid, &options, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message,
                     "metric r2 is not defined on the 2 validation rows: \"y2\" has one value "
                     "there; take rmse, or more rows");
    bp_model_free(model);
    bp_dataset_free(valid);
    bp_dataset_free(train);
}

static bool note_loss(const bp_progress *progress, void *user)
{
    ((double *)user)[progress->epoch - 1] = progress->train_loss;
    return true;
}

/* Without hidden neurons, at a rate with which the loss rises in each epoch until it is reduced. */
Test(train_best, a_training_loss_that_rises_is_no_gain)
{
    const float rows[] = {1, 2, 2, 3, 3, 5, 4, 8};
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_model_options model = bp_model_options_default();
    options.schedule = BP_SCHEDULE_PLATEAU;
    options.schedule_epochs = 4;
    options.batch_size = BP_BATCH_FULL;
    options.learning_rate = 1.0625f;
    options.epochs = 40;
    model.hidden_count = 0;
    model.output_activation = BP_ACTIVATION_IDENTITY;
    struct training training = {.train = table_numbers(BP_FORMAT_AUTO, 4, 1, 1, rows)};
    bp_train_result result;
    cr_assert_eq(bp_model_create(&training.model, training.train, &model, NULL), BP_OK);
    cr_assert_eq(
        bp_trainer_create(&training.trainer, training.model, training.train, NULL, &options, NULL),
        BP_OK);
    double losses[40];
    cr_assert_eq(bp_trainer_run(training.trainer, note_loss, losses, &result, NULL), BP_OK);
    cr_assert_gt(losses[2], losses[1], "of no use: the loss falls");
    cr_expect_lt(result.train_loss, losses[0]);
    training_free(&training);
}

Test(train_best, without_validation_rows_there_is_none)
{
    const float rows[] = {1, 2, 2, 3, 3, 5, 4, 8};
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    struct training training = {.train = table_numbers(BP_FORMAT_AUTO, 4, 1, 1, rows)};
    cr_assert_eq(bp_model_create(&training.model, training.train, NULL, NULL), BP_OK);
    cr_assert_eq(
        bp_trainer_create(&training.trainer, training.model, training.train, NULL, &options, NULL),
        BP_OK);
    const bp_train_result result = training_finish(&training);
    cr_expect_eq(result.best_epoch, 0);
    cr_expect(isnan(result.best_metric));
    training_free(&training);
}

/* The epochs before and after the interruption have the same accuracy, or one near it: only a
 * checkpoint that has the highest, and the loss of the best epoch, finds the same. */
Test(train_best, a_tie_is_decided_as_before_after_a_checkpoint)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.epochs = 60;
    options.learning_rate = 4.0f;
    options.seed = 2;
    struct training training = training_create(&options, NULL);
    struct history history;
    const bp_train_result whole = run(&training, &history);
    training_free(&training);
    char *path = scratch_file("c.safetensors");
    for (size_t epochs = 1; epochs < 60; epochs += 3) {
        training_checkpoint(&options, NULL, epochs, 32, path);
        const bp_train_result rest = training_resume(&options, NULL, path);
        training_expect_equal(&rest, &whole);
        cr_expect_eq(rest.best_epoch, whole.best_epoch);
    }
    scratch_remove();
}

/* A loss lower than any before the interruption, or only than those after it. */
Test(train_best, a_gain_is_counted_as_before_after_a_checkpoint)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.epochs = 120;
    options.learning_rate = 4.0f;
    options.seed = 8;
    options.patience = 2;
    const bp_train_result whole = training_run(&options, NULL);
    cr_assert(whole.ended_early, "of no use: patience lasts");
    cr_assert_gt(whole.epochs, whole.best_epoch + 2, "of no use: the last gain was the best");
    char *path = scratch_file("c.safetensors");
    for (size_t epochs = 1; epochs < whole.epochs; epochs++) {
        training_checkpoint(&options, NULL, epochs, 32, path);
        const bp_train_result rest = training_resume(&options, NULL, path);
        training_expect_equal(&rest, &whole);
    }
    scratch_remove();
}
