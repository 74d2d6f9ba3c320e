/* Other rows for a run that goes on. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "options/auto_rule.h"
#include "ranks/ranks.h"
#include "train/trainer.h"

/* What a trainer has of its training rows. */
struct rows {
    struct bp_samples samples;
    struct bp_class_weights weights;
    double unit;
    size_t batch_size;
    uint32_t *order;
};

static bp_status check_use(const struct bp_trainer *trainer, bp_error *error)
{
    if (trainer->options.refit)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "other data for a trainer with refit, which trains again on both sets: "
                       "create one of the model without refit");
    if (bp_ranks_several(trainer->options.ranks))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "other data for a trainer over %zu ranks: create one without ranks",
                       bp_ranks_count(trainer->options.ranks));
    const bp_status status = bp_trainer_check_idle(trainer, error);
    return status ? status : bp_team_check(trainer->setup.engine.team, error);
}

static void release_rows(struct rows *rows)
{
    bp_samples_release(&rows->samples);
    bp_class_weights_release(&rows->weights);
    free(rows->order);
}

static bp_status make_rows(struct rows *rows, const struct bp_trainer *trainer,
                           const bp_dataset *train, bp_error *error)
{
    bp_train_options options = trainer->options;
    const bp_status status = bp_trainer_bind_training(trainer, train, &rows->samples,
                                                      &rows->weights, &rows->unit, error);
    if (status)
        return status;
    options.batch_size = trainer->asked_batch;
    rows->batch_size = bp_auto_batch(rows->samples.count, &options);
    rows->order = bp_array_alloc(rows->samples.count, sizeof *rows->order);
    return rows->order ? BP_OK : bp_fail_memory(error, "the order of the samples");
}

/* Between the trainer and `rows`, there and back. */
static void exchange(struct bp_trainer *trainer, struct rows *rows)
{
    const struct rows before = {trainer->samples, trainer->class_weights, trainer->weight_unit,
                                trainer->options.batch_size, trainer->order};
    trainer->samples = rows->samples;
    trainer->class_weights = rows->weights;
    trainer->weight_unit = rows->unit;
    trainer->options.batch_size = rows->batch_size;
    trainer->order = rows->order;
    *rows = before;
}

/* The step reads the samples where the trainer has them. */
static bp_status make_step(struct bp_step **step, struct bp_trainer *trainer, bp_error *error)
{
    const bp_train_options *options = &trainer->options;
    const struct bp_training_setup_options setup = {
        .batch_size = options->batch_size,
        .shard_size = bp_size_min(options->shard_size, options->batch_size),
        .train = options,
    };
    return bp_training_setup_add(step, &trainer->setup, trainer->model->network, &trainer->samples,
                                 &setup, error);
}

/* An epoch that has begun begins again. */
static void begin(struct bp_trainer *trainer, struct bp_step *step, size_t updates)
{
    struct bp_position *position = &trainer->position;
    bp_step_free(trainer->setup.step);
    trainer->setup.step = step;
    trainer->samples_digest[0] = '\0';
    position->other_epochs = position->epochs;
    position->other_updates = updates;
    position->samples = 0;
    position->loss = 0.0;
    if (trainer->holds_best) /* a run goes on from the weights that are kept */
        bp_trainer_order(trainer);
    else
        bp_trainer_begin_epoch(trainer);
}

bp_status bp_trainer_set_data(bp_trainer *trainer, const bp_dataset *train, bp_error *error)
{
    BP_REQUIRE(trainer, error);
    BP_REQUIRE(train, error);
    struct rows rows = {.order = NULL};
    struct bp_step *step = NULL;
    const size_t updates = bp_trainer_count_updates(trainer);
    bp_status status = check_use(trainer, error);
    if (!status)
        status = make_rows(&rows, trainer, train, error);
    if (!status) {
        exchange(trainer, &rows);
        status = make_step(&step, trainer, error);
        if (status)
            exchange(trainer, &rows);
        else
            begin(trainer, step, updates);
    }
    release_rows(&rows);
    return status;
}
