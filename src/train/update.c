/* One step on rows of the caller: online learning, by the optimizer of a run, beside its epochs. */
#include <math.h>

#include "base/sizes.h"
#include "ranks/ranks.h"
#include "train/trainer.h"

static bp_status check_use(const struct bp_trainer *trainer, float learning_rate, bp_error *error)
{
    if (!(learning_rate >= 0.0f && isfinite(learning_rate)))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "learning_rate %g is not a finite number above 0, nor 0 for that of the "
                       "options",
                       (double)learning_rate);
    if (trainer->options.refit)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "an update of a trainer with refit, which trains again from the first "
                       "weights: create one of the model without refit");
    if (bp_ranks_several(trainer->options.ranks))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "an update of a trainer over %zu ranks: create one without ranks",
                       bp_ranks_count(trainer->options.ranks));
    const bp_status status = bp_trainer_check_idle(trainer, error);
    return status ? status : bp_team_check(trainer->setup.engine.team, error);
}

/* Weights count as those of the training rows do; rows without any count as the mean of these. */
static bp_status bind(struct bp_trainer *trainer, const bp_dataset *batch, bp_error *error)
{
    struct bp_samples *samples = &trainer->batch.samples;
    const struct bp_bind_options options = {
        .need = BP_TARGETS_AND_WEIGHTS, .unknown = trainer->options.unknown, .once = true};
    const bp_status status =
        bp_samples_bind(samples, trainer->model->schema, batch, &options, error);
    return status ? status
                  : bp_samples_weigh(samples, &trainer->class_weights, trainer->weight_unit,
                                     bp_dataset_get_info(batch).path, error);
}

/* The run has other weights from here on, beside which those of epochs before do not count. */
static void note_change(struct bp_trainer *trainer)
{
    struct bp_position *position = &trainer->position;
    position->best_epoch = 0;
    position->gain_epoch = position->epochs;
    trainer->holds_best = false;
    trainer->is_updated = true;
    trainer->model->numerics = BP_NUMERICS_VERSION;
    bp_trainer_note_recipe(trainer);
}

static bp_status update(struct bp_trainer *trainer, float learning_rate, double *loss,
                        bp_error *error)
{
    struct bp_single_batch *batch = &trainer->batch;
    const bp_status status = bp_single_batch_prepare(
        batch, &trainer->setup, trainer->model->network, &trainer->options, error);
    if (status)
        return status;
    const struct bp_step_batch step = {
        .order = batch->order, .count = batch->rows, .number = trainer->position.updated};
    const float rate = learning_rate > 0.0f ? learning_rate : trainer->options.learning_rate;
    const double sum = bp_step_run(batch->step, &step, rate);
    if (!trainer->is_updated)
        note_change(trainer);
    trainer->position.updated += batch->rows;
    if (loss)
        *loss = sum / (double)batch->rows;
    if (isfinite(sum))
        return BP_OK;
    return bp_fail(error, BP_ERROR_NOT_FINITE,
                   "the loss of the rows is not finite: the weights have grown beyond all bounds; "
                   "go back to a copy, with a lower learning rate than %g",
                   (double)rate);
}

bp_status bp_trainer_update(bp_trainer *trainer, const bp_dataset *batch, float learning_rate,
                            double *loss, bp_error *error)
{
    if (loss)
        *loss = (double)NAN;
    BP_REQUIRE(trainer, error);
    BP_REQUIRE(batch, error);
    bp_status status = check_use(trainer, learning_rate, error);
    if (!status)
        status = bind(trainer, batch, error);
    if (!status)
        status = update(trainer, learning_rate, loss, error);
    bp_samples_release(&trainer->batch.samples);
    return status;
}

void bp_trainer_take_updates(struct bp_trainer *trainer)
{
    /* Within an epoch the weights from its begin are what a run that diverges goes back to. */
    if (trainer->is_updated && trainer->position.samples == 0)
        bp_trainer_keep_weights(trainer);
    trainer->is_updated = false;
}
