/* Weights of samples: a column of numbers that are 0 or more. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/samples/bind.h"
#include "data/schema/fit.h"
#include "data/table/cells.h"
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

bp_status bp_bind_weights(const struct bp_bind *bind, size_t column, bp_error *error)
{
    struct bp_samples *samples = bind->samples;
    const struct bp_table *table = bind->dataset->table;
    if (table->column[column].kind != BP_COLUMN_NUMBER)
        return fail_text(bind->dataset, column, error);
    if (table->column[column].width != 1)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: column \"%s\" has %zu cells, a weight is one number", table->path,
                       table->column[column].name, table->column[column].width);
    free(samples->weight);
    samples->weight = bp_array_alloc(samples->count, sizeof *samples->weight);
    if (!samples->weight)
        return bp_fail_memory(error, "the weights of the samples");
    for (size_t x = 0; x < samples->count; x++) {
        const size_t row = bp_dataset_row(bind->dataset, x);
        samples->weight[x] = bp_column_number(table, row, column);
        if (!(samples->weight[x] >= 0.0f))
            return fail_no_weight(table, row, column, samples->weight[x], error);
    }
    return BP_OK;
}

bp_status bp_samples_bind_weight(struct bp_samples *samples, const bp_dataset *dataset,
                                 const char *column, bp_error *error)
{
    const struct bp_bind bind = {.samples = samples, .dataset = dataset};
    size_t found;
    const bp_status status = bp_table_find(dataset->table, "weight", column, &found, error);
    return status ? status : bp_bind_weights(&bind, found, error);
}
