/* A model against options that are given again: what they say is compared, not how they say it. */
#include "model/model_options.h"

#include <stdio.h>
#include <string.h>

#include "base/sized.h"
#include "net/activation_table.h"
#include "options/layers.h"
#include "options/value.h"

#define TEXT_SIZE 256 /* of a value in a message */

bp_activation bp_model_resolve_output(bp_activation output, bp_task task)
{
    if (output != BP_ACTIVATION_AUTO)
        return output;
    return task == BP_TASK_CLASSIFY ? BP_ACTIVATION_SOFTMAX : BP_ACTIVATION_IDENTITY;
}

bp_loss bp_model_resolve_loss(bp_loss loss, bp_activation output)
{
    if (loss != BP_LOSS_AUTO)
        return loss;
    return output == BP_ACTIVATION_SOFTMAX ? BP_LOSS_CROSS_ENTROPY : BP_LOSS_MSE;
}

float bp_model_resolve_bend(float bend, bp_activation output, bp_task task)
{
    const struct bp_activation_row *row = bp_activation_get(output);
    if (bend != 0.0f)
        return bend;
    if (task == BP_TASK_CLASSIFY)
        return 0.125f;
    return row->low < row->high ? (row->high - row->low) / 8 : 1.0f;
}

bool bp_model_tells(const bp_option_info *row)
{
    static const char *const others[] = {
        "output-activation", "loss",   "init", "init-range", "task", "target", "weight",
        "target-scale",      "scaling"};
    for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
        if (strcmp(row->name, others[k]) == 0)
            return false;
    }
    return row->owner == BP_OPTION_OF_MODEL;
}

void bp_model_describe(const struct bp_model *model, bp_model_options *options)
{
    const struct bp_network_spec spec = bp_network_get_spec(model->network);
    const struct bp_schema *schema = model->schema;
    options->hidden_count = spec.layers - 1;
    for (size_t l = 0; l + 1 < spec.layers; l++) {
        options->hidden[l] = spec.widths[l + 1];
        options->activations[l] = spec.activations[l];
    }
    options->output_activation = spec.activations[spec.layers - 1];
    options->loss = spec.loss;
    if (spec.loss == BP_LOSS_HUBER)
        options->huber_bend = spec.loss_parameter;
    if (spec.loss == BP_LOSS_QUANTILE)
        options->quantile_level = spec.loss_parameter;
    options->hidden_delta = spec.hidden_delta;
    options->thresholds = !spec.reduced;
    options->scale = schema->scale;
    options->task = schema->task;
    options->missing = schema->missing;
    options->weight = schema->weight;
    if (schema->has_names && schema->target_columns == 1)
        options->target = schema->column[schema->input_columns].name;
    options->seed = model->seed;
}

/* With what the words of `options` stand for where the model is. */
static bp_model_options resolve(const struct bp_model *model, const bp_model_options *options)
{
    const struct bp_network_spec spec = bp_network_get_spec(model->network);
    bp_model_options resolved = *options;
    if (bp_hidden_is_auto(options)) {
        resolved.hidden_count = spec.layers - 1;
        memcpy(resolved.hidden, spec.widths + 1, resolved.hidden_count * sizeof *resolved.hidden);
    }
    if (options->task == BP_TASK_AUTO)
        resolved.task = model->schema->task;
    resolved.output_activation =
        bp_model_resolve_output(options->output_activation, model->schema->task);
    resolved.loss = bp_model_resolve_loss(options->loss, spec.activations[spec.layers - 1]);
    resolved.huber_bend = bp_model_resolve_bend(
        options->huber_bend, spec.activations[spec.layers - 1], model->schema->task);
    return resolved;
}

/* Whether the text names the columns that the model has. */
static bool names_columns(const bp_option_info *row, const bp_model_options *options,
                          const struct bp_schema *schema)
{
    const char *text = row->kind == BP_OPTION_TEXT ? bp_option_text(row, options) : NULL;
    if (!text)
        return false;
    if (row->offset == offsetof(bp_model_options, target))
        return bp_schema_has_targets(schema, text);
    return row->offset == offsetof(bp_model_options, weight) && schema->weight &&
           strcmp(schema->weight, text) == 0;
}

/* What the model has, for a message. */
static void write_own(const bp_option_info *row, const struct bp_model *model,
                      const bp_model_options *said, const bp_model_options *found,
                      char text[TEXT_SIZE])
{
    const struct bp_schema *schema = model->schema;
    size_t length = 0;
    if (row->offset != offsetof(bp_model_options, target)) {
        bp_option_write(row, bp_model_tells(row) || row->kind == BP_OPTION_CHOICE ? found : said,
                        text, TEXT_SIZE);
        if (!text[0])
            snprintf(text, TEXT_SIZE, "none");
        return;
    }
    for (size_t j = 0; j < schema->target_columns && length < TEXT_SIZE; j++)
        length += (size_t)snprintf(text + length, TEXT_SIZE - length, "%s%s", j ? "," : "",
                                   schema->column[schema->input_columns + j].name);
}

static bp_status fail_differs(const bp_option_info *row, const struct bp_model *model,
                              const bp_model_options *options, const bp_model_options *said,
                              bp_error *error)
{
    char asked[TEXT_SIZE], own[TEXT_SIZE];
    bp_model_options found = *said;
    bp_model_describe(model, &found);
    bp_option_write(row, options, asked, sizeof asked);
    write_own(row, model, said, &found, own);
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "%s %s: the model has %s, which stays: leave the option out, or make a new "
                   "model",
                   row->name, asked, own);
}

static bp_status check_row(const bp_option_info *row, const struct bp_model *model,
                           const bp_model_options *options, const bp_model_options *said,
                           bp_error *error)
{
    const bp_model_options asked = resolve(model, options), own = resolve(model, said);
    if (bp_option_is_same(row, options, said) || bp_option_is_same(row, &asked, &own) ||
        names_columns(row, options, model->schema))
        return BP_OK;
    return fail_differs(row, model, options, said, error);
}

bp_status bp_model_check_options(const bp_model *model, const bp_model_options *options,
                                 const char *const *given, size_t given_count, bp_error *error)
{
    BP_REQUIRE(model, error);
    if (given_count > 0)
        BP_REQUIRE(given, error);
    bp_model_options full = bp_model_options_default(), said = full;
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_model_options", error);
    if (!status)
        status = bp_model_get_options(model, &said, error);
    for (size_t k = 0; !status && k < given_count; k++) {
        const bp_option_info *row = given[k] ? bp_option_find(BP_OPTION_OF_MODEL, given[k]) : NULL;
        if (row && row->offset != offsetof(bp_model_options, seed))
            status = check_row(row, model, &full, &said, error);
    }
    return status;
}
