/*
 * Many small trainings at once. Threads share the dataset, which nobody writes, and nothing else:
 * a trial has its own model, trainer and team of one. The next trial goes to the thread that is
 * free, of any rank, which no result depends on.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/sized.h"
#include "base/status.h"
#include "ranks/agree.h"
#include "train/dealing/dealing.h"
#include "train/train_options.h"
#include "trials/journal.h"
#include "trials/trial_settings.h"
#include "trials/trials_match.h"

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
    struct bp_journal *journal; /* of rank 0, or NULL */
    bool *done;                 /* those of the journal */
    size_t *todo;               /* the others: `missing` of them */
    size_t missing;
    double last_report;
    atomic_bool unwritten; /* the journal could not be written */
    atomic_bool exhausted; /* a trial had no memory */
};

/* The data of one trial, while a thread works on it. */
struct work {
    struct run *run;
    struct bp_dealing *dealing;
    size_t number; /* of the piece */
    size_t trial;
    double last_report;
    struct bp_trial_settings settings;
    bp_dataset *held_out;
    bp_dataset *others;
    bp_dataset *train; /* of `others`, or NULL: all of them */
    bp_dataset *valid; /* the rest of `others`, or NULL */
    bp_model *model;
    bp_trainer *trainer;
};

/* Tells the caller how far the trials are. */
static bool hear(const struct bp_dealing_state *state, void *arg)
{
    struct run *run = arg;
    if (atomic_load_explicit(&run->unwritten, memory_order_relaxed) ||
        atomic_load_explicit(&run->exhausted, memory_order_relaxed))
        return false;
    if (!run->trials->progress ||
        (!state->ended && state->seconds - run->last_report < SECONDS_BETWEEN_REPORTS))
        return true;
    run->last_report = state->seconds;
    const size_t count = run->trials->count, resumed = count - run->missing;
    const bp_trials_progress progress = {
        .done = resumed + state->done,
        .count = count,
        .share = ((double)resumed + state->share * (double)run->missing) / (double)count,
        .seconds = state->seconds,
        .resumed = resumed,
    };
    return run->trials->progress(&progress, run->trials->user);
}

/* The callback of a trainer. */
static bool watch(const bp_progress *progress, void *user)
{
    struct work *work = user;
    if (progress->seconds - work->last_report < SECONDS_BETWEEN_REPORTS)
        return !bp_dealing_is_stopped(work->dealing);
    work->last_report = progress->seconds;
    return bp_dealing_report(work->dealing, work->number,
                             bp_training_share(progress, work->settings.train.refit),
                             BP_DEALING_GOES_ON, hear, work->run);
}

/* The same of an ensemble. */
static bool watch_members(const bp_member_progress *progress, void *user)
{
    struct work *work = user;
    if (progress->seconds - work->last_report < SECONDS_BETWEEN_REPORTS)
        return !bp_dealing_is_stopped(work->dealing);
    work->last_report = progress->seconds;
    return bp_dealing_report(work->dealing, work->number, progress->share, BP_DEALING_GOES_ON, hear,
                             work->run);
}

static bp_status cut_rows(struct work *work, bp_error *error)
{
    bp_holdout holdout = work->settings.holdout;
    const bp_status status = bp_dataset_hold_out(work->run->trials->dataset, &holdout,
                                                 &work->others, &work->held_out, error);
    if (status || work->settings.valid_fraction == 0)
        return status;
    holdout.folds = 0;
    holdout.fraction = work->settings.valid_fraction;
    return bp_dataset_hold_out(work->others, &holdout, &work->train, &work->valid, error);
}

static bp_status train(struct work *work, bp_trial_result *result)
{
    const bp_dataset *rows = work->train ? work->train : work->others;
    bp_error *error = &result->error;
    bp_status status =
        bp_model_create(&work->model, work->settings.train.refit ? work->others : rows,
                        &work->settings.model, error);
    if (status)
        return status;
    result->task = bp_model_get_info(work->model).task;
    status = bp_trainer_create(&work->trainer, work->model, rows, work->valid,
                               &work->settings.train, error);
    if (status)
        return status;
    status = bp_trainer_run(work->trainer, watch, work, &result->train, error);
    result->train.threads_reason[0] = '\0';
    return status;
}

