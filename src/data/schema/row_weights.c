/* A column of weights, and the rows that count. */
#include "data/schema/row_weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/schema/fit.h"
#include "data/table/cells.h"
#include "data/table/columns.h"
#include "data/table/split.h"
#include "data/text/text.h"

static bp_status fail_no_weight(const struct bp_table *table, size_t row, size_t column,
                                float weight, bp_error *error)
{
    const char *name = table->column[column].name;
    if (isnan(weight))
        return bp_cell_fail(table, row, column, error,
                            "the cell is empty, and column \"%s\" holds the weights of the rows",
                            name);
    return bp_cell_fail(table, row, column, error,
                        "%g is no weight: column \"%s\" holds the weights of the rows, numbers "
                        "from 0 on",
                        (double)weight, name);
}

static bp_status fail_text(const bp_dataset *dataset, size_t column, bp_error *error)
{
    const struct bp_table *table = dataset->table;
    const char *name = table->column[column].name;
    const size_t row = bp_column_find_text(dataset, column);
    if (row == SIZE_MAX)
        return bp_fail(
            error, BP_ERROR_INPUT,
            "%s: column \"%s\" holds the weights of the rows: it cannot be one of categories",
            table->path, name);
    const char *text = bp_cell_text(table, row, column);
    char word[BP_EXCERPT_SIZE];
    return bp_cell_fail(table, row, column, error,
                        "%s is not a number, and column \"%s\" holds the weights of the rows",
                        bp_text_excerpt(word, text, strlen(text)), name);
}

/* Every weight of the dataset, and how many are above 0. */
static bp_status read_all(const bp_dataset *dataset, size_t column, float *weight, size_t *count,
                          bp_error *error)
{
    const struct bp_table *table = dataset->table;
    *count = 0;
    for (size_t x = 0; x < dataset->count; x++) {
        const size_t row = bp_dataset_row(dataset, x);
        weight[x] = bp_column_number(table, row, column);
        if (!(weight[x] >= 0.0f))
            return fail_no_weight(table, row, column, weight[x], error);
        *count += weight[x] > 0.0f;
    }
    if (*count == 0)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the weights of all samples are 0", table->path);
    return BP_OK;
}

/* Takes the rows of weight 0 out of the view and the weights. */
static bp_status leave_out(struct bp_row_weights *out, const bp_dataset *dataset, size_t count,
                           bp_error *error)
{
    if (count == dataset->count)
        return BP_OK;
    out->owned = bp_array_alloc(count, sizeof *out->owned);
    if (!out->owned)
        return bp_fail_memory(error, "the rows that have a weight");
    size_t kept = 0;
    for (size_t x = 0; x < dataset->count; x++) {
        if (out->weight[x] == 0.0f)
            continue;
        out->owned[kept] = (uint32_t)bp_dataset_row(dataset, x);
        out->weight[kept++] = out->weight[x];
    }
    out->view.rows = out->owned;
    out->view.count = count;
    return BP_OK;
}

bp_status bp_row_weights_find(const struct bp_table *table, const char *name, size_t *column,
                              bp_error *error)
{
    *column = BP_NO_WEIGHTS;
    if (name)
        return bp_table_find(table, "weight", name, column, error);
    for (size_t k = 0; k < table->columns; k++) {
        if (table->column[k].role == BP_ROLE_WEIGHT)
            *column = k;
    }
    return BP_OK;
}

bp_status bp_row_weights_read(struct bp_row_weights *out, const bp_dataset *dataset, size_t column,
                              bp_error *error)
{
    *out = (struct bp_row_weights){.view = *dataset};
    if (column == BP_NO_WEIGHTS)
        return BP_OK;
    const struct bp_table *table = dataset->table;
    if (table->column[column].kind != BP_COLUMN_NUMBER)
        return fail_text(dataset, column, error);
    if (table->column[column].width != 1)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: column \"%s\" has %zu cells, a weight is one number", table->path,
                       table->column[column].name, table->column[column].width);
    out->weight = bp_array_alloc(dataset->count, sizeof *out->weight);
    if (!out->weight)
        return bp_fail_memory(error, "the weights of the samples");
    size_t count;
    const bp_status status = read_all(dataset, column, out->weight, &count, error);
    return status ? status : leave_out(out, dataset, count, error);
}

void bp_row_weights_release(struct bp_row_weights *weights)
{
    free(weights->owned);
    free(weights->weight);
    *weights = (struct bp_row_weights){0};
}

bp_status bp_dataset_weighted(bp_dataset **out, const bp_dataset *dataset, const char *weight,
                              bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(dataset, error);
    size_t column;
    struct bp_row_weights weights = {0};
    bp_status status = bp_row_weights_find(dataset->table, weight, &column, error);
    if (!status)
        status = bp_row_weights_read(&weights, dataset, column, error);
    uint32_t *rows = status ? NULL : bp_array_alloc(weights.view.count, sizeof *rows);
    for (size_t x = 0; rows && x < weights.view.count; x++)
        rows[x] = (uint32_t)bp_dataset_row(&weights.view, x);
    *out = rows ? bp_dataset_show(dataset, rows, weights.view.count) : NULL;
    if (!status && !*out) {
        free(rows);
        status = bp_fail_memory(error, "the rows that have a weight");
    }
    bp_row_weights_release(&weights);
    return status;
}
