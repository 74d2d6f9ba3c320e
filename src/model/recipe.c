/* Recipes are kept as JSON: a file of a later version may hold names and texts that only going on
 * from it has to understand. */
#include "model/recipe.h"

#include <stdlib.h>

#include "base/number_text.h"
#include "model/model_options.h"
#include "model/recipe_keys.h"
#include "options/check.h"
#include "options/value.h"

#define TEXT_SIZE 64 /* of most values */

static json_t *row_to_json(const bp_option_info *row, const void *options)
{
    char few[TEXT_SIZE];
    const size_t size = bp_option_write(row, options, few, sizeof few) + 1;
    if (size <= sizeof few)
        return json_string(few);
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
    bool complete = json_object_set_new(recipe, BP_RECIPE_MODEL, object) == 0;
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
        if (row->affects_bits && bp_option_is_read(row, training->options) &&
            !bp_option_is_same(row, training->options, training->effective))
            complete =
                json_object_set_new(object, row->name, row_to_json(row, training->effective)) == 0;
    }
    return finish(object, complete);
}

static bool put_fraction(json_t *recipe, double fraction)
{
    char text[BP_REAL_TEXT_SIZE];
    return !(fraction > 0) ||
           json_object_set_new(recipe, BP_RECIPE_FRACTION,
                               json_string(bp_real_write(fraction, false, text))) == 0;
}

json_t *bp_recipe_train(const json_t *recipe, const struct bp_recipe_training *training)
{
    json_t *made = json_object_get(recipe, BP_RECIPE_MODEL);
    json_t *trained = json_object();
    bool complete = trained && (!made || json_object_set(trained, BP_RECIPE_MODEL, made) == 0);
    complete = complete &&
               json_object_set_new(trained, BP_RECIPE_TRAINING,
                                   training_to_json(training->options)) == 0 &&
               json_object_set_new(trained, BP_RECIPE_EFFECTIVE, effective_to_json(training)) == 0;
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
        json_object_set_new(object, BP_RECIPE_MODEL,
                            options_to_json(BP_OPTION_OF_MODEL, kind->model)) == 0 &&
        json_object_set_new(object, BP_RECIPE_TRAINING, training_to_json(kind->train)) == 0;
    return finish(object, complete);
}

json_t *bp_recipe_gather(const struct bp_recipe_ensemble *ensemble)
{
    json_t *recipe = json_object(), *kinds = json_array();
    bool complete =
        recipe && json_object_set(recipe, BP_RECIPE_KINDS, kinds) == 0 &&
        json_object_set_new(recipe, BP_RECIPE_ENSEMBLE,
                            options_to_json(BP_OPTION_OF_ENSEMBLE, ensemble->options)) == 0 &&
        put_fraction(recipe, ensemble->valid_fraction) &&
        (!ensemble->rows ||
         json_object_set_new(recipe, BP_RECIPE_ROWS, json_string(ensemble->rows)) == 0);
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
