/* What a recipe says, as option structs. */
#include "base/number_text.h"
#include "base/sized.h"
#include "model/model_options.h"
#include "model/recipe.h"
#include "model/recipe_keys.h"
#include "options/check.h"
#include "options/value.h"

double bp_recipe_valid_fraction(const struct bp_model *model)
{
    double share = 0;
    const char *text = json_string_value(json_object_get(model->recipe, BP_RECIPE_FRACTION));
    return text && bp_real_parse(text, &share) ? share : 0;
}

const char *bp_recipe_rows(const struct bp_model *model)
{
    return json_string_value(json_object_get(model->recipe, BP_RECIPE_ROWS));
}

bool bp_recipe_has_training(const struct bp_model *model)
{
    return json_object_get(model->recipe, BP_RECIPE_TRAINING) != NULL;
}

/* Puts texts into a full struct of the owner; `all`: also those of options that a network tells. */
static bp_status take_texts(const json_t *object, bp_option_owner owner, bool all, void *full,
                            bp_error *error)
{
    size_t count, taken = 0;
    const bp_option_info *rows = bp_option_rows(owner, &count);
    bp_error reason;
    for (size_t k = 0; k < count; k++) {
        const char *text = json_string_value(json_object_get(object, rows[k].name));
        if (!text || (!all && bp_model_tells(&rows[k])))
            continue;
        taken++;
        const bp_status status = bp_option_store(&rows[k], full, text, &reason);
        if (status)
            return bp_fail(error, status == BP_ERROR_ARGUMENT ? BP_ERROR_INPUT : status,
                           "the recipe of the model: %s: %s", rows[k].name, reason.message);
    }
    const char *name;
    json_t *text;
    json_object_foreach((json_t *)object, name, text)
    {
        if (taken < json_object_size(object) && !bp_option_find(owner, name))
            return bp_fail(error, BP_ERROR_INPUT,
                           "the recipe of the model: \"%.64s\" is not an option that this version "
                           "of batchprop, %s, knows: a later one wrote the file",
                           name, BP_VERSION);
    }
    return BP_OK;
}

/* Those of a part, if it is there. */
static bp_status take_part(const struct bp_model *model, const char *part, bp_option_owner owner,
                           void *full, bp_error *error)
{
    return take_texts(json_object_get(model->recipe, part), owner, false, full, error);
}

static bp_status take_training(const struct bp_model *model, const char *last,
                               bp_train_options *options, bp_error *error)
{
    const struct bp_options_use use = {.validates = true};
    bp_train_options full = bp_train_options_default();
    bp_error reason;
    bp_status status = bp_model_check_single(model, "this function", error);
    if (!status)
        status = bp_sized_copy(&full, sizeof full, options, "bp_train_options", error);
    if (status)
        return status;
    full = bp_train_options_default();
    status = take_part(model, BP_RECIPE_TRAINING, BP_OPTION_OF_TRAINING, &full, error);
    if (!status && last)
        status = take_part(model, last, BP_OPTION_OF_TRAINING, &full, error);
    if (status)
        return status;
    if (bp_options_check_rows(BP_OPTION_OF_TRAINING, &full, &use, &reason))
        return bp_fail(error, BP_ERROR_INPUT, "the recipe of the model: %s", reason.message);
    bp_sized_store(options, &full, sizeof full);
    return BP_OK;
}

bp_status bp_model_get_train_options(const bp_model *model, bp_train_options *options,
                                     bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(options, error);
    return take_training(model, NULL, options, error);
}

bp_status bp_model_get_effective_options(const bp_model *model, bp_train_options *options,
                                         bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(options, error);
    return take_training(model, BP_RECIPE_EFFECTIVE, options, error);
}

bp_status bp_model_get_options(const bp_model *model, bp_model_options *options, bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(options, error);
    bp_model_options full = bp_model_options_default();
    bp_status status = bp_model_check_single(model, "this function", error);
    if (!status)
        status = bp_sized_copy(&full, sizeof full, options, "bp_model_options", error);
    if (status)
        return status;
    bp_model_describe(model, &full);
    if (json_object_get(model->recipe, BP_RECIPE_MODEL)) {
        full.target = full.weight = NULL; /* unless they were given */
        status = take_part(model, BP_RECIPE_MODEL, BP_OPTION_OF_MODEL, &full, error);
    }
    if (!status)
        bp_sized_store(options, &full, sizeof full);
    return status;
}

/* ---- several networks ---- */

size_t bp_model_kinds(const bp_model *model)
{
    return model ? json_array_size(json_object_get(model->recipe, BP_RECIPE_KINDS)) : 0;
}

static bp_status find_kind(const struct bp_model *model, size_t kind, const json_t **found,
                           bp_error *error)
{
    const size_t kinds = bp_model_kinds(model);
    *found = json_array_get(json_object_get(model->recipe, BP_RECIPE_KINDS), kind);
    if (*found)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT, "the model has no kind %zu of %zu, from 0", kind,
                   kinds);
}

bp_status bp_model_get_kind(const bp_model *model, size_t kind, bp_model_options *options,
                            bp_train_options *train, bp_error *error)
{
    BP_REQUIRE(model, error);
    const json_t *found;
    bp_model_options full = bp_model_options_default();
    bp_train_options full_train = bp_train_options_default();
    bp_status status = find_kind(model, kind, &found, error);
    if (!status)
        status = bp_sized_copy(&full, sizeof full, options, "bp_model_options", error);
    if (!status)
        status = bp_sized_copy(&full_train, sizeof full_train, train, "bp_train_options", error);
    if (status)
        return status;
    full = bp_model_options_default();
    full_train = bp_train_options_default();
    status =
        take_texts(json_object_get(found, BP_RECIPE_MODEL), BP_OPTION_OF_MODEL, true, &full, error);
    if (!status)
        status = take_texts(json_object_get(found, BP_RECIPE_TRAINING), BP_OPTION_OF_TRAINING, true,
                            &full_train, error);
    full.seed = full_train.seed;
    if (!status && options)
        bp_sized_store(options, &full, sizeof full);
    if (!status && train)
        bp_sized_store(train, &full_train, sizeof full_train);
    return status;
}

bp_status bp_model_get_ensemble_options(const bp_model *model, bp_ensemble_options *options,
                                        bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(options, error);
    bp_ensemble_options full = bp_ensemble_options_default();
    bp_train_options train = bp_train_options_default();
    bp_status status = bp_model_get_kind(model, 0, NULL, &train, error);
    if (!status)
        status = bp_sized_copy(&full, sizeof full, options, "bp_ensemble_options", error);
    if (status)
        return status;
    full = bp_ensemble_options_default();
    status = take_texts(json_object_get(model->recipe, BP_RECIPE_ENSEMBLE), BP_OPTION_OF_ENSEMBLE,
                        true, &full, error);
    full.seed = train.seed;
    if (!status)
        bp_sized_store(options, &full, sizeof full);
    return status;
}
