/* Scaling is elementwise, as in batch.c: the same operations, so that the bits are the same. */
#include "data/samples/block_rows.h"

#include <math.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/lanes.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/bind.h"
#include "data/samples/scaling.h"
#include "data/table/keys.h"
#include "data/text/names.h"
#include "data/text/text.h"

#define NONE UINT64_MAX

struct bp_block_rows {
    const struct bp_schema *schema;
    const struct bp_block_list *list;
    bp_unknown unknown;
    struct bp_block_inputs inputs;
    double *origin; /* of each neuron of a number, as the next three */
    float *shift;
    float *scale;
    float *fill;
    _Atomic uint64_t bad; /* row * BP_WIDTH_MAX + neuron of the first cell that cannot be taken */
};

/* Where some rows go. */
struct target {
    const struct bp_block_rows *rows;
    const uint32_t *order;
    size_t count;
    float *out;
    size_t stride;
};

/* A neuron of row r of them. */
static float *find_neuron(const struct target *to, size_t r, size_t neuron)
{
    return to->out + neuron / BP_LANES * to->stride + r * BP_LANES + neuron % BP_LANES;
}

static void note_bad(const struct target *to, size_t r, size_t neuron)
{
    const uint64_t place = (uint64_t)to->order[r] * BP_WIDTH_MAX + neuron;
    _Atomic uint64_t *bad = (_Atomic uint64_t *)(uintptr_t)&to->rows->bad;
    /* Relaxed: threads join before it is read. */
    uint64_t before = atomic_load_explicit(bad, memory_order_relaxed);
    while (place < before && !atomic_compare_exchange_weak_explicit(
                                 bad, &before, place, memory_order_relaxed, memory_order_relaxed))
        ;
}

/* Cells first ... first + count - 1 of a run, at most a panel, less their origins. */
BP_INLINED void load_cells(const struct bp_block_rows *rows, const struct bp_block_run *run,
                           size_t row, size_t first, size_t count, float *restrict cell)
{
    const struct bp_block *block = run->block;
    const unsigned char *from = bp_block_cell(block, row, run->column + first);
    const double *restrict origin = rows->origin + run->neuron + first;
    double number[BP_LANES];
    if (block->type == BP_CELL_FLOAT && !run->has_origin && bp_block_is_tight(block)) {
        memcpy(cell, from, count * sizeof *cell);
        return;
    }
    if (block->type == BP_CELL_DOUBLE && bp_block_is_tight(block))
        memcpy(number, from, count * sizeof *number);
    else
        bp_block_load(block, from, block->column_stride, count, number);
    for (size_t k = 0; k < count; k++)
        cell[k] = (float)(number[k] - origin[k]);
}

/* As bp_cells_scale(), with cells of which one is missing, or cannot be. */
static void scale_odd_cells(const struct target *to, size_t r, size_t neuron, size_t count,
                            const float *cell)
{
    const struct bp_block_rows *rows = to->rows;
    const bool takes_missing = rows->schema->missing != BP_MISSING_ERROR;
    for (size_t k = 0; k < count; k++) {
        const size_t i = neuron + k;
        const float number = isnan(cell[k]) && takes_missing ? rows->fill[i] : cell[k];
        const float value = (number - rows->shift[i]) * rows->scale[i];
        *find_neuron(to, r, i) = bp_flush(value);
        if (!isfinite(value))
            note_bad(to, r, i);
    }
}

/* `count` cells of a run in row r, from cell `first` on, in one panel. */
BP_INLINED void put_piece(const struct target *to, const struct bp_block_run *run, size_t r,
                          size_t first, size_t count)
{
    const size_t neuron = run->neuron + first;
    float cell[BP_LANES];
    load_cells(to->rows, run, to->order[r], first, count, cell);
    if (!bp_cells_scale(cell, to->rows->shift + neuron, to->rows->scale + neuron, count,
                        find_neuron(to, r, neuron)))
        scale_odd_cells(to, r, neuron, count, cell);
    if (run->known->indicator)
        *find_neuron(to, r, neuron + 1) = isnan(cell[0]) ? 1.0f : 0.0f;
}

/* Whole panels have a number of cells that the compiler knows. */
static void put_cells(const struct target *to, const struct bp_block_run *run, size_t r,
                      size_t first, size_t count)
{
    if (count == BP_LANES)
        put_piece(to, run, r, first, BP_LANES);
    else
        put_piece(to, run, r, first, count);
}

