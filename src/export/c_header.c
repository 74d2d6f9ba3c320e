/* The header of a C file: what a program calls, and what it gives. */
#include "export/c_file.h"
#include "export/formats.h"

static void put_upper(struct bp_export_text *text, const char *name)
{
    for (; *name; name++)
        bp_export_put(text, "%c", *name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
}

static void put_names(struct bp_export_text *text, const struct bp_exported *exported,
                      bp_column_kind kind)
{
    size_t count = 0;
    for (size_t k = 0; k < exported->schema->input_columns; k++) {
        const struct bp_schema_column *column = &exported->schema->column[k];
        if (column->kind != kind)
            continue;
        bp_export_put(text, count % 6 == 0 && count > 0 ? ",\n *     " : count > 0 ? ", " : "");
        bp_export_put_remark(text, column->name);
        if (bp_schema_column_cells(column) > 1)
            bp_export_put(text, " (%zu numbers)", bp_schema_column_cells(column));
        count++;
    }
    bp_export_put(text, "%s", count == 0 ? "none; NULL" : "");
}

/* Bytes of the arrays in predict(). */
static size_t count_stack(const struct bp_c_file *file)
{
    const struct bp_schema *schema = file->exported->schema;
    const size_t floats = schema->inputs + file->room[0] + file->room[1];
    const size_t sums = file->exported->model->member ? schema->outputs : 0;
    return floats * sizeof(float) + sums * sizeof(double);
}

void bp_c_declarations_put(struct bp_export_text *text, const struct bp_c_file *file)
{
    const struct bp_exported *exported = file->exported;
    const bool classifies = exported->schema->task == BP_TASK_CLASSIFY;
    bp_export_put(text, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n/* How many. */\nenum { ");
    put_upper(text, exported->name);
    bp_export_put(text, "_NUMBERS = %zu, ", exported->numbers);
    put_upper(text, exported->name);
    bp_export_put(text, "_TEXTS = %zu, ", exported->texts);
    put_upper(text, exported->name);
    bp_export_put(text, "_OUTPUTS = %zu };\n\n", exported->schema->outputs);
    if (classifies)
        bp_export_put(text, "extern const char *const %s_classes[%zu];\n\n", exported->name,
                      exported->schema->outputs);
    bp_export_put(text, "/*\n * Predicts one row.\n *   numbers  ");
    put_names(text, exported, BP_COLUMN_NUMBER);
    bp_export_put(text, "\n *   texts    ");
    put_names(text, exported, BP_COLUMN_CATEGORY);
    bp_export_put(text, "\n *   out      %s\n",
                  classifies ? "the output of each class" : "the numbers that are predicted");
    if (exported->schema->missing != BP_MISSING_ERROR)
        bp_export_put(text, " * A number that is missing is NAN, a text NULL.\n");
    bp_export_put(text,
                  " * Returns %s, or -k if the k-th column has no value,\n"
                  " * %sor a number that is too large. Any threads may call it; it takes\n"
                  " * %zu bytes of stack, and no other memory.\n */\n",
                  classifies ? "the class, from 0" : "0",
                  exported->options.unknown == BP_UNKNOWN_ERROR ? "an unknown one " : "",
                  count_stack(file));
    bp_export_put(text,
                  "int %s_predict(const double *numbers, const char *const *texts, float *out);\n\n"
                  "#ifdef __cplusplus\n}\n#endif\n",
                  exported->name);
}

void bp_c_title_put(struct bp_export_text *text, const struct bp_exported *exported,
                    const char *rest)
{
    bp_export_put(text, "/* ");
    bp_export_put_title(text, exported);
    bp_export_put(text, "%s */\n", rest);
}

void bp_c_header_put(struct bp_export_text *text, const struct bp_c_file *file)
{
    const struct bp_exported *exported = file->exported;
    bp_c_title_put(text, exported, "");
    bp_export_put(text, "#ifndef ");
    put_upper(text, exported->name);
    bp_export_put(text, "_H\n#define ");
    put_upper(text, exported->name);
    bp_export_put(text, "_H\n\n");
    bp_c_declarations_put(text, file);
    bp_export_put(text, "\n#endif\n");
}
