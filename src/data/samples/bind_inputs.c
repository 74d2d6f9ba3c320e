/* Inputs: in the table where its cells are in the order of the network, otherwise copied. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/lanes.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/bind.h"
#include "data/table/cells.h"

static bp_status copy_scaling(const struct bp_bind *bind, bp_error *error)
{
    struct bp_samples *samples = bind->samples;
    /* To whole vectors. */
    size_t padded = bp_size_round_up(samples->inputs, BP_LANES);
    samples->shift = bp_aligned_alloc(padded, sizeof *samples->shift);
    samples->scale = bp_aligned_alloc(padded, sizeof *samples->scale);
    if (!samples->shift || !samples->scale)
        return bp_fail_memory(error, "the scaling of inputs");
    for (size_t k = 0; k < bind->schema->input_columns; k++) {
        const struct bp_schema_column *column = &bind->schema->column[k];
        for (size_t i = column->first; i < column->first + column->neurons; i++) {
            samples->shift[i] = column->shift;
            samples->scale[i] = column->scale;
        }
        if (column->indicator) {
            samples->shift[column->first + column->neurons - 1] = 0;
            samples->scale[column->first + column->neurons - 1] = 1;
        }
    }
    return BP_OK;
}

/* Numbers where the model knows categories are allowed, because integers have names. */
static bp_status check_kinds(const struct bp_bind *bind, bp_error *error)
{
    const struct bp_column *source = bind->dataset->table->column;
    size_t cell = 0;
    for (size_t k = 0; k < bind->schema->input_columns; k++) {
        const struct bp_schema_column *column = &bind->schema->column[k];
        for (size_t c = bp_schema_column_cells(column) + column->indicator; c > 0; c--, cell++) {
            size_t from = bind->match.column[cell];
            if (column->kind == BP_COLUMN_NUMBER && source[from].kind != BP_COLUMN_NUMBER)
                return bp_fail_not_number(bind->dataset, from, column, error);
        }
    }
    return BP_OK;
}

/* Missing cells are an error in targets, and in inputs if the model says so. */
static bp_status refuse_missing(const struct bp_bind *bind, bp_error *error)
{
    const struct bp_schema *schema = bind->schema;
    bp_status status = BP_OK;
    if (bind->match.target)
        status = bp_columns_refuse_missing(bind->dataset, bind->match.target,
                                           schema->target_columns, BP_MISSING_TARGET, error);
    if (!status && schema->missing == BP_MISSING_ERROR)
        status = bp_columns_refuse_missing(bind->dataset, bind->match.column, bind->match.cells,
                                           BP_MISSING_INPUT " when training", error);
    return status;
}

/* Whether cells of the table have another origin than those of the model. */
static bool moves(const struct bp_bind *bind)
{
    const struct bp_column *source = bind->dataset->table->column;
    size_t c = 0;
    for (size_t k = 0; k < bind->schema->input_columns; k++) {
        const struct bp_schema_column *column = &bind->schema->column[k];
        for (size_t i = bp_schema_column_cells(column) + column->indicator; i > 0; i--, c++)
            if (source[bind->match.column[c]].origin != column->origin)
                return true;
    }
    return false;
}

static bool can_stay(const struct bp_bind *bind)
{
    for (size_t k = 0; k < bind->schema->input_columns; k++) {
        if (bind->schema->column[k].kind == BP_COLUMN_CATEGORY || bind->schema->column[k].indicator)
            return false;
    }
    if (moves(bind))
        return false;
    for (size_t c = 0; c < bind->match.cells; c++) {
        if (bind->dataset->table->column[bind->match.column[c]].missing > 0)
            return false;
    }
    for (size_t c = 1; c < bind->match.cells; c++) {
        if (bind->match.cell[c] != bind->match.cell[0] + c)
            return false;
    }
    return true;
}

static void stay(const struct bp_bind *bind)
{
    const struct bp_table *table = bind->dataset->table;
    struct bp_samples *samples = bind->samples;
    if (table->values)
        samples->values = table->values + bind->match.cell[0];
    else
        samples->bytes = table->bytes + bind->match.cell[0];
    samples->stride = bp_table_stride(table);
    samples->rows = bind->dataset->rows;
}

