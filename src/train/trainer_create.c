/* Making a trainer: everything that can fail. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "data/samples/weights.h"
#include "model/recipe.h"
#include "options/auto_rule.h"
#include "ranks/agree.h"
#include "train/rank_match.h"
#include "train/train_options.h"
#include "train/trainer.h"

static bp_status copy_options(struct bp_trainer *trainer, const bp_train_options *options,
                              bp_error *error)
{
    trainer->options = *options;
    trainer->asked_batch = options->batch_size;
    trainer->options.class_weight = NULL; /* until it is a copy of its own */
    if (!options->class_weight)
        return BP_OK;
    trainer->options.class_weight = strdup(options->class_weight);
    return trainer->options.class_weight ? BP_OK : bp_fail_memory(error, "the class weights");
}

/* Puts in what auto stands for, now that the samples are there. */
static bp_status choose_values(struct bp_trainer *trainer, bp_error *error)
{
    bp_train_options *options = &trainer->options;
    bp_train_options_settle(options, trainer->model->network, trainer->samples.count);
    if (options->schedule_factor == 0.0f)
        options->schedule_factor = bp_schedule_factor(options->schedule);
    return bp_train_options_check_warmup(options, error);
}

static bp_status make_setup(struct bp_trainer *trainer, bp_error *error)
{
    const bp_train_options *options = &trainer->options;
    const size_t batches = bp_size_divide_up(trainer->samples.count, options->batch_size);
    size_t steps;
    const struct bp_training_setup_options setup = {
        .threads = options->threads,
        .backend = options->backend,
        .isa = options->isa,
        .batch_size = options->batch_size,
        .shard_size = bp_size_min(options->shard_size, options->batch_size),
        .steps = bp_size_mul(batches, options->epochs, &steps) ? steps : 0,
        .ranks = options->ranks,
        .train = options,
    };
    return bp_training_setup_make(&trainer->setup, trainer->model->network, &trainer->samples,
                                  &setup, error);
}

/* In a training the mean weight counts 1, so that a learning rate means the same with and without
 * weights. */
static bp_status weigh_training(struct bp_samples *samples, const struct bp_class_weights *weights,
                                double *unit, const bp_dataset *dataset, bp_error *error)
{
    *unit = bp_samples_mean_weight(samples, weights);
    return bp_samples_weigh(samples, weights, *unit, bp_dataset_get_info(dataset).path, error);
}

/* The samples of a refit have class weights of their own, as in a training on all of them. */
static bp_status bind_refit(struct bp_trainer *trainer, const bp_dataset *train,
                            const bp_dataset *valid, bp_error *error)
{
    const struct bp_schema *schema = trainer->model->schema;
    struct bp_samples *samples = &trainer->refit.samples;
    struct bp_class_weights weights = {0};
    double unit;
    bp_status status = bp_samples_bind_both(samples, schema, train, valid,
                                            bp_train_options_unknown(&trainer->options), error);
    if (!status)
        status =
            bp_class_weights_fit(&weights, schema, samples, trainer->options.class_weight, error);
    if (!status)
        status = weigh_training(samples, &weights, &unit, train, error);
    bp_class_weights_release(&weights);
    return status;
}

bp_status bp_trainer_bind_training(const struct bp_trainer *trainer, const bp_dataset *train,
                                   struct bp_samples *samples, struct bp_class_weights *weights,
                                   double *unit, bp_error *error)
{
    const struct bp_schema *schema = trainer->model->schema;
    const struct bp_bind_options options = {.need = BP_TARGETS_AND_WEIGHTS};
    bp_status status = bp_samples_bind(samples, schema, train, &options, error);
    if (!status)
        status =
            bp_class_weights_fit(weights, schema, samples, trainer->options.class_weight, error);
    return status ? status : weigh_training(samples, weights, unit, train, error);
}

/* Binds both sets; the class weights of both are those of the training samples. */
static bp_status bind_samples(struct bp_trainer *trainer, const bp_dataset *train,
                              const bp_dataset *valid, bp_error *error)
{
    const struct bp_bind_options validation = {
        .need = BP_TARGETS_REQUIRED, .unknown = bp_train_options_unknown(&trainer->options)};
    trainer->has_validation = valid != NULL;
    bp_status status = bp_trainer_bind_training(
        trainer, train, &trainer->samples, &trainer->class_weights, &trainer->weight_unit, error);
    if (!status && valid)
        status = bp_samples_bind(&trainer->valid.samples, trainer->model->schema, valid,
                                 &validation, error);
    if (!status && valid)
        status = bp_samples_weigh(&trainer->valid.samples, &trainer->class_weights, 1.0,
                                  bp_dataset_get_info(valid).path, error);
    return status;
}

