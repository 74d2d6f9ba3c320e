/* A member is found among the kinds of its model by its seed, which follows from kind and round. */
#include "ensemble/continue.h"

#include <inttypes.h>
#include <string.h>

#include "base/sized.h"
#include "data/samples/samples.h"
#include "data/schema/holdout.h"
#include "ensemble/plan.h"
#include "model/recipe.h"
#include "options/check.h"
#include "train/fingerprint.h"

/* ---- kinds and members ---- */

static bp_status check_kinds(const struct bp_model *from, bp_error *error)
{
    if (bp_model_members(from) == 1)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "the model has one network, which a trainer goes on from");
    if (bp_model_kinds(from) > 0)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "the model has %zu networks that were not trained together: train each further "
                   "alone (bp_model_copy()) and combine them again (bp_model_combine())",
                   bp_model_members(from));
}

/* Kind and round whose seed is that of member m of the model. */
static bool find_slot(const struct bp_model *from, uint64_t seed, uint64_t own, size_t *kind,
                      size_t *round)
{
    for (*kind = 0; *kind < bp_model_kinds(from); ++*kind) {
        for (*round = 0; *round < BP_MEMBERS_MAX; ++*round) {
            if (bp_member_seed(seed, *kind, *round) == own)
                return true;
        }
    }
    return false;
}

struct slot {
    size_t kind, round;
};

static bp_status find_slots(const struct bp_model *from, uint64_t seed,
                            struct slot slot[BP_MEMBERS_MAX], bp_error *error)
{
    for (size_t m = 0; m < from->members; m++) {
        bp_train_options own = bp_train_options_default();
        const bp_status status =
            bp_model_get_train_options(bp_model_get_member(from, m), &own, error);
        if (status)
            return status;
        bool known = find_slot(from, seed, own.seed, &slot[m].kind, &slot[m].round);
        for (size_t k = 0; k < m; k++)
            known = known && (slot[k].kind != slot[m].kind || slot[k].round != slot[m].round);
        if (!known)
            return bp_fail(error, BP_ERROR_INPUT,
                           "the recipe of the model: network %zu has the seed %" PRIu64 ", which "
                           "is not that of a network of its kinds, or of another one, too",
                           m + 1, own.seed);
    }
    return BP_OK;
}

size_t bp_model_member_kind(const bp_model *model, size_t index)
{
    struct slot slot[BP_MEMBERS_MAX];
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_error error;
    const bool known = index < bp_model_members(model) && bp_model_kinds(model) > 0 &&
                       bp_model_get_ensemble_options(model, &options, &error) == BP_OK &&
                       find_slots(model, options.seed, slot, &error) == BP_OK;
    return known ? slot[index].kind : SIZE_MAX;
}

/* ---- options ---- */

bp_status bp_ensemble_continue_options(const bp_model *from, bp_ensemble_options *options,
                                       bp_error *error)
{
    BP_REQUIRE(from, error);
    BP_REQUIRE(options, error);
    struct slot slot[BP_MEMBERS_MAX];
    bp_ensemble_options full = bp_ensemble_options_default();
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_ensemble_options", error);
    full = bp_ensemble_options_default();
    if (!status)
        status = check_kinds(from, error);
    if (!status)
        status = bp_model_get_ensemble_options(from, &full, error);
    if (!status)
        status = find_slots(from, full.seed, slot, error);
    if (status)
        return status;
    full.members = 0;
    full.member_weights = BP_MEMBER_WEIGHTS_KEPT;
    full.decide = BP_DECISION_GREATEST;
    bp_sized_store(options, &full, sizeof full);
    return BP_OK;
}

/* Why members may have seen the rows that they leave out, as far as options tell; or NULL. */
static const char *compare_options(const struct bp_model *from, const bp_ensemble_options *said,
                                   const bp_ensemble_options *options)
{
    if (options->member_rows == BP_MEMBER_ROWS_ALL)
        return NULL;
    if (!bp_recipe_rows(from))
        return "the model does not say which rows its networks have seen, or they have seen "
               "different ones one after the other";
    const bool folds = options->member_rows == BP_MEMBER_ROWS_FOLDS;
    const bool same = said->member_rows == options->member_rows && said->seed == options->seed &&
                      (!folds || said->member_folds == options->member_folds);
    return same ? NULL
                : "the networks left out other rows before, by another member-rows, member-folds "
                  "or seed";
}

/* What needs rows that no member has seen. */
static bp_status check_reason(const bp_ensemble_options *options, const char *reason,
                              bp_error *error)
{
    const bool weighs = options->member_weights == BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    if (!reason || (!weighs && options->decide == BP_DECISION_GREATEST))
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "%s %s needs rows that networks have not seen: %s; leave it out",
                   weighs ? "member-weights" : "decide",
                   weighs ? bp_choice_name(BP_CHOICE_MEMBER_WEIGHTS, (int)options->member_weights)
                          : bp_choice_name(BP_CHOICE_DECISION, (int)options->decide),
                   reason);
}

