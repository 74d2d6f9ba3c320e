/* Making a model for a dataset. */
#include <stdlib.h>

#include "base/sized.h"
#include "model/members.h"
#include "model/model_options.h"
#include "model/recipe.h"
#include "net/activation_table.h"
#include "net/loss_table.h"
#include "options/auto_rule.h"
#include "options/check.h"

/* The range that number targets are fitted to; both ends are 0 where they are standardized. */
static void find_range(const bp_model_options *options, float range[2])
{
    const struct bp_activation_row *output = bp_activation_get(options->output_activation);
    const bool shares = bp_loss_get(options->loss)->shares;
    range[0] = shares ? 0 : output->low;
    range[1] = shares ? 1 : output->high;
}

static bp_status fit_schema(struct bp_model *model, const bp_dataset *dataset,
                            const bp_model_options *options, bp_error *error)
{
    float range[2];
    find_range(options, range);
    const struct bp_schema_options schema = {
        .target = options->target,
        .weight = options->weight,
        .missing = options->missing,
        .task = options->task,
        .scale = options->scale,
        .counts = bp_loss_get(options->loss)->counts,
        .bounded = range[0] < range[1],
        .low = range[0],
        .high = range[1],
        .shares = bp_loss_get(options->loss)->shares,
        .raw = options->target_scale == BP_TARGET_SCALE_NONE,
        .scaling = options->scaling,
    };
    return bp_schema_fit(&model->schema, dataset, &schema, error);
}

/* What goes with the targets. */
static bp_status check_task(const struct bp_network_spec *spec, const struct bp_schema *schema,
                            bp_error *error)
{
    const char *name = schema->column[schema->input_columns].name;
    const bool classes = schema->task == BP_TASK_CLASSIFY;
    if (!classes && spec->activations[spec->layers - 1] == BP_ACTIVATION_SOFTMAX)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "output activation softmax is for classes, and column \"%s\" holds numbers: "
                       "give output activation identity, or task classify",
                       name);
    if (classes && bp_loss_get(spec->loss)->counts)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "loss %s is for counts, and column \"%s\" holds classes: give loss "
                       "cross-entropy with output activation softmax, or task regress",
                       bp_choice_name(BP_CHOICE_LOSS, (int)spec->loss), name);
    return BP_OK;
}

static bp_status create_network(struct bp_model *model, const bp_model_options *options,
                                bp_error *error)
{
    const struct bp_schema *schema = model->schema;
    struct bp_network_spec spec = {
        .layers = options->hidden_count + 1,
        .hidden_delta = options->hidden_delta,
        .reduced = !options->thresholds,
    };
    spec.widths[0] = schema->inputs;
    for (size_t l = 0; l < options->hidden_count; l++) {
        spec.widths[l + 1] = options->hidden[l];
        spec.activations[l] = options->activations[l];
    }
    const bp_activation output = bp_model_resolve_output(options->output_activation, schema->task);
    spec.widths[spec.layers] = schema->outputs;
    spec.activations[spec.layers - 1] = output;
    spec.loss = bp_model_resolve_loss(options->loss, output);
    spec.loss_parameter = bp_loss_parameter(options, spec.loss);
    if (spec.loss == BP_LOSS_HUBER)
        spec.loss_parameter = bp_model_resolve_bend(spec.loss_parameter, output, schema->task);
    bp_status status = check_task(&spec, schema, error);
    if (!status)
        status = bp_network_create(&model->network, &spec, error);
    const struct bp_initializer initializer = {options->init, options->init_range, options->seed};
    return status ? status : bp_network_initialize(model->network, &initializer, error);
}

/* The columns are those of `first` or, where that is NULL, fitted to `dataset`. */
static bp_status create_model(bp_model **out, const bp_dataset *dataset,
                              const struct bp_model *first, const bp_model_options *options,
                              bp_error *error)
{
    bp_model_options full = bp_model_options_default();
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_model_options", error);
    const struct bp_options_use use = {0};
    if (!status)
        status = bp_options_check_rows(BP_OPTION_OF_MODEL, &full, &use, error);
    if (status)
        return status;
    struct bp_model *model = calloc(1, sizeof *model);
    if (!model)
        return bp_fail_memory(error, "a model");
    model->seed = full.seed;
    model->numerics = BP_NUMERICS_VERSION;
    if (first)
        model->schema = bp_schema_share(first->schema);
    else
        status = fit_schema(model, dataset, &full, error);
    if (!status) {
        bp_auto_hidden(&full);
        status = create_network(model, &full, error);
    }
    if (!status && !(model->recipe = bp_recipe_create(&full)))
        status = bp_fail_memory(error, "the options of a model");
    if (status) {
        bp_model_free(model);
        return status;
    }
    *out = model;
    return BP_OK;
}

bp_status bp_model_create(bp_model **out, const bp_dataset *dataset,
                          const bp_model_options *options, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(dataset, error);
    return create_model(out, dataset, NULL, options, error);
}

bp_status bp_model_create_sharing(bp_model **out, const struct bp_model *first,
                                  const bp_model_options *options, bp_error *error)
{
    *out = NULL;
    return create_model(out, NULL, first, options, error);
}

void bp_model_free(bp_model *model)
{
    if (!model)
        return;
    for (size_t m = 0; m < model->members; m++)
        bp_model_free(model->member[m].model);
    free(model->member);
    bp_network_free(model->network);
    bp_schema_free(model->schema);
    json_decref(model->recipe);
    free(model->factor);
    free(model);
}
