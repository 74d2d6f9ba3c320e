#include "export/walk.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "model/members.h"
#include "net/loss_table.h"

struct bp_exported bp_exported_make(const struct bp_model *model, const bp_export_options *options)
{
    struct bp_exported exported = {
        .model = model, .schema = model->schema, .options = *options, .name = options->name};
    for (size_t k = 0; k < model->schema->input_columns; k++) {
        const struct bp_schema_column *column = &model->schema->column[k];
        if (column->kind == BP_COLUMN_NUMBER)
            exported.numbers += bp_schema_column_cells(column);
        else
            exported.texts++;
    }
    for (size_t m = 0; m < bp_model_networks(model); m++) {
        const struct bp_network *network = bp_model_at(model, m)->network;
        for (size_t l = 0; l < network->layers; l++)
            exported.parameters += (network->layer[l].in + 1) * network->layer[l].out;
    }
    bp_model_digest(model, exported.digest);
    return exported;
}

void bp_export_walk_columns(const struct bp_exported *exported, const struct bp_export_steps *steps,
                            void *format)
{
    size_t numbers = 0, texts = 0;
    for (size_t k = 0; k < exported->schema->input_columns; k++) {
        const struct bp_schema_column *schema = &exported->schema->column[k];
        struct bp_export_column column = {.schema = schema, .index = k};
        if (schema->kind == BP_COLUMN_NUMBER) {
            column.cells = bp_schema_column_cells(schema);
            column.argument = numbers;
            numbers += column.cells;
            if (steps->number)
                steps->number(format, &column);
        } else {
            column.argument = texts++;
            if (steps->category)
                steps->category(format, &column);
        }
    }
}

static bp_status walk_layer(const struct bp_network *network, size_t m, size_t l,
                            const struct bp_export_steps *steps, void *format, bp_error *error)
{
    const struct bp_layer *from = &network->layer[l];
    const bool last = l + 1 == network->layers;
    size_t count;
    float *weights =
        bp_size_mul(from->in, from->out, &count) ? bp_array_alloc(count, sizeof *weights) : NULL;
    float *bias = bp_array_alloc(from->out, sizeof *bias);
    const bool complete = weights && bias;
    if (complete) {
        bp_layer_unpack(from, network->values, weights, bias);
        steps->layer(format, &(struct bp_export_layer){
                                 .network = m,
                                 .index = l,
                                 .last = last,
                                 .in = from->in,
                                 .out = from->out,
                                 .weights = weights,
                                 .bias = bias,
                                 .activation = from->activation,
                                 .counts = last && bp_loss_get(network->loss)->counts,
                             });
    }
    free(weights);
    free(bias);
    return complete ? BP_OK : bp_fail_memory(error, "a copy of a layer");
}

bp_status bp_export_walk_networks(const struct bp_exported *exported,
                                  const struct bp_export_steps *steps, void *format,
                                  bp_error *error)
{
    const struct bp_model *model = exported->model;
    bp_status status = BP_OK;
    for (size_t m = 0; !status && m < bp_model_networks(model); m++) {
        const struct bp_network *network = bp_model_at(model, m)->network;
        for (size_t l = 0; !status && steps->layer && l < network->layers; l++)
            status = walk_layer(network, m, l, steps, format, error);
        if (!status && steps->network)
            steps->network(format, m, model->member ? model->member[m].weight : 1.0);
    }
    return status;
}
