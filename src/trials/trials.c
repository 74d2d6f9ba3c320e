/*
 * Many small trainings at once. Threads share the dataset, which nobody writes, and nothing else:
 * a trial has its own model, trainer and team of one. The next trial goes to the thread that is
 * free, which no result depends on.
 */
#include <math.h>
#include <string.h>

#include "base/sized.h"
#include "base/status.h"
#include "train/dealing.h"
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
    double last_report;
};

/* The data of one trial, while a thread works on it. */
struct work {
    struct run *run;
    struct bp_dealing *dealing;
    size_t number; /* of the trial */
    double last_report;
    bool ended;
    bp_model_options model_options;
    bp_train_options train_options;
    bp_holdout holdout;
    double valid_fraction;
    bool is_ensemble;
    bp_member_kind only_kind; /* where no kinds are given */
    const bp_member_kind *kinds;
    size_t kind_count;
    bp_ensemble_options ensemble;
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
    const struct work *work = arg;
    struct run *run = work->run;
    if (!run->trials->progress ||
        (!work->ended && state->seconds - run->last_report < SECONDS_BETWEEN_REPORTS))
        return true;
    run->last_report = state->seconds;
    const bp_trials_progress progress = {
        .done = state->done,
        .count = run->trials->count,
        .share = state->share,
        .seconds = state->seconds,
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
                             bp_training_share(progress, work->train_options.refit),
                             BP_DEALING_GOES_ON, hear, work);
}

/* The same of an ensemble. */
static bool watch_members(const bp_member_progress *progress, void *user)
{
    struct work *work = user;
    if (progress->seconds - work->last_report < SECONDS_BETWEEN_REPORTS)
        return !bp_dealing_is_stopped(work->dealing);
    work->last_report = progress->seconds;
    return bp_dealing_report(work->dealing, work->number, progress->share, BP_DEALING_GOES_ON, hear,
                             work);
}

/* The kinds of an ensemble, and in `first` what the first one points to, which says of all how rows
 * are held out and read. */
static bp_status copy_ensemble(struct work *work, const bp_trial *trial, bp_member_kind *first,
                               bp_error *error)
{
    first->model = trial->model;
    first->train = trial->train;
    work->is_ensemble = trial->kinds || trial->ensemble;
    if (!trial->kinds && trial->kind_count > 0)
        return bp_fail_null(error, "trial->kinds");
    if (!work->is_ensemble)
        return BP_OK;
    bp_status status = BP_OK;
    work->only_kind = *first;
    work->kinds = trial->kinds ? trial->kinds : &work->only_kind;
    work->kind_count = trial->kinds ? trial->kind_count : 1;
    work->ensemble = bp_ensemble_options_default();
    if (trial->kinds && trial->kind_count > 0)
        status = bp_sized_copy(first, sizeof *first, trial->kinds, "bp_member_kind", error);
    if (!status)
        status = bp_sized_copy(&work->ensemble, sizeof work->ensemble, trial->ensemble,
                               "bp_ensemble_options", error);
    work->ensemble.threads = 1;
    work->ensemble.backend = BP_BACKEND_SERIAL;
    work->ensemble.progress = watch_members;
    work->ensemble.user = work;
    return status;
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
    bp_member_kind kind = bp_member_kind_default();
    if (!status)
        status = copy_ensemble(work, &trial, &kind, error);
    work->model_options = bp_model_options_default();
    work->train_options = bp_train_options_default();
    work->holdout = bp_holdout_default();
    work->valid_fraction = trial.valid_fraction;
    if (!status)
        status = bp_sized_copy(&work->model_options, sizeof work->model_options, kind.model,
                               "bp_model_options", error);
    if (!status)
        status = bp_sized_copy(&work->train_options, sizeof work->train_options, kind.train,
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
    bp_status status =
        bp_ensemble_train(&ensemble, work->train ? work->train : work->others, work->valid,
                          work->kinds, work->kind_count, &work->ensemble, error);
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
    bp_status status = copy_options(work, error);
    if (!status)
        status = cut_rows(work, error);
    if (!status)
        status = work->is_ensemble ? train_ensemble(work, result) : train(work, result);
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

static void take_trial(struct bp_dealing *dealing, size_t number, void *arg)
{
    struct run *run = arg;
    struct work work = {.run = run, .dealing = dealing, .number = number};
    bp_trial_result result = {.error = {.status = BP_OK}};
    if (run_trial(&work, &result) == BP_STOPPED)
        bp_fail(&result.error, BP_STOPPED, "the trial was stopped");
    run->results[number] = result;
    work.ended = true;
    if (result.error.status != BP_STOPPED)
        bp_dealing_report(dealing, number, 1, BP_DEALING_IS_DONE, hear, &work);
}

/* With options that are complete. */
static bp_status start(const bp_trials *trials, bp_trial_result *results, bp_error *error)
{
    struct run run = {.trials = trials, .results = results};
    const struct bp_dealing_options dealing = {
        .count = trials->count,
        .threads = trials->threads,
        .backend = trials->backend,
        .work = take_trial,
        .arg = &run,
    };
    return bp_dealing_run(&dealing, error);
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
