/* Trials over ranks come to what one process finds, on every rank. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/scratch.h"
#include "support/tables.h"
#include "support/thread_ranks.h"

#define RANKS_MAX 5
#define TRIALS    14

static bp_dataset *read_iris(void)
{
    const bp_read_options options = bp_read_options_default();
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_read(&dataset, DATASETS "/iris.csv", &options, &error), BP_OK, "%s",
                 error.message);
    return dataset;
}

/* What all ranks do. */
struct job {
    const bp_dataset *dataset;
    size_t count, threads;
    bp_train_options train[TRIALS];
    bp_holdout holdout[TRIALS];
    bp_ensemble_options ensemble;
    const char *journal;          /* of rank 0, or NULL */
    size_t stop_rank, stop_after; /* trials after which a rank wants the end; 0: never */
    bp_status status[RANKS_MAX];
    bp_error error[RANKS_MAX];
    bp_trial_result result[RANKS_MAX][TRIALS];
    size_t done[RANKS_MAX]; /* as last heard */
};

static void fill(struct job *job)
{
    job->ensemble = bp_ensemble_options_default();
    job->ensemble.members = 2;
    for (size_t k = 0; k < TRIALS; k++) {
        job->train[k] = bp_train_options_default();
        job->train[k].epochs = 3 + 5 * k % 7;
        job->train[k].seed = 1 + k;
        job->holdout[k] = bp_holdout_default();
        job->holdout[k].folds = k == 4 ? 1 : 5; /* one fails */
        job->holdout[k].fold = k % 5;
    }
}

/* The last one is of several networks. */
static void put_trials(const struct job *job, bp_trial *trial)
{
    for (size_t k = 0; k < job->count; k++) {
        trial[k] = bp_trial_default();
        trial[k].train = &job->train[k];
        trial[k].holdout = &job->holdout[k];
        trial[k].ensemble = k + 1 == TRIALS ? &job->ensemble : NULL;
    }
}

struct heard {
    const struct job *job;
    size_t rank, done;
};

static bool watch(const bp_trials_progress *progress, void *user)
{
    struct heard *heard = user;
    const struct job *job = heard->job;
    cr_assert_leq(heard->done, progress->done);
    cr_assert(progress->share >= 0 && progress->share <= 1, "%g", progress->share);
    heard->done = progress->done;
    return job->stop_after == 0 || heard->rank != job->stop_rank ||
           progress->done < job->stop_after;
}

static void run(struct job *job, struct bp_ranks *ranks, size_t rank)
{
    bp_trial trial[TRIALS];
    struct heard heard = {.job = job, .rank = rank};
    put_trials(job, trial);
    bp_trials trials = bp_trials_default();
    trials.dataset = job->dataset;
    trials.trial = trial;
    trials.count = job->count;
    trials.threads = job->threads;
    trials.progress = watch;
    trials.user = &heard;
    trials.ranks = ranks;
    trials.journal = rank == 0 || !job->journal ? job->journal : "/nowhere/else";
    job->status[rank] = bp_trials_run(&trials, job->result[rank], &job->error[rank]);
    job->done[rank] = heard.done;
}

static void run_rank(struct bp_ranks *ranks, void *arg)
{
    run(arg, ranks, ranks->rank);
}

/* All but the seconds. */
static void expect_same(const bp_trial_result *a, const bp_trial_result *b)
{
    cr_assert_eq(a->error.status, b->error.status, "%s, %s", a->error.message, b->error.message);
    cr_assert_str_eq(a->error.message, b->error.message);
    cr_assert_eq(a->task, b->task);
    cr_assert_eq(memcmp(&a->metrics, &b->metrics, sizeof a->metrics), 0);
    bp_train_result x = a->train, y = b->train;
    cr_assert(!x.threads_reason[0] && !y.threads_reason[0]);
    memset(x.threads_reason, 0, sizeof x.threads_reason);
    memset(y.threads_reason, 0, sizeof y.threads_reason);
    x.seconds = y.seconds = x.samples_per_second = y.samples_per_second = 0;
    cr_assert_eq(memcmp(&x, &y, sizeof x), 0);
}

