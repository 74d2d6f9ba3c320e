/* A run that is to have another number of epochs than it was created for. */
#include <jansson.h>
#include <stdio.h>

#include "base/sizes.h"
#include "model/recipe_keys.h"
#include "train/train_options.h"
#include "train/trainer.h"

/* The recipe with the number as it was given now, which no word stands for any more. */
static json_t *change_recipe(const json_t *recipe, size_t epochs)
{
    char text[32];
    snprintf(text, sizeof text, "%zu", epochs);
    json_t *changed = json_deep_copy(recipe);
    json_t *training = json_object_get(changed, BP_RECIPE_TRAINING);
    if (json_object_set_new(training, "epochs", json_string(text)) != 0) {
        json_decref(changed);
        return NULL;
    }
    json_object_del(json_object_get(changed, BP_RECIPE_EFFECTIVE), "epochs");
    return changed;
}

static bp_status check_epochs(const struct bp_trainer *trainer, size_t epochs, bp_error *error)
{
    const struct bp_position *position = &trainer->position;
    const size_t begun = position->epochs + (position->samples > 0);
    bp_train_options options = trainer->options;
    options.epochs = epochs;
    if (position->refitting)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "epochs %zu: the refit of this run has begun, whose epochs the first "
                       "training chose: to go on, create a trainer of the model without refit",
                       epochs);
    if (epochs < bp_size_max(begun, 1))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "epochs %zu: %zu of this run have begun: give as many at least, in all",
                       epochs, bp_size_max(begun, 1));
    return bp_train_options_check_warmup(&options, error);
}

bp_status bp_trainer_set_epochs(bp_trainer *trainer, size_t epochs, bp_error *error)
{
    BP_REQUIRE(trainer, error);
    struct bp_position *position = &trainer->position;
    const bp_status status = check_epochs(trainer, epochs, error);
    if (status)
        return status;
    json_t *recipe = change_recipe(trainer->recipe, epochs);
    if (!recipe)
        return bp_fail_memory(error, "the options of a training");
    json_decref(trainer->recipe);
    trainer->recipe = recipe;
    trainer->options.epochs = epochs;
    if (trainer->holds_best)
        bp_network_set_values(trainer->model->network, trainer->epoch_weights);
    trainer->holds_best = false;
    if (position->ended_early)
        position->gain_epoch = position->epochs;
    position->ended_early = false;
    return BP_OK;
}
