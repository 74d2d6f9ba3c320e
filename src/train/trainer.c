/* Trainers: what one is made of. trainer_create.c makes it, run.c runs it. */
#include "train/trainer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "data/samples/batch.h"
#include "model/recipe.h"
#include "train/fingerprint.h"

double bp_trainer_find_fraction(const bp_dataset *train, const bp_dataset *valid)
{
    const bool is_sibling =
        valid && valid->table == train->table && valid->held_out == train->held_out;
    return is_sibling ? train->held_out : 0;
}

void bp_trainer_note_recipe(struct bp_trainer *trainer)
{
    bp_recipe_set(trainer->model, trainer->recipe);
}

bp_status bp_trainer_check_idle(const struct bp_trainer *trainer, bp_error *error)
{
    if (!trainer->is_running)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "the trainer runs: return false from the callback, and call this after the run");
}

void bp_trainer_options_init(bp_train_options *options, size_t size, const bp_trainer *trainer)
{
    const bp_train_options full = trainer ? trainer->options : bp_train_options_default();
    bp_sized_init(options, size, &full, sizeof full);
}

void bp_trainer_free(bp_trainer *trainer)
{
    if (!trainer)
        return;
    bp_infer_free(trainer->valid.infer);
    bp_samples_release(&trainer->valid.samples);
    bp_metric_accumulator_release(&trainer->valid.accumulator);
    bp_refit_release(&trainer->refit);
    bp_single_batch_release(&trainer->batch);
    bp_training_setup_release(&trainer->setup);
    bp_samples_release(&trainer->samples);
    bp_class_weights_release(&trainer->class_weights);
    bp_aligned_free(trainer->best_weights);
    bp_aligned_free(trainer->epoch_weights);
    free(trainer->order);
    free(trainer->stops);
    free((char *)trainer->options.class_weight);
    json_decref(trainer->recipe);
    free(trainer);
}

const struct bp_samples *bp_trainer_samples(const struct bp_trainer *trainer)
{
    return trainer->position.refitting ? &trainer->refit.samples : &trainer->samples;
}

size_t bp_trainer_idle_ranks(const bp_trainer *trainer)
{
    return trainer ? bp_step_idle_ranks(trainer->setup.step) : 0;
}

struct bp_step *bp_trainer_step(const struct bp_trainer *trainer)
{
    return trainer->position.refitting ? trainer->refit.step : trainer->setup.step;
}

size_t bp_trainer_batch(const struct bp_trainer *trainer)
{
    return trainer->position.refitting ? trainer->refit.batch_size : trainer->options.batch_size;
}

size_t bp_trainer_epochs(const struct bp_trainer *trainer)
{
    return trainer->position.refitting ? trainer->position.best_epoch : trainer->options.epochs;
}

size_t bp_trainer_count_updates(const struct bp_trainer *trainer)
{
    const struct bp_position *position = &trainer->position;
    const size_t epochs = position->refitting ? position->first_epochs : position->epochs;
    return position->other_updates +
           (epochs - position->other_epochs) *
               bp_size_divide_up(trainer->samples.count, trainer->options.batch_size);
}

void bp_trainer_digest_samples(struct bp_trainer *trainer)
{
    if (!trainer->samples_digest[0])
        bp_samples_digest(&trainer->samples, trainer->samples_digest);
    if (trainer->has_validation && !trainer->valid_digest[0])
        bp_samples_digest(&trainer->valid.samples, trainer->valid_digest);
    if (trainer->options.refit && !trainer->refit.samples_digest[0])
        bp_samples_digest(&trainer->refit.samples, trainer->refit.samples_digest);
}

void bp_trainer_begin_refit(struct bp_trainer *trainer)
{
    struct bp_position *position = &trainer->position;
    bp_network_set_values(trainer->model->network, trainer->refit.start_weights);
    if (trainer->setup.optimizer)
        bp_optimizer_reset(trainer->setup.optimizer);
    position->refitting = true;
    position->first_epochs = position->epochs;
    position->epochs = position->samples = 0;
    position->loss = position->last_loss = 0.0;
}

void bp_trainer_keep_weights(struct bp_trainer *trainer)
{
    const struct bp_network *network = trainer->model->network;
    memcpy(trainer->epoch_weights, network->values, network->floats * sizeof *network->values);
}

void bp_trainer_begin_epoch(struct bp_trainer *trainer)
{
    bp_trainer_keep_weights(trainer);
    bp_trainer_order(trainer);
}

void bp_trainer_order(struct bp_trainer *trainer)
{
    const size_t count = bp_trainer_samples(trainer)->count;
    if (trainer->options.shuffle)
        bp_random_permutation(trainer->options.seed,
                              bp_stream(BP_STREAM_SHUFFLE, (uint32_t)trainer->position.epochs),
                              trainer->order, (uint32_t)count);
    else
        bp_batch_number(trainer->order, count);
}
