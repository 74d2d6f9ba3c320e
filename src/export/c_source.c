/* The format C: weights and tables first, then the functions that are needed, then predict(). */
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
    file->functions |= bp_c_functions_of(layer->activation, layer->counts);
    bp_export_put(&file->body, "    layer(");
    put_argument(file, 'w', layer);
    put_argument(file, 'b', layer);
    bp_export_put(&file->body, "%zu, %zu, %s, %s);\n", layer->in, layer->out, from, to);
    if (layer->activation == BP_ACTIVATION_SOFTMAX)
        bp_export_put(&file->body, "    softmax(%s, %zu);\n", to, layer->out);
    else
        bp_export_put(&file->body, "    apply(%s, %s, %zu);\n", function, to, layer->out);
    file->to = to;
}

/* One network gives the answer, several their mean. */
static void put_network(void *format, size_t m, double weight)
{
    struct bp_c_file *file = format;
    (void)m;
    if (!file->exported->model->member)
        return;
    bp_export_put(&file->body, "    add(");
    bp_export_put_real(&file->body, weight, false);
    bp_export_put(&file->body, ", %s, sum);\n", file->to);
}

static const char helpers[] = "static float larger(float a, float b)\n"
                              "{\n"
                              "    return a > b ? a : b;\n"
                              "}\n\n";

static const char smaller[] = "static float smaller(float a, float b)\n"
                              "{\n"
                              "    return a < b ? a : b;\n"
                              "}\n\n";

static const char stored[] = "/* Numbers that are very small count as 0. */\n"
                             "static float stored(float a)\n"
                             "{\n"
                             "    return fabsf(a) < 0x1p-63f ? 0.0f : a;\n"
                             "}\n\n";

static const char layers[] = "static void layer(const float *w, const float *bias, int in, int "
                             "out, const float *x, float *n)\n"
                             "{\n"
                             "    int i, j;\n"
                             "    for (j = 0; j < out; j++)\n"
                             "        n[j] = bias[j];\n"
                             "    for (i = 0; i < in; i++, w += out)\n"
                             "        for (j = 0; j < out; j++)\n"
                             "            n[j] = fmaf(w[j], x[i], n[j]);\n"
                             "}\n\n";

static const char apply[] = "static void apply(float (*f)(float), float *n, int count)\n"
                            "{\n"
                            "    int j;\n"
                            "    for (j = 0; j < count; j++)\n"
                            "        n[j] = stored(f(n[j]));\n"
                            "}\n\n";

static const char add[] = "/* The product is rounded before it is added. */\n"
                          "static void add(double weight, const float *n, double *sum)\n"
                          "{\n"
                          "    int j;\n"
                          "    for (j = 0; j < OUTPUTS; j++) {\n"
                          "        volatile double product = weight * (double)n[j];\n"
                          "        sum[j] += product;\n"
                          "    }\n"
                          "}\n\n";

static const char take_numbers[] =
    "/* The number of the first column with a number that cannot be taken, or 0. */\n"
    "static int take_numbers(const double *number, float *x)\n"
    "{\n"
    "    int c, i;\n"
    "    for (c = 0; c < (int)(sizeof number_columns / sizeof number_columns[0]); c++) {\n"
    "        float *to = x + number_columns[c].first;\n"
    "        for (i = 0; i < number_columns[c].cells; i++, number++) {\n"
    "            const int missing = *number != *number;\n"
    "            const float cell = missing ? number_columns[c].fill\n"
    "                                       : (float)(*number - number_columns[c].origin);\n"
    "            to[i] = (cell - number_columns[c].shift) * number_columns[c].scale;\n"
    "            if (%sfabsf(to[i]) <= FLT_MAX))\n"
    "                return number_columns[c].column;\n"
    "            to[i] = stored(to[i]);\n"
    "            if (number_columns[c].tells)\n"
    "                to[i + 1] = (float)missing;\n"
    "        }\n"
    "    }\n"
    "    return 0;\n"
    "}\n\n";

static const char take_texts[] =
    "/* The same of texts. */\n"
    "static int take_texts(const char *const *text, float *x)\n"
    "{\n"
    "    int c, k;\n"
    "    for (c = 0; c < (int)(sizeof text_columns / sizeof text_columns[0]); c++) {\n"
    "        const char *word = text[c] ? text[c] : \"\";\n"
    "        for (k = 0; k < text_columns[c].count; k++)\n"
    "            if (strcmp(text_columns[c].category[k], word) == 0)\n"
    "                break;\n"
    "        if (k == text_columns[c].count)\n"
    "            %s\n"
    "        if (k >= 0)\n"
    "            x[text_columns[c].first + k] = 1.0f;\n"
    "    }\n"
    "    return 0;\n"
    "}\n\n";

