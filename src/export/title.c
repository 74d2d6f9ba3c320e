/* The first words of an exported file. */
#include "export/formats.h"

/* "a network 4-8-3" or "5 networks". */
static void put_shape(struct bp_export_text *text, const struct bp_model *model)
{
    if (model->member) {
        bp_export_put(text, "%zu networks", model->members);
        return;
    }
    bp_export_put(text, "a network %zu", model->network->layer[0].in);
    for (size_t l = 0; l < model->network->layers; l++)
        bp_export_put(text, "-%zu", model->network->layer[l].out);
}

void bp_export_put_title(struct bp_export_text *text, const struct bp_exported *exported)
{
    bp_export_put(text, "%s: ", exported->name);
    put_shape(text, exported->model);
    bp_export_put(text, ", written by batchprop " BP_VERSION ".");
}