Test(ranks_trials, results_are_those_of_one_process_on_every_rank)
{
    static const size_t counts[] = {TRIALS, 5, 1};
    bp_dataset *dataset = read_iris();
    struct job *one = calloc(1, sizeof *one), *job = calloc(1, sizeof *job);
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        for (size_t ranks = 2; ranks <= RANKS_MAX; ranks++) {
            *one = (struct job){.dataset = dataset, .count = counts[c], .threads = 1};
            fill(one);
            *job = *one;
            job->threads = ranks % 2 + 1;
            run(one, NULL, 0);
            thread_ranks_run(ranks, run_rank, job);
            for (size_t r = 0; r < ranks; r++) {
                cr_assert_eq(job->status[r], BP_OK, "%s", job->error[r].message);
                cr_assert_eq(job->done[r], counts[c], "rank %zu heard of %zu", r, job->done[r]);
                for (size_t k = 0; k < counts[c]; k++)
                    expect_same(&job->result[r][k], &one->result[0][k]);
            }
        }
    }
    *one = (struct job){.dataset = dataset, .count = TRIALS, .threads = 1};
    fill(one);
    run(one, NULL, 0);
    cr_assert_eq(one->result[0][4].error.status, BP_ERROR_ARGUMENT, "of no use");
    free(one);
    free(job);
    bp_dataset_free(dataset);
}

Test(ranks_trials, a_rank_that_stops_stops_all)
{
    bp_dataset *dataset = read_iris();
    struct job *job = calloc(1, sizeof *job);
    for (size_t rank = 0; rank < 3; rank++) {
        *job = (struct job){
            .dataset = dataset, .count = TRIALS, .threads = 1, .stop_rank = rank, .stop_after = 2};
        fill(job);
        for (size_t k = 6; k < TRIALS; k++)
            job->train[k].epochs = 1000000;
        thread_ranks_run(3, run_rank, job);
        size_t ended = 0;
        for (size_t k = 0; k < TRIALS; k++) {
            ended += job->result[0][k].error.status != BP_STOPPED;
            for (size_t r = 1; r < 3; r++)
                cr_assert_eq(job->result[r][k].error.status, job->result[0][k].error.status);
        }
        for (size_t r = 0; r < 3; r++)
            cr_assert_eq(job->status[r], BP_STOPPED);
        cr_assert(ended >= 2 && ended < TRIALS, "%zu", ended);
    }
    free(job);
    bp_dataset_free(dataset);
}

static void check_results(const struct job *job, size_t ranks, const struct job *one)
{
    for (size_t r = 0; r < ranks; r++) {
        cr_assert_eq(job->status[r], BP_OK, "%s", job->error[r].message);
        for (size_t k = 0; k < TRIALS; k++)
            expect_same(&job->result[r][k], &one->result[0][k]);
    }
}

/* Only the path of rank 0 counts. */
Test(ranks_trials, a_journal_is_for_any_number_of_ranks)
{
    bp_dataset *dataset = read_iris();
    struct job *one = calloc(1, sizeof *one), *job = calloc(1, sizeof *job);
    *one = (struct job){.dataset = dataset, .count = TRIALS, .threads = 1};
    fill(one);
    *job = *one;
    run(one, NULL, 0);
    job->journal = scratch_file("trials.jsonl");
    job->stop_rank = 1;
    job->stop_after = 3;
    thread_ranks_run(3, run_rank, job);
    cr_assert_eq(job->status[0], BP_STOPPED);
    job->stop_after = 5;
    run(job, NULL, 1); /* a process alone, which has the number of the one that stops */
    job->stop_after = 7;
    thread_ranks_run(2, run_rank, job);
    job->stop_after = 0;
    thread_ranks_run(5, run_rank, job);
    check_results(job, 5, one);
    job->stop_after = 1; /* which is asked before the first trial */
    thread_ranks_run(4, run_rank, job);
    for (size_t r = 0; r < 4; r++)
        cr_assert_eq(job->status[r], BP_STOPPED);
    free(one);
    free(job);
    scratch_remove();
    bp_dataset_free(dataset);
}

/* One rank is asked for something else. */
struct mixed_job {
    struct job usual;
    struct job other;
    size_t changed;
};

