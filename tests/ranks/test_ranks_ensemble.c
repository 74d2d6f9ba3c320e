/* Ensembles over ranks are those of one process, on every rank. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/member_kinds.h"
#include "support/scratch.h"
#include "support/thread_ranks.h"

#define RANKS_MAX 5
#define ROWS      150
#define CLASSES   3
#define ENDLESS   10000000 /* epochs */

static bp_dataset *read_iris(void)
{
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_read(&dataset, DATASETS "/iris.csv", NULL, NULL), BP_OK);
    return dataset;
}

/* What a rank heard of the members. */
struct heard {
    size_t rank;
    size_t begun, ended, stopping, saved;
    size_t epochs[BP_MEMBERS_MAX]; /* of the last one that was heard of */
    size_t of_others;              /* epochs of members of other ranks */
    size_t done;
    bool out_of_order;
};

/* What all ranks do. */
struct job {
    const bp_dataset *train, *valid;
    struct member_kinds *kinds;
    size_t kind_count;
    bp_ensemble_options options;
    bool nowhere;                 /* the ensemble has no place */
    const bp_model *from;         /* or NULL */
    const char *folder;           /* of checkpoints, or NULL */
    size_t stop_rank, stop_after; /* members after which a rank wants the end; 0: never */
    atomic_bool *running;         /* a member that would not end runs: before, none wants it; NULL:
                                     there is no such member */
    bp_status status[RANKS_MAX];
    bp_error error[RANKS_MAX];
    bp_ensemble *ensemble[RANKS_MAX];
    struct heard heard[RANKS_MAX];
};

struct listener {
    const struct job *job;
    struct heard *heard;
    bp_checkpoints *folder[BP_MEMBERS_MAX];
};

static void open_folder(struct listener *listener, size_t m)
{
    char path[512];
    if (!listener->job->folder || listener->folder[m])
        return;
    snprintf(path, sizeof path, "%s-%zu", listener->job->folder, m);
    cr_assert_eq(bp_checkpoints_open(&listener->folder[m], path, NULL), BP_OK);
}

/* The states of members, as the command keeps them. */
static void keep(struct listener *listener, const bp_member_progress *progress)
{
    bp_error error;
    open_folder(listener, progress->member);
    bp_checkpoints *folder = listener->folder[progress->member];
    if (!folder)
        return;
    if (!progress->run)
        cr_assert_eq(bp_trainer_resume(progress->trainer, folder, NULL, &error), BP_OK, "%s",
                     error.message);
    if (!progress->run || progress->run->ended || progress->stopping)
        cr_assert_eq(bp_trainer_save_in(progress->trainer, folder, &error), BP_OK, "%s",
                     error.message);
    listener->heard->saved += progress->stopping;
}

static void hear_epoch(struct heard *heard, const bp_member_progress *progress)
{
    size_t *epochs = &heard->epochs[progress->member];
    const size_t epoch = progress->run->epoch + (progress->run->refit ? 1000 : 0);
    heard->out_of_order = heard->out_of_order || epoch <= *epochs;
    *epochs = epoch;
    heard->of_others += progress->trainer == NULL;
    cr_assert((progress->run->valid != NULL) ==
              (progress->run->valid_loss == progress->run->valid_loss));
}

static bool wants_end(const struct job *job, const struct heard *heard)
{
    return job->stop_after > 0 && heard->rank == job->stop_rank && heard->done >= job->stop_after &&
           (!job->running || atomic_load(job->running));
}

static bool listen(const bp_member_progress *progress, void *user)
{
    struct listener *listener = user;
    const struct job *job = listener->job;
    struct heard *heard = listener->heard;
    const bool known = progress->member < progress->members;
    cr_assert(known == (progress->kind < job->kind_count));
    cr_assert_leq(heard->done, progress->done);
    cr_assert(progress->share >= 0 && progress->share <= 1, "%g", progress->share);
    heard->done = progress->done;
    heard->begun += known && !progress->run && !progress->result;
    heard->ended += progress->result != NULL;
    heard->stopping += progress->stopping;
    if (progress->run && progress->run->epoch_done && !progress->stopping)
        hear_epoch(heard, progress);
    if (progress->trainer && !progress->result)
        keep(listener, progress);
    if (job->running && progress->run && job->kinds->train[progress->kind].epochs == ENDLESS)
        atomic_store(job->running, true);
    return !wants_end(job, heard);
}