/* The cells of a run from `first` on that go to one panel. */
static size_t count_cells(const struct bp_block_run *run, size_t first)
{
    return bp_size_min(run->count - first, BP_LANES - (run->neuron + first) % BP_LANES);
}

/* Along the shorter stride: row by row, or all rows of a panel of columns. */
static void put_numbers(const struct target *to, const struct bp_block_run *run)
{
    const struct bp_block *block = run->block;
    if (llabs(block->row_stride) < llabs(block->column_stride)) {
        for (size_t first = 0; first < run->count; first += count_cells(run, first))
            for (size_t r = 0; r < to->count; r++)
                put_cells(to, run, r, first, count_cells(run, first));
        return;
    }
    for (size_t r = 0; r < to->count; r++)
        for (size_t first = 0; first < run->count; first += count_cells(run, first))
            put_cells(to, run, r, first, count_cells(run, first));
}

/* The name of a category: in the block, in `room`, or "" of a missing cell; NULL: a code that is
 * none. */
static const char *name_category(const struct bp_block_run *run, size_t row,
                                 char room[BP_KEY_TEXT_SIZE])
{
    const struct bp_block *block = run->block;
    if (block->type == BP_CELL_TEXT) {
        const char *text = bp_block_text(block, row, run->column);
        return text ? text : "";
    }
    if (block->type == BP_CELL_CODE) {
        const int32_t code = bp_block_code(block, row, run->column);
        if (code < 0)
            return "";
        if ((size_t)code >= block->category_count)
            return NULL;
        if (block->categories)
            return block->categories[code];
        snprintf(room, BP_KEY_TEXT_SIZE, "%ld", (long)code);
        return room;
    }
    if (block->type == BP_CELL_INTEGER) {
        int64_t integer;
        memcpy(&integer, bp_block_cell(block, row, run->column), sizeof integer);
        snprintf(room, BP_KEY_TEXT_SIZE, "%lld", (long long)integer);
        return room;
    }
    const float number = (float)bp_block_number(block, row, run->column);
    if (isnan(number))
        return "";
    bp_number_write((double)number, 9, room);
    return room;
}

/* The place of a cell among the categories that the model knows, or BP_NO_PLACE. */
static size_t find_place(const struct bp_block_run *run, size_t row)
{
    char room[BP_KEY_TEXT_SIZE];
    const struct bp_schema_column *known = run->known;
    if (run->place) {
        const int32_t code = bp_block_code(run->block, row, run->column);
        if (code >= 0)
            return (size_t)code < run->block->category_count ? run->place[code] : BP_NO_PLACE;
    }
    const char *name = name_category(run, row, room);
    const size_t place = bp_names_find(known->category, known->neurons, name);
    return place < known->neurons ? place : BP_NO_PLACE;
}

static void put_category(const struct target *to, const struct bp_block_run *run, size_t r)
{
    const struct bp_schema_column *known = run->known;
    const bp_unknown unknown = to->rows->unknown;
    size_t place = find_place(run, to->order[r]);
    for (size_t i = 0; i < known->neurons; i++)
        *find_neuron(to, r, known->first + i) = 0.0f;
    if (place == BP_NO_PLACE) {
        if (unknown == BP_UNKNOWN_IGNORE)
            return;
        if (unknown != BP_UNKNOWN_MOST_FREQUENT || known->most_frequent == BP_NOT_COUNTED) {
            note_bad(to, r, run->neuron);
            return;
        }
        place = known->most_frequent;
    }
    *find_neuron(to, r, known->first + place) = 1.0f;
}

void bp_block_rows_gather(const struct bp_block_rows *rows, const uint32_t *order, size_t count,
                          float *out, size_t stride)
{
    const struct target to = {rows, order, count, out, stride};
    for (size_t k = 0; k < rows->inputs.count; k++) {
        const struct bp_block_run *run = &rows->inputs.run[k];
        if (run->known->kind == BP_COLUMN_NUMBER) {
            put_numbers(&to, run);
            continue;
        }
        for (size_t r = 0; r < count; r++)
            put_category(&to, run, r);
    }
}

static bool fill_scaling(struct bp_block_rows *rows)
{
    const struct bp_schema *schema = rows->schema;
    rows->origin = bp_array_alloc(schema->inputs, sizeof *rows->origin);
    rows->shift = bp_array_alloc(3 * schema->inputs, sizeof *rows->shift);
    if (!rows->origin || !rows->shift)
        return false;
    rows->scale = rows->shift + schema->inputs;
    rows->fill = rows->scale + schema->inputs;
    for (size_t k = 0; k < schema->input_columns; k++) {
        const struct bp_schema_column *column = &schema->column[k];
        for (size_t i = column->first; i < column->first + column->neurons; i++) {
            rows->origin[i] = column->origin;
            rows->shift[i] = column->shift;
            rows->scale[i] = column->scale;
            rows->fill[i] = column->fill;
        }
    }
    return true;
}