/* What is known of all members together. */
static void sum_members(const bp_ensemble *ensemble, bp_trial_result *result)
{
    const bp_ensemble_info info = bp_ensemble_get_info(ensemble);
    result->task = info.task;
    result->train = (bp_train_result){
        .samples = info.rows,
        .train_loss = (double)NAN,
        .valid_loss = (double)NAN,
        .seconds = info.seconds,
        .samples_per_second = (double)NAN,
        .threads = 1,
        .ranks = 1,
        .all_threads = 1,
        .backend = BP_BACKEND_SERIAL,
        .best_metric = (double)NAN,
    };
    for (size_t m = 0; m < info.members; m++) {
        bp_ensemble_member member;
        bp_ensemble_get_member(ensemble, m, &member, NULL);
        if (member.error.status != BP_OK)
            continue;
        result->train.isa = member.train.isa;
        result->train.epochs += member.train.epochs + member.train.refit_epochs;
        result->train.updates += member.train.updates;
    }
}

static bp_status train_ensemble(struct work *work, bp_trial_result *result)
{
    bp_ensemble *ensemble;
    bp_error *error = &result->error;
    struct bp_trial_settings *settings = &work->settings;
    settings->ensemble.progress = watch_members;
    settings->ensemble.user = work;
    bp_status status =
        bp_ensemble_train(&ensemble, work->train ? work->train : work->others, work->valid,
                          settings->kinds, settings->kind_count, &settings->ensemble, error);
    if (!status) {
        sum_members(ensemble, result);
        status = bp_ensemble_take_model(ensemble, &work->model, error);
    }
    if (!status)
        memcpy(result->train.weights_digest, bp_model_get_info(work->model).weights_digest,
               sizeof result->train.weights_digest);
    bp_ensemble_free(ensemble);
    return status;
}

