/* Members by number; kinds whose outputs can be averaged. */
#include "ensemble/plan.h"

#include "base/random.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "data/schema/holdout.h"
#include "model/members.h"
#include "options/check.h"
#include "options/rows.h"
#include "options/value.h"

void bp_member_kind_init(bp_member_kind *kind, size_t size)
{
    static const bp_member_kind defaults = {0};
    bp_sized_init(kind, size, &defaults, sizeof defaults);
}

/* The options of a model that all kinds have in common: the columns follow from them, and what the
 * outputs mean. */
static const char *const common[] = {"target", "weight",       "task",          "missing",
                                     "scale",  "target-scale", "scaling",       "output-activation",
                                     "loss",   "huber-bend",   "quantile-level"};

static bp_status check_common(const struct bp_ensemble *ensemble, size_t k, bp_error *error)
{
    const bp_model_options *first = &ensemble->kind[0].model, *model = &ensemble->kind[k].model;
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        const bp_option_info *row = bp_option_find(BP_OPTION_OF_MODEL, common[i]);
        if (!bp_option_is_same(row, first, model))
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "%s is not the same for kinds 1 and %zu: their outputs cannot be "
                           "averaged",
                           common[i], k + 1);
    }
    return BP_OK;
}

static bp_status take_kind(struct bp_ensemble *ensemble, const bp_member_kind *kinds, size_t k,
                           bp_error *error)
{
    const bp_member_kind *asked =
        (const bp_member_kind *)(const void *)((const char *)kinds + k * kinds->size);
    struct bp_kind *kind = &ensemble->kind[k];
    bp_member_kind full = bp_member_kind_default();
    kind->model = bp_model_options_default();
    kind->train = bp_train_options_default();
    bp_status status = bp_sized_copy(&full, sizeof full, asked, "bp_member_kind", error);
    if (!status)
        status =
            bp_sized_copy(&kind->model, sizeof kind->model, full.model, "bp_model_options", error);
    if (!status)
        status =
            bp_sized_copy(&kind->train, sizeof kind->train, full.train, "bp_train_options", error);
    kind->train.time_phases = false;
    kind->train.ranks = NULL;
    return status ? status : check_common(ensemble, k, error);
}

static bp_status check_decision(const bp_ensemble_options *options, bp_error *error)
{
    const char *name = bp_choice_name(BP_CHOICE_DECISION, (int)options->decide);
    if (options->decide == BP_DECISION_GREATEST || options->member_rows != BP_MEMBER_ROWS_ALL)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "decide %s needs rows that members leave out: give member-rows folds or "
                   "bootstrap",
                   name);
}

/* The factors are those of shares. */
bp_status bp_ensemble_check_targets(const struct bp_ensemble *ensemble, bp_error *error)
{
    const struct bp_schema *schema = ensemble->schema;
    const struct bp_network *network = ensemble->network[0]->network;
    const bp_activation output = network->layer[network->layers - 1].activation;
    const char *name = bp_choice_name(BP_CHOICE_DECISION, (int)ensemble->options.decide);
    if (ensemble->options.decide == BP_DECISION_GREATEST)
        return BP_OK;
    if (schema->task != BP_TASK_CLASSIFY)
        return bp_fail(
            error, BP_ERROR_ARGUMENT,
            "decide %s is for classes, and column \"%s\" holds numbers: leave it out, or "
            "give task classify",
            name, schema->column[schema->input_columns].name);
    if (output == BP_ACTIVATION_SOFTMAX || output == BP_ACTIVATION_LOGISTIC)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "decide %s is for outputs from 0 to 1, and those of %s neurons are not: give "
                   "output activation softmax",
                   name, bp_choice_name(BP_CHOICE_ACTIVATION, (int)output));
}

bp_status bp_ensemble_check_options(const bp_ensemble_options *options, bp_error *error)
{
    static const struct bp_options_use use = {.given_count = 0};
    const bp_status status = bp_options_check_rows(BP_OPTION_OF_ENSEMBLE, options, &use, error);
    if (status)
        return status;
    if (options->member_weights == BP_MEMBER_WEIGHTS_OUT_OF_FOLD &&
        options->member_rows == BP_MEMBER_ROWS_ALL)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "member-weights out-of-fold needs rows that members leave out: give "
                       "member-rows folds or bootstrap");
    return check_decision(options, error);
}

static bp_status check_kinds(size_t kind_count, bp_error *error)
{
    if (kind_count >= 1 && kind_count <= BP_KINDS_MAX)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT, "%zu kinds of members: give from 1 to %d", kind_count,
                   BP_KINDS_MAX);
}

