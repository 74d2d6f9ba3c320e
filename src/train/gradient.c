/* The loss of a model and its gradient, for optimizers of the caller: a step without an update. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sized.h"
#include "data/samples/weights.h"
#include "model/layer_view.h"
#include "model/model.h"
#include "step/passes/shards.h"
#include "train/setup/single_batch.h"

struct bp_gradient {
    const struct bp_model *model;
    bp_run_options options;         /* texts are the caller's */
    struct bp_training_setup setup; /* an engine, from the first batch on */
    struct bp_single_batch batch;
    float *values; /* as network->values: of the added biases, too */
};

bp_status bp_gradient_create(bp_gradient **out, const bp_model *model,
                             const bp_run_options *options, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(model, error);
    bp_run_options full = bp_run_options_default();
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_run_options", error);
    if (!status)
        status = bp_model_check_single(model, "a gradient", error);
    if (status)
        return status;
    struct bp_gradient *gradient = calloc(1, sizeof *gradient);
    float *values = bp_aligned_alloc(model->network->floats, sizeof *values);
    if (!gradient || !values) {
        free(gradient);
        bp_aligned_free(values);
        return bp_fail_memory(error, "a gradient");
    }
    gradient->model = model;
    gradient->options = full;
    gradient->values = values;
    *out = gradient;
    return BP_OK;
}

void bp_gradient_free(bp_gradient *gradient)
{
    if (!gradient)
        return;
    bp_single_batch_release(&gradient->batch);
    bp_training_setup_release(&gradient->setup);
    bp_aligned_free(gradient->values);
    free(gradient);
}

static bp_status bind(struct bp_gradient *gradient, const bp_dataset *batch, bp_error *error)
{
    const bp_run_options *options = &gradient->options;
    const struct bp_schema *schema = gradient->model->schema;
    struct bp_samples *samples = &gradient->batch.samples;
    struct bp_class_weights weights = {0};
    const struct bp_bind_options binding = {.need = BP_TARGETS_REQUIRED,
                                            .target = options->target,
                                            .weight = options->weight,
                                            .unknown = options->unknown,
                                            .once = true};
    bp_status status = bp_samples_bind(samples, schema, batch, &binding, error);
    if (!status)
        status = bp_class_weights_fit(&weights, schema, samples, options->class_weight, error);
    if (!status)
        status = bp_samples_weigh(samples, &weights, bp_samples_mean_weight(samples, &weights),
                                  bp_dataset_get_info(batch).path, error);
    bp_class_weights_release(&weights);
    return status;
}

/* Threads for batches like the first one. */
static bp_status make_engine(struct bp_gradient *gradient, bp_error *error)
{
    const size_t rows = gradient->batch.samples.count;
    const struct bp_engine_options options = {
        .threads = gradient->options.threads,
        .backend = gradient->options.backend,
        .isa = gradient->options.isa,
        .shares = bp_shards_at_once(rows, 0),
        .operations = 6.0 * (double)gradient->model->network->parameters * (double)rows,
    };
    if (gradient->setup.engine.team)
        return bp_team_check(gradient->setup.engine.team, error);
    return bp_engine_make(&gradient->setup.engine, &options, error);
}

static bp_status compute(struct bp_gradient *gradient, double *loss, bp_error *error)
{
    struct bp_single_batch *batch = &gradient->batch;
    bp_status status = make_engine(gradient, error);
    if (!status)
        status =
            bp_single_batch_prepare(batch, &gradient->setup, gradient->model->network, NULL, error);
    if (status)
        return status;
    const double sum = bp_step_gradient(batch->step, batch->order, batch->rows, gradient->values);
    if (loss)
        *loss = sum / (double)batch->rows;
    return BP_OK;
}

bp_status bp_gradient_compute(bp_gradient *gradient, const bp_dataset *batch, double *loss,
                              bp_error *error)
{
    if (loss)
        *loss = (double)NAN;
    BP_REQUIRE(gradient, error);
    BP_REQUIRE(batch, error);
    bp_status status = bind(gradient, batch, error);
    if (!status)
        status = compute(gradient, loss, error);
    bp_samples_release(&gradient->batch.samples);
    return status;
}

bp_status bp_gradient_get_parameters(const bp_gradient *gradient, size_t layer, float *weights,
                                     float *thresholds, bp_error *error)
{
    BP_REQUIRE(gradient, error);
    const bp_status status = bp_model_check_layer(gradient->model, layer, error);
    if (status)
        return status;
    bp_layer_copy(gradient->model->network, layer, gradient->values, weights, thresholds);
    return BP_OK;
}

bp_status bp_gradient_view_layer(const bp_gradient *gradient, size_t layer, bp_layer_view *view,
                                 bp_error *error)
{
    BP_REQUIRE(gradient, error);
    BP_REQUIRE(view, error);
    *view = (bp_layer_view){0};
    const bp_status status = bp_model_check_layer(gradient->model, layer, error);
    if (!status)
        *view = bp_layer_look(gradient->model->network, layer, gradient->values);
    return status;
}
