/*
 * Cross-validation: the trials that its options stand for, in an order that is a part of the
 * interface, and what they come to. Several cross-validations are one run of trials, so that no
 * thread waits for the last model of one of them.
 */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "base/status.h"
#include "data/schema/holdout.h"
#include "ranks/agree.h"
#include "train/setup/training_setup.h"

struct bp_cross_validation {
    bp_cross_validation_info info;
    size_t folds; /* 1 where a share is held out */
    size_t seeds;
    uint64_t seed;           /* the first */
    bp_trial_result *result; /* info.models of them */
};

/* What the trials of one cross-validation borrow: models differ by seed alone, and so do trainings;
 * which rows are held out differs by repeat and fold. */
struct plan {
    bp_cross_validation_options options;
    bp_model_options *model;       /* one a seed */
    bp_train_options *train;       /* one a seed */
    bp_ensemble_options *ensemble; /* one a seed; NULL: single networks */
    bp_holdout *holdout;           /* one a fold of a repeat */
};

void bp_cross_validation_options_init(bp_cross_validation_options *options, size_t size)
{
    static const bp_cross_validation_options defaults = {
        .folds = 10, .repeats = 1, .seeds = 1, .stratify = true};
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

void bp_cross_validation_free(bp_cross_validation *validation)
{
    if (!validation)
        return;
    free(validation->result);
    free(validation);
}

static bool is_share(double value)
{
    return value >= 0 && value < 1;
}

static bp_status check_options(const bp_cross_validation_options *options,
                               const bp_dataset *dataset, bp_error *error)
{
    if (!is_share(options->holdout))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "holdout %g is no share of the rows: give one above 0 and below 1, or 0 for "
                       "folds",
                       options->holdout);
    if (!is_share(options->valid_fraction))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "valid_fraction %g is no share of the rows: give one from 0 to below 1",
                       options->valid_fraction);
    const bp_status status =
        options->holdout == 0 ? bp_folds_check(dataset, options->folds, error) : BP_OK;
    if (status)
        return status;
    if (options->repeats == 0 || options->seeds == 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu repeats with %zu seeds: give at least one",
                       options->repeats, options->seeds);
    const size_t folds = options->holdout > 0 ? 1 : options->folds;
    if (folds > BP_TRIALS_MAX || options->repeats > BP_TRIALS_MAX / folds ||
        options->seeds > BP_TRIALS_MAX / folds / options->repeats)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "more than %d models: %zu seeds, %zu folds, %zu repeats", BP_TRIALS_MAX,
                       options->seeds, folds, options->repeats);
    return BP_OK;
}

static void release_plan(struct plan *plan)
{
    free(plan->model);
    free(plan->train);
    free(plan->ensemble);
    free(plan->holdout);
}

/* Of every seed, as those of model and training. */
static bp_status plan_ensembles(struct plan *plan, struct bp_cross_validation *validation,
                                bp_error *error)
{
    const bp_cross_validation_options *options = &plan->options;
    bp_ensemble_options full = bp_ensemble_options_default();
    const bp_status status =
        bp_sized_copy(&full, sizeof full, options->ensemble, "bp_ensemble_options", error);
    if (status)
        return status;
    plan->ensemble = calloc(options->seeds, sizeof *plan->ensemble);
    if (!plan->ensemble)
        return bp_fail_memory(error, "the trials of a cross-validation");
    validation->seed = full.seed;
    for (size_t s = 0; s < options->seeds; s++) {
        full.seed = validation->seed + s;
        plan->ensemble[s] = full;
    }
    return BP_OK;
}

