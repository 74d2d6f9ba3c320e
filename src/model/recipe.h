/*
 * What a model was made and trained with, as the table of options has it: "recipe" of a model file.
 *     {"model": {NAME: TEXT, ...}, "training": {...}, "effective": {...}, "valid_fraction": TEXT}
 * "model" has what the network and the columns do not tell; "training", once there was one, every
 * option that weights depend on, and "effective" the numbers that words in it stood for. Of several
 * networks that were trained together, each has one, and the whole has
 *     {"ensemble": {NAME: TEXT, ...}, "kinds": [{"model": {...}, "training": {...}}, ...],
 *      "valid_fraction": TEXT, "rows": TEXT}
 * with all options of each kind; "rows", where networks left out some, is the digest of the rows of
 * their training, if they have seen no others.
 */
#ifndef BP_MODEL_RECIPE_H
#define BP_MODEL_RECIPE_H

#include <jansson.h>

#include "model/model.h"

/* A training, for bp_recipe_train(). */
struct bp_recipe_training {
    const bp_train_options *options;   /* as they were given */
    const bp_train_options *effective; /* the same with numbers in the place of words */
    double valid_fraction;             /* of the rows, held out for validation; 0: not known */
};

/* Of a model that is made from `options`; and the recipe of a model (or NULL) after a training.
 * NULL if there is no memory. The caller owns the reference. */
json_t *bp_recipe_create(const bp_model_options *options);
json_t *bp_recipe_train(const json_t *recipe, const struct bp_recipe_training *training);

/* The training of an ensemble, for bp_recipe_gather(). */
struct bp_recipe_kind {
    const bp_model_options *model;
    const bp_train_options *train;
};
struct bp_recipe_ensemble {
    const bp_ensemble_options *options;
    const struct bp_recipe_kind *kind;
    size_t kinds;
    double valid_fraction;
    const char *rows; /* digest of all rows, or NULL */
};

/* The recipe of a model of several networks. NULL if there is no memory. */
json_t *bp_recipe_gather(const struct bp_recipe_ensemble *ensemble);

/* Gives a model another recipe, of which it takes a reference of its own. */
void bp_recipe_set(struct bp_model *model, json_t *recipe);

/* Whether `recipe`, of the file `path`, has the form above. Names and texts may be those of a later
 * version. Error: INPUT. */
bp_status bp_recipe_check(const json_t *recipe, const char *path, bp_error *error);

/* The share of rows that was held out for validation; 0: none, or not known. */
double bp_recipe_valid_fraction(const struct bp_model *model);

/* The digest of the rows of an ensemble; NULL: it is not known. It belongs to the model. */
const char *bp_recipe_rows(const struct bp_model *model);

/* Whether the model was trained and knows how. */
bool bp_recipe_has_training(const struct bp_model *model);

#endif
