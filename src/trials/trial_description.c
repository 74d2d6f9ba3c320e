/* Options as recipes have them, and how rows are held out. */
#include "trials/trial_description.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json/json_value.h"
#include "base/number_text.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "model/exact_json.h"
#include "model/recipe.h"

/* ---- describing ---- */

/* The options of a kind, as far as they can be read. */
struct kind {
    bp_model_options model;
    bp_train_options train;
};

/* False: they cannot be read. The trial then fails with the reason. */
static bool read_kind(struct kind *kind, const bp_member_kind *kinds, size_t k)
{
    bp_member_kind full = bp_member_kind_default();
    const bp_member_kind *asked =
        (const bp_member_kind *)(const void *)((const char *)kinds + k * kinds->size);
    kind->model = bp_model_options_default();
    kind->train = bp_train_options_default();
    return bp_sized_copy(&full, sizeof full, asked, "bp_member_kind", NULL) == BP_OK &&
           bp_sized_copy(&kind->model, sizeof kind->model, full.model, "bp_model_options", NULL) ==
               BP_OK &&
           bp_sized_copy(&kind->train, sizeof kind->train, full.train, "bp_train_options", NULL) ==
               BP_OK;
}

static json_t *describe_models(const struct bp_trial_settings *settings)
{
    struct kind *kind = calloc(BP_KINDS_MAX, sizeof *kind);
    struct bp_recipe_kind recipe[BP_KINDS_MAX];
    size_t count = 0;
    if (!kind)
        return NULL;
    if (settings->is_ensemble) {
        const size_t kinds = bp_size_min(settings->kind_count, BP_KINDS_MAX);
        while (count < kinds && read_kind(&kind[count], settings->kinds, count))
            count++;
    } else {
        kind[count++] = (struct kind){settings->model, settings->train};
    }
    for (size_t k = 0; k < count; k++)
        recipe[k] = (struct bp_recipe_kind){&kind[k].model, &kind[k].train};
    const struct bp_recipe_ensemble ensemble = {.options = &settings->ensemble,
                                                .kind = recipe,
                                                .kinds = count,
                                                .valid_fraction = settings->valid_fraction};
    json_t *json = bp_recipe_gather(&ensemble);
    free(kind);
    return json;
}

static json_t *describe_holdout(const bp_holdout *holdout)
{
    char fraction[BP_REAL_TEXT_SIZE], folds[BP_REAL_TEXT_SIZE], fold[BP_REAL_TEXT_SIZE];
    bp_real_write(holdout->folds > 0 ? 0 : holdout->fraction, false, fraction);
    snprintf(folds, sizeof folds, "%zu", holdout->folds);
    snprintf(fold, sizeof fold, "%zu", holdout->folds > 0 ? holdout->fold : 0);
    return json_pack("{s:s, s:s, s:s, s:o, s:s}", "folds", folds, "holdout", fraction, "fold", fold,
                     "seed", bp_json_from_whole(holdout->seed), "stratify",
                     holdout->stratify ? "true" : "false");
}

json_t *bp_trial_describe(const struct bp_trial_settings *settings)
{
    json_t *json = describe_models(settings);
    bool complete = json != NULL;
    if (!settings->is_ensemble)
        complete = json_object_set_new(json, "ensemble", json_null()) == 0 && complete;
    complete = json_object_set_new(json, "seed", bp_json_from_whole(settings->model.seed)) == 0 &&
               json_object_set_new(json, "holdout", describe_holdout(&settings->holdout)) == 0 &&
               complete;
    if (complete)
        return json;
    json_decref(json);
    return NULL;
}

/* ---- comparing ---- */

#define NAME_SIZE  80
#define VALUE_SIZE 100

struct difference {
    char name[NAME_SIZE];
    size_t kind; /* of networks, from 0 */
    const json_t *then, *now;
};

static bool find_difference(const json_t *then, const json_t *now, struct difference *difference);

static bool find_in_array(const json_t *then, const json_t *now, struct difference *difference)
{
    size_t k;
    json_t *value;
    json_array_foreach(now, k, value)
    {
        if (!find_difference(json_array_get(then, k), value, difference))
            continue;
        difference->kind = k;
        return true;
    }
    if (json_array_size(then) == json_array_size(now))
        return false;
    snprintf(difference->name, NAME_SIZE, "kinds");
    difference->then = then;
    difference->now = now;
    return true;
}

/* The first one of two values of the same key. */
static bool find_difference(const json_t *then, const json_t *now, struct difference *difference)
{
    const char *key;
    json_t *value;
    if (json_is_array(now) && json_is_array(then))
        return find_in_array(then, now, difference);
    if (!json_is_object(now) || !json_is_object(then)) {
        difference->then = then;
        difference->now = now;
        return !json_equal(then, now);
    }
    json_object_foreach((json_t *)now, key, value)
    {
        snprintf(difference->name, NAME_SIZE, "%s", key);
        if (find_difference(json_object_get(then, key), value, difference))
            return true;
    }
    json_object_foreach((json_t *)then, key, value)
    {
        if (json_object_get(now, key))
            continue;
        difference->then = value;
        difference->now = NULL;
        snprintf(difference->name, NAME_SIZE, "%s", key);
        return true;
    }
    return false;
}

static void show(const json_t *value, char text[VALUE_SIZE])
{
    if (json_is_array(value))
        snprintf(text, VALUE_SIZE, "%zu", json_array_size(value));
    else if (value && (!json_is_string(value) || json_string_length(value) > 0))
        bp_json_show(value, text, VALUE_SIZE);
    else
        snprintf(text, VALUE_SIZE, "none");
}

bp_status bp_trial_compare(const json_t *then, const json_t *now, const char *what, bp_error *error)
{
    struct difference difference = {.name = "its options"};
    if (!find_difference(then, now, &difference))
        return BP_OK;
    char before[VALUE_SIZE], after[VALUE_SIZE], kind[32] = "";
    if (difference.kind > 0)
        snprintf(kind, sizeof kind, "kind %zu: ", difference.kind + 1);
    show(difference.then, before);
    show(difference.now, after);
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s was made with %s%s %s, not %s: give the same to go on from it", what, kind,
                   difference.name, before, after);
}
