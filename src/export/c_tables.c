/* What the functions of a C file read beside columns: weights, classes, targets. */
#include <string.h>

#include "export/c_file.h"

/* The least that a file has at the end of a line of weights. */
#define LINE_WIDTH 96

void bp_c_array_name(struct bp_export_text *text, const struct bp_c_file *file, char letter,
                     const struct bp_export_layer *layer)
{
    if (file->exported->model->member)
        bp_export_put(text, "%c%zu_%zu", letter, layer->network, layer->index);
    else
        bp_export_put(text, "%c%zu", letter, layer->index);
}

/* Numbers as bytes, in the union of an array of floats. */
static void put_bytes(struct bp_export_text *text, const float *row, size_t count, size_t stride)
{
    for (size_t k = 0; k < count; k++) {
        uint32_t bits;
        memcpy(&bits, row + k * stride, sizeof bits);
        bp_export_put(text, "\\%03o\\%03o\\%03o\\%03o", bits & 0xFF, bits >> 8 & 0xFF,
                      bits >> 16 & 0xFF, bits >> 24);
        if (k % 6 == 5 && k + 1 < count)
            bp_export_put(text, "\"\n    \"");
    }
}

static void put_floats(struct bp_export_text *text, const float *row, size_t count, size_t stride)
{
    size_t begin = text->length;
    for (size_t k = 0; k < count; k++) {
        bp_export_put_hex(text, row[k * stride]);
        if (k + 1 == count)
            return;
        const bool full = text->length - begin > LINE_WIDTH - 20;
        bp_export_put(text, full ? ",\n    " : ", ");
        begin = full ? text->length : begin;
    }
}

void bp_c_array_put(struct bp_c_file *file, const struct bp_export_layer *layer,
                    const struct bp_c_array *array)
{
    struct bp_export_text *text = &file->tables;
    const bool embeds = file->exported->options.embed;
    const size_t count = array->rows * array->columns;
    if (embeds)
        bp_export_put(text, "static const union {\n    char bytes[%zu];\n    float f[%zu];\n} ",
                      count * sizeof(float) + 1, count); /* C++ wants the NUL, too */
    else
        bp_export_put(text, "static const float ");
    bp_c_array_name(text, file, array->letter, layer);
    if (embeds)
        bp_export_put(text, " = {\n    \"");
    else
        bp_export_put(text, "[%zu] = {\n    ", count);
    for (size_t r = 0; r < array->rows; r++) {
        if (r > 0)
            bp_export_put(text, embeds ? "\"\n    \"" : ",\n    ");
        (embeds ? put_bytes : put_floats)(text, array->from + r * array->row, array->columns,
                                          array->column);
    }
    bp_export_put(text, embeds ? "\"};\n" : "};\n");
}

/* Of a double that a float may stand for as well. */
static void put_targets(struct bp_c_file *file)
{
    const struct bp_schema *schema = file->exported->schema;
    struct bp_export_text *text = &file->tables;
    bp_export_put(text, "/* Numbers that are predicted: origin + (output / scale + shift). */\n"
                        "static const struct {\n    double origin, scale, shift;\n} targets[] = "
                        "{\n");
    for (size_t j = 0; j < schema->outputs; j++) {
        const struct bp_schema_column *target = &schema->column[schema->input_columns + j];
        bp_export_put(text, "    {");
        bp_export_put_real(text, target->origin, false);
        bp_export_put(text, ", ");
        bp_export_put_real(text, (double)target->scale, false);
        bp_export_put(text, ", ");
        bp_export_put_real(text, (double)target->shift, false);
        bp_export_put(text, "}, /* ");
        bp_export_put_remark(text, target->name);
        bp_export_put(text, " */\n");
    }
    bp_export_put(text, "};\n\n");
}

static void put_factors(struct bp_c_file *file)
{
    const struct bp_model *model = file->exported->model;
    bp_export_put(&file->tables, "/* The class is that of the largest factor * output. */\n"
                                 "static const double factors[] = {");
    for (size_t j = 0; j < model->schema->outputs; j++) {
        bp_export_put(&file->tables, "%s", j == 0 ? "" : ", ");
        bp_export_put_real(&file->tables, model->factor[j], false);
    }
    bp_export_put(&file->tables, "};\n\n");
}

void bp_c_words_put(struct bp_export_text *text, char *const *word, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        bp_export_put(text, "%s", k == 0 ? "" : ", ");
        bp_export_put_quoted(text, word[k], true);
    }
}

static void put_classes(struct bp_c_file *file)
{
    const struct bp_schema *schema = file->exported->schema;
    const struct bp_schema_column *target = &schema->column[schema->input_columns];
    bp_export_put(&file->tables, "const char *const %s_classes[OUTPUTS] = {", file->exported->name);
    bp_c_words_put(&file->tables, target->category, target->neurons);
    bp_export_put(&file->tables, "};\n\n");
}

void bp_c_answers_put(struct bp_c_file *file)
{
    if (file->exported->schema->task == BP_TASK_CLASSIFY)
        put_classes(file);
    else
        put_targets(file);
    if (file->exported->model->factor)
        put_factors(file);
}