/* Puts in what auto stands for; whether every kind is whole where it has to be. */
static bp_status choose_members(bp_ensemble_options *options, size_t kinds, bp_error *error)
{
    const bool folds = options->member_rows == BP_MEMBER_ROWS_FOLDS;
    const size_t each = folds ? options->member_folds : 1;
    const bool chosen = options->members == 0;
    if (chosen)
        options->members = kinds * each;
    if (options->members > BP_MEMBERS_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "members %zu%s: a model has at most %d%s",
                       options->members, chosen ? " (auto)" : "", BP_MEMBERS_MAX,
                       chosen && folds ? ": give fewer member-folds or kinds" : "");
    if (options->members < kinds)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "members %zu: there are %zu kinds: give at least as many", options->members,
                       kinds);
    if (options->member_weights == BP_MEMBER_WEIGHTS_OUT_OF_FOLD &&
        options->members % (kinds * each) != 0)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "members %zu: with %zu kind%s%s weights out-of-fold take a multiple of %zu",
                       options->members, kinds, kinds == 1 ? "" : "s",
                       folds ? " and these folds" : "", kinds * each);
    return BP_OK;
}

bp_status bp_ensemble_count_members(const bp_ensemble_options *options, size_t kind_count,
                                    size_t *members, bp_error *error)
{
    BP_REQUIRE(members, error);
    bp_ensemble_options full = bp_ensemble_options_default();
    bp_status status = check_kinds(kind_count, error);
    if (!status)
        status = bp_sized_copy(&full, sizeof full, options, "bp_ensemble_options", error);
    if (!status)
        status = bp_ensemble_check_options(&full, error);
    if (!status)
        status = choose_members(&full, kind_count, error);
    if (!status)
        *members = full.members;
    return status;
}

/* That of the first member is the seed given, so that one member alone is the plain network. */
uint64_t bp_member_seed(uint64_t seed, size_t kind, size_t round)
{
    if (kind == 0 && round == 0)
        return seed;
    return bp_random_bits(seed, bp_stream(BP_STREAM_MEMBERS, (uint32_t)kind), round) >> 1;
}

void bp_ensemble_plan_member(struct bp_ensemble *ensemble, size_t m, size_t kind, size_t round)
{
    bp_ensemble_member *member = &ensemble->member[m];
    member->kind = kind;
    member->round = round;
    member->seed = bp_member_seed(ensemble->options.seed, kind, round);
    bp_fail(&member->error, BP_STOPPED, "the member was not begun");
    ensemble->kind_result[kind].members++;
}

bp_status bp_ensemble_plan(struct bp_ensemble *ensemble, const bp_dataset *train,
                           const bp_member_kind *kinds, size_t kind_count,
                           const bp_ensemble_options *options, bp_error *error)
{
    bp_member_kind first = bp_member_kind_default();
    ensemble->options = bp_ensemble_options_default();
    ensemble->info.kinds = kind_count;
    /* First, as ranks have to agree on all that fails. */
    bp_status status = bp_sized_copy(&ensemble->options, sizeof ensemble->options, options,
                                     "bp_ensemble_options", error);
    if (!status && (!train || !kinds))
        status = bp_fail_null(error, train ? "kinds" : "train");
    if (!status)
        status = check_kinds(kind_count, error);
    /* Where the second kind is depends on the size of the first one. */
    if (!status)
        status = bp_sized_copy(&first, sizeof first, kinds, "bp_member_kind", error);
    for (size_t k = 0; !status && k < kind_count; k++)
        status = take_kind(ensemble, kinds, k, error);
    if (!status)
        status = bp_ensemble_check_options(&ensemble->options, error);
    if (!status && ensemble->options.member_rows == BP_MEMBER_ROWS_FOLDS)
        status = bp_folds_check(train, ensemble->options.member_folds, error);
    if (!status) {
        ensemble->asked_members = ensemble->options.members;
        ensemble->all_rows = train->count;
    }
    if (!status)
        status = choose_members(&ensemble->options, kind_count, error);
    if (status)
        return status;
    ensemble->target = ensemble->kind[0].model.target;
    ensemble->info.members = ensemble->options.members;
    ensemble->info.folds =
        ensemble->options.member_rows == BP_MEMBER_ROWS_FOLDS ? ensemble->options.member_folds : 0;
    for (size_t m = 0; m < ensemble->info.members; m++)
        bp_ensemble_plan_member(ensemble, m, m % kind_count, m / kind_count);
    return BP_OK;
}

void bp_ensemble_take_networks(struct bp_ensemble *ensemble)
{
    for (size_t m = 0; m < ensemble->info.members; m++) {
        struct bp_kind *kind = &ensemble->kind[ensemble->member[m].kind];
        kind->cost = (double)ensemble->network[m]->network->parameters *
                     (double)bp_size_max(kind->train.epochs, 1);
    }
    ensemble->schema = bp_schema_share(ensemble->network[0]->schema);
    ensemble->info.task = ensemble->schema->task;
}

bp_status bp_ensemble_make_networks(struct bp_ensemble *ensemble, const bp_dataset *train,
                                    bp_error *error)
{
    bp_status status = BP_OK;
    for (size_t m = 0; !status && m < ensemble->info.members; m++) {
        bp_model_options options = ensemble->kind[ensemble->member[m].kind].model;
        options.seed = ensemble->member[m].seed;
        status = m == 0 ? bp_model_create(&ensemble->network[0], train, &options, error)
                        : bp_model_create_sharing(&ensemble->network[m], ensemble->network[0],
                                                  &options, error);
    }
    if (status)
        return status;
    bp_ensemble_take_networks(ensemble);
    return bp_ensemble_check_targets(ensemble, error);
}
