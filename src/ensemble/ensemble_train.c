/* Ensembles: from options to a model. */
#include "ensemble/ensemble.h"

#include <stdlib.h>
#include <string.h>

#include "base/sized.h"
#include "data/schema/row_weights.h"
#include "ensemble/calibration.h"
#include "ensemble/continue.h"
#include "ensemble/description.h"
#include "ensemble/ensemble_match.h"
#include "ensemble/left_out.h"
#include "ensemble/member_rows.h"
#include "ensemble/plan.h"
#include "ensemble/run.h"
#include "model/members.h"
#include "model/recipe.h"
#include "ranks/agree.h"
#include "train/trainer.h"

/* The model of several networks remembers how all were trained. */
static bp_status note_recipe(struct bp_ensemble *ensemble, bp_error *error)
{
    json_t *recipe = bp_ensemble_describe(ensemble);
    if (!recipe)
        return bp_fail_memory(error, "the options of an ensemble");
    bp_recipe_set(ensemble->model, recipe);
    json_decref(recipe);
    return BP_OK;
}

/* Weights that all were kept stay as they are, to the bit. */
static bp_status join(struct bp_ensemble *ensemble, bp_model *const *models, const double *weights,
                      size_t count, bp_error *error)
{
    const bool kept = ensemble->info.weights == BP_MEMBER_WEIGHTS_KEPT;
    if (kept && count == ensemble->info.members)
        return bp_members_join(&ensemble->model, models, weights, count, error);
    return bp_model_combine(&ensemble->model, models, weights, count, error);
}

/* The networks of members that count become one model; the others are freed. */
static bp_status make_model(struct bp_ensemble *ensemble, bp_error *error)
{
    bp_model *models[BP_MEMBERS_MAX];
    double weights[BP_MEMBERS_MAX];
    size_t count = 0;
    for (size_t m = 0; m < ensemble->info.members; m++) {
        if (!(ensemble->member[m].weight > 0))
            continue;
        models[count] = ensemble->network[m];
        weights[count++] = ensemble->member[m].weight;
    }
    if (count == 0)
        return BP_OK;
    bp_status status = join(ensemble, models, weights, count, error);
    if (status)
        return status;
    for (size_t m = 0; m < ensemble->info.members; m++) {
        if (ensemble->member[m].weight > 0)
            ensemble->network[m] = NULL;
    }
    status = bp_model_set_factors(ensemble->model, ensemble->factor, error);
    if (!status && bp_model_members(ensemble->model) > 1)
        status = note_recipe(ensemble, error);
    return status;
}

static void free_members(struct bp_ensemble *ensemble)
{
    for (size_t m = 0; m < BP_MEMBERS_MAX; m++) {
        bp_model_free(ensemble->network[m]);
        ensemble->network[m] = NULL;
        bp_dataset_free(ensemble->left[m].rows);
        free(ensemble->left[m].outputs);
        ensemble->left[m] = (struct bp_left_out){.rows = NULL};
    }
}

/* All have failed: says why the first did. */
static bp_status fail_all(const struct bp_ensemble *ensemble, bp_error *error)
{
    const bp_error *first = &ensemble->member[0].error;
    if (ensemble->info.members == 1)
        return bp_fail(error, first->status, "%s", first->message);
    return bp_fail(error, first->status, "member 1 of %zu, and all others: %s",
                   ensemble->info.members, first->message);
}

/* A refit trains on the validation rows, too: where they were held out of the same table, scaling,
 * categories and classes are those of all. */
static bp_status make_networks(struct bp_ensemble *ensemble, const bp_dataset *train,
                               const bp_dataset *valid, bp_error *error)
{
    bp_dataset *all = NULL;
    bool refits = false;
    bp_status status = BP_OK;
    for (size_t k = 0; k < ensemble->info.kinds; k++)
        refits = refits || ensemble->kind[k].train.refit;
    if (refits && valid && valid->table == train->table)
        status = bp_ensemble_join_rows(train, valid, &all, error);
    if (!status)
        status = bp_ensemble_make_networks(ensemble, all ? all : train, error);
    bp_dataset_free(all);
    return status;
}

/* Collective; `status` says how far this rank is. */
static bp_status train_members(struct bp_ensemble *ensemble, const bp_dataset *train,
                               const bp_dataset *valid, bp_status status, bp_error *error)
{
    struct bp_ranks *ranks = ensemble->options.ranks;
    struct bp_row_weights counted;
    status = bp_ensemble_match(ensemble, train, valid, status, error);
    if (status)
        return status;
    status = bp_ensemble_count_rows(&counted, ensemble, train, error);
    status = bp_ranks_agree(ranks, status, error);
    if (!status) {
        ensemble->info.rows = counted.view.count;
        ensemble->valid_fraction = bp_trainer_find_fraction(train, valid);
        status = bp_ensemble_run(ensemble, train, valid, &counted, error);
    }
    const bool stopped = status == BP_STOPPED;
    if (!status && ensemble->info.finished == 0)
        status = fail_all(ensemble, error);
    if (!status || stopped) {
        status = bp_ensemble_weigh(ensemble, train, &counted, error);
        if (!status)
            status = make_model(ensemble, error);
        status = bp_ranks_agree(ranks, status, error);
    }
    bp_row_weights_release(&counted);
    return status == BP_OK && stopped ? BP_STOPPED : status;
}

