/* From the columns of a row to the numbers of input neurons, in C. */
#include "export/c_file.h"
#include "export/c_functions.h"

/* Whether neuron k is the k-th number, which has no origin and is never missing. */
static bool are_plain(const struct bp_exported *exported)
{
    for (size_t k = 0; k < exported->numbers; k++) {
        const struct bp_schema_column *column = &exported->schema->column[k];
        if (column->kind != BP_COLUMN_NUMBER || column->neurons != 1 || column->origin != 0.0)
            return false;
    }
    return exported->schema->missing == BP_MISSING_ERROR;
}

static void put_plain_column(struct bp_c_file *file, const struct bp_export_column *column,
                             float value)
{
    const size_t count = file->exported->numbers;
    bp_export_put(&file->tables, column->argument == 0       ? ""
                                 : column->argument % 6 == 0 ? ",\n    "
                                                             : ", ");
    bp_export_put_hex(&file->tables, value);
    bp_export_put(&file->tables, column->argument + 1 == count ? "};\n" : "");
}

static void put_plain_shift(void *format, const struct bp_export_column *column)
{
    put_plain_column(format, column, column->schema->shift);
}

static void put_plain_scale(void *format, const struct bp_export_column *column)
{
    put_plain_column(format, column, column->schema->scale);
}

static void put_plain_tables(struct bp_c_file *file)
{
    static const struct bp_export_steps shifts = {.number = put_plain_shift};
    static const struct bp_export_steps scales = {.number = put_plain_scale};
    bp_export_put(&file->tables,
                  "/* A neuron is (number - shift) * scale. */\n"
                  "static const float shift[%zu] = {\n    ",
                  file->exported->numbers);
    bp_export_walk_columns(file->exported, &shifts, file);
    bp_export_put(&file->tables, "static const float scale[%zu] = {\n    ",
                  file->exported->numbers);
    bp_export_walk_columns(file->exported, &scales, file);
}

static const char number_table[] =
    "/* Columns of numbers: how many numbers, the column, its first neuron, whether its last one\n"
    "   tells that a number is missing, and (number - origin - shift) * scale; a missing one is "
    "fill. */\n"
    "static const struct {\n"
    "    int cells, column, first, tells;\n"
    "    double origin;\n"
    "    float shift, scale, fill;\n"
    "} number_columns[] = {\n";

static const char text_table[] =
    "/* Columns of texts: how many categories, the column, its first neuron, and which category\n"
    "   stands for one that is not known, if any. */\n"
    "static const struct {\n"
    "    const char *const *category;\n"
    "    int count, column, first, other;\n"
    "} text_columns[] = {\n";

static void put_number(void *format, const struct bp_export_column *column)
{
    struct bp_c_file *file = format;
    struct bp_export_text *text = &file->tables;
    const struct bp_schema_column *schema = column->schema;
    bp_export_put(text, "    {%zu, %zu, %zu, %d, ", column->cells, column->index + 1, schema->first,
                  schema->indicator);
    bp_export_put_real(text, schema->origin, false);
    bp_export_put(text, ", ");
    bp_export_put_hex(text, schema->shift);
    bp_export_put(text, ", ");
    bp_export_put_hex(text, schema->scale);
    bp_export_put(text, ", ");
    bp_export_put_hex(text, schema->fill);
    bp_export_put(text, "}, /* ");
    bp_export_put_remark(text, schema->name);
    bp_export_put(text, " */\n");
}

static void put_category_names(void *format, const struct bp_export_column *column)
{
    struct bp_c_file *file = format;
    bp_export_put(&file->tables, "static const char *const categories%zu[] = {", column->argument);
    bp_c_words_put(&file->tables, column->schema->category, column->schema->neurons);
    bp_export_put(&file->tables, "};\n");
}

