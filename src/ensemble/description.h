/* An ensemble as its options describe it. */
#ifndef BP_ENSEMBLE_DESCRIPTION_H
#define BP_ENSEMBLE_DESCRIPTION_H

#include <jansson.h>

#include "ensemble/ensemble.h"

/* The recipe of the whole, as bp_recipe_gather() makes it. NULL if there is no memory. */
json_t *bp_ensemble_describe(const struct bp_ensemble *ensemble);

#endif
