/* The keys of recipes in model files. */
#ifndef BP_MODEL_RECIPE_KEYS_H
#define BP_MODEL_RECIPE_KEYS_H

#define BP_RECIPE_MODEL     "model"
#define BP_RECIPE_TRAINING  "training"
#define BP_RECIPE_EFFECTIVE "effective"
#define BP_RECIPE_FRACTION  "valid_fraction"
#define BP_RECIPE_ENSEMBLE  "ensemble"
#define BP_RECIPE_KINDS     "kinds"
#define BP_RECIPE_ROWS      "rows"

#endif