/* What is only for the training goes; the rest is the caller's, or goes as well. */
static bp_status finish(bp_ensemble **out, struct bp_ensemble *ensemble, bp_status status)
{
    free_members(ensemble);
    if (status != BP_OK && status != BP_STOPPED) {
        bp_ensemble_free(ensemble);
        return status;
    }
    *out = ensemble;
    return status;
}

/* An ensemble that is zeroed. Collective: on every rank or on none. */
static bp_status begin(struct bp_ensemble **made, bp_ensemble **out,
                       const bp_ensemble_options *options, bp_error *error)
{
    bp_ensemble_options full = bp_ensemble_options_default();
    bp_status status = BP_OK;
    bp_sized_copy(&full, sizeof full, options, "bp_ensemble_options", NULL);
    *made = calloc(1, sizeof **made);
    if (out)
        *out = NULL;
    else
        status = bp_fail_null(error, "out");
    if (!status && !*made)
        status = bp_fail_memory(error, "an ensemble");
    status = bp_ranks_agree(full.ranks, status, error);
    if (status)
        free(*made);
    return status;
}

bp_status bp_ensemble_train(bp_ensemble **out, const bp_dataset *train, const bp_dataset *valid,
                            const bp_member_kind *kinds, size_t kind_count,
                            const bp_ensemble_options *options, bp_error *error)
{
    struct bp_ensemble *ensemble;
    bp_status status = begin(&ensemble, out, options, error);
    if (status)
        return status;
    status = bp_ensemble_plan(ensemble, train, kinds, kind_count, options, error);
    if (!status)
        status = make_networks(ensemble, train, valid, error);
    status = train_members(ensemble, train, valid, status, error);
    return finish(out, ensemble, status);
}

bp_status bp_ensemble_continue(bp_ensemble **out, const bp_model *from, const bp_dataset *train,
                               const bp_dataset *valid, const bp_train_options *kinds,
                               const bp_ensemble_options *options, bp_error *error)
{
    struct bp_ensemble *ensemble;
    bp_status status = begin(&ensemble, out, options, error);
    if (status)
        return status;
    status = bp_ensemble_plan_continue(ensemble, from, kinds, options, error);
    if (!train)
        status = bp_fail_null(error, "train");
    if (!status)
        ensemble->all_rows = train->count;
    if (!status)
        status = bp_ensemble_copy_networks(ensemble, train, error);
    status = train_members(ensemble, train, valid, status, error);
    ensemble->from = NULL;
    return finish(out, ensemble, status);
}

void bp_ensemble_free(bp_ensemble *ensemble)
{
    if (!ensemble)
        return;
    free_members(ensemble);
    bp_model_free(ensemble->model);
    bp_schema_free(ensemble->schema);
    bp_calibration_release(&ensemble->calibration);
    free(ensemble->factor);
    free(ensemble->left_out);
    free(ensemble);
}

bp_ensemble_info bp_ensemble_get_info(const bp_ensemble *ensemble)
{
    return ensemble ? ensemble->info : (bp_ensemble_info){.members = 0};
}

bp_status bp_ensemble_get_member(const bp_ensemble *ensemble, size_t index,
                                 bp_ensemble_member *member, bp_error *error)
{
    BP_REQUIRE(ensemble, error);
    BP_REQUIRE(member, error);
    if (index >= ensemble->info.members)
        return bp_fail(error, BP_ERROR_ARGUMENT, "there is no member %zu of %zu, from 0", index,
                       ensemble->info.members);
    *member = ensemble->member[index];
    return BP_OK;
}

bp_status bp_ensemble_get_kind(const bp_ensemble *ensemble, size_t index, bp_ensemble_kind *kind,
                               bp_error *error)
{
    BP_REQUIRE(ensemble, error);
    BP_REQUIRE(kind, error);
    if (index >= ensemble->info.kinds)
        return bp_fail(error, BP_ERROR_ARGUMENT, "there is no kind %zu of %zu, from 0", index,
                       ensemble->info.kinds);
    *kind = ensemble->kind_result[index];
    return BP_OK;
}

static bp_status check_left(const struct bp_ensemble *ensemble, bp_error *error)
{
    if (ensemble->info.left_rows > 0)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT, "no member of the ensemble left out rows");
}

bp_status bp_ensemble_get_quality(const bp_ensemble *ensemble, bp_quality *quality,
                                  bp_metrics *cross_fitted, bp_error *error)
{
    BP_REQUIRE(ensemble, error);
    BP_REQUIRE(quality, error);
    const bp_status status = check_left(ensemble, error);
    *quality = ensemble->quality;
    if (cross_fitted)
        *cross_fitted = ensemble->cross_fitted;
    return status;
}

bp_status bp_ensemble_get_left_out(const bp_ensemble *ensemble, double *outputs, bp_error *error)
{
    BP_REQUIRE(ensemble, error);
    BP_REQUIRE(outputs, error);
    const bp_status status = check_left(ensemble, error);
    if (!status)
        memcpy(outputs, ensemble->left_out,
               ensemble->all_rows * ensemble->schema->outputs * sizeof *outputs);
    return status;
}

bp_status bp_ensemble_take_model(bp_ensemble *ensemble, bp_model **model, bp_error *error)
{
    BP_REQUIRE(model, error);
    *model = NULL;
    BP_REQUIRE(ensemble, error);
    if (!ensemble->model)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       ensemble->info.finished ? "the model of the ensemble was taken already"
                                               : "no member of the ensemble has ended");
    *model = ensemble->model;
    ensemble->model = NULL;
    return BP_OK;
}