/* Copies the options; the first seed is that of the training. */
static bp_status make_plan(struct plan *plan, struct bp_cross_validation *validation,
                           const bp_dataset *dataset, const bp_cross_validation_options *asked,
                           bp_error *error)
{
    bp_cross_validation_options *options = &plan->options;
    bp_model_options model = bp_model_options_default();
    bp_train_options train = bp_train_options_default();
    *options = bp_cross_validation_options_default();
    bp_status status =
        bp_sized_copy(options, sizeof *options, asked, "bp_cross_validation_options", error);
    if (!status)
        status = bp_sized_copy(&model, sizeof model, options->model, "bp_model_options", error);
    if (!status)
        status = bp_sized_copy(&train, sizeof train, options->train, "bp_train_options", error);
    if (!status)
        status = check_options(options, dataset, error);
    if (status)
        return status;
    validation->folds = options->holdout > 0 ? 1 : options->folds;
    validation->seeds = options->seeds;
    validation->seed = train.seed;
    if (options->kinds || options->ensemble)
        status = plan_ensembles(plan, validation, error);
    if (status)
        return status;
    const size_t holdouts = options->repeats * validation->folds;
    validation->info.models = holdouts * options->seeds;
    plan->model = calloc(options->seeds, sizeof *plan->model);
    plan->train = calloc(options->seeds, sizeof *plan->train);
    plan->holdout = calloc(holdouts, sizeof *plan->holdout);
    validation->result = calloc(validation->info.models, sizeof *validation->result);
    if (!plan->model || !plan->train || !plan->holdout || !validation->result)
        return bp_fail_memory(error, "the trials of a cross-validation");
    for (size_t s = 0; s < options->seeds; s++) {
        model.seed = train.seed = validation->seed + s;
        plan->model[s] = model;
        plan->train[s] = train;
    }
    for (size_t k = 0; k < holdouts; k++) {
        bp_holdout *holdout = &plan->holdout[k];
        *holdout = bp_holdout_default();
        holdout->fraction = options->holdout;
        holdout->folds = options->holdout > 0 ? 0 : options->folds;
        holdout->fold = k % validation->folds;
        holdout->seed = validation->seed + k / validation->folds;
        holdout->stratify = options->stratify;
    }
    return BP_OK;
}

/* Where model `index` stands: repeat by repeat, in it seed by seed, in it fold by fold. */
static bp_cross_validation_model locate(const struct bp_cross_validation *validation, size_t index)
{
    const size_t run = index / validation->folds;
    return (bp_cross_validation_model){.repeat = run / validation->seeds,
                                       .fold = index % validation->folds,
                                       .seed = validation->seed + run % validation->seeds};
}

/* The trials of one cross-validation, in order; returns how many. */
static size_t put_trials(const struct plan *plan, const struct bp_cross_validation *validation,
                         bp_trial *trial)
{
    for (size_t k = 0; k < validation->info.models; k++) {
        const bp_cross_validation_model place = locate(validation, k);
        const size_t seed = (size_t)(place.seed - validation->seed);
        trial[k] = bp_trial_default();
        trial[k].model = &plan->model[seed];
        trial[k].train = &plan->train[seed];
        trial[k].kinds = plan->options.kinds;
        trial[k].kind_count = plan->options.kind_count;
        trial[k].ensemble = plan->ensemble ? &plan->ensemble[seed] : NULL;
        trial[k].holdout = &plan->holdout[place.repeat * validation->folds + place.fold];
        trial[k].valid_fraction = plan->options.valid_fraction;
    }
    return validation->info.models;
}

/* Copies the results of one cross-validation; returns how many. */
static size_t take_results(struct bp_cross_validation *validation, const bp_trial_result *result)
{
    bp_cross_validation_info *info = &validation->info;
    info->first_failed = info->models;
    for (size_t k = 0; k < info->models; k++) {
        validation->result[k] = result[k];
        if (info->task == BP_TASK_AUTO)
            info->task = result[k].task;
        if (result[k].error.status == BP_OK)
            continue;
        info->first_failed = bp_size_min(info->first_failed, k);
        info->failed++;
    }
    return info->models;
}

/* Models at once, on all ranks; the same on each of them. Collective. */
static size_t count_threads(const bp_cross_validation_options *options)
{
    struct bp_ranks *ranks = options->ranks;
    const size_t asked = options->threads ? options->threads : bp_rank_processors(ranks);
    return bp_ranks_sum(ranks, options->backend == BP_BACKEND_SERIAL ? 1 : asked);
}

static bp_status run_plans(bp_cross_validation **out, const struct plan *plan, size_t count,
                           const bp_dataset *dataset, bp_error *error)
{
    const bp_cross_validation_options *first = &plan[0].options;
    size_t total = 0, done = 0;
    for (size_t k = 0; k < count; k++)
        total += out[k]->info.models;
    bp_trial *trial = calloc(total, sizeof *trial);
    bp_trial_result *result = calloc(total, sizeof *result);
    bp_status status = BP_OK;
    if (!trial || !result)
        status = bp_fail_memory(error, "the trials of a cross-validation");
    status = bp_ranks_agree(first->ranks, status, error);
    if (status)
        goto end;
    for (size_t k = 0; k < count; k++)
        done += put_trials(&plan[k], out[k], trial + done);
    bp_trials trials = bp_trials_default();
    trials.dataset = dataset;
    trials.trial = trial;
    trials.count = total;
    trials.threads = first->threads;
    trials.backend = first->backend;
    trials.progress = first->progress;
    trials.user = first->user;
    trials.ranks = first->ranks;
    trials.journal = first->journal;
    trials.stop = first->stop;
    const double start = bp_clock_seconds();
    status = bp_trials_run(&trials, result, error);
    const double seconds = bp_clock_seconds() - start;
    if (status != BP_OK && status != BP_STOPPED)
        goto end;
    const size_t threads = bp_size_min(count_threads(first), total);
    done = 0;
    for (size_t k = 0; k < count; k++) {
        out[k]->info.threads = threads;
        out[k]->info.seconds = seconds;
        done += take_results(out[k], result + done);
    }
end:
    free(result);
    free(trial);
    return status;
}

