/* Every struct is copied once, by the size that it says it has. */
#include "trials/trial_settings.h"

#include "base/sized.h"

/* The kinds of an ensemble, and in `first` what the first one points to. */
static bp_status read_ensemble(struct bp_trial_settings *settings, const bp_trial *trial,
                               bp_member_kind *first, bp_error *error)
{
    first->model = trial->model;
    first->train = trial->train;
    settings->is_ensemble = trial->kinds || trial->ensemble;
    if (!trial->kinds && trial->kind_count > 0)
        return bp_fail_null(error, "trial->kinds");
    if (!settings->is_ensemble)
        return BP_OK;
    bp_status status = BP_OK;
    settings->only_kind = *first;
    settings->kinds = trial->kinds ? trial->kinds : &settings->only_kind;
    settings->kind_count = trial->kinds ? trial->kind_count : 1;
    if (trial->kinds && trial->kind_count > 0)
        status = bp_sized_copy(first, sizeof *first, trial->kinds, "bp_member_kind", error);
    if (!status)
        status = bp_sized_copy(&settings->ensemble, sizeof settings->ensemble, trial->ensemble,
                               "bp_ensemble_options", error);
    settings->ensemble.threads = 1;
    settings->ensemble.backend = BP_BACKEND_SERIAL;
    settings->ensemble.progress = NULL;
    settings->ensemble.user = NULL;
    settings->ensemble.ranks = NULL;
    return status;
}

/* What does not matter of the options of a trial. */
static void settle(struct bp_trial_settings *settings, const bp_trials *trials)
{
    bp_train_options *train = &settings->train;
    bp_holdout *holdout = &settings->holdout;
    train->threads = 1;
    train->backend = BP_BACKEND_SERIAL;
    train->time_phases = false;
    train->ranks = NULL;
    train->stop = settings->ensemble.stop = trials->stop;
    holdout->target = settings->model.target;
    holdout->weight = settings->model.weight;
    holdout->task = settings->model.task;
}

bp_status bp_trial_settings_read(struct bp_trial_settings *settings, const bp_trials *trials,
                                 size_t number, bp_error *error)
{
    const bp_trial *first = trials->trial;
    const bp_trial *asked =
        (const bp_trial *)(const void *)((const char *)first + number * first->size);
    bp_trial trial = bp_trial_default();
    *settings = (struct bp_trial_settings){.model = bp_model_options_default(),
                                           .train = bp_train_options_default(),
                                           .holdout = bp_holdout_default(),
                                           .ensemble = bp_ensemble_options_default()};
    if (asked->size != first->size)
        return bp_fail(error, BP_ERROR_ARGUMENT, "trial %zu has size %zu, and the first one %zu",
                       number, asked->size, first->size);
    bp_status status = bp_sized_copy(&trial, sizeof trial, asked, "bp_trial", error);
    if (!status && !trial.holdout)
        status = bp_fail_null(error, "trial->holdout");
    bp_member_kind kind = bp_member_kind_default();
    if (!status)
        status = read_ensemble(settings, &trial, &kind, error);
    settings->valid_fraction = trial.valid_fraction;
    if (!status)
        status = bp_sized_copy(&settings->model, sizeof settings->model, kind.model,
                               "bp_model_options", error);
    if (!status)
        status = bp_sized_copy(&settings->train, sizeof settings->train, kind.train,
                               "bp_train_options", error);
    if (!status)
        status = bp_sized_copy(&settings->holdout, sizeof settings->holdout, trial.holdout,
                               "bp_holdout", error);
    settle(settings, trials);
    return status;
}
