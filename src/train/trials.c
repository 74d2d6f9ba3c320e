/*
 * Many small trainings at once. Threads share the dataset, which nobody writes, and nothing else:
 * a trial has its own model, trainer and team of one. The next trial goes to the thread that is
 * free, which no result depends on.
 */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "base/status.h"
#include "team/team.h"
#include "train/train_options.h"

#define SECONDS_BETWEEN_REPORTS 0.1

void bp_trial_init(bp_trial *trial, size_t size)
{
    static const bp_trial defaults = {0};
    bp_sized_init(trial, size, &defaults, sizeof defaults);
}

void bp_trials_init(bp_trials *trials, size_t size)
{
    static const bp_trials defaults = {0};
    bp_sized_init(trials, size, &defaults, sizeof defaults);
}

/* One call of bp_trials_run(). */
struct run {
    const bp_trials *trials;
    bp_trial_result *results;
    double start;
    atomic_size_t next;    /* trial to be taken */
    atomic_bool stopped;   /* the callback wants the end */
    pthread_mutex_t mutex; /* of what follows, and of the callback */
    size_t done;
    double *share; /* of every trial */
    double total;  /* their sum */
    double last_report;
};

/* The data of one trial, while a thread works on it. */
struct work {
    struct run *run;
    size_t number; /* of the trial */
    double last_report;
    bp_model_options model_options;
    bp_train_options train_options;
    bp_holdout holdout;
    double valid_fraction;
    bp_dataset *held_out;
    bp_dataset *others;
    bp_dataset *train; /* of `others`, or NULL: all of them */
    bp_dataset *valid; /* the rest of `others`, or NULL */
    bp_model *model;
    bp_trainer *trainer;
};

/* Notes that `share` of a trial is done, and tells the caller, unless another thread does and the
 * trial goes on. */
static void report(struct run *run, size_t number, double share, bool ended)
{
    if (ended)
        pthread_mutex_lock(&run->mutex);
    else if (pthread_mutex_trylock(&run->mutex) != 0)
        return;
    run->total += share - run->share[number];
    run->share[number] = share;
    run->done += ended;
    const double now = bp_clock_seconds();
    if (run->trials->progress && (ended || now - run->last_report >= SECONDS_BETWEEN_REPORTS)) {
        run->last_report = now;
        const bp_trials_progress progress = {
            .done = run->done,
            .count = run->trials->count,
            .share = fmin(run->total / (double)run->trials->count, 1.0),
            .seconds = now - run->start,
        };
        if (!run->trials->progress(&progress, run->trials->user))
            /* Relaxed: the threads only have to see it some time. */
            atomic_store_explicit(&run->stopped, true, memory_order_relaxed);
    }
    pthread_mutex_unlock(&run->mutex);
}

static bool is_stopped(const struct run *run)
{
    return atomic_load_explicit(&run->stopped, memory_order_relaxed);
}

/* The callback of a trainer. */
static bool watch(const bp_progress *progress, void *user)
{
    struct work *work = user;
    if (progress->seconds - work->last_report >= SECONDS_BETWEEN_REPORTS) {
        work->last_report = progress->seconds;
        const double samples = (double)bp_size_max(progress->samples_total, 1);
        const double epochs = (double)progress->epoch +
                              (progress->epoch_done ? 0 : (double)progress->samples / samples);
        double share = epochs / (double)bp_size_max(progress->epochs, 1);
        if (work->train_options.refit)
            share = (share + progress->refit) / 2;
        report(work->run, work->number, share, false);
    }
    return !is_stopped(work->run);
}

/* The options of the trial, as this library knows them. Trials have the size that the first one
 * says. */
static bp_status copy_options(struct work *work, bp_error *error)
{
    const bp_trial *first = work->run->trials->trial;
    const bp_trial *asked =
        (const bp_trial *)(const void *)((const char *)first + work->number * first->size);
    bp_trial trial = bp_trial_default();
    if (asked->size != first->size)
        return bp_fail(error, BP_ERROR_ARGUMENT, "trial %zu has size %zu, and the first one %zu",
                       work->number, asked->size, first->size);
    bp_status status = bp_sized_copy(&trial, sizeof trial, asked, "bp_trial", error);
    if (!status && !trial.holdout)
        status = bp_fail_null(error, "trial->holdout");
    work->model_options = bp_model_options_default();
    work->train_options = bp_train_options_default();
    work->holdout = bp_holdout_default();
    work->valid_fraction = trial.valid_fraction;
    if (!status)
        status = bp_sized_copy(&work->model_options, sizeof work->model_options, trial.model,
                               "bp_model_options", error);
    if (!status)
        status = bp_sized_copy(&work->train_options, sizeof work->train_options, trial.train,
                               "bp_train_options", error);
    if (!status)
        status =
            bp_sized_copy(&work->holdout, sizeof work->holdout, trial.holdout, "bp_holdout", error);
    work->train_options.threads = 1;
    work->train_options.backend = BP_BACKEND_SERIAL;
    work->train_options.time_phases = false;
    work->holdout.target = work->model_options.target;
    work->holdout.weight = work->model_options.weight;
    work->holdout.task = work->model_options.task;
    return status;
}

