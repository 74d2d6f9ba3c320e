/* Of a recipe in a file all that reading relies on: names and values of options are looked at when
 * somebody goes on from it. */
#include "base/number_text.h"
#include "model/recipe.h"
#include "model/recipe_keys.h"

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
    json_t *kinds = json_object_get(recipe, BP_RECIPE_KINDS), *kind;
    size_t k;
    bool good = !kinds || (json_is_array(kinds) && json_array_size(kinds) > 0 &&
                           json_array_size(kinds) <= BP_KINDS_MAX);
    json_array_foreach(kinds, k, kind)
    {
        good = good && holds_texts(json_object_get(kind, BP_RECIPE_MODEL)) &&
               holds_texts(json_object_get(kind, BP_RECIPE_TRAINING));
    }
    return good;
}

bp_status bp_recipe_check(const json_t *recipe, const char *path, bp_error *error)
{
    static const char *const parts[] = {BP_RECIPE_MODEL, BP_RECIPE_TRAINING, BP_RECIPE_EFFECTIVE,
                                        BP_RECIPE_ENSEMBLE};
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
                       "%s: metadata: \"" BP_RECIPE_KINDS
                       "\" of the recipe is not a list of 1 to %d kinds",
                       path, BP_KINDS_MAX);
    const json_t *rows = json_object_get(recipe, BP_RECIPE_ROWS);
    if (rows && !json_is_string(rows))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: metadata: \"" BP_RECIPE_ROWS "\" of the recipe is not a text", path);
    const json_t *fraction = json_object_get(recipe, BP_RECIPE_FRACTION);
    const char *text = json_string_value(fraction);
    double share = 0;
    if (!fraction || (text && bp_real_parse(text, &share) && share > 0 && share < 1))
        return BP_OK;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: metadata: \"" BP_RECIPE_FRACTION "\" of the recipe is not between 0 and 1",
                   path);
}
