/* Weights of samples: a column of numbers that are 0 or more. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/samples/bind.h"
#include "data/schema/fit.h"
#include "data/table/cells.h"
#include "data/text/number.h"
#include "data/text/text.h"

#define PLACE_SIZE 512

static bp_status fail_no_weight(const bp_dataset *dataset, size_t x, size_t column, bp_error *error)
{
    char place[PLACE_SIZE];
    const struct bp_table *table = dataset->table;
    const size_t row = bp_dataset_row(dataset, x);
    bp_cell_place(table, row, column, place, sizeof place);
    if (isnan(bp_column_number(table, row, column)))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the cell is empty, and column \"%s\" holds the weights of the rows",
                       place, table->column[column].name);
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: %g is no weight: column \"%s\" holds the weights of the rows, numbers from "
                   "0 on",
                   place, (double)bp_column_number(table, row, column), table->column[column].name);
}

/* A column that holds texts, of which the first that is no number is named. */
static bp_status fail_text(const bp_dataset *dataset, size_t column, bp_error *error)
{
    const struct bp_table *table = dataset->table;
    const char *name = table->column[column].name;
    for (size_t x = 0; x < dataset->count; x++) {
        const size_t row = bp_dataset_row(dataset, x);
        const char *text = table->column[column].category[bp_cell_code(table, row, column)];
        float number;
        if (bp_number_parse(text, strlen(text), &number) == BP_NUMBER_OK)
            continue;
        char place[PLACE_SIZE], word[BP_EXCERPT_SIZE];
        bp_cell_place(table, row, column, place, sizeof place);
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: %s is not a number, and column \"%s\" holds the weights of the rows",
                       place, bp_text_excerpt(word, text, strlen(text)), name);
    }
    return bp_fail(
        error, BP_ERROR_INPUT,
        "%s: column \"%s\" holds the weights of the rows: it cannot be one of categories",
        table->path, name);
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
        samples->weight[x] = bp_column_number(table, bp_dataset_row(bind->dataset, x), column);
        if (!(samples->weight[x] >= 0.0f))
            return fail_no_weight(bind->dataset, x, column, error);
    }
    return BP_OK;
}

bp_status bp_samples_bind_weight(struct bp_samples *samples, const bp_dataset *dataset,
                                 const char *column, bp_error *error)
{
    const struct bp_bind bind = {.samples = samples, .dataset = dataset};
    size_t found;
    const bp_status status = bp_table_find(dataset->table, column, &found, error);
    return status ? status : bp_bind_weights(&bind, found, error);
}
