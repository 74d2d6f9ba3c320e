/* The format javascript: what the model is as one object, then the functions of javascript.js. */
#include <string.h>

#include "export/base64.h"
#include "export/formats.h"
#include "export/javascript_text.h"

static const char *const functions[] = {
#include "export/javascript_js.inc"
};

struct script {
    struct bp_export_text *text;
    const struct bp_exported *exported;
};

/* Words that cannot be names, by ECMA-262; what the script uses of the language and of Node.js; and
 * what a page does not let a constant be. */
static bool is_reserved(const char *name)
{
    static const char *const words[] = {
        "arguments", "await",      "break",       "case",     "catch",        "class",
        "const",     "continue",   "debugger",    "default",  "delete",       "do",
        "else",      "enum",       "eval",        "export",   "extends",      "false",
        "finally",   "for",        "function",    "if",       "implements",   "import",
        "in",        "instanceof", "interface",   "let",      "new",          "null",
        "package",   "private",    "protected",   "public",   "return",       "static",
        "super",     "switch",     "this",        "throw",    "true",         "try",
        "typeof",    "undefined",  "var",         "void",     "while",        "with",
        "yield",     "Array",      "ArrayBuffer", "DataView", "Float32Array", "Float64Array",
        "Infinity",  "Int32Array", "JSON",        "Math",     "NaN",          "Number",
        "Object",    "RangeError", "String",      "atob",     "document",     "exports",
        "location",  "module",     "require",     "top",      "window",
    };
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (strcmp(words[k], name) == 0)
            return true;
    }
    return false;
}

static void put_number(struct bp_export_text *text, const char *key, double value)
{
    bp_export_put(text, ", %s: ", key);
    bp_export_put_real(text, value, false);
}

static void put_list(struct bp_export_text *text, char *const *word, size_t count)
{
    bp_export_put(text, "[");
    for (size_t k = 0; k < count; k++) {
        bp_export_put(text, "%s", k == 0 ? "" : ", ");
        bp_javascript_put_quoted(text, word[k]);
    }
    bp_export_put(text, "]");
}

static void begin_column(struct bp_export_text *text, const struct bp_schema_column *column)
{
    bp_export_put(text, "    {name: ");
    bp_javascript_put_quoted(text, column->name);
}

static void put_number_column(void *format, const struct bp_export_column *column)
{
    struct script *script = format;
    const struct bp_schema_column *schema = column->schema;
    begin_column(script->text, schema);
    bp_export_put(script->text, ", first: %zu, cells: %zu", schema->first, column->cells);
    put_number(script->text, "origin", schema->origin);
    put_number(script->text, "shift", (double)schema->shift);
    put_number(script->text, "scale", (double)schema->scale);
    put_number(script->text, "fill", (double)schema->fill);
    bp_export_put(script->text, ", tells: %s},\n", schema->indicator ? "true" : "false");
}

static void put_category_column(void *format, const struct bp_export_column *column)
{
    struct script *script = format;
    const struct bp_schema_column *schema = column->schema;
    begin_column(script->text, schema);
    bp_export_put(script->text, ", first: %zu, categories: ", schema->first);
    put_list(script->text, schema->category, schema->neurons);
    if (script->exported->options.unknown == BP_UNKNOWN_MOST_FREQUENT)
        bp_export_put(script->text, ", other: %zu", schema->most_frequent);
    bp_export_put(script->text, "},\n");
}

static void put_layer(void *format, const struct bp_export_layer *layer)
{
    struct script *script = format;
    const double weight = script->exported->model->member
                              ? script->exported->model->member[layer->network].weight
                              : 1.0;
    if (layer->index == 0) {
        bp_export_put(script->text, "    {weight: ");
        bp_export_put_real(script->text, weight, false);
        bp_export_put(script->text, ", layers: [\n");
    }
    bp_export_put(script->text, "      {activation: \"%s\",\n        bias: \"",
                  layer->counts ? "exp"
                                : bp_choice_name(BP_CHOICE_ACTIVATION, (int)layer->activation));
    bp_export_put_base64(script->text, layer->bias, layer->out);
    bp_export_put(script->text, "\",\n        weights: \"");
    bp_export_put_base64(script->text, layer->weights, layer->out * layer->in);
    bp_export_put(script->text, "\"},\n%s", layer->last ? "    ]},\n" : "");
}

