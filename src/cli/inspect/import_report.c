/* An imported model in a few lines: the network, and what is not as the file has it. */
#include "cli/inspect/import_report.h"

#include "cli/fields/fields.h"
#include "cli/terminal/numbers.h"

static void put_network(struct fields *out, const bp_model_info *model)
{
    char parameters[NUMBER_TEXT_SIZE];
    fields_line(out, "network", "%zu", model->widths[0]);
    for (size_t l = 1; l <= model->layers; l++)
        fields_more(out, " - %zu", model->widths[l]);
    fields_more(out, ", %s parameters", number_group((double)model->parameters, parameters));
    fields_array(out, "widths");
    for (size_t l = 0; l <= model->layers; l++)
        fields_whole(out, NULL, NULL, model->widths[l]);
    fields_close(out);
    fields_whole(out, "parameters", NULL, model->parameters);
}

static void put_activations(struct fields *out, const bp_model_info *model)
{
    fields_line(out, "activations", "%s",
                bp_choice_name(BP_CHOICE_ACTIVATION, (int)model->activations[0]));
    for (size_t l = 1; l < model->layers; l++)
        fields_more(out, ", %s", bp_choice_name(BP_CHOICE_ACTIVATION, (int)model->activations[l]));
    fields_array(out, "activations");
    for (size_t l = 0; l < model->layers; l++)
        fields_choice(out, NULL, NULL, BP_CHOICE_ACTIVATION, (int)model->activations[l]);
    fields_close(out);
}

/* What a reader of the file would not expect. */
static void put_changes(struct fields *out, const bp_import_info *info)
{
    char rounded[NUMBER_TEXT_SIZE];
    fields_whole(out, "rounded", NULL, info->rounded);
    fields_flag(out, "by_shapes", info->by_shapes);
    fields_flag(out, "split", info->split);
    fields_flag(out, "reordered", info->reordered);
    if (info->rounded > 0)
        fields_line(out, "rounded", "%s parameters, to the nearest of single precision",
                    number_group((double)info->rounded, rounded));
    if (info->by_shapes)
        fields_line(out, "order", "of the layers by their shapes: their names do not say it");
    if (info->split)
        fields_line(out, "outputs", "one logistic neuron for two classes has become two");
    if (info->reordered)
        fields_line(out, "classes", "sorted, and the output neurons with them");
}

int import_report_print(const bp_model *model, const bp_import_info *info, bool json)
{
    const bp_model_info of_model = bp_model_get_info(model);
    struct fields out = fields_begin(json, 16);
    fields_choice(&out, "format", "format", BP_CHOICE_IMPORT_FORMAT, (int)info->format);
    put_network(&out, &of_model);
    put_activations(&out, &of_model);
    fields_choice(&out, "loss", "loss", BP_CHOICE_LOSS, (int)of_model.loss);
    fields_choice(&out, "task", "task", BP_CHOICE_TASK, (int)of_model.task);
    put_changes(&out, info);
    fields_text(&out, "weights_digest", "weights digest", of_model.weights_digest);
    return fields_end(&out);
}