static bp_status run_trial(struct work *work, bp_trial_result *result)
{
    bp_error *error = &result->error;
    bp_status status =
        bp_trial_settings_read(&work->settings, work->run->trials, work->trial, error);
    if (!status)
        status = cut_rows(work, error);
    if (!status)
        status = work->settings.is_ensemble ? train_ensemble(work, result) : train(work, result);
    if (!status) {
        bp_run_options options = bp_run_options_default();
        options.threads = 1;
        options.backend = BP_BACKEND_SERIAL;
        options.isa = work->settings.train.isa;
        options.unknown = bp_train_options_unknown(&work->settings.train);
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

/* A trial that has ended here or elsewhere. A journal that fails stops all, by the report, and so
 * does a lack of memory, which says nothing about the trial. */
static void note_trial(struct bp_dealing *dealing, struct run *run, size_t number)
{
    const size_t trial = run->todo[number];
    const bp_trial_result *result = &run->results[trial];
    if (run->journal && bp_journal_add(run->journal, trial, result, NULL) != BP_OK)
        atomic_store_explicit(&run->unwritten, true, memory_order_relaxed);
    if (result->error.status == BP_ERROR_MEMORY)
        atomic_store_explicit(&run->exhausted, true, memory_order_relaxed);
    if (result->error.status != BP_STOPPED)
        bp_dealing_report(dealing, number, 1, BP_DEALING_IS_DONE, hear, run);
}

static void take_trial(struct bp_dealing *dealing, size_t number, void *arg)
{
    struct run *run = arg;
    struct work work = {
        .run = run, .dealing = dealing, .number = number, .trial = run->todo[number]};
    bp_trial_result result = {.error = {.status = BP_OK}};
    if (run_trial(&work, &result) == BP_STOPPED)
        bp_fail(&result.error, BP_STOPPED, "the trial was stopped");
    run->results[work.trial] = result;
    note_trial(dealing, run, number);
}

/* A result has no pointers. */
static bp_status send_trial(struct bp_dealing *dealing, size_t number, size_t root, void *arg,
                            bp_error *error)
{
    (void)error;
    struct run *run = arg;
    struct bp_ranks *ranks = run->trials->ranks;
    bp_trial_result *result = &run->results[run->todo[number]];
    bp_ranks_send_all(ranks, result, sizeof *result, root);
    if (bp_ranks_rank(ranks) != root)
        note_trial(dealing, run, number);
    return BP_OK;
}

/* ---- what is done ---- */

/* Rank 0 reads the journal. */
static bp_status find_done(struct run *run, bp_error *error)
{
    const bp_trials *trials = run->trials;
    struct bp_ranks *ranks = trials->ranks;
    bp_status status = BP_OK;
    run->done = calloc(trials->count, sizeof *run->done);
    run->todo = calloc(trials->count, sizeof *run->todo);
    if (!run->done || !run->todo)
        status = bp_fail_memory(error, "the list of trials");
    if (!status && trials->journal && bp_ranks_rank(ranks) == 0)
        status = bp_journal_open(&run->journal, trials, run->results, run->done, error);
    status = bp_ranks_agree(ranks, status, error);
    if (status)
        return status;
    bp_ranks_broadcast(ranks, run->done, trials->count * sizeof *run->done);
    for (size_t k = 0; k < trials->count; k++) {
        if (run->done[k])
            bp_ranks_broadcast(ranks, &run->results[k], sizeof run->results[k]);
        else
            run->todo[run->missing++] = k;
    }
    return BP_OK;
}

static bp_status fail_stopped(bp_error *error)
{
    return bp_fail(error, BP_STOPPED, "the trials were stopped");
}

/* Says what the journal has, before the first trial. */
static bp_status begin(struct run *run, bp_error *error)
{
    const struct bp_dealing_state state = {.ended = true};
    const bool goes_on = run->missing == run->trials->count || hear(&state, run);
    return bp_ranks_agree(run->trials->ranks, goes_on ? BP_OK : fail_stopped(error), error);
}

static bp_status fail_exhausted(const struct run *run, bp_error *error)
{
    size_t k = 0;
    while (run->results[k].error.status != BP_ERROR_MEMORY)
        k++;
    return bp_fail(error, BP_ERROR_MEMORY, "%s", run->results[k].error.message);
}

static bp_status run_missing(struct run *run, bp_error *error)
{
    const bp_trials *trials = run->trials;
    const struct bp_dealing_options dealing = {
        .count = run->missing,
        .threads = trials->threads,
        .backend = trials->backend,
        .stop = trials->stop,
        .work = take_trial,
        .ranks = trials->ranks,
        .send = send_trial,
        .watch = hear,
        .arg = run,
    };
    bp_status status = bp_dealing_run(&dealing, error);
    if (atomic_load_explicit(&run->unwritten, memory_order_relaxed))
        return bp_journal_check(run->journal, error);
    if (atomic_load_explicit(&run->exhausted, memory_order_relaxed))
        return fail_exhausted(run, error);
    return status == BP_STOPPED ? fail_stopped(error) : status;
}

/* With options that are complete. */
static bp_status start(const bp_trials *trials, bp_trial_result *results, bp_error *error)
{
    struct run run = {.trials = trials, .results = results};
    atomic_init(&run.unwritten, false);
    atomic_init(&run.exhausted, false);
    bp_status status = find_done(&run, error);
    if (!status)
        status = begin(&run, error);
    if (!status)
        status = bp_ranks_agree(trials->ranks, run_missing(&run, error), error);
    bp_journal_close(run.journal);
    free(run.todo);
    free(run.done);
    return status;
}

/* Clears the results. */
static bp_status check(const bp_trials *trials, bp_trial_result *results, bp_error *error)
{
    bp_trial first = bp_trial_default();
    if (!results)
        return bp_fail_null(error, "results");
    for (size_t k = 0; k < trials->count; k++) {
        results[k] = (bp_trial_result){0};
        bp_fail(&results[k].error, BP_STOPPED, "the trial was not begun");
    }
    if (!trials->dataset || !trials->trial)
        return bp_fail_null(error, trials->dataset ? "trials->trial" : "trials->dataset");
    /* Where the second trial is depends on the size of the first one. */
    return bp_sized_copy(&first, sizeof first, trials->trial, "bp_trial", error);
}

bp_status bp_trials_run(const bp_trials *trials, bp_trial_result *results, bp_error *error)
{
    BP_REQUIRE(trials, error);
    bp_trials full = bp_trials_default();
    bp_status status = bp_sized_copy(&full, sizeof full, trials, "bp_trials", error);
    if (!status && full.count > 0)
        status = check(&full, results, error);
    status = bp_trials_match(&full, status, error);
    return status || full.count == 0 ? status : start(&full, results, error);
}
