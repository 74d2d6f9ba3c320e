/* Rows are made of the columns alone: around the middle of each, all categories in turn, and
 * missing cells where the model takes them. */
#include "export/c_rows.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "export/c_file.h"

/* So many, and fewer for long rows. */
#define ROWS      8
#define LONG_ROWS 2
#define LONG_ROW  64

/* Standard deviations from the middle, or the like for other scalings. */
static const double offsets[] = {-0.5, 1.25, 0.0, -1.5, 0.75, 2.0, -0.25};

#define OFFSETS (sizeof offsets / sizeof offsets[0])

/* What the rows hold, and what the model says of them. */
struct rows {
    const struct bp_exported *exported;
    size_t count;
    double *numbers;    /* count x exported->numbers */
    const char **texts; /* count x exported->texts */
    float *outputs;     /* count x outputs */
    bp_column_block *block;
    size_t blocks;
};

static void release(struct rows *rows)
{
    free(rows->numbers);
    free((void *)rows->texts);
    free(rows->outputs);
    free(rows->block);
}

/* So far from the middle that a float holds the number, before and after scaling. */
static double fit(const struct bp_schema_column *column, double spread, double offset)
{
    const double middle = (double)column->shift, most = 0.99 * (double)FLT_MAX;
    while (offset != 0.0 && (fabs(offset * spread) > most || fabs(middle + offset * spread) > most))
        offset /= 2.0;
    return middle + offset * spread;
}

/* A number that a short text stands for. */
static double make_number(const struct bp_schema_column *column, size_t k)
{
    char text[BP_REAL_TEXT_SIZE];
    const double offset = offsets[k % OFFSETS];
    const double spread = column->scale != 0.0f ? 1.0 / (double)column->scale : 1.0;
    const double number = column->origin + fit(column, spread, offset);
    const bool narrow = column->origin == 0.0;
    bp_real_write(number, narrow, text);
    return bp_real_convert(text, strlen(text));
}

static void fill_numbers(void *arg, const struct bp_export_column *column)
{
    struct rows *rows = arg;
    const bool may_miss = rows->exported->schema->missing != BP_MISSING_ERROR;
    const size_t width = rows->exported->numbers;
    bp_column_block *block = &rows->block[rows->blocks++];
    *block = bp_column_block_default();
    block->type = BP_CELL_DOUBLE;
    block->data = rows->numbers + column->argument;
    block->columns = column->cells;
    block->row_stride = (ptrdiff_t)(width * sizeof *rows->numbers);
    block->column_stride = sizeof *rows->numbers;
    block->missing = may_miss;
    if (rows->exported->schema->has_names && column->cells == 1)
        block->names = (const char *const *)&column->schema->name;
    for (size_t r = 0; r < rows->count; r++)
        for (size_t i = 0; i < column->cells; i++)
            rows->numbers[r * width + column->argument + i] =
                may_miss && (column->index + r) % 5 == 4
                    ? (double)NAN
                    : make_number(column->schema, r * 3 + column->index * 2 + i);
}

static void fill_texts(void *arg, const struct bp_export_column *column)
{
    struct rows *rows = arg;
    const size_t width = rows->exported->texts;
    bp_column_block *block = &rows->block[rows->blocks++];
    *block = bp_column_block_default();
    block->type = BP_CELL_TEXT;
    block->data = rows->texts + column->argument;
    block->row_stride = (ptrdiff_t)(width * sizeof *rows->texts);
    block->missing = rows->exported->schema->missing != BP_MISSING_ERROR;
    if (rows->exported->schema->has_names)
        block->names = (const char *const *)&column->schema->name;
    for (size_t r = 0; r < rows->count; r++)
        rows->texts[r * width + column->argument] =
            column->schema->category[(r + column->index) % column->schema->neurons];
}

/* False: no memory. */
static bool fill(struct rows *rows)
{
    static const struct bp_export_steps steps = {.number = fill_numbers, .category = fill_texts};
    const struct bp_exported *exported = rows->exported;
    rows->count = exported->numbers + exported->texts > LONG_ROW ? LONG_ROWS : ROWS;
    rows->numbers = bp_array_alloc(rows->count * exported->numbers, sizeof *rows->numbers);
    rows->texts = bp_array_alloc(rows->count * exported->texts, sizeof *rows->texts);
    rows->outputs = bp_array_alloc(rows->count * exported->schema->outputs, sizeof *rows->outputs);
    rows->block = bp_array_alloc(exported->schema->input_columns, sizeof *rows->block);
    if (!rows->numbers || !rows->texts || !rows->outputs || !rows->block)
        return false;
    bp_export_walk_columns(exported, &steps, rows);
    return true;
}

