/* Options as they were asked for: the number of members, and one seed for all kinds. */
#include "ensemble/description.h"

#include "model/recipe.h"

json_t *bp_ensemble_describe(const struct bp_ensemble *ensemble)
{
    struct bp_recipe_kind kinds[BP_KINDS_MAX];
    bp_train_options train[BP_KINDS_MAX];
    bp_ensemble_options options = ensemble->options;
    options.members = ensemble->asked_members;
    for (size_t k = 0; k < ensemble->info.kinds; k++) {
        train[k] = ensemble->kind[k].train;
        train[k].seed = options.seed;
        kinds[k] = (struct bp_recipe_kind){&ensemble->kind[k].model, &train[k]};
    }
    const struct bp_recipe_ensemble all = {&options, kinds, ensemble->info.kinds,
                                           ensemble->valid_fraction,
                                           ensemble->rows[0] ? ensemble->rows : NULL};
    return bp_recipe_gather(&all);
}
