/* A training over ranks is that of one process: results, checkpoints, and what is said of ranks
 * that would do something else. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/scratch.h"
#include "support/thread_ranks.h"
#include "support/training.h"

#define RANKS_MAX 7

static char *path;

static void set_up(void)
{
    path = scratch_file("c.safetensors");
}

TestSuite(ranks_train, .init = set_up, .fini = scratch_remove);

/* What all ranks do. */
struct job {
    size_t idle; /* ranks that the trainer of rank 0 calls so */
    bp_train_options options;
    const bp_model_options *model; /* NULL: training_model() */
    const char *from;              /* a checkpoint, or NULL */
    size_t stop;                   /* 0: train to the end; else write one after so many epochs */
    bp_train_result result[RANKS_MAX];
};

static void run_rank(struct bp_ranks *ranks, void *arg)
{
    struct job *job = arg;
    bp_train_options options = job->options;
    options.ranks = ranks;
    struct training training = training_create(&options, job->model);
    /* Only the path of rank 0 counts. */
    const char *from = ranks->rank == 0 ? job->from : "nowhere";
    bp_error error = {.message = ""};
    if (job->from)
        cr_assert_eq(bp_trainer_restore(training.trainer, from, &error), BP_OK, "%s",
                     error.message);
    if (ranks->rank == 0)
        job->idle = bp_trainer_idle_ranks(training.trainer);
    if (job->stop > 0)
        training_interrupt(&training, job->stop, 0, ranks->rank == 0 ? path : "nowhere");
    else
        job->result[ranks->rank] = training_finish(&training);
    training_free(&training);
}

static void expect_as_one(const bp_train_options *options, size_t ranks,
                          const bp_train_result *expected)
{
    struct job job = {.options = *options};
    thread_ranks_run(ranks, run_rank, &job);
    for (size_t r = 0; r < ranks; r++)
        training_expect_equal(&job.result[r], expected);
}

static void expect_any_ranks(const bp_train_options *options)
{
    const bp_train_result expected = training_run(options, NULL);
    for (size_t ranks = 2; ranks <= RANKS_MAX; ranks++)
        expect_as_one(options, ranks, &expected);
}

/* A request of one rank; and what is for a process alone. */
static void stop_rank(struct bp_ranks *ranks, void *arg)
{
    bp_train_options options = *(const bp_train_options *)arg;
    bp_stop *stop;
    cr_assert_eq(bp_stop_create(&stop, NULL), BP_OK);
    options.ranks = ranks;
    options.stop = stop;
    struct training training = training_create(&options, NULL);
    bp_error error = {.message = ""};
    bp_train_result result;
    if (ranks->rank == 1)
        bp_stop_request(stop);
    cr_expect_eq(bp_trainer_run(training.trainer, NULL, NULL, &result, NULL), BP_STOPPED);
    cr_expect(result.epochs < options.epochs);
    cr_expect_eq(bp_trainer_update(training.trainer, training.train, 0.0f, NULL, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "without ranks"), "%s", error.message);
    error.message[0] = '\0';
    cr_expect_eq(bp_trainer_set_data(training.trainer, training.train, &error), BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "without ranks"), "%s", error.message);
    training_free(&training);
    bp_stop_free(stop);
}

Test(ranks_train, a_request_of_one_rank_stops_all)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    thread_ranks_run(3, stop_rank, &options);
}

/* 120 samples in batches of 32, of which each is divided into shards of 8. */
Test(ranks_train, results_have_ranks_and_the_threads_of_all)
{
    struct job job = {.options = training_options(BP_OPTIMIZER_SGD)};
    job.options.shard_size = 8;
    job.options.threads = 2;
    const bp_train_result alone = training_run(&job.options, NULL);
    cr_assert_eq(alone.ranks, 1);
    cr_assert_eq(alone.all_threads, 2);
    thread_ranks_run(3, run_rank, &job);
    for (size_t r = 0; r < 3; r++) {
        cr_assert_eq(job.result[r].ranks, 3);
        cr_assert_eq(job.result[r].all_threads, 6);
    }
}

/* Four shards: three ranks are no faster than two, which then get whole subtrees. */
Test(ranks_train, ranks_without_shards_of_a_batch_are_idle)
{
    static const size_t idle[RANKS_MAX + 1] = {0, 0, 0, 1, 0, 1, 2, 3};
    struct job job = {.options = training_options(BP_OPTIMIZER_SGD)};
    job.options.shard_size = 8;
    for (size_t ranks = 2; ranks <= RANKS_MAX; ranks++) {
        thread_ranks_run(ranks, run_rank, &job);
        cr_assert_eq(job.idle, idle[ranks], "%zu of %zu", job.idle, ranks);
    }
    struct training training = training_create(&job.options, NULL);
    cr_assert_eq(bp_trainer_idle_ranks(training.trainer), 0);
    training_free(&training);
}

Test(ranks_train, every_optimizer)
{
    for (int kind = 0; bp_choice_name(BP_CHOICE_OPTIMIZER, kind); kind++) {
        const bp_train_options options = training_options((bp_optimizer)kind);
        expect_any_ranks(&options);
    }
}