static void put_category(void *format, const struct bp_export_column *column)
{
    struct bp_c_file *file = format;
    struct bp_export_text *text = &file->tables;
    const struct bp_schema_column *schema = column->schema;
    bp_export_put(text, "    {categories%zu, %zu, %zu, %zu, ", column->argument, schema->neurons,
                  column->index + 1, schema->first);
    if (file->exported->options.unknown == BP_UNKNOWN_MOST_FREQUENT)
        bp_export_put(text, "%zu", schema->most_frequent);
    else
        bp_export_put(text, "-1");
    bp_export_put(text, "}, /* ");
    bp_export_put_remark(text, schema->name);
    bp_export_put(text, " */\n");
}

static void put_number_tables(struct bp_c_file *file)
{
    static const struct bp_export_steps numbers = {.number = put_number};
    bp_export_put(&file->tables, "%s", number_table);
    bp_export_walk_columns(file->exported, &numbers, file);
    bp_export_put(&file->tables, "};\n\n");
}

static void put_text_tables(struct bp_c_file *file)
{
    static const struct bp_export_steps names = {.category = put_category_names};
    static const struct bp_export_steps categories = {.category = put_category};
    bp_export_walk_columns(file->exported, &names, file);
    bp_export_put(&file->tables, "%s", text_table);
    bp_export_walk_columns(file->exported, &categories, file);
    bp_export_put(&file->tables, "};\n\n");
}

void bp_c_columns_put(struct bp_c_file *file)
{
    const struct bp_exported *exported = file->exported;
    if (exported->numbers > 0 && are_plain(exported))
        put_plain_tables(file);
    else if (exported->numbers > 0)
        put_number_tables(file);
    if (exported->texts > 0)
        put_text_tables(file);
}

static const char take_numbers[] =
    "/* 0, or -k where the number of the k-th column cannot be taken. */\n"
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
    "                return -number_columns[c].column;\n"
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
    "%s"
    "        if (k == text_columns[c].count)\n"
    "            %s\n"
    "        if (k >= 0)\n"
    "            x[text_columns[c].first + k] = 1.0f;\n"
    "    }\n"
    "    return 0;\n"
    "}\n\n";

static const char refuse_missing[] = "        if (k == text_columns[c].count && word[0] == '\\0')\n"
                                     "            return -text_columns[c].column;\n";

static const char take_plain[] =
    "    for (j = 0; j < %zu; j++) {\n"
    "        x[j] = stored(((float)numbers[j] - shift[j]) * scale[j]);\n"
    "        if (!(fabsf(x[j]) <= FLT_MAX))\n"
    "            return -1 - j;\n"
    "    }\n";

void bp_c_takes_put(struct bp_export_text *text, const struct bp_exported *exported)
{
    const bool refuses = exported->options.unknown == BP_UNKNOWN_ERROR;
    if (exported->numbers > 0 && !are_plain(exported))
        bp_export_put(text, take_numbers,
                      exported->schema->missing == BP_MISSING_ERROR ? "missing || !(" : "!(");
    if (exported->texts > 0)
        bp_export_put(text, take_texts,
                      !refuses && exported->schema->missing == BP_MISSING_ERROR ? refuse_missing
                                                                                : "",
                      refuses ? "return -text_columns[c].column;" : "k = text_columns[c].other;");
}

void bp_c_take_put(struct bp_export_text *text, const struct bp_exported *exported)
{
    const bool plain = are_plain(exported);
    const bool calls = exported->numbers > 0 && !plain;
    if (exported->numbers > 0 && plain)
        bp_export_put(text, take_plain, exported->numbers);
    if (calls)
        bp_export_put(text, "    j = take_numbers(numbers, x);\n");
    if (exported->texts > 0)
        bp_export_put(text, calls ? "    j = j < 0 ? j : take_texts(texts, x);\n"
                                  : "    j = take_texts(texts, x);\n");
    if (calls || exported->texts > 0)
        bp_export_put(text, "    if (j < 0)\n        return j;\n");
    bp_export_put(text, "%s%s", exported->numbers == 0 ? "    (void)numbers;\n" : "",
                  exported->texts == 0 ? "    (void)texts;\n" : "");
}
