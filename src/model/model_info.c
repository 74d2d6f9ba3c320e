/* Looking into a model, and setting its parameters. */
#include <math.h>
#include <string.h>

#include "base/sized.h"
#include "model/members.h"
#include "model/recipe.h"

static void put_layers(bp_model_info *info, const struct bp_network_spec *spec)
{
    info->layers = spec->layers;
    memcpy(info->widths, spec->widths, sizeof spec->widths);
    memcpy(info->activations, spec->activations, sizeof spec->activations);
}

bp_model_info bp_model_get_info(const bp_model *model)
{
    if (!model)
        return (bp_model_info){0};
    const struct bp_network_spec spec = bp_network_get_spec(bp_model_first(model));
    bp_model_info info = {
        .loss = spec.loss,
        .loss_parameter = spec.loss_parameter,
        .hidden_delta = spec.hidden_delta,
        .thresholds = !spec.reduced,
        .task = model->schema->task,
        .scale = model->schema->scale,
        .missing = model->schema->missing,
        .seed = model->seed,
        .numerics = model->numerics,
        .input_columns = model->schema->input_columns,
        .target_columns = model->schema->target_columns,
        .weight = model->schema->weight,
        .has_recipe = bp_recipe_has_training(model),
        .valid_fraction = bp_recipe_valid_fraction(model),
        .members = bp_model_networks(model),
        .outputs = model->schema->outputs,
        .output_activation = spec.activations[spec.layers - 1],
        .has_factors = model->factor != NULL,
    };
    if (!model->member)
        put_layers(&info, &spec);
    for (size_t m = 0; m < info.members; m++)
        info.parameters += bp_model_at(model, m)->network->parameters;
    bp_model_digest(model, info.weights_digest);
    return info;
}

static void put_reading(bp_read_options *options, const struct bp_schema *schema)
{
    const struct bp_reading *reading = &schema->reading;
    options->header = schema->has_names ? BP_HEADER_YES : reading->header;
    options->separator = reading->separator;
    options->decimal = reading->decimal;
    options->missing_values = reading->missing_values;
    options->categorical = reading->categorical;
    options->ignore = reading->ignore;
    options->id = reading->id;
}

void bp_model_read_options_init(bp_read_options *options, size_t size, const bp_model *model)
{
    bp_read_options full = bp_read_options_default();
    if (model)
        put_reading(&full, model->schema);
    if (model) {
        full.origins = model->schema->origins;
        full.origin_count = model->schema->origin_count;
    }
    bp_sized_init(options, size, &full, sizeof full);
}

bp_status bp_model_get_column(const bp_model *model, size_t column, bp_model_column *info,
                              bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(info, error);
    const struct bp_schema *schema = model->schema;
    if (column >= schema->input_columns + schema->target_columns)
        return bp_fail(error, BP_ERROR_ARGUMENT, "column %zu: the model has %zu", column,
                       schema->input_columns + schema->target_columns);
    const struct bp_schema_column *from = &schema->column[column];
    *info = (bp_model_column){
        .name = from->name,
        .role = from->role,
        .kind = from->kind,
        .first = from->first,
        .neurons = from->neurons,
        .origin = from->origin,
        .shift = from->shift,
        .scale = from->scale,
        .fill = (float)(from->origin + (double)from->fill),
        .indicator = from->indicator,
        .categories = (const char *const *)from->category,
        .position = from->position,
    };
    return BP_OK;
}
