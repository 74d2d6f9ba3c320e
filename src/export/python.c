/* The format python: what the model is as constants, then the functions of python.py. */
#include <string.h>

#include "export/base64.h"
#include "export/formats.h"

static const char *const functions[] = {
#include "export/python_py.inc"
};

struct module {
    struct bp_export_text *text;
    const struct bp_exported *exported;
};

static void put_number(struct bp_export_text *text, const char *key, double value)
{
    bp_export_put(text, ", %s=", key);
    bp_export_put_real(text, value, false);
}

static void put_list(struct bp_export_text *text, char *const *word, size_t count)
{
    bp_export_put(text, "[");
    for (size_t k = 0; k < count; k++) {
        bp_export_put(text, "%s", k == 0 ? "" : ", ");
        bp_export_put_quoted(text, word[k], false);
    }
    bp_export_put(text, "]");
}

static void begin_column(struct bp_export_text *text, const struct bp_schema_column *column)
{
    bp_export_put(text, "    dict(name=");
    bp_export_put_quoted(text, column->name, false);
}

static void put_number_column(void *format, const struct bp_export_column *column)
{
    const struct module *module = format;
    const struct bp_schema_column *schema = column->schema;
    begin_column(module->text, schema);
    bp_export_put(module->text, ", cells=%zu", column->cells);
    put_number(module->text, "origin", schema->origin);
    put_number(module->text, "shift", (double)schema->shift);
    put_number(module->text, "scale", (double)schema->scale);
    put_number(module->text, "fill", (double)schema->fill);
    bp_export_put(module->text, ", tells=%s),\n", schema->indicator ? "True" : "False");
}

static void put_category_column(void *format, const struct bp_export_column *column)
{
    const struct module *module = format;
    const struct bp_schema_column *schema = column->schema;
    const bp_unknown unknown = module->exported->options.unknown;
    begin_column(module->text, schema);
    bp_export_put(module->text, ", categories=");
    put_list(module->text, schema->category, schema->neurons);
    if (unknown == BP_UNKNOWN_MOST_FREQUENT)
        bp_export_put(module->text, ", other=%zu),\n", schema->most_frequent);
    else
        bp_export_put(module->text, ", other=%s),\n", unknown == BP_UNKNOWN_IGNORE ? "-1" : "None");
}

static void put_layer(void *format, const struct bp_export_layer *layer)
{
    const struct module *module = format;
    const struct bp_model *model = module->exported->model;
    if (layer->index == 0) {
        bp_export_put(module->text, "    (");
        bp_export_put_real(module->text, model->member ? model->member[layer->network].weight : 1.0,
                           false);
        bp_export_put(module->text, ", [\n");
    }
    bp_export_put(module->text, "        (\"%s\", %zu,\n         \"",
                  layer->counts ? "exp"
                                : bp_choice_name(BP_CHOICE_ACTIVATION, (int)layer->activation),
                  layer->in);
    bp_export_put_base64(module->text, layer->bias, layer->out);
    bp_export_put(module->text, "\",\n         \"");
    bp_export_put_base64(module->text, layer->weights, layer->out * layer->in);
    bp_export_put(module->text, "\"),\n%s", layer->last ? "    ]),\n" : "");
}

static void put_targets(const struct module *module)
{
    const struct bp_schema *schema = module->exported->schema;
    bp_export_put(module->text, "CLASSES = FACTORS = None\n"
                                "# A number is origin + (output / scale + shift).\n"
                                "TARGETS = [\n");
    for (size_t j = 0; j < schema->outputs; j++) {
        const struct bp_schema_column *target = &schema->column[schema->input_columns + j];
        begin_column(module->text, target);
        put_number(module->text, "origin", target->origin);
        put_number(module->text, "scale", (double)target->scale);
        put_number(module->text, "shift", (double)target->shift);
        bp_export_put(module->text, "),\n");
    }
    bp_export_put(module->text, "]\n");
}

static void put_classes(const struct module *module)
{
    const struct bp_model *model = module->exported->model;
    const struct bp_schema_column *target = &model->schema->column[model->schema->input_columns];
    bp_export_put(module->text, "CLASSES = ");
    put_list(module->text, target->category, target->neurons);
    bp_export_put(module->text,
                  "\n# The class is that of the largest factor * output.\nFACTORS = [");
    for (size_t j = 0; j < target->neurons; j++) {
        bp_export_put(module->text, "%s", j == 0 ? "" : ", ");
        bp_export_put_real(module->text, model->factor ? model->factor[j] : 1.0, false);
    }
    bp_export_put(module->text, "]\n");
}

static bp_status put_model(struct module *module, bp_error *error)
{
    static const struct bp_export_steps columns = {.number = put_number_column,
                                                   .category = put_category_column};
    static const struct bp_export_steps networks = {.layer = put_layer};
    const struct bp_schema *schema = module->exported->schema;
    bp_export_put(
        module->text,
        "# What becomes of a column: (number - origin - shift) * scale, where a missing one is "
        "fill, and tells makes\n# a neuron that says so; or a neuron for each category, where "
        "other is that of unknown ones (-1: none).\n"
        "MISSING = %s  # whether numbers may be missing\n"
        "COLUMNS = [\n",
        schema->missing == BP_MISSING_ERROR ? "False" : "True");
    bp_export_walk_columns(module->exported, &columns, module);
    bp_export_put(module->text, "]\n");
    if (schema->task == BP_TASK_CLASSIFY)
        put_classes(module);
    else
        put_targets(module);
    bp_export_put(
        module->text,
        "# What each network counts, and its layers: activation, inputs, added biases, and "
        "weights of one neuron\n# after the other, as floats in base64.\nNETWORKS = [\n");
    const bp_status status = bp_export_walk_networks(module->exported, &networks, module, error);
    bp_export_put(module->text, "]\n\n");
    return status;
}

/* Two empty lines before each function and what follows the last line of one, as in Python. */
static void put_functions(struct bp_export_text *text)
{
    bool within = false;
    for (size_t k = 0; k < sizeof functions / sizeof functions[0]; k++) {
        const bool begins = strncmp(functions[k], "def ", 4) == 0;
        if (begins || (within && functions[k][0] != ' '))
            bp_export_put(text, "\n\n");
        bp_export_put_bytes(text, functions[k], strlen(functions[k]));
        within = begins || (within && functions[k][0] == ' ');
    }
}

bp_status bp_export_python(const struct bp_exported *exported, struct bp_export_text *text,
                           struct bp_export_text *header, bp_error *error)
{
    struct module module = {.text = text, .exported = exported};
    (void)header;
    bp_export_put(text, "\"\"\"");
    bp_export_put_title(text, exported);
    bp_export_put(text,
                  "\n\npredict(table) gives the %s of each row, outputs(table) %s. Needs NumPy "
                  "alone.\n\"\"\"\n\nimport base64\n\nimport numpy as np\n\n",
                  exported->schema->task == BP_TASK_CLASSIFY ? "class" : "numbers",
                  exported->schema->task == BP_TASK_CLASSIFY ? "the output of each class"
                                                             : "the same as rows");
    const bp_status status = put_model(&module, error);
    put_functions(text);
    return status;
}