static bp_status predict(struct rows *rows, bp_error *error)
{
    bp_blocks blocks = bp_blocks_default();
    bp_run_options options = bp_run_options_default();
    bp_dataset *dataset = NULL;
    blocks.rows = rows->count;
    blocks.block = rows->block;
    blocks.count = rows->blocks;
    options.threads = 1;
    options.unknown = BP_UNKNOWN_IGNORE;
    bp_status status = bp_dataset_from_blocks(&dataset, &blocks, error);
    if (!status)
        status = bp_predict(rows->exported->model, dataset, &options, rows->outputs, error);
    bp_dataset_free(dataset);
    return status;
}

static void put_number(struct bp_export_text *text, double number)
{
    if (isnan(number))
        bp_export_put(text, "NAN");
    else
        bp_export_put_real(text, number, false);
}

/* What stands between two of a row, `line` of which stand in a line. */
static const char *separate(size_t index, size_t line)
{
    return index == 0 ? "" : index % line == 0 ? ",\n     " : ", ";
}

static void put_numbers(struct bp_export_text *text, const struct rows *rows)
{
    const size_t count = rows->exported->numbers;
    bp_export_put(text, "static const double test_numbers[][%zu] = {\n", count);
    for (size_t r = 0; r < rows->count; r++) {
        bp_export_put(text, "    {");
        for (size_t i = 0; i < count; i++) {
            bp_export_put(text, "%s", separate(i, 7));
            put_number(text, rows->numbers[r * count + i]);
        }
        bp_export_put(text, "},\n");
    }
    bp_export_put(text, "};\n");
}

static void put_texts(struct bp_export_text *text, const struct rows *rows)
{
    const size_t count = rows->exported->texts;
    bp_export_put(text, "static const char *const test_texts[][%zu] = {\n", count);
    for (size_t r = 0; r < rows->count; r++) {
        bp_export_put(text, "    {");
        bp_c_words_put(text, (char *const *)(rows->texts + r * count), count);
        bp_export_put(text, "},\n");
    }
    bp_export_put(text, "};\n");
}

static void put_outputs(struct bp_export_text *text, const struct rows *rows)
{
    const size_t count = rows->exported->schema->outputs;
    bp_export_put(text, "static const float test_outputs[][OUTPUTS] = {\n");
    for (size_t r = 0; r < rows->count; r++) {
        bp_export_put(text, "    {");
        for (size_t j = 0; j < count; j++) {
            bp_export_put(text, "%s", separate(j, 5));
            bp_export_put_hex(text, rows->outputs[r * count + j]);
        }
        bp_export_put(text, "},\n");
    }
    bp_export_put(text, "};\n\n");
}

/* Where numbers are computed in a wider type than float, the bits are others. */
static const char program[] =
    "/* Whether a number is the one of batchprop. */\n"
    "static int is_right(float number, float expected)\n"
    "{\n"
    "#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 16\n"
    "    return number == expected ||\n"
    "           fabs((double)number - (double)expected) <= 1e-5 * (1.0 + fabs((double)expected));\n"
    "#else\n"
    "    return memcmp(&number, &expected, sizeof number) == 0;\n"
    "#endif\n"
    "}\n"
    "\n"
    "int main(void)\n"
    "{\n"
    "#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 16\n"
    "    const char *right = \"equal to 1e-5: here floats are computed with more bits\";\n"
    "#else\n"
    "    const char *right = \"the same bits\";\n"
    "#endif\n"
    "    int r, j, wrong = 0;\n"
    "    for (r = 0; r < %zu; r++) {\n"
    "        float out[OUTPUTS];\n"
    "        if (%s_predict(%s, %s, out) < 0)\n"
    "            return printf(\"row %%d cannot be predicted\\n\", r + 1), 1;\n"
    "        for (j = 0; j < OUTPUTS; j++)\n"
    "            wrong += !is_right(out[j], test_outputs[r][j]);\n"
    "    }\n"
    "    printf(\"%s: %zu rows, %%s\\n\", wrong ? \"other bits than in batchprop\" : right);\n"
    "    return wrong != 0;\n"
    "}\n";

bp_status bp_c_rows_put(struct bp_export_text *text, const struct bp_exported *exported,
                        bp_error *error)
{
    struct rows rows = {.exported = exported};
    bp_status status = fill(&rows) ? predict(&rows, error) : bp_fail_memory(error, "test rows");
    if (!status) {
        bp_export_put(
            text,
            "\n#ifdef SELF_TEST\n#include <float.h>\n#include <stdio.h>\n#include <string.h>\n\n");
        if (exported->numbers > 0)
            put_numbers(text, &rows);
        if (exported->texts > 0)
            put_texts(text, &rows);
        put_outputs(text, &rows);
        bp_export_put(text, program, rows.count, exported->name,
                      exported->numbers > 0 ? "test_numbers[r]" : "NULL",
                      exported->texts > 0 ? "test_texts[r]" : "NULL", exported->name, rows.count);
        bp_export_put(text, "#endif\n");
    }
    release(&rows);
    return status;
}