static bp_status cut_rows(struct work *work, bp_error *error)
{
    bp_holdout holdout = work->holdout;
    const bp_status status = bp_dataset_hold_out(work->run->trials->dataset, &holdout,
                                                 &work->others, &work->held_out, error);
    if (status || work->valid_fraction == 0)
        return status;
    holdout.folds = 0;
    holdout.fraction = work->valid_fraction;
    return bp_dataset_hold_out(work->others, &holdout, &work->train, &work->valid, error);
}

static bp_status train(struct work *work, bp_trial_result *result)
{
    const bp_dataset *rows = work->train ? work->train : work->others;
    bp_error *error = &result->error;
    bp_status status = bp_model_create(
        &work->model, work->train_options.refit ? work->others : rows, &work->model_options, error);
    if (status)
        return status;
    result->task = bp_model_get_info(work->model).task;
    status = bp_trainer_create(&work->trainer, work->model, rows, work->valid, &work->train_options,
                               error);
    if (status)
        return status;
    status = bp_trainer_run(work->trainer, watch, work, &result->train, error);
    result->train.threads_reason[0] = '\0';
    return status;
}

static bp_status run_trial(struct work *work, bp_trial_result *result)
{
    bp_error *error = &result->error;
    bp_status status = copy_options(work, error);
    if (!status)
        status = cut_rows(work, error);
    if (!status)
        status = train(work, result);
    if (!status) {
        bp_run_options options = bp_run_options_default();
        options.threads = 1;
        options.backend = BP_BACKEND_SERIAL;
        options.isa = work->train_options.isa;
        options.unknown = bp_train_options_unknown(&work->train_options);
        status = bp_evaluate(work->model, work->held_out, &options, &result->metrics, error);
    }
    bp_trainer_free(work->trainer);
    bp_model_free(work->model);
    bp_dataset_free(work->valid);
    bp_dataset_free(work->train);
    bp_dataset_free(work->held_out);
    bp_dataset_free(work->others);
    return status;
}

/* A thread's part: trials until none is left. */
static void take_trials(void *arg, size_t t, size_t threads)
{
    (void)t;
    (void)threads;
    struct run *run = arg;
    while (!is_stopped(run)) {
        /* Relaxed: each number is handed out once, and the join makes the results visible. */
        const size_t k = atomic_fetch_add_explicit(&run->next, 1, memory_order_relaxed);
        if (k >= run->trials->count)
            return;
        struct work work = {.run = run, .number = k};
        bp_trial_result result = {.error = {.status = BP_OK}};
        if (run_trial(&work, &result) == BP_STOPPED)
            bp_fail(&result.error, BP_STOPPED, "the trial was stopped");
        run->results[k] = result;
        if (result.error.status != BP_STOPPED)
            report(run, k, 1, true);
    }
}

static bp_status run_all(struct run *run, bp_error *error)
{
    const bp_trials *trials = run->trials;
    const size_t asked = trials->threads ? trials->threads : bp_usable_processors();
    const size_t threads = bp_size_min(bp_size_min(asked, BP_THREADS_MAX), trials->count);
    const bool serial = trials->backend == BP_BACKEND_SERIAL && trials->threads == 0;
    struct bp_team *team;
    const bp_status status = bp_team_create(&team, trials->backend, serial ? 1 : threads, error);
    if (status)
        return status;
    bp_team_run(team, take_trials, run);
    bp_team_free(team);
    return is_stopped(run) ? BP_STOPPED : BP_OK;
}

/* With options that are complete. */
static bp_status start(const bp_trials *trials, bp_trial_result *results, bp_error *error)
{
    struct run run = {.trials = trials, .results = results, .start = bp_clock_seconds()};
    atomic_init(&run.next, 0);
    atomic_init(&run.stopped, false);
    run.share = calloc(trials->count, sizeof *run.share);
    if (!run.share)
        return bp_fail_memory(error, "the list of trials");
    if (pthread_mutex_init(&run.mutex, NULL) != 0) {
        free(run.share);
        return bp_fail_memory(error, "a lock");
    }
    const bp_status status = run_all(&run, error);
    pthread_mutex_destroy(&run.mutex);
    free(run.share);
    return status;
}

bp_status bp_trials_run(const bp_trials *trials, bp_trial_result *results, bp_error *error)
{
    BP_REQUIRE(trials, error);
    bp_trials full = bp_trials_default();
    bp_trial first = bp_trial_default();
    bp_status status = bp_sized_copy(&full, sizeof full, trials, "bp_trials", error);
    if (status || full.count == 0)
        return status;
    BP_REQUIRE(results, error);
    for (size_t k = 0; k < full.count; k++) {
        results[k] = (bp_trial_result){0};
        bp_fail(&results[k].error, BP_STOPPED, "the trial was not begun");
    }
    if (!full.dataset || !full.trial)
        return bp_fail_null(error, full.dataset ? "trials->trial" : "trials->dataset");
    /* Where the second trial is depends on the size of the first one. */
    status = bp_sized_copy(&first, sizeof first, full.trial, "bp_trial", error);
    return status ? status : start(&full, results, error);
}