/* What a category that the model does not know counts as: a neuron, or none. */
static bp_status find_substitute(const struct bp_bind *bind, const struct bp_schema_column *column,
                                 float *neuron, bp_error *error)
{
    *neuron = BP_NO_NEURON;
    if (bind->options->unknown != BP_UNKNOWN_MOST_FREQUENT)
        return BP_OK;
    if (column->most_frequent == BP_NOT_COUNTED)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the model does not say which category of column \"%s\" was the most "
                       "frequent: train it again, or let unknown ones count as none (ignore)",
                       bind->dataset->table->path, column->name);
    *neuron = (float)(column->first + column->most_frequent);
    return BP_OK;
}

/* Cell c of every sample becomes the number of the neuron of its category. */
static bp_status lay_out_category(const struct bp_bind *bind, const struct bp_schema_column *column,
                                  size_t c, uint32_t *codes, struct bp_unknown_values *unknown,
                                  bp_error *error)
{
    struct bp_samples *samples = bind->samples;
    const size_t before = unknown->rows;
    float substitute = BP_NO_NEURON;
    bp_status status =
        bp_column_recode(bind->dataset, bind->match.column[c], column, codes, unknown, error);
    if (!status && unknown->rows > before)
        status = find_substitute(bind, column, &substitute, error);
    if (status)
        return status;
    samples->neuron[c] = BP_ONE_HOT;
    /* Exact: a layer has at most BP_WIDTH_MAX = 2^20 neurons. */
    for (size_t x = 0; x < samples->count; x++)
        samples->owned_values[x * samples->cells + c] =
            codes[x] == BP_UNKNOWN_CODE ? substitute : (float)(column->first + codes[x]);
    return BP_OK;
}

/* Cell c of every sample is the number of neuron `neuron`. */
static void lay_out_number(const struct bp_bind *bind, const struct bp_schema_column *column,
                           size_t neuron, size_t c)
{
    struct bp_samples *samples = bind->samples;
    const struct bp_table *table = bind->dataset->table;
    const double origin = table->column[bind->match.column[c]].origin;
    samples->neuron[c] = (uint32_t)neuron;
    for (size_t x = 0; x < samples->count; x++) {
        const float stored =
            bp_cell_number(table, bp_dataset_row(bind->dataset, x), bind->match.cell[c]);
        const float cell = bp_cell_move(stored, origin, column->origin);
        samples->owned_values[x * samples->cells + c] = isnan(cell) ? column->fill : cell;
    }
}

/* Cell c of every sample is 1 if the cell of the table is missing. */
static void lay_out_indicator(const struct bp_bind *bind, size_t neuron, size_t c)
{
    struct bp_samples *samples = bind->samples;
    const struct bp_table *table = bind->dataset->table;
    samples->neuron[c] = (uint32_t)neuron;
    for (size_t x = 0; x < samples->count; x++)
        samples->owned_values[x * samples->cells + c] = (float)bp_cell_is_missing(
            table, bp_dataset_row(bind->dataset, x), bind->match.column[c]);
}

static bp_status lay_out_columns(const struct bp_bind *bind, uint32_t *codes,
                                 struct bp_unknown_values *unknown, bp_error *error)
{
    bp_status status = BP_OK;
    size_t c = 0;
    for (size_t k = 0; !status && k < bind->schema->input_columns; k++) {
        const struct bp_schema_column *column = &bind->schema->column[k];
        if (column->kind == BP_COLUMN_CATEGORY) {
            status = lay_out_category(bind, column, c++, codes, unknown, error);
            continue;
        }
        for (size_t i = 0; i < bp_schema_column_cells(column); i++)
            lay_out_number(bind, column, column->first + i, c++);
        if (column->indicator)
            lay_out_indicator(bind, column->first + column->neurons - 1, c++);
    }
    return status;
}