static void put_helpers(struct bp_export_text *text, const struct bp_c_file *file)
{
    const struct bp_exported *exported = file->exported;
    const uint32_t functions = file->functions;
    const uint32_t limits = BP_C_SOFTMAX | BP_C_EXP | BP_C_ACTIVATION << BP_ACTIVATION_GELU |
                            BP_C_ACTIVATION << BP_ACTIVATION_ELU;
    const bool refuses = exported->options.unknown == BP_UNKNOWN_ERROR;
    const uint32_t uses_larger = BP_C_POWER | BP_C_ACTIVATION << BP_ACTIVATION_RELU |
                                 BP_C_ACTIVATION << BP_ACTIVATION_LEAKY_RELU;
    if (functions & uses_larger)
        bp_export_put(text, "%s", helpers);
    if (functions & limits)
        bp_export_put(text, "%s", smaller);
    bp_export_put(text, "%s", stored);
    bp_c_functions_put(text, functions);
    bp_export_put(text, "%s", layers);
    if (functions & ~(uint32_t)(BP_C_SOFTMAX | BP_C_EXP_NEGATIVE | BP_C_POWER))
        bp_export_put(text, "%s", apply);
    if (exported->model->member)
        bp_export_put(text, "%s", add);
    if (exported->numbers > 0)
        bp_export_put(text, take_numbers,
                      exported->schema->missing == BP_MISSING_ERROR ? "missing || !(" : "!(");
    if (exported->texts > 0)
        bp_export_put(text, take_texts,
                      refuses ? "return text_columns[c].column;" : "k = text_columns[c].other;");
}

static void put_predict(struct bp_export_text *text, const struct bp_c_file *file)
{
    const struct bp_exported *exported = file->exported;
    const bool classifies = exported->schema->task == BP_TASK_CLASSIFY;
    const bool several = exported->model->member != NULL;
    bp_export_put(text,
                  "int %s_predict(const double *numbers, const char *const *texts, float *out)\n"
                  "{\n"
                  "    float x[%zu] = {0.0f}, a[%zu], b[%zu];\n",
                  exported->name, exported->schema->inputs, exported->widest, exported->widest);
    if (several)
        bp_export_put(text, "    double sum[OUTPUTS] = {0.0};\n");
    bp_export_put(text, "    int j%s, wrong = 0;\n    (void)b;\n", classifies ? ", best = 0" : "");
    bp_export_put(text, exported->numbers > 0 ? "    wrong = take_numbers(numbers, x);\n"
                                              : "    (void)numbers;\n");
    if (exported->texts > 0)
        bp_export_put(text, "    wrong = wrong ? wrong : take_texts(texts, x);\n");
    else
        bp_export_put(text, "    (void)texts;\n");
    bp_export_put(text, "    if (wrong)\n        return -wrong;\n");
    bp_export_put_bytes(text, file->body.bytes, file->body.length);
    bp_export_put(text, "    for (j = 0; j < OUTPUTS; j++)\n");
    if (classifies)
        bp_export_put(text, "        out[j] = %s%s[j];\n", several ? "(float)" : "",
                      several ? "sum" : file->to);
    else
        bp_export_put(text,
                      "        out[j] = (float)(targets[j].origin + ((double)%s%s[j] / "
                      "targets[j].scale + targets[j].shift));\n",
                      several ? "(float)" : "", several ? "sum" : file->to);
    if (classifies)
        bp_export_put(text,
                      "    for (j = 1; j < OUTPUTS; j++)\n"
                      "        if (%s)\n"
                      "            best = j;\n"
                      "    return best;\n}\n",
                      exported->model->factor
                          ? "factors[j] * (double)out[j] > factors[best] * (double)out[best]"
                          : "out[j] > out[best]");
    else
        bp_export_put(text, "    return 0;\n}\n");
}

static void put_top(struct bp_export_text *text, const struct bp_exported *exported, bool whole)
{
    bp_c_title_put(
        text, exported,
        "\n * C99: cc -O3 -march=native; never -ffast-math. With -DSELF_TEST it is a program "
        "that says\n * whether the bits are those of batchprop.");
    if (whole)
        bp_c_declarations_put(text, exported);
    else
        bp_export_put(text, "#include \"%s.h\"\n", exported->name);
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
        put_top(text, exported, header == NULL);
        bp_export_put_bytes(text, file.tables.bytes, file.tables.length);
        put_helpers(text, &file);
        put_predict(text, &file);
        status = bp_c_rows_put(text, exported, error);
    }
    if (header)
        bp_c_header_put(header, exported);
    text->failed |= file.tables.failed || file.body.failed;
    bp_export_release(&file.tables);
    bp_export_release(&file.body);
    return status;
}
