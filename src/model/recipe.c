/* Recipes are kept as JSON: a file of a later version may hold names and texts that only going on
 * from it has to understand. */
#include "model/recipe.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "base/sized.h"
#include "model/model_options.h"
#include "options/check.h"
#include "options/value.h"

#define MODEL     "model"
#define TRAINING  "training"
#define EFFECTIVE "effective"
#define FRACTION  "valid_fraction"
#define ENSEMBLE  "ensemble"
#define KINDS     "kinds"
#define ROWS      "rows"

static json_t *row_to_json(const bp_option_info *row, const void *options)
{
    const size_t size = bp_option_write(row, options, NULL, 0) + 1;
    char *text = malloc(size);
    if (!text)
        return NULL;
    bp_option_write(row, options, text, size);
    json_t *json = json_string(text);
    free(text);
    return json;
}

/* A text that is NULL is left out. */
static bool put_row(json_t *object, const bp_option_info *row, const void *options)
{
    if (row->kind == BP_OPTION_TEXT && !bp_option_text(row, options))
        return true;
    return json_object_set_new(object, row->name, row_to_json(row, options)) == 0;
}

/* `json`, or NULL if it is not complete. */
static json_t *finish(json_t *json, bool complete)
{
    if (complete)
        return json;
    json_decref(json);
    return NULL;
}

json_t *bp_recipe_create(const bp_model_options *options)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(BP_OPTION_OF_MODEL, &count);
    json_t *recipe = json_object(), *object = json_object();
    bool complete = json_object_set_new(recipe, MODEL, object) == 0;
    for (size_t k = 0; complete && k < count; k++) {
        if (!bp_model_tells(&rows[k]))
            complete = put_row(object, &rows[k], options);
    }
    return finish(recipe, complete);
}

/* What is not read is left out: its default may be another one in a later version. */
static json_t *training_to_json(const bp_train_options *options)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(BP_OPTION_OF_TRAINING, &count);
    json_t *object = json_object();
    bool complete = object != NULL;
    for (size_t k = 0; complete && k < count; k++) {
        if (rows[k].affects_bits && (rows[k].of_validation || bp_option_is_read(&rows[k], options)))
            complete = put_row(object, &rows[k], options);
    }
    return finish(object, complete);
}

/* Those that are read and that another text stands for. */
static json_t *effective_to_json(const struct bp_recipe_training *training)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(BP_OPTION_OF_TRAINING, &count);
    json_t *object = json_object();
    bool complete = object != NULL;
    for (size_t k = 0; complete && k < count; k++) {
        const bp_option_info *row = &rows[k];
        if (!row->affects_bits || !bp_option_is_read(row, training->options))
            continue;
        json_t *given = row_to_json(row, training->options);
        json_t *effective = row_to_json(row, training->effective);
        complete =
            given && effective &&
            (json_equal(given, effective) || json_object_set(object, row->name, effective) == 0);
        json_decref(given);
        json_decref(effective);
    }
    return finish(object, complete);
}

static bool put_fraction(json_t *recipe, double fraction)
{
    char text[BP_REAL_TEXT_SIZE];
    return !(fraction > 0) ||
           json_object_set_new(recipe, FRACTION,
                               json_string(bp_real_write(fraction, false, text))) == 0;
}

json_t *bp_recipe_train(const json_t *recipe, const struct bp_recipe_training *training)
{
    json_t *made = json_object_get(recipe, MODEL);
    json_t *trained = json_object();
    bool complete = trained && (!made || json_object_set(trained, MODEL, made) == 0);
    complete = complete &&
               json_object_set_new(trained, TRAINING, training_to_json(training->options)) == 0 &&
               json_object_set_new(trained, EFFECTIVE, effective_to_json(training)) == 0;
    return finish(trained, complete && put_fraction(trained, training->valid_fraction));
}

/* All options of an owner that the weights depend on, except a seed of the model. */
static json_t *options_to_json(bp_option_owner owner, const void *options)
{
    size_t count;
    const bp_option_info *rows = bp_option_rows(owner, &count);
    json_t *object = json_object();
    bool complete = object != NULL;
    for (size_t k = 0; complete && k < count; k++) {
        const bool is_seed = owner == BP_OPTION_OF_MODEL && rows[k].kind == BP_OPTION_SEED;
        if (rows[k].affects_bits && !is_seed)
            complete = put_row(object, &rows[k], options);
    }
    return finish(object, complete);
}

static json_t *kind_to_json(const struct bp_recipe_kind *kind)
{
    json_t *object = json_object();
    const bool complete =
        object &&
        json_object_set_new(object, MODEL, options_to_json(BP_OPTION_OF_MODEL, kind->model)) == 0 &&
        json_object_set_new(object, TRAINING, training_to_json(kind->train)) == 0;
    return finish(object, complete);
}