/* The options to go on with, and why rows may have been seen. */
static bp_status take_options(const struct bp_model *from, const bp_ensemble_options *options,
                              bp_ensemble_options *full, const char **reason, bp_error *error)
{
    bp_ensemble_options said = bp_ensemble_options_default();
    bp_status status = bp_ensemble_continue_options(from, &said, error);
    *full = said;
    /* Also after a failure, on which ranks have to agree. */
    const bp_status copied =
        bp_sized_copy(full, sizeof *full, options, "bp_ensemble_options", status ? NULL : error);
    if (!status)
        status = copied;
    if (!status)
        status = bp_ensemble_check_options(full, error);
    if (status)
        return status;
    if (full->members != 0 && full->members != from->members)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "members %zu: the model has %zu, which stay: leave the option out, or train "
                       "a new model",
                       full->members, from->members);
    *reason = compare_options(from, &said, full);
    return check_reason(full, *reason, error);
}

bp_status bp_ensemble_check_continue(const bp_model *from, const bp_ensemble_options *options,
                                     bp_error *error)
{
    BP_REQUIRE(from, error);
    bp_ensemble_options full;
    const char *reason;
    return take_options(from, options, &full, &reason, error);
}

/* ---- the plan ---- */

/* The target of the model, wherever it stands in the data. */
static const char *get_target(const struct bp_ensemble *ensemble)
{
    const char *target = ensemble->kind[0].model.target;
    const struct bp_schema *schema = ensemble->from->schema;
    const bool named = schema->has_names && schema->target_columns == 1;
    return target || !named ? target : schema->column[schema->input_columns].name;
}

static bp_status take_kind(struct bp_ensemble *ensemble, const bp_train_options *kinds, size_t k,
                           bp_error *error)
{
    struct bp_kind *kind = &ensemble->kind[k];
    kind->model = bp_model_options_default();
    kind->train = bp_train_options_default();
    bp_status status = bp_model_get_kind(ensemble->from, k, &kind->model, &kind->train, error);
    if (!status && kinds) {
        const void *asked = (const char *)kinds + k * kinds->size;
        status = bp_sized_copy(&kind->train, sizeof kind->train, asked, "bp_train_options", error);
    }
    kind->train.time_phases = false;
    kind->train.ranks = NULL;
    return status;
}

bp_status bp_ensemble_plan_continue(struct bp_ensemble *ensemble, const struct bp_model *from,
                                    const bp_train_options *kinds,
                                    const bp_ensemble_options *options, bp_error *error)
{
    struct slot slot[BP_MEMBERS_MAX];
    bp_ensemble_options before = bp_ensemble_options_default();
    bp_train_options first = bp_train_options_default();
    ensemble->from = from;
    bp_status status =
        take_options(from, options, &ensemble->options, &ensemble->info.left_reason, error);
    /* Where the second kind is depends on the size of the first one. */
    if (!status)
        status = bp_sized_copy(&first, sizeof first, kinds, "bp_train_options", error);
    if (!status)
        status = bp_model_get_ensemble_options(from, &before, error);
    if (!status)
        status = find_slots(from, before.seed, slot, error);
    if (status)
        return status;
    ensemble->asked_members = before.members;
    ensemble->options.members = ensemble->info.members = from->members;
    ensemble->info.kinds = bp_model_kinds(from);
    ensemble->info.folds =
        ensemble->options.member_rows == BP_MEMBER_ROWS_FOLDS ? ensemble->options.member_folds : 0;
    for (size_t k = 0; !status && k < ensemble->info.kinds; k++)
        status = take_kind(ensemble, kinds, k, error);
    ensemble->target = get_target(ensemble);
    for (size_t m = 0; !status && m < from->members; m++) {
        bp_ensemble_plan_member(ensemble, m, slot[m].kind, slot[m].round);
        ensemble->kept_weight[m] = bp_model_member_weight(from, m);
    }
    return status;
}

/* ---- networks and rows ---- */

static bp_status compare_rows(struct bp_ensemble *ensemble, const bp_dataset *train,
                              bp_error *error)
{
    const struct bp_bind_options binding = {.need = BP_TARGETS_REQUIRED};
    char digest[BP_DIGEST_SIZE];
    struct bp_samples samples;
    if (ensemble->options.member_rows == BP_MEMBER_ROWS_ALL || ensemble->info.left_reason)
        return BP_OK;
    bp_status status = bp_samples_bind(&samples, ensemble->schema, train, &binding, error);
    if (status)
        return status;
    bp_samples_digest(&samples, digest);
    bp_samples_release(&samples);
    if (strcmp(digest, bp_recipe_rows(ensemble->from)) != 0)
        ensemble->info.left_reason = "the networks were trained on other rows before";
    return check_reason(&ensemble->options, ensemble->info.left_reason, error);
}

bp_status bp_ensemble_copy_networks(struct bp_ensemble *ensemble, const bp_dataset *train,
                                    bp_error *error)
{
    bp_status status = BP_OK;
    for (size_t m = 0; !status && m < ensemble->info.members; m++)
        status =
            bp_model_copy(&ensemble->network[m], bp_model_get_member(ensemble->from, m), error);
    if (status)
        return status;
    bp_ensemble_take_networks(ensemble);
    status = bp_ensemble_check_targets(ensemble, error);
    return status ? status : compare_rows(ensemble, train, error);
}
