/* Binds a dataset to a schema. */
#include "data/samples/bind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/table/cells.h"

#define PLACE_SIZE 512

bp_status bp_bind_fail_reach(const struct bp_bind *bind, size_t x, size_t column, float number,
                             const char *name, bp_error *error)
{
    char place[PLACE_SIZE];
    size_t row = bp_dataset_row(bind->dataset, x);
    bp_cell_place(bind->dataset->table, row, column, place, sizeof place);
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: %g is too large for column \"%s\" in the scale of the training data", place,
                   (double)number, name);
}

/* The column of weights has the name that it had in training. */
static bp_status bind_named_weights(const struct bp_bind *bind, bool required, bp_error *error)
{
    const struct bp_table *table = bind->dataset->table;
    const char *name = bind->schema->weight;
    if (!name)
        return BP_OK;
    for (size_t k = 0; k < table->columns; k++) {
        if (bp_column_is_read(&table->column[k]) && strcmp(table->column[k].name, name) == 0)
            return bp_bind_weights(bind, k, error);
    }
    if (!required)
        return BP_OK;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: column \"%s\" is missing, which holds the weights of the rows that the "
                   "model is trained on",
                   table->path, name);
}

bp_status bp_samples_bind(struct bp_samples *samples, const struct bp_schema *schema,
                          const bp_dataset *dataset, const char *target,
                          enum bp_need_targets targets, bp_error *error)
{
    struct bp_bind bind = {.samples = samples, .schema = schema, .dataset = dataset};
    *samples = (struct bp_samples){
        .count = dataset->count, .inputs = schema->inputs, .outputs = schema->outputs};
    const bool weights = targets == BP_TARGETS_AND_WEIGHTS;
    if (weights)
        targets = BP_TARGETS_REQUIRED;
    bp_status status = bp_match_create(&bind.match, schema, dataset->table, target, targets, error);
    if (!status) {
        samples->cells = bind.match.cells;
        status = bp_bind_inputs(&bind, error);
    }
    if (!status && bind.match.target)
        status = bp_bind_targets(&bind, error);
    if (!status && targets == BP_TARGETS_REQUIRED)
        status = bind_named_weights(&bind, weights, error);
    bp_match_release(&bind.match);
    if (status)
        bp_samples_release(samples);
    return status;
}