static bp_status make_validation(struct bp_trainer *trainer, bp_error *error)
{
    struct bp_validation *valid = &trainer->valid;
    bp_status status = bp_metric_check(trainer->options.metric, trainer->model->schema, error);
    if (!status)
        status = bp_infer_create(&valid->infer, trainer->model, &valid->samples,
                                 &trainer->setup.engine, error);
    if (!status)
        status = bp_infer_share(valid->infer, trainer->options.ranks, error);
    if (!status)
        status =
            bp_metric_accumulator_make(&valid->accumulator, trainer->model, &valid->samples, error);
    if (!status)
        status = bp_metric_accumulator_check(&valid->accumulator, trainer->options.metric, error);
    if (status || !trainer->options.keep_best)
        return status;
    trainer->best_weights =
        bp_aligned_alloc(trainer->model->network->floats, sizeof *trainer->best_weights);
    return trainer->best_weights ? BP_OK : bp_fail_memory(error, "the best weights");
}

static bp_status make_recipe(struct bp_trainer *trainer, const bp_train_options *options,
                             double fraction, bp_error *error)
{
    const struct bp_recipe_training training = {options, &trainer->options, fraction};
    trainer->recipe = bp_recipe_train(trainer->model->recipe, &training);
    return trainer->recipe ? BP_OK : bp_fail_memory(error, "the options of a training");
}

/* Everything that can fail, in an order in which bp_trainer_free() can undo it. */
static bp_status build(struct bp_trainer *trainer, const bp_dataset *train, const bp_dataset *valid,
                       const bp_train_options *options, bp_error *error)
{
    const struct bp_options_use use = {.validates = valid != NULL};
    bp_status status = bp_train_options_check(
        options, bp_network_get_spec(trainer->model->network).layers - 1, &use, error);
    if (!status)
        status = copy_options(trainer, options, error);
    if (!status && valid)
        trainer->options.metric = bp_metric_resolve(options->metric, trainer->model);
    if (!status)
        status = bind_samples(trainer, train, valid, error);
    if (!status && trainer->options.refit)
        status = bind_refit(trainer, train, valid, error);
    trainer->refit.batch_size = bp_auto_batch(trainer->refit.samples.count, options);
    if (!status)
        status = choose_values(trainer, error);
    if (!status)
        status = make_setup(trainer, error);
    if (!status)
        status = make_recipe(trainer, options, bp_trainer_find_fraction(train, valid), error);
    if (!status && trainer->options.refit)
        status = bp_refit_make(&trainer->refit, &trainer->setup, trainer->model->network,
                               &trainer->options, error);
    if (status)
        return status;
    const size_t count = trainer->samples.count;
    trainer->order =
        bp_array_alloc(bp_size_max(count, trainer->refit.samples.count), sizeof *trainer->order);
    trainer->epoch_weights =
        bp_aligned_alloc(trainer->model->network->floats, sizeof *trainer->epoch_weights);
    const bool several = bp_ranks_several(options->ranks);
    if (several)
        trainer->stops = bp_array_alloc(options->ranks->count, sizeof *trainer->stops);
    if (!trainer->order || !trainer->epoch_weights || (several && !trainer->stops))
        return bp_fail_memory(error, "the order of the samples and a copy of the weights");
    return valid ? make_validation(trainer, error) : BP_OK;
}

static bp_status check_arguments(bp_trainer *const *out, const bp_model *model,
                                 const bp_dataset *train, bp_error *error)
{
    BP_REQUIRE(out, error);
    BP_REQUIRE(model, error);
    BP_REQUIRE(train, error);
    return bp_model_check_single(model, "a trainer", error);
}

bp_status bp_trainer_create(bp_trainer **out, bp_model *model, const bp_dataset *train,
                            const bp_dataset *valid, const bp_train_options *options,
                            bp_error *error)
{
    bp_train_options full = bp_train_options_default();
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_train_options", error);
    if (out)
        *out = NULL;
    if (!status)
        status = check_arguments(out, model, train, error);
    struct bp_trainer *trainer = status ? NULL : calloc(1, sizeof *trainer);
    if (!status && !trainer)
        status = bp_fail_memory(error, "a trainer");
    if (trainer) {
        trainer->model = model;
        status = build(trainer, train, valid, &full, error);
    }
    status = bp_ranks_agree(full.ranks, status, error);
    if (!status && bp_ranks_several(full.ranks))
        bp_trainer_digest_samples(trainer);
    if (!status)
        status = bp_rank_match(trainer, error);
    if (status) {
        bp_trainer_free(trainer);
        return status;
    }
    trainer->all_threads = bp_ranks_sum(full.ranks, bp_team_threads(trainer->setup.engine.team));
    bp_trainer_begin_epoch(trainer);
    *out = trainer;
    return BP_OK;
}