/* Training rows have to be known; others may be let be. */
static bp_status refuse_unknown(const struct bp_bind *bind, const struct bp_unknown_values *unknown,
                                bp_error *error)
{
    const bool trains = bind->options->need == BP_TARGETS_AND_WEIGHTS;
    const bool refused =
        bind->options->unknown == BP_UNKNOWN_AUTO || bind->options->unknown == BP_UNKNOWN_ERROR;
    bind->samples->unknown = unknown->rows;
    if (unknown->rows == 0 || !refused)
        return BP_OK;
    return bp_unknown_fail(
        unknown, trains ? "" : "; --unknown ignore and --unknown most-frequent take such rows",
        error);
}

static bp_status lay_out(const struct bp_bind *bind, bp_error *error)
{
    struct bp_samples *samples = bind->samples;
    size_t total;
    if (!bp_size_mul(samples->count, samples->cells, &total))
        return bp_fail_memory(error, "the inputs of the samples");
    samples->owned_values = bp_array_alloc(total, sizeof *samples->owned_values);
    samples->neuron = bp_array_alloc(samples->cells, sizeof *samples->neuron);
    uint32_t *codes = bp_array_alloc(samples->count, sizeof *codes);
    struct bp_unknown_values unknown = {.dataset = bind->dataset};
    bp_status status = BP_OK;
    if (!samples->owned_values || !samples->neuron || !codes)
        status = bp_fail_memory(error, "the inputs of the samples");
    if (!status)
        status = lay_out_columns(bind, codes, &unknown, error);
    if (!status)
        status = refuse_unknown(bind, &unknown, error);
    bp_unknown_release(&unknown);
    free(codes);
    samples->values = samples->owned_values;
    samples->stride = samples->cells;
    return status;
}

/* Whether all cells of a row stay finite when they are scaled; without a branch, so that compilers
 * vectorize it. */
static bool row_reaches(const struct bp_samples *samples, const float *cell)
{
    uint32_t beyond = 0;
    for (size_t c = 0; c < samples->cells; c++)
        beyond |= fabsf((cell[c] - samples->shift[c]) * samples->scale[c]) <= FLT_MAX ? 0 : 1;
    return beyond == 0;
}

/* No cell of `values` may overflow when it is scaled. */
static bp_status check_reach(const struct bp_bind *bind, bp_error *error)
{
    const struct bp_samples *samples = bind->samples;
    for (size_t x = 0; samples->values && x < samples->count; x++) {
        const float *cell =
            samples->values + (samples->rows ? samples->rows[x] : x) * samples->stride;
        if (!samples->neuron && row_reaches(samples, cell))
            continue;
        for (size_t c = 0; c < samples->cells; c++) {
            size_t i = samples->neuron ? samples->neuron[c] : c;
            if (i == BP_ONE_HOT || isfinite((cell[c] - samples->shift[i]) * samples->scale[i]))
                continue;
            size_t from = bind->match.column[c];
            return bp_bind_fail_reach(bind, x, from, cell[c],
                                      bind->dataset->table->column[from].name, error);
        }
    }
    return BP_OK;
}

bp_status bp_bind_inputs(const struct bp_bind *bind, bp_error *error)
{
    bp_status status = check_kinds(bind, error);
    if (!status)
        status = refuse_missing(bind, error);
    if (!status)
        status = copy_scaling(bind, error);
    if (status)
        return status;
    if (can_stay(bind))
        stay(bind);
    else
        status = lay_out(bind, error);
    return status ? status : check_reach(bind, error);
}

bp_status bp_bind_count_unknown(const struct bp_bind *bind, struct bp_unknown_values *unknown,
                                bp_error *error)
{
    bp_status status = check_kinds(bind, error);
    uint32_t *codes = bp_array_alloc(bind->dataset->count, sizeof *codes);
    if (!codes && !status)
        status = bp_fail_memory(error, "the categories of a column");
    size_t c = 0;
    for (size_t k = 0; !status && k < bind->schema->input_columns; k++) {
        const struct bp_schema_column *column = &bind->schema->column[k];
        if (column->kind == BP_COLUMN_CATEGORY)
            status = bp_column_recode(bind->dataset, bind->match.column[c], column, codes, unknown,
                                      error);
        c += bp_schema_column_cells(column) + column->indicator;
    }
    free(codes);
    return status;
}
