/* The format C: weights and tables first, then the functions that are needed, then predict(). */
#include <string.h>

#include "base/sizes.h"
#include "export/c_file.h"
#include "export/c_functions.h"
#include "export/c_rows.h"
#include "export/formats.h"

static void put_argument(struct bp_c_file *file, char letter, const struct bp_export_layer *layer)
{
    bp_c_array_name(&file->body, file, letter, layer);
    bp_export_put(&file->body, file->exported->options.embed ? ".f, " : ", ");
}

/* Weights stand in the order of the inputs, so that the loop over the outputs is the inner one. */
static void put_layer(void *format, const struct bp_export_layer *layer)
{
    struct bp_c_file *file = format;
    const char *function = bp_c_function_name(layer->activation, layer->counts);
    const char *to = layer->index % 2 == 0 ? "a" : "b";
    const char *from = layer->index == 0 ? "x" : layer->index % 2 == 0 ? "b" : "a";
    const struct bp_c_array weights = {.letter = 'w',
                                       .from = layer->weights,
                                       .rows = layer->in,
                                       .columns = layer->out,
                                       .row = 1,
                                       .column = layer->in};
    const struct bp_c_array bias = {
        .letter = 'b', .from = layer->bias, .rows = 1, .columns = layer->out, .column = 1};
    bp_c_array_put(file, layer, &weights);
    bp_c_array_put(file, layer, &bias);
    file->functions |=
        BP_C_STORED | BP_C_LAYER | bp_c_functions_of(layer->activation, layer->counts);
    bp_export_put(&file->body, "    layer(");
    put_argument(file, 'w', layer);
    put_argument(file, 'b', layer);
    bp_export_put(&file->body, "%zu, %zu, %s, %s);\n", layer->in, layer->out, from, to);
    if (layer->activation == BP_ACTIVATION_SOFTMAX)
        bp_export_put(&file->body, "    softmax(%s, %zu);\n", to, layer->out);
    else
        bp_export_put(&file->body, "    apply(%s, %s, %zu);\n", function, to, layer->out);
    file->room[layer->index % 2] = bp_size_max(file->room[layer->index % 2], layer->out);
    file->to = to;
}

/* One network gives the answer, several their mean. */
static void put_network(void *format, size_t m, double weight)
{
    struct bp_c_file *file = format;
    (void)m;
    if (!file->exported->model->member)
        return;
    file->functions |= BP_C_ADD;
    bp_export_put(&file->body, "    add(");
    bp_export_put_real(&file->body, weight, false);
    bp_export_put(&file->body, ", %s, sum);\n", file->to);
}

/* Where the numbers of input neurons and layers go. */
static void put_arrays(struct bp_export_text *text, const struct bp_c_file *file)
{
    const struct bp_exported *exported = file->exported;
    bp_export_put(text, "    float x[%zu]%s, a[%zu]", exported->schema->inputs,
                  exported->texts > 0 ? " = {0.0f}" : "", file->room[0]);
    if (file->room[1] > 0)
        bp_export_put(text, ", b[%zu]", file->room[1]);
    bp_export_put(text, ";\n%s    int j%s;\n",
                  exported->model->member ? "    double sum[OUTPUTS] = {0.0};\n" : "",
                  exported->schema->task == BP_TASK_CLASSIFY ? ", best = 0" : "");
}

static void put_numbers_out(struct bp_export_text *text, const char *output)
{
    bp_export_put(
        text,
        "    for (j = 0; j < OUTPUTS; j++)\n"
        "        out[j] = (float)(targets[j].origin + ((double)%s[j] / targets[j].scale + "
        "targets[j].shift));\n"
        "    return 0;\n",
        output);
}

static void put_class_out(struct bp_export_text *text, const char *output, bool has_factors)
{
    bp_export_put(text,
                  "    for (j = 0; j < OUTPUTS; j++) {\n"
                  "        out[j] = %s[j];\n"
                  "        if (%s)\n"
                  "            best = j;\n"
                  "    }\n"
                  "    return best;\n",
                  output,
                  has_factors ? "factors[j] * (double)out[j] > factors[best] * (double)out[best]"
                              : "out[j] > out[best]");
}

static void put_predict(struct bp_export_text *text, const struct bp_c_file *file)
{
    const struct bp_exported *exported = file->exported;
    const char *output = exported->model->member ? "(float)sum" : file->to;
    bp_export_put(
        text, "int %s_predict(const double *numbers, const char *const *texts, float *out)\n{\n",
        exported->name);
    put_arrays(text, file);
    bp_c_take_put(text, exported);
    bp_export_put_bytes(text, file->body.bytes, file->body.length);
    if (exported->schema->task == BP_TASK_CLASSIFY)
        put_class_out(text, output, exported->model->factor != NULL);
    else
        put_numbers_out(text, output);
    bp_export_put(text, "}\n");
}

static void put_top(struct bp_export_text *text, const struct bp_c_file *file, bool whole)
{
    const struct bp_exported *exported = file->exported;
    bp_c_title_put(
        text, exported,
        "\n * C99 or C++17: cc -O3 -march=native; never -ffast-math. With -DSELF_TEST it is a "
        "program\n * that says whether the bits are those of batchprop.");
    if (whole)
        bp_c_declarations_put(text, file);
    else
        bp_export_put(text, "#include \"%.*s.h\"\n", (int)strlen(exported->file) - 2,
                      exported->file);
    bp_export_put(text, "\n%s#include <math.h>\n%s\n",
                  exported->numbers > 0 ? "#include <float.h>\n" : "",
                  exported->texts > 0 ? "#include <string.h>\n" : "");
    if (exported->options.embed)
        bp_export_put(text, "#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != "
                            "__ORDER_LITTLE_ENDIAN__\n#error \"the weights are bytes of a "
                            "little-endian processor: export them as numbers\"\n#endif\n\n");
    bp_export_put(text, "#define OUTPUTS %zu\n\n", exported->schema->outputs);
}

bp_status bp_export_c(const struct bp_exported *exported, struct bp_export_text *text,
                      struct bp_export_text *header, bp_error *error)
{
    static const struct bp_export_steps steps = {.layer = put_layer, .network = put_network};
    struct bp_c_file file = {.exported = exported};
    bp_c_columns_put(&file);
    bp_status status = bp_export_walk_networks(exported, &steps, &file, error);
    bp_export_put(&file.tables, "\n");
    bp_c_answers_put(&file);
    if (!status) {
        put_top(text, &file, header == NULL);
        bp_export_put_bytes(text, file.tables.bytes, file.tables.length);
        bp_c_functions_put(text, file.functions);
        bp_c_takes_put(text, exported);
        put_predict(text, &file);
        status = bp_c_rows_put(text, exported, error);
    }
    if (header)
        bp_c_header_put(header, &file);
    text->failed |= file.tables.failed || file.body.failed;
    bp_export_release(&file.tables);
    bp_export_release(&file.body);
    return status;
}