/* What each rank does alone. */
static bp_status make_plans(bp_cross_validation **out, struct plan **plans, size_t count,
                            const bp_dataset *dataset,
                            const bp_cross_validation_options *const *options, bp_error *error)
{
    BP_REQUIRE(out, error);
    BP_REQUIRE(dataset, error);
    struct plan *plan = calloc(count, sizeof *plan);
    bp_status status = plan ? BP_OK : bp_fail_memory(error, "cross-validations");
    *plans = plan;
    for (size_t k = 0; !status && k < count; k++) {
        out[k] = calloc(1, sizeof *out[k]);
        status = out[k] ? make_plan(&plan[k], out[k], dataset, options[k], error)
                        : bp_fail_memory(error, "a cross-validation");
    }
    return status;
}

bp_status bp_cross_validate_each(bp_cross_validation **out, size_t count, const bp_dataset *dataset,
                                 const bp_cross_validation_options *const *options, bp_error *error)
{
    for (size_t k = 0; out && k < count; k++)
        out[k] = NULL;
    BP_REQUIRE(options, error);
    if (count == 0) {
        BP_REQUIRE(out, error);
        BP_REQUIRE(dataset, error);
        return BP_OK;
    }
    bp_cross_validation_options first = bp_cross_validation_options_default();
    bp_status status =
        bp_sized_copy(&first, sizeof first, options[0], "bp_cross_validation_options", error);
    struct plan *plan = NULL;
    if (!status)
        status = make_plans(out, &plan, count, dataset, options, error);
    status = bp_ranks_agree(first.ranks, status, error);
    if (!status)
        status = run_plans(out, plan, count, dataset, error);
    for (size_t k = 0; plan && k < count; k++)
        release_plan(&plan[k]);
    free(plan);
    for (size_t k = 0; out && status && status != BP_STOPPED && k < count; k++) {
        bp_cross_validation_free(out[k]);
        out[k] = NULL;
    }
    return status;
}

bp_status bp_cross_validate(bp_cross_validation **out, const bp_dataset *dataset,
                            const bp_cross_validation_options *options, bp_error *error)
{
    return bp_cross_validate_each(out, 1, dataset, &options, error);
}

bp_cross_validation_info bp_cross_validation_get_info(const bp_cross_validation *validation)
{
    return validation ? validation->info : (bp_cross_validation_info){.models = 0};
}

bp_status bp_cross_validation_get_model(const bp_cross_validation *validation, size_t index,
                                        bp_cross_validation_model *model, bp_error *error)
{
    BP_REQUIRE(validation, error);
    BP_REQUIRE(model, error);
    if (index >= validation->info.models)
        return bp_fail(error, BP_ERROR_ARGUMENT, "there is no model %zu of %zu, from 0", index,
                       validation->info.models);
    *model = locate(validation, index);
    model->result = validation->result[index];
    return BP_OK;
}

static double get_metric(const bp_trial_result *result, bp_metric metric)
{
    return result->error.status == BP_OK ? bp_metrics_get(&result->metrics, metric) : (double)NAN;
}

/* Two passes: the squares of the distances from the mean lose no digits. */
bp_metric_summary bp_cross_validation_summarize(const bp_cross_validation *validation,
                                                bp_metric metric)
{
    bp_metric_summary summary = {
        .mean = (double)NAN, .std = (double)NAN, .min = (double)NAN, .max = (double)NAN};
    const size_t models = validation ? validation->info.models : 0;
    double sum = 0, squares = 0;
    for (size_t k = 0; k < models; k++) {
        const double value = get_metric(&validation->result[k], metric);
        if (!isfinite(value))
            continue;
        summary.count++;
        sum += value;
        summary.min = fmin(summary.min, value);
        summary.max = fmax(summary.max, value);
    }
    if (summary.count == 0)
        return summary;
    summary.mean = sum / (double)summary.count;
    for (size_t k = 0; k < models; k++) {
        const double value = get_metric(&validation->result[k], metric);
        if (isfinite(value))
            squares += (value - summary.mean) * (value - summary.mean);
    }
    if (summary.count > 1)
        summary.std = sqrt(squares / (double)(summary.count - 1));
    return summary;
}