bp_status bp_block_rows_create(struct bp_block_rows **out, const struct bp_schema *schema,
                               const struct bp_block_list *list, bp_unknown unknown,
                               bp_error *error)
{
    *out = NULL;
    struct bp_block_rows *rows = calloc(1, sizeof *rows);
    if (!rows)
        return bp_fail_memory(error, "the columns of a model");
    rows->schema = schema;
    rows->list = list;
    rows->unknown = unknown;
    atomic_init(&rows->bad, NONE);
    bp_status status = bp_block_inputs_match(&rows->inputs, schema, list, error);
    if (!status && !fill_scaling(rows))
        status = bp_fail_memory(error, "the scaling of inputs");
    if (status) {
        bp_block_rows_free(rows);
        return status;
    }
    *out = rows;
    return BP_OK;
}

void bp_block_rows_free(struct bp_block_rows *rows)
{
    if (!rows)
        return;
    bp_block_inputs_release(&rows->inputs);
    free(rows->origin);
    free(rows->shift);
    free(rows);
}

/* "memory: row 3, column "x2": " and a sentence. */
static bp_status fail_cell(const struct bp_block_run *run, size_t row, size_t column,
                           bp_error *error, const char *format, ...)
{
    char name[BP_BLOCK_NAME_SIZE], sentence[BP_ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return bp_fail(error, BP_ERROR_INPUT, "memory: row %zu, column %s: %s", row + 1,
                   bp_block_column_name(run->block, column, name), sentence);
}

static bp_status fail_number(const struct bp_block_run *run, size_t row, size_t column,
                             bp_error *error)
{
    const double number = bp_block_number(run->block, row, column);
    if (isnan(number))
        return fail_cell(run, row, column, error,
                         "the cell is not a number, and the model was made without a rule for "
                         "missing cells (bp_model_options.missing)");
    if (isinf(number))
        return fail_cell(run, row, column, error, "%g is not a finite number", number);
    return fail_cell(run, row, column, error, "%g is too large in the scale of the training data",
                     number);
}

static bp_status fail_category(const struct bp_block_rows *rows, const struct bp_block_run *run,
                               size_t row, bp_error *error)
{
    const struct bp_schema_column *known = run->known;
    char room[BP_KEY_TEXT_SIZE], word[BP_EXCERPT_SIZE], list[160];
    const char *name = name_category(run, row, room);
    if (!name)
        return fail_cell(run, row, run->column, error, "the code %ld is none of the %zu categories",
                         (long)bp_block_code(run->block, row, run->column),
                         run->block->category_count);
    if (rows->unknown == BP_UNKNOWN_MOST_FREQUENT)
        return fail_cell(run, row, run->column, error,
                         "the model does not say which category of \"%s\" was the most frequent: "
                         "train it again, or let unknown ones count as none (ignore)",
                         known->name);
    if (name[0] == '\0')
        return fail_cell(run, row, run->column, error,
                         "the cell is missing, and no cell of column \"%s\" was in the training "
                         "data",
                         known->name);
    bp_names_join(known->category, known->neurons, list, sizeof list);
    return fail_cell(run, row, run->column, error,
                     "%s is not a category of column \"%s\" in the training data (%s)",
                     bp_text_excerpt(word, name, strlen(name)), known->name, list);
}

bp_status bp_block_rows_check(const struct bp_block_rows *rows, bp_error *error)
{
    const uint64_t bad = atomic_load_explicit(&rows->bad, memory_order_relaxed);
    if (bad == NONE)
        return BP_OK;
    const size_t row = (size_t)(bad / BP_WIDTH_MAX), neuron = (size_t)(bad % BP_WIDTH_MAX);
    size_t k = 0;
    while (k + 1 < rows->inputs.count && rows->inputs.run[k + 1].neuron <= neuron)
        k++;
    const struct bp_block_run *run = &rows->inputs.run[k];
    return run->known->kind == BP_COLUMN_CATEGORY
               ? fail_category(rows, run, row, error)
               : fail_number(run, row, run->column + (neuron - run->neuron), error);
}