json_t *bp_recipe_gather(const struct bp_recipe_ensemble *ensemble)
{
    json_t *recipe = json_object(), *kinds = json_array();
    bool complete =
        recipe && json_object_set(recipe, KINDS, kinds) == 0 &&
        json_object_set_new(recipe, ENSEMBLE,
                            options_to_json(BP_OPTION_OF_ENSEMBLE, ensemble->options)) == 0 &&
        put_fraction(recipe, ensemble->valid_fraction) &&
        (!ensemble->rows || json_object_set_new(recipe, ROWS, json_string(ensemble->rows)) == 0);
    for (size_t k = 0; complete && k < ensemble->kinds; k++)
        complete = json_array_append_new(kinds, kind_to_json(&ensemble->kind[k])) == 0;
    json_decref(kinds);
    return finish(recipe, complete);
}

void bp_recipe_set(struct bp_model *model, json_t *recipe)
{
    json_t *before = model->recipe;
    model->recipe = json_incref(recipe);
    json_decref(before);
}

static bool holds_texts(const json_t *object)
{
    const char *name;
    json_t *text;
    json_object_foreach((json_t *)object, name, text)
    {
        if (!json_is_string(text))
            return false;
    }
    return json_is_object(object);
}

/* A list of objects of objects of texts, if it is there. */
static bool check_kinds(const json_t *recipe)
{
    json_t *kinds = json_object_get(recipe, KINDS), *kind;
    size_t k;
    bool good = !kinds || (json_is_array(kinds) && json_array_size(kinds) > 0 &&
                           json_array_size(kinds) <= BP_KINDS_MAX);
    json_array_foreach(kinds, k, kind)
    {
        good = good && holds_texts(json_object_get(kind, MODEL)) &&
               holds_texts(json_object_get(kind, TRAINING));
    }
    return good;
}

bp_status bp_recipe_check(const json_t *recipe, const char *path, bp_error *error)
{
    static const char *const parts[] = {MODEL, TRAINING, EFFECTIVE, ENSEMBLE};
    if (!json_is_object(recipe))
        return bp_fail(error, BP_ERROR_INPUT, "%s: metadata: the recipe is not an object", path);
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
        const json_t *part = json_object_get(recipe, parts[k]);
        if (part && !holds_texts(part))
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: metadata: \"%s\" of the recipe is not an object of texts", path,
                           parts[k]);
    }
    if (!check_kinds(recipe))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: metadata: \"" KINDS "\" of the recipe is not a list of 1 to %d kinds",
                       path, BP_KINDS_MAX);
    const json_t *rows = json_object_get(recipe, ROWS);
    if (rows && !json_is_string(rows))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: metadata: \"" ROWS "\" of the recipe is not a text", path);
    const json_t *fraction = json_object_get(recipe, FRACTION);
    const char *text = json_string_value(fraction);
    double share = 0;
    if (!fraction || (text && bp_real_parse(text, &share) && share > 0 && share < 1))
        return BP_OK;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: metadata: \"" FRACTION "\" of the recipe is not between 0 and 1", path);
}

double bp_recipe_valid_fraction(const struct bp_model *model)
{
    double share = 0;
    const char *text = json_string_value(json_object_get(model->recipe, FRACTION));
    return text && bp_real_parse(text, &share) ? share : 0;
}

const char *bp_recipe_rows(const struct bp_model *model)
{
    return json_string_value(json_object_get(model->recipe, ROWS));
}

bool bp_recipe_has_training(const struct bp_model *model)
{
    return json_object_get(model->recipe, TRAINING) != NULL;
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
    status = take_part(model, TRAINING, BP_OPTION_OF_TRAINING, &full, error);
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
    return take_training(model, EFFECTIVE, options, error);
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
    if (json_object_get(model->recipe, MODEL)) {
        full.target = full.weight = NULL; /* unless they were given */
        status = take_part(model, MODEL, BP_OPTION_OF_MODEL, &full, error);
    }
    if (!status)
        bp_sized_store(options, &full, sizeof full);
    return status;
}

/* ---- several networks ---- */

size_t bp_model_kinds(const bp_model *model)
{
    return model ? json_array_size(json_object_get(model->recipe, KINDS)) : 0;
}

static bp_status find_kind(const struct bp_model *model, size_t kind, const json_t **found,
                           bp_error *error)
{
    const size_t kinds = bp_model_kinds(model);
    *found = json_array_get(json_object_get(model->recipe, KINDS), kind);
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
    status = take_texts(json_object_get(found, MODEL), BP_OPTION_OF_MODEL, true, &full, error);
    if (!status)
        status = take_texts(json_object_get(found, TRAINING), BP_OPTION_OF_TRAINING, true,
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
    status = take_texts(json_object_get(model->recipe, ENSEMBLE), BP_OPTION_OF_ENSEMBLE, true,
                        &full, error);
    full.seed = train.seed;
    if (!status)
        bp_sized_store(options, &full, sizeof full);
    return status;
}