static void put_targets(struct script *script)
{
    const struct bp_schema *schema = script->exported->schema;
    bp_export_put(script->text, "  targets: [\n");
    for (size_t j = 0; j < schema->outputs; j++) {
        const struct bp_schema_column *target = &schema->column[schema->input_columns + j];
        begin_column(script->text, target);
        put_number(script->text, "origin", target->origin);
        put_number(script->text, "scale", (double)target->scale);
        put_number(script->text, "shift", (double)target->shift);
        bp_export_put(script->text, "},\n");
    }
    bp_export_put(script->text, "  ],\n");
}

static void put_classes(struct script *script)
{
    const struct bp_model *model = script->exported->model;
    const struct bp_schema_column *target = &model->schema->column[model->schema->input_columns];
    bp_export_put(script->text, "  target: ");
    bp_javascript_put_quoted(script->text, target->name);
    bp_export_put(script->text, ",\n  classes: ");
    put_list(script->text, target->category, target->neurons);
    bp_export_put(script->text, ",\n");
    if (!model->factor)
        return;
    bp_export_put(script->text, "  factors: [");
    for (size_t j = 0; j < target->neurons; j++) {
        bp_export_put(script->text, "%s", j == 0 ? "" : ", ");
        bp_export_put_real(script->text, model->factor[j], false);
    }
    bp_export_put(script->text, "],\n");
}

static bp_status put_model(struct script *script, bp_error *error)
{
    static const struct bp_export_steps columns = {.number = put_number_column,
                                                   .category = put_category_column};
    static const struct bp_export_steps networks = {.layer = put_layer};
    const struct bp_exported *exported = script->exported;
    bp_export_put(script->text,
                  "const model = {\n  digest: \"%s\", inputs: %zu, outputs: %zu, missing: %s, "
                  "unknown: \"%s\",\n  columns: [\n",
                  exported->digest, exported->schema->inputs, exported->schema->outputs,
                  exported->schema->missing == BP_MISSING_ERROR ? "false" : "true",
                  bp_choice_name(BP_CHOICE_UNKNOWN, (int)exported->options.unknown));
    bp_export_walk_columns(exported, &columns, script);
    bp_export_put(script->text, "  ],\n");
    if (exported->schema->task == BP_TASK_CLASSIFY)
        put_classes(script);
    else
        put_targets(script);
    bp_export_put(script->text, "  networks: [\n");
    const bp_status status = bp_export_walk_networks(exported, &networks, script, error);
    bp_export_put(script->text, "  ],\n};\n");
    return status;
}

bp_status bp_export_javascript(const struct bp_exported *exported, struct bp_export_text *text,
                               struct bp_export_text *header, bp_error *error)
{
    struct script script = {.text = text, .exported = exported};
    (void)header;
    if (is_reserved(exported->name))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s is a word of JavaScript and no name there: give another name",
                       exported->name);
    bp_export_put(text,
                  "// A model of batchprop %s, weights digest %s.\n"
                  "// In a page by <script>, in Node.js by require(): %s.predict({column: value, "
                  "...}) gives\n// {outputs: [...], label: ...}, with a label where it tells "
                  "classes. A missing value is null.\n"
                  "const %s = (() => {\n\"use strict\";\n",
                  bp_version(), exported->digest, exported->name, exported->name);
    const bp_status status = put_model(&script, error);
    for (size_t k = 0; k < sizeof functions / sizeof functions[0]; k++)
        bp_export_put_bytes(text, functions[k], strlen(functions[k]));
    bp_export_put(text,
                  "const {digest, missing, columns, target, targets, classes} = model;\n"
                  "return {digest, missing, columns, %s, predict};\n})();\n"
                  "if (typeof module !== \"undefined\")\n  module.exports = %s;\n",
                  exported->schema->task == BP_TASK_CLASSIFY ? "target, classes" : "targets",
                  exported->name);
    return status;
}