static void run(struct job *job, struct bp_ranks *ranks, size_t rank)
{
    struct listener listener = {.job = job, .heard = &job->heard[rank]};
    bp_ensemble_options options = job->options;
    bp_ensemble **out = job->nowhere ? NULL : &job->ensemble[rank];
    *listener.heard = (struct heard){.rank = rank};
    options.progress = listen;
    options.user = &listener;
    options.ranks = ranks;
    job->status[rank] = job->from ? bp_ensemble_continue(out, job->from, job->train, job->valid,
                                                         NULL, &options, &job->error[rank])
                                  : bp_ensemble_train(out, job->train, job->valid, job->kinds->kind,
                                                      job->kind_count, &options, &job->error[rank]);
    for (size_t m = 0; m < BP_MEMBERS_MAX; m++)
        bp_checkpoints_free(listener.folder[m]);
}

static void run_rank(struct bp_ranks *ranks, void *arg)
{
    run(arg, ranks, ranks->rank);
}

static void release(struct job *job, size_t ranks)
{
    for (size_t r = 0; r < ranks; r++) {
        bp_ensemble_free(job->ensemble[r]);
        job->ensemble[r] = NULL;
    }
}

/* ---- the same ---- */

/* All but the seconds, and the threads of one that has several. */
static void expect_same_member(const bp_ensemble_member *a, const bp_ensemble_member *b)
{
    bp_ensemble_member x = *a, y = *b;
    cr_assert_str_eq(x.error.message, y.error.message);
    x.error = y.error = (bp_error){.status = BP_OK};
    x.train.seconds = y.train.seconds = x.train.samples_per_second = y.train.samples_per_second = 0;
    x.train.threads = y.train.threads = x.train.all_threads = y.train.all_threads = 0;
    x.train.backend = y.train.backend = BP_BACKEND_SERIAL;
    x.train.plan = y.train.plan = BP_PLAN_AUTO;
    cr_assert(!x.train.threads_reason[0] && !y.train.threads_reason[0]);
    memset(x.train.threads_reason, 0, sizeof x.train.threads_reason);
    memset(y.train.threads_reason, 0, sizeof y.train.threads_reason);
    cr_assert_eq(memcmp(&x, &y, sizeof x), 0, "%s, %s", a->train.weights_digest,
                 b->train.weights_digest);
}

