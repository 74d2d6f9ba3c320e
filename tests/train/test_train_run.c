/* What a run does besides steps: stop and go on, watch a metric, keep the best weights, diverge. */
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "support/training.h"

#define ROWS 203 /* batches of 32 leave a rest */

static float noise(size_t k)
{
    return (float)((k * 2654435761u) % 1000u) / 500.0f - 1.0f;
}

/* Two numbers in, a number out that is half noise: what is learned too well is wrong elsewhere. */
static bp_dataset *make_dataset(size_t salt)
{
    float input[2 * ROWS], targets[ROWS];
    for (size_t x = 0; x < ROWS; x++) {
        input[2 * x] = noise(3 * x + salt);
        input[2 * x + 1] = noise(7 * x + 2 * salt + 1);
        targets[x] = input[2 * x] * input[2 * x + 1] + noise(11 * x + salt);
    }
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = ROWS,
                              .inputs = 2,
                              .outputs = 1,
                              .input = input,
                              .targets = targets};
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, &error), BP_OK, "%s", error.message);
    return dataset;
}

/* Everything of one training. */
static struct training begin(const bp_train_options *options)
{
    struct training work = {.train = make_dataset(1), .valid = make_dataset(5)};
    bp_model_options model = bp_model_options_default();
    model.hidden[0] = 64;
    bp_error error;
    cr_assert_eq(bp_model_create(&work.model, work.train, &model, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(
        bp_trainer_create(&work.trainer, work.model, work.train, work.valid, options, &error),
        BP_OK, "%s", error.message);
    return work;
}

static bp_train_options make_options(size_t epochs)
{
    bp_train_options options = bp_train_options_default();
    options.epochs = epochs;
    options.optimizer = BP_OPTIMIZER_ADAM;
    options.batch_size = 32;
    options.learning_rate = 0.03f;
    options.threads = 2;
    return options;
}

/* Every report pauses so long that the next batch is reported; stops at report `stop`. */
struct pauses {
    size_t reports;
    size_t stop;
};

static bool pause_and_count(const bp_progress *progress, void *user)
{
    (void)progress;
    struct pauses *pauses = user;
    nanosleep(&(struct timespec){.tv_nsec = 110000000}, NULL);
    return ++pauses->reports != pauses->stop;
}

Test(train_run, a_run_stopped_within_an_epoch_goes_on_to_the_bits_of_one_that_was_not)
{
    const bp_train_options options = make_options(3);
    bp_train_result whole, pieces;
    bp_error error;
    struct training work = begin(&options);
    cr_assert_eq(bp_trainer_run(work.trainer, NULL, NULL, &whole, &error), BP_OK);
    training_free(&work);
    work = begin(&options);
    struct pauses pauses = {.stop = 3}; /* the end of the first epoch, then batches of the second */
    cr_assert_eq(bp_trainer_run(work.trainer, pause_and_count, &pauses, &pieces, &error),
                 BP_STOPPED);
    cr_expect_eq(pieces.epochs, 1);
    cr_assert_str_neq(pieces.weights_digest, whole.weights_digest);
    cr_assert_eq(bp_trainer_run(work.trainer, NULL, NULL, &pieces, &error), BP_OK);
    cr_expect_str_eq(pieces.weights_digest, whole.weights_digest);
    cr_expect_eq(pieces.epochs, 3);
    cr_expect_eq(pieces.valid_loss, whole.valid_loss);
    training_free(&work);
}

Test(train_run, a_run_that_is_done_does_nothing_more)
{
    const bp_train_options options = make_options(2);
    struct training work = begin(&options);
    bp_train_result first, second;
    cr_assert_eq(bp_trainer_run(work.trainer, NULL, NULL, &first, NULL), BP_OK);
    cr_assert_eq(bp_trainer_run(work.trainer, NULL, NULL, &second, NULL), BP_OK);
    cr_expect_str_eq(first.weights_digest, second.weights_digest);
    cr_expect_eq(second.epochs, 2);
    training_free(&work);
}

/* The validation metric of each epoch. */
struct watched {
    double metric[400];
    size_t best_epoch;
    size_t count;
    size_t ended; /* epochs that were said to be the last */
    bool last_ended;
};

static bool watch(const bp_progress *progress, void *user)
{
    struct watched *watched = user;
    if (!progress->epoch_done)
        return true;
    watched->metric[watched->count++] = progress->metric;
    watched->best_epoch = progress->best_epoch;
    watched->ended += progress->ended;
    watched->last_ended = progress->ended;
    return true;
}

static size_t find_lowest(const struct watched *watched)
{
    size_t lowest = 0;
    for (size_t k = 1; k < watched->count; k++)
        lowest = watched->metric[k] < watched->metric[lowest] ? k : lowest;
    return lowest;
}

Test(train_run, the_weights_of_the_best_epoch_come_back)
{
    bp_train_options options = make_options(300);
    options.metric = BP_METRIC_LOSS;
    struct training work = begin(&options);
    struct watched watched = {0};
    bp_train_result result;
    cr_assert_eq(bp_trainer_run(work.trainer, watch, &watched, &result, NULL), BP_OK);
    const size_t lowest = find_lowest(&watched);
    cr_assert_lt(lowest + 1, 300, "the run does not get worse: the test says nothing");
    cr_expect_eq(result.best_epoch, lowest + 1);
    cr_expect_eq(watched.best_epoch, lowest + 1);
    cr_expect_eq(result.valid_loss, watched.metric[lowest]);
    training_free(&work);

    options.epochs = lowest + 1;
    options.keep_best = false;
    work = begin(&options);
    bp_train_result shorter;
    cr_assert_eq(bp_trainer_run(work.trainer, NULL, NULL, &shorter, NULL), BP_OK);
    cr_expect_str_eq(shorter.weights_digest, result.weights_digest);
    cr_expect_eq(shorter.best_epoch, 0);
    training_free(&work);
}

Test(train_run, patience_ends_a_run_so_many_epochs_after_the_best)
{
    bp_train_options options = make_options(300);
    options.patience = 7;
    struct training work = begin(&options);
    struct watched watched = {0};
    bp_train_result result;
    cr_assert_eq(bp_trainer_run(work.trainer, watch, &watched, &result, NULL), BP_OK);
    cr_expect(result.ended_early);
    cr_assert_lt(result.epochs, 300);
    cr_expect_eq(result.epochs, result.best_epoch + 7);
    cr_expect_eq(result.best_epoch, find_lowest(&watched) + 1);
    cr_expect_eq(watched.ended, 1);
    cr_expect(watched.last_ended);
    training_free(&work);
}

Test(train_run, an_improvement_below_min_delta_does_not_count)
{
    bp_train_options options = make_options(300);
    options.patience = 4;
    options.min_delta = 1e6;
    struct training work = begin(&options);
    bp_train_result result;
    cr_assert_eq(bp_trainer_run(work.trainer, NULL, NULL, &result, NULL), BP_OK);
    cr_expect_eq(result.best_epoch, 1);
    cr_expect_eq(result.epochs, 5);
    training_free(&work);
}

Test(train_run, of_a_metric_that_rises_more_is_better)
{
    bp_train_options options = make_options(40);
    options.metric = BP_METRIC_R2;
    struct training work = begin(&options);
    struct watched watched = {0};
    bp_train_result result;
    cr_assert_eq(bp_trainer_run(work.trainer, watch, &watched, &result, NULL), BP_OK);
    for (size_t k = 0; k < watched.count; k++)
        cr_expect_leq(watched.metric[k], result.valid.r2);
    training_free(&work);
}

Test(train_run, a_run_that_diverges_says_where_and_keeps_the_weights_of_the_epoch_before)
{
    bp_train_options options = make_options(3);
    options.learning_rate = 3e38f;
    struct training work = begin(&options);
    const bp_model_info before = bp_model_get_info(work.model);
    bp_train_result result;
    bp_error error;
    cr_assert_eq(bp_trainer_run(work.trainer, NULL, NULL, &result, &error), BP_ERROR_NOT_FINITE);
    cr_expect_not_null(strstr(error.message, "epoch 1, batch "), "%s", error.message);
    cr_expect_not_null(strstr(error.message, "layer "), "%s", error.message);
    cr_expect_not_null(strstr(error.message, "smaller learning rate than 3e+38"), "%s",
                       error.message);
    cr_expect_str_eq(bp_model_get_info(work.model).weights_digest, before.weights_digest);
    cr_expect_str_eq(result.weights_digest, before.weights_digest);
    training_free(&work);
}

static bool take_phases(const bp_progress *progress, void *user)
{
    *(bp_phases *)user = progress->phases;
    return true;
}

Test(train_run, the_time_of_phases_is_told_if_asked_for)
{
    bp_train_options options = make_options(2);
    bp_phases phases;
    struct training work = begin(&options);
    cr_assert_eq(bp_trainer_run(work.trainer, take_phases, &phases, NULL, NULL), BP_OK);
    cr_expect_eq(phases.forward, 0.0);
    training_free(&work);
    options.time_phases = true;
    work = begin(&options);
    cr_assert_eq(bp_trainer_run(work.trainer, take_phases, &phases, NULL, NULL), BP_OK);
    cr_expect_gt(phases.forward, 0.0);
    cr_expect_gt(phases.gradient, 0.0);
    training_free(&work);
}

static bp_stop *stop_of_handler;

static void handle(int signal)
{
    (void)signal;
    bp_stop_request(stop_of_handler);
}

/* Says once more where the run is, and would go on. */
static bool raise_after_two(const bp_progress *progress, void *user)
{
    size_t *calls_after = user;
    if (progress->epoch_done && progress->epoch == 2)
        raise(SIGUSR1);
    else if (progress->epoch >= 2)
        ++*calls_after;
    return true;
}

Test(train_run, a_signal_handler_stops_a_run)
{
    const bp_train_options asked = training_options(BP_OPTIMIZER_ADAM);
    const bp_train_result whole = training_run(&asked, NULL);
    const struct sigaction action = {.sa_handler = handle};
    struct sigaction before;
    bp_train_options options = asked;
    bp_train_result result;
    size_t calls_after = 0;
    cr_assert_eq(bp_stop_create(&stop_of_handler, NULL), BP_OK);
    cr_assert_eq(sigaction(SIGUSR1, &action, &before), 0);
    options.stop = stop_of_handler;
    struct training training = training_create(&options, NULL);
    cr_assert_eq(bp_trainer_run(training.trainer, raise_after_two, &calls_after, &result, NULL),
                 BP_STOPPED);
    cr_expect_eq(result.epochs, 2);
    cr_expect_eq(calls_after, 0);
    bp_stop_clear(stop_of_handler);
    result = training_finish(&training);
    training_expect_equal(&result, &whole);
    training_free(&training);
    sigaction(SIGUSR1, &before, NULL);
    bp_stop_free(stop_of_handler);
}

static bool count_calls(const bp_progress *progress, void *user)
{
    size_t *calls = user;
    cr_expect_not(progress->epoch_done);
    cr_expect_eq(progress->samples, 0);
    ++*calls;
    return true;
}

/* A request that came before the run counts, too. */
Test(train_run, a_request_stops_a_run_without_a_callback_at_the_next_batch)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    const bp_train_result whole = training_run(&options, NULL);
    bp_stop *stop;
    cr_assert_eq(bp_stop_create(&stop, NULL), BP_OK);
    options.stop = stop;
    struct training training = training_create(&options, NULL);
    bp_stop_request(stop);
    cr_expect(bp_stop_requested(stop));
    bp_train_result result;
    cr_assert_eq(bp_trainer_run(training.trainer, NULL, NULL, &result, NULL), BP_STOPPED);
    cr_expect_eq(result.updates, 0);
    size_t calls = 0;
    cr_assert_eq(bp_trainer_run(training.trainer, count_calls, &calls, NULL, NULL), BP_STOPPED);
    cr_expect_eq(calls, 1);
    bp_stop_clear(stop);
    result = training_finish(&training);
    training_expect_equal(&result, &whole);
    training_free(&training);
    bp_stop_free(stop);
}