/* So many products that validation rows are shared: the losses and the metric are the same. */
Test(ranks_train, validation_of_a_large_network)
{
    bp_model_options model = training_model();
    model.hidden[0] = 300;
    model.hidden[1] = 150;
    model.hidden_count = 2;
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    options.metric = BP_METRIC_LOG_LOSS;
    const bp_train_result expected = training_run(&options, &model);
    for (size_t ranks = 2; ranks <= RANKS_MAX; ranks++) {
        struct job job = {.options = options, .model = &model};
        thread_ranks_run(ranks, run_rank, &job);
        for (size_t r = 0; r < ranks; r++) {
            training_expect_equal(&job.result[r], &expected);
            cr_assert_eq(memcmp(&job.result[r].valid, &expected.valid, sizeof expected.valid), 0,
                         "rank %zu of %zu: other figures", r, ranks);
        }
    }
}

Test(ranks_train, threads_in_ranks)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    options.shard_size = 3;
    options.threads = 2;
    options.backend = BP_BACKEND_PTHREADS;
    expect_any_ranks(&options);
}

Test(ranks_train, whatever_changes_the_steps)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAMW);
    options.schedule = BP_SCHEDULE_PLATEAU;
    options.schedule_epochs = 1;
    options.warmup_epochs = 2;
    options.weight_decay = 0.01f;
    options.clip_norm = 0.5f;
    options.clip_value = 0.05f;
    options.dropout = 0.25f;
    options.class_weight = "balanced";
    expect_any_ranks(&options);
}

/* The state of the optimizer begins anew. */
Test(ranks_train, a_refit_of_every_optimizer)
{
    for (int kind = 0; bp_choice_name(BP_CHOICE_OPTIMIZER, kind); kind++) {
        bp_train_options options = training_options((bp_optimizer)kind);
        options.refit = true;
        expect_any_ranks(&options);
    }
}

Test(ranks_train, early_stopping_and_a_refit)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.epochs = 40;
    options.learning_rate = 8.0f;
    options.metric = BP_METRIC_ACCURACY;
    options.patience = 5;
    options.refit = true;
    const bp_train_result whole = training_run(&options, NULL);
    cr_assert(whole.ended_early && whole.refit_epochs > 0, "of no use");
    expect_any_ranks(&options);
}

static void expect_resumed(const bp_train_options *options, size_t before, size_t after)
{
    const bp_train_result whole = training_run(options, NULL);
    struct job first = {.options = *options, .stop = 2};
    thread_ranks_run(before, run_rank, &first);
    struct job rest = {.options = *options, .from = path};
    if (after == 1)
        rest.result[0] = training_resume(options, NULL, path);
    else
        thread_ranks_run(after, run_rank, &rest);
    for (size_t r = 0; r < after; r++)
        training_expect_equal(&rest.result[r], &whole);
}

/* The state of the optimizer, which is spread over ranks, too. */
Test(ranks_train, a_checkpoint_is_for_any_number_of_ranks)
{
    for (int kind = 0; bp_choice_name(BP_CHOICE_OPTIMIZER, kind); kind++) {
        const bp_train_options options = training_options((bp_optimizer)kind);
        expect_resumed(&options, 3, 1);
        expect_resumed(&options, 3, 5);
        expect_resumed(&options, 4, 2);
    }
}

/* One rank is told something else. */
struct mixed_job {
    size_t changed; /* rank */
    bp_train_options usual, other;
    bp_status status[3];
    bp_error error[3];
};

static void create_rank(struct bp_ranks *ranks, void *arg)
{
    struct mixed_job *job = arg;
    bp_train_options options = ranks->rank == job->changed ? job->other : job->usual;
    struct training training = training_create(&job->usual, NULL);
    bp_trainer *trainer;
    options.ranks = ranks;
    job->status[ranks->rank] =
        bp_trainer_create(&trainer, training.model, training.train, training.valid, &options,
                          &job->error[ranks->rank]);
    bp_trainer_free(trainer);
    training_free(&training);
}

static void expect_refused(struct mixed_job *job, bp_status status, const char *words)
{
    thread_ranks_run(3, create_rank, job);
    for (size_t r = 0; r < 3; r++) {
        cr_assert_eq(job->status[r], status, "rank %zu: %d", r, (int)job->status[r]);
        cr_assert(strstr(job->error[r].message, words) != NULL, "rank %zu: %s", r,
                  job->error[r].message);
    }
}

Test(ranks_train, other_options_on_one_rank)
{
    struct mixed_job job = {.changed = 2};
    job.usual = job.other = training_options(BP_OPTIMIZER_ADAM);
    job.other.seed = 7;
    expect_refused(&job, BP_ERROR_RANKS, "rank 2 on here: seed is 7 here, and 1 on rank 0");
    job.other.seed = job.usual.seed;
    job.other.threads = 2; /* no bit depends on it */
    expect_refused(&job, BP_OK, "");
}

Test(ranks_train, an_error_of_one_rank_is_that_of_all)
{
    struct mixed_job job = {.changed = 1};
    job.usual = job.other = training_options(BP_OPTIMIZER_ADAM);
    job.other.learning_rate = NAN;
    expect_refused(&job, BP_ERROR_ARGUMENT, "rank 1 on here: ");
    job.changed = 0;
    thread_ranks_run(3, create_rank, &job);
    cr_assert(strstr(job.error[2].message, "rank") == NULL, "%s", job.error[2].message);
}