static void expect_same_rows(const bp_ensemble *a, const bp_ensemble *b)
{
    static double x[ROWS * CLASSES], y[ROWS * CLASSES];
    bp_calibration_bin p[BP_CALIBRATION_BINS], q[BP_CALIBRATION_BINS];
    bp_quality quality, other;
    bp_metrics fitted, other_fitted;
    if (bp_ensemble_get_info(a).left_rows == 0)
        return;
    cr_assert_eq(bp_ensemble_get_left_out(a, x, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_get_left_out(b, y, NULL), BP_OK);
    cr_assert_eq(memcmp(x, y, sizeof x), 0);
    cr_assert_eq(bp_ensemble_get_quality(a, &quality, &fitted, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_get_quality(b, &other, &other_fitted, NULL), BP_OK);
    cr_assert_eq(memcmp(&quality.metrics, &other.metrics, sizeof quality.metrics), 0);
    cr_assert_eq(memcmp(&fitted, &other_fitted, sizeof fitted), 0);
    cr_assert_eq(bp_ensemble_get_calibration(a, 0, p, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_get_calibration(b, 0, q, NULL), BP_OK);
    cr_assert_eq(memcmp(p, q, sizeof p), 0);
}

/* Also what the file of the model has: recipes, factors and weights. */
static void expect_same_model(bp_ensemble *a, const char *text, size_t size)
{
    const char *path = scratch_file("other.safetensors");
    bp_model *model;
    size_t other_size;
    cr_assert_eq(bp_ensemble_take_model(a, &model, NULL), BP_OK);
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    char *other = file_get(path, &other_size);
    cr_assert_eq(other_size, size);
    cr_assert_eq(memcmp(other, text, size), 0);
    free(other);
    bp_model_free(model);
}

static void expect_same(const struct job *job, size_t r, const struct job *one)
{
    bp_ensemble *a = job->ensemble[r];
    const bp_ensemble *b = one->ensemble[0];
    bp_ensemble_info x = bp_ensemble_get_info(a), y = bp_ensemble_get_info(b);
    bp_ensemble_member member, other;
    bp_ensemble_kind kind, other_kind;
    x.threads = y.threads = 0;
    x.seconds = y.seconds = 0;
    cr_assert_eq(memcmp(&x, &y, sizeof x), 0);
    for (size_t m = 0; bp_ensemble_get_member(b, m, &other, NULL) == BP_OK; m++) {
        cr_assert_eq(bp_ensemble_get_member(a, m, &member, NULL), BP_OK);
        expect_same_member(&member, &other);
    }
    for (size_t k = 0; bp_ensemble_get_kind(b, k, &other_kind, NULL) == BP_OK; k++) {
        cr_assert_eq(bp_ensemble_get_kind(a, k, &kind, NULL), BP_OK);
        cr_assert_eq(memcmp(&kind, &other_kind, sizeof kind), 0);
    }
    expect_same_rows(a, b);
}

/* `one` has run alone; `job` runs on 2 and more ranks. */
static void expect_same_on_ranks(struct job *one, struct job *job)
{
    const char *path = scratch_file("one.safetensors");
    bp_model *model;
    size_t size;
    cr_assert_eq(one->status[0], BP_OK, "%s", one->error[0].message);
    cr_assert_eq(bp_ensemble_take_model(one->ensemble[0], &model, NULL), BP_OK);
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    bp_model_free(model);
    char *text = file_get(path, &size);
    for (size_t ranks = 2; ranks <= RANKS_MAX; ranks++) {
        job->options.threads = 1 + ranks % 2;
        thread_ranks_run(ranks, run_rank, job);
        for (size_t r = 0; r < ranks; r++) {
            cr_assert_eq(job->status[r], BP_OK, "%s", job->error[r].message);
            cr_assert_eq(bp_ensemble_get_info(job->ensemble[r]).threads,
                         ranks * job->options.threads);
            expect_same(job, r, one);
            expect_same_model(job->ensemble[r], text, size);
        }
        release(job, ranks);
    }
    free(text);
}

/* No rows are left out. */
static void leave_nothing_out(struct job *job)
{
    job->options.member_rows = BP_MEMBER_ROWS_ALL;
    job->options.member_folds = bp_ensemble_options_default().member_folds;
    job->options.member_weights = BP_MEMBER_WEIGHTS_EQUAL;
}

/* Kinds with 0, 5 and `last` hidden neurons. */
static void make_job(struct job *job, struct member_kinds *kinds, const bp_dataset *train,
                     size_t last)
{
    const size_t widths[MEMBER_KINDS] = {0, 5, last};
    member_kinds_make(kinds, widths);
    *job = (struct job){.train = train, .kinds = kinds, .kind_count = MEMBER_KINDS};
    job->options = bp_ensemble_options_default();
    job->options.threads = 1;
    job->options.member_rows = BP_MEMBER_ROWS_FOLDS;
    job->options.member_folds = 3;
    job->options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
}

static void check_same(struct job *one, struct job *job)
{
    run(one, NULL, 0);
    *job = *one;
    memset(job->ensemble, 0, sizeof job->ensemble);
    expect_same_on_ranks(one, job);
    release(one, 1);
}

struct jobs {
    struct job one, job;
    struct member_kinds kinds;
    bp_dataset *iris;
};

static struct jobs *jobs;

static void set_up(void)
{
    jobs = calloc(1, sizeof *jobs);
    jobs->iris = read_iris();
    make_job(&jobs->one, &jobs->kinds, jobs->iris, 40);
}

static void tear_down(void)
{
    bp_dataset_free(jobs->iris);
    free(jobs);
    scratch_remove();
}

TestSuite(ranks_ensemble, .init = set_up, .fini = tear_down);

Test(ranks_ensemble, every_rank_has_that_of_one_process)
{
    check_same(&jobs->one, &jobs->job);
}

Test(ranks_ensemble, bootstrap_factors_of_classes_and_a_failure_are_the_same)
{
    jobs->one.options.member_rows = BP_MEMBER_ROWS_BOOTSTRAP;
    jobs->one.options.member_folds = bp_ensemble_options_default().member_folds;
    jobs->one.options.members = 6;
    jobs->one.options.decide = BP_DECISION_F1;
    jobs->kinds.train[1].learning_rate = 1e30f;
    check_same(&jobs->one, &jobs->job);
    run(&jobs->one, NULL, 0);
    cr_assert_eq(bp_ensemble_get_info(jobs->one.ensemble[0]).failed, 2, "of no use");
    release(&jobs->one, 1);
}

Test(ranks_ensemble, the_best_epoch_and_a_refit_are_the_same)
{
    bp_holdout holdout = bp_holdout_default();
    bp_dataset *train, *valid;
    holdout.fraction = 0.2;
    cr_assert_eq(bp_dataset_hold_out(jobs->iris, &holdout, &train, &valid, NULL), BP_OK);
    jobs->one.train = train;
    jobs->one.valid = valid;
    leave_nothing_out(&jobs->one);
    jobs->one.options.members = 7;
    for (size_t k = 0; k < MEMBER_KINDS; k++) {
        jobs->kinds.train[k].epochs = 40;
        jobs->kinds.train[k].patience = 3 + k;
        jobs->kinds.train[k].keep_best = true;
        jobs->kinds.train[k].refit = k == 1;
    }
    check_same(&jobs->one, &jobs->job);
    bp_dataset_free(train);
    bp_dataset_free(valid);
}

Test(ranks_ensemble, training_goes_on_as_in_one_process)
{
    bp_model *from;
    run(&jobs->one, NULL, 0);
    cr_assert_eq(bp_ensemble_take_model(jobs->one.ensemble[0], &from, NULL), BP_OK);
    release(&jobs->one, 1);
    jobs->one.from = from;
    cr_assert_eq(bp_ensemble_continue_options(from, &jobs->one.options, NULL), BP_OK);
    jobs->one.kind_count = bp_model_kinds(from);
    check_same(&jobs->one, &jobs->job);
    bp_model_free(from);
}

/* Of 5 members on 4 threads the largest has the two of one rank. */
Test(ranks_ensemble, the_largest_has_several_threads_of_one_rank)
{
    struct job *job = &jobs->job;
    bp_ensemble_member member;
    size_t shared = 0;
    if (!bp_has_backend(BP_BACKEND_PTHREADS))
        return;
    make_job(job, &jobs->kinds, jobs->iris, 2000);
    leave_nothing_out(job);
    job->options.members = 5;
    job->options.threads = 2;
    thread_ranks_run(2, run_rank, job);
    for (size_t m = 0; bp_ensemble_get_member(job->ensemble[0], m, &member, NULL) == BP_OK; m++) {
        shared += member.train.threads == 2;
        cr_assert(member.train.threads == 1 || (m == 2 && member.train.threads == 2));
    }
    cr_assert_eq(shared, 1, "%zu", shared);
    release(job, 2);
}

/* ---- what is heard ---- */

Test(ranks_ensemble, rank_0_hears_of_every_epoch)
{
    struct job *job = &jobs->one;
    job->kinds->train[2].epochs = 700; /* more than there is room for */
    thread_ranks_run(3, run_rank, job);
    size_t begun = 0, of_others = 0;
    for (size_t r = 0; r < 3; r++) {
        const struct heard *heard = &job->heard[r];
        cr_assert_eq(job->status[r], BP_OK, "%s", job->error[r].message);
        cr_assert_eq(heard->ended, 9);
        cr_assert_eq(heard->done, 9);
        cr_assert_eq(heard->stopping, 0);
        cr_assert(!heard->out_of_order);
        begun += heard->begun;
        of_others += r > 0 ? heard->of_others : 0;
        for (size_t m = 0; m < 9; m++)
            cr_assert((r > 0 && heard->epochs[m] == 0) ||
                      heard->epochs[m] == job->kinds->train[m % 3].epochs);
    }
    cr_assert_eq(begun, 9);
    cr_assert_eq(of_others, 0);
    release(job, 3);
}

/* Every member that runs is heard of once more; those that ended are everywhere. */
Test(ranks_ensemble, a_rank_that_stops_stops_all)
{
    struct job *job = &jobs->one;
    atomic_bool running;
    job->kinds->train[2].epochs = ENDLESS;
    job->options.threads = 2; /* on three ranks: three are left for the others */
    job->stop_after = 2;
    job->running = &running;
    for (size_t rank = 0; rank < 3; rank++) {
        atomic_init(&running, false);
        job->stop_rank = rank;
        thread_ranks_run(3, run_rank, job);
        size_t stopping = 0, ran = 0;
        for (size_t r = 0; r < 3; r++) {
            bp_ensemble_member member, first;
            cr_assert_eq(job->status[r], BP_STOPPED);
            stopping += job->heard[r].stopping;
            for (size_t m = 0; m < 9; m++) {
                bp_ensemble_get_member(job->ensemble[0], m, &first, NULL);
                bp_ensemble_get_member(job->ensemble[r], m, &member, NULL);
                cr_assert_eq(member.error.status, first.error.status);
                ran += r == 0 && strstr(member.error.message, "was stopped") != NULL;
            }
        }
        cr_assert_eq(stopping, ran, "%zu of %zu", stopping, ran);
        cr_assert_gt(ran, 0);
        release(job, 3);
    }
}

/* ---- checkpoints ---- */

Test(ranks_ensemble, a_run_goes_on_with_any_number_of_ranks)
{
    struct job *one = &jobs->one, *job = &jobs->job;
    for (size_t k = 0; k < MEMBER_KINDS; k++)
        jobs->kinds.train[k].epochs = 300;
    run(one, NULL, 0);
    *job = *one;
    job->folder = scratch_file("member");
    const size_t counts[] = {3, 1, 2, 4};
    for (size_t k = 0; k < 4; k++) {
        job->stop_rank = counts[k] - 1;
        job->stop_after = 2 + 2 * k;
        thread_ranks_run(counts[k], run_rank, job);
        size_t saved = 0, stopping = 0;
        for (size_t r = 0; r < counts[k]; r++) {
            cr_assert_eq(job->status[r], BP_STOPPED, "%s", job->error[r].message);
            saved += job->heard[r].saved;
            stopping += job->heard[r].stopping;
        }
        cr_assert_eq(saved, stopping);
        release(job, counts[k]);
    }
    job->stop_after = 0;
    thread_ranks_run(5, run_rank, job);
    for (size_t r = 0; r < 5; r++) {
        bp_model *model, *expected;
        cr_assert_eq(job->status[r], BP_OK, "%s", job->error[r].message);
        cr_assert_eq(bp_ensemble_take_model(job->ensemble[r], &model, NULL), BP_OK);
        if (r == 0)
            cr_assert_eq(bp_ensemble_take_model(one->ensemble[0], &expected, NULL), BP_OK);
        cr_assert_str_eq(bp_model_get_info(model).weights_digest,
                         bp_model_get_info(expected).weights_digest);
        bp_model_free(model);
        if (r == 4)
            bp_model_free(expected);
    }
    release(job, 5);
    release(one, 1);
}

/* ---- differences ---- */

/* One rank is asked for something else. */
struct mixed_job {
    struct job usual, other;
    size_t changed;
};

static void run_mixed(struct bp_ranks *ranks, void *arg)
{
    struct mixed_job *job = arg;
    run(ranks->rank == job->changed ? &job->other : &job->usual, ranks, ranks->rank);
}

static void expect_refused(struct mixed_job *job, bp_status status, const char *words)
{
    thread_ranks_run(3, run_mixed, job);
    for (size_t r = 0; r < 3; r++) {
        const struct job *own = r == job->changed ? &job->other : &job->usual;
        cr_assert_eq(own->status[r], status, "%d: %s", (int)own->status[r], own->error[r].message);
        cr_assert(strstr(own->error[r].message, words) != NULL, "%s", own->error[r].message);
        cr_assert(own->ensemble[r] == NULL);
    }
}

Test(ranks_ensemble, a_rank_with_something_else_is_named)
{
    struct mixed_job *job = calloc(1, sizeof *job);
    struct member_kinds *kinds = calloc(1, sizeof *kinds);
    bp_holdout holdout = bp_holdout_default();
    bp_dataset *train, *valid;
    holdout.fraction = 0.2;
    cr_assert_eq(bp_dataset_hold_out(jobs->iris, &holdout, &train, &valid, NULL), BP_OK);
    job->changed = 2;
    job->usual = jobs->one;
    job->other = jobs->one;
    job->other.kinds = kinds;
    const size_t widths[] = {0, 5, 40};
    member_kinds_make(kinds, widths);
    kinds->train[1].epochs++;
    expect_refused(job, BP_ERROR_RANKS,
                   "rank 2 on here: the options of its networks are not those of rank 0");
    job->other.kinds = job->usual.kinds;
    job->other.options.member_folds = 4;
    expect_refused(job, BP_ERROR_RANKS, "rank 2 on here: there are 12 networks here, and 9 on");
    job->other.options = job->usual.options;
    job->other.train = train;
    expect_refused(job, BP_ERROR_RANKS, "rank 2 on here: its rows are not those of rank 0");
    job->other.train = job->usual.train;
    job->other.valid = valid;
    expect_refused(job, BP_ERROR_RANKS, "rank 2 on here: its validation rows are not those");
    job->other.valid = NULL;
    job->other.train = NULL;
    expect_refused(job, BP_ERROR_ARGUMENT, "rank 2 on here: the argument `train`");
    job->other.train = job->usual.train;
    job->other.kind_count = 0;
    expect_refused(job, BP_ERROR_ARGUMENT, "rank 2 on here: 0 kinds of members");
    job->other = job->usual;
    job->other.nowhere = true;
    expect_refused(job, BP_ERROR_ARGUMENT, "rank 2 on here: the argument `out`");
    job->other.nowhere = false;
    job->other.options.member_folds = 1;
    expect_refused(job, BP_ERROR_ARGUMENT, "rank 2 on here: member-folds");
    bp_dataset_free(train);
    bp_dataset_free(valid);
    free(kinds);
    free(job);
}

/* Networks that were trained alike, on other rows. */
Test(ranks_ensemble, a_rank_that_goes_on_from_another_model_is_named)
{
    struct mixed_job *job = calloc(1, sizeof *job);
    bp_holdout holdout = bp_holdout_default();
    bp_dataset *train, *rest;
    bp_model *from, *other;
    holdout.fraction = 0.2;
    cr_assert_eq(bp_dataset_hold_out(jobs->iris, &holdout, &train, &rest, NULL), BP_OK);
    leave_nothing_out(&jobs->one);
    run(&jobs->one, NULL, 0);
    cr_assert_eq(bp_ensemble_take_model(jobs->one.ensemble[0], &from, NULL), BP_OK);
    release(&jobs->one, 1);
    jobs->one.train = train;
    run(&jobs->one, NULL, 0);
    cr_assert_eq(bp_ensemble_take_model(jobs->one.ensemble[0], &other, NULL), BP_OK);
    release(&jobs->one, 1);
    cr_assert_eq(bp_ensemble_continue_options(from, &jobs->one.options, NULL), BP_OK);
    job->changed = 1;
    job->usual = jobs->one;
    job->other = jobs->one;
    job->usual.from = from;
    job->other.from = other;
    expect_refused(job, BP_ERROR_RANKS, "rank 1 on here: its networks, or columns, scaling or");
    bp_model_free(from);
    bp_model_free(other);
    bp_dataset_free(train);
    bp_dataset_free(rest);
    free(job);
}

/* The threads of trials train ensembles by themselves. */
Test(ranks_ensemble, ranks_of_the_options_do_not_matter_in_a_trial)
{
    bp_trials trials = bp_trials_default();
    bp_trial trial = bp_trial_default();
    bp_trial_result result;
    struct bp_ranks nobody = {.count = 3};
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_holdout holdout = bp_holdout_default();
    holdout.fraction = 0.2;
    options.members = 2;
    options.ranks = &nobody;
    trial.ensemble = &options;
    trial.holdout = &holdout;
    trials.dataset = jobs->iris;
    trials.trial = &trial;
    trials.count = 1;
    cr_assert_eq(bp_trials_run(&trials, &result, NULL), BP_OK);
    cr_assert_eq(result.error.status, BP_OK, "%s", result.error.message);
}