static void run_mixed(struct bp_ranks *ranks, void *arg)
{
    struct mixed_job *job = arg;
    const bool is_changed = ranks->rank == job->changed;
    run(is_changed ? &job->other : &job->usual, ranks, ranks->rank);
}

static void expect_refused(struct mixed_job *job, bp_status status, const char *words)
{
    thread_ranks_run(3, run_mixed, job);
    for (size_t r = 0; r < 3; r++) {
        const struct job *own = r == job->changed ? &job->other : &job->usual;
        cr_assert_eq(own->status[r], status, "%d: %s", (int)own->status[r], own->error[r].message);
        cr_assert(strstr(own->error[r].message, words) != NULL, "%s", own->error[r].message);
    }
}

Test(ranks_trials, a_rank_with_other_trials_or_rows_is_named)
{
    bp_dataset *dataset = read_iris(), *part, *rest;
    struct mixed_job *job = calloc(1, sizeof *job);
    job->changed = 2;
    job->usual = (struct job){.dataset = dataset, .count = TRIALS, .threads = 1};
    fill(&job->usual);
    job->other = job->usual;
    job->other.train[7].epochs++;
    expect_refused(job, BP_ERROR_RANKS,
                   "rank 2 on here: the options of its trials are not those of rank 0");
    job->other = job->usual;
    job->other.count--;
    expect_refused(job, BP_ERROR_RANKS, "rank 2 on here: there are 13 trials here, and 14");
    job->other = job->usual;
    cr_assert_eq(bp_dataset_hold_out(dataset, &job->usual.holdout[0], &rest, &part, NULL), BP_OK);
    job->other.dataset = rest;
    expect_refused(job, BP_ERROR_RANKS, "rank 2 on here: its rows are not those of rank 0");
    job->other.dataset = NULL;
    expect_refused(job, BP_ERROR_ARGUMENT, "rank 2 on here: the argument `trials->dataset`");
    bp_dataset_free(part);
    bp_dataset_free(rest);
    bp_dataset_free(dataset);
    free(job);
}

/* ---- cross-validation ---- */

struct validated {
    const bp_dataset *dataset;
    bp_cross_validation *validation[RANKS_MAX];
    size_t folds_of_rank_1;
    bp_status status[RANKS_MAX];
};

static void validate_rank(struct bp_ranks *ranks, void *arg)
{
    struct validated *validated = arg;
    bp_train_options train = bp_train_options_default();
    bp_cross_validation_options options = bp_cross_validation_options_default();
    train.epochs = 3;
    options.train = &train;
    options.folds = ranks->rank == 1 ? validated->folds_of_rank_1 : 6;
    options.threads = 2;
    options.ranks = ranks;
    validated->status[ranks->rank] =
        bp_cross_validate(&validated->validation[ranks->rank], validated->dataset, &options, NULL);
}

Test(ranks_trials, every_rank_has_the_cross_validation)
{
    bp_dataset *dataset = read_iris();
    struct validated validated = {.dataset = dataset, .folds_of_rank_1 = 6};
    thread_ranks_run(3, validate_rank, &validated);
    const bp_metric_summary first =
        bp_cross_validation_summarize(validated.validation[0], BP_METRIC_LOSS);
    for (size_t r = 0; r < 3; r++) {
        const bp_cross_validation_info info = bp_cross_validation_get_info(validated.validation[r]);
        const bp_metric_summary summary =
            bp_cross_validation_summarize(validated.validation[r], BP_METRIC_LOSS);
        cr_assert_eq(validated.status[r], BP_OK);
        cr_assert_eq(info.threads, 6, "%zu", info.threads);
        cr_assert_eq(info.failed, 0);
        cr_assert_eq(summary.count, 6);
        cr_assert_eq(summary.mean, first.mean);
        bp_cross_validation_free(validated.validation[r]);
    }
    validated.folds_of_rank_1 = 1;
    thread_ranks_run(3, validate_rank, &validated);
    for (size_t r = 0; r < 3; r++)
        cr_assert_eq(validated.status[r], BP_ERROR_ARGUMENT);
    bp_dataset_free(dataset);
}
