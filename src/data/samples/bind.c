/* Binds a dataset to a schema, and frees what came of it. */
#include "data/samples/bind.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/ordinary.h"
#include "data/schema/fit.h"
#include "data/schema/row_weights.h"
#include "data/table/cells.h"

bp_status bp_bind_fail_reach(const struct bp_bind *bind, size_t x, size_t column, float number,
                             const char *name, bp_error *error)
{
    return bp_cell_fail(bind->dataset->table, bp_dataset_row(bind->dataset, x), column, error,
                        "%g is too large for column \"%s\" in the scale of the training data",
                        (double)number, name);
}

static bp_status bind_classes(const struct bp_bind *bind, bp_error *error)
{
    struct bp_samples *samples = bind->samples;
    samples->labels = bp_array_alloc(samples->count, sizeof *samples->labels);
    if (!samples->labels)
        return bp_fail_memory(error, "the classes of the samples");
    struct bp_unknown_values unknown = {.dataset = bind->dataset};
    bp_status status =
        bp_column_recode(bind->dataset, bind->match.target[0], bp_schema_targets(bind->schema),
                         samples->labels, &unknown, error);
    if (!status && unknown.rows > 0)
        status = bp_unknown_fail(&unknown, "", error);
    bp_unknown_release(&unknown);
    return status;
}

static bp_status bind_number(const struct bp_bind *bind, const struct bp_schema_column *target,
                             size_t column, bp_error *error)
{
    struct bp_samples *samples = bind->samples;
    const struct bp_table *table = bind->dataset->table;
    const struct bp_column *source = &table->column[column];
    if (source->kind != BP_COLUMN_NUMBER)
        return bp_fail_not_number(bind->dataset, column, target, error);
    for (size_t x = 0; x < samples->count; x++) {
        const size_t row = bp_dataset_row(bind->dataset, x);
        const float cell =
            bp_cell_move(bp_column_cell(table, row, column), source->origin, target->origin);
        const float value = (cell - target->shift) * target->scale;
        if (!isfinite(value))
            return bp_bind_fail_reach(bind, x, column, bp_column_number(table, row, column),
                                      target->name, error);
        samples->targets[x * samples->outputs + target->first] = value;
    }
    return BP_OK;
}

/* Classes as numbers of neurons, numbers as the values that the neurons should have. */
static bp_status bind_targets(const struct bp_bind *bind, bp_error *error)
{
    struct bp_samples *samples = bind->samples;
    if (bind->schema->task == BP_TASK_CLASSIFY)
        return bind_classes(bind, error);
    size_t total;
    if (!bp_size_mul(samples->count, samples->outputs, &total))
        return bp_fail_memory(error, "the targets of the samples");
    samples->targets = bp_array_alloc(total, sizeof *samples->targets);
    if (!samples->targets)
        return bp_fail_memory(error, "the targets of the samples");
    bp_status status = BP_OK;
    for (size_t k = 0; !status && k < bind->schema->target_columns; k++)
        status =
            bind_number(bind, &bp_schema_targets(bind->schema)[k], bind->match.target[k], error);
    return status;
}

/* The column of weights: the one that is named, the one of the name that it had in training, or the
 * one whose role says so. */
static bp_status find_weights(const struct bp_bind *bind, const struct bp_bind_options *options,
                              size_t *column, bp_error *error)
{
    const struct bp_table *table = bind->dataset->table;
    const char *name = bind->schema->weight;
    *column = BP_NO_WEIGHTS;
    if (options->need == BP_TARGETS_UNUSED)
        return BP_OK;
    if (options->weight)
        return bp_row_weights_find(table, options->weight, column, error);
    for (size_t k = 0; name && k < table->columns; k++) {
        if (bp_column_is_read(&table->column[k]) && strcmp(table->column[k].name, name) == 0) {
            *column = k;
            return BP_OK;
        }
    }
    const bp_status status = bp_row_weights_find(table, NULL, column, error);
    if (!name || *column != BP_NO_WEIGHTS || options->need != BP_TARGETS_AND_WEIGHTS)
        return status;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: column \"%s\" is missing, which holds the weights of the rows that the "
                   "model is trained on",
                   table->path, name);
}

/* The rows that count are the dataset of what is bound; the samples own their weights and numbers.
 */
static bp_status bind_weights(struct bp_bind *bind, struct bp_row_weights *rows, size_t column,
                              bp_error *error)
{
    struct bp_samples *samples = bind->samples;
    const bp_status status = bp_row_weights_read(rows, bind->dataset, column, error);
    samples->weight = rows->weight;
    samples->owned_rows = rows->owned;
    samples->count = rows->view.count;
    bind->dataset = &rows->view;
    return status;
}

bp_status bp_samples_bind(struct bp_samples *samples, const struct bp_schema *schema,
                          const bp_dataset *dataset, const struct bp_bind_options *options,
                          bp_error *error)
{
    struct bp_bind bind = {
        .samples = samples, .schema = schema, .dataset = dataset, .options = options};
    struct bp_row_weights rows;
    size_t weights;
    *samples = (struct bp_samples){
        .count = dataset->count, .inputs = schema->inputs, .outputs = schema->outputs};
    bp_status status =
        bp_match_create(&bind.match, schema, dataset->table, options->target, options->need, error);
    if (!status)
        status = find_weights(&bind, options, &weights, error);
    if (!status)
        status = bind_weights(&bind, &rows, weights, error);
    if (!status) {
        samples->cells = bind.match.cells;
        status = bp_bind_inputs(&bind, error);
    }
    if (!status && bind.match.target)
        status = bind_targets(&bind, error);
    bp_match_release(&bind.match);
    if (status)
        bp_samples_release(samples);
    else
        samples->ordinary = bp_samples_are_ordinary(samples, options->once);
    return status;
}

bp_status bp_samples_count_unknown(const struct bp_schema *schema, const bp_dataset *dataset,
                                   size_t *rows, char *text, size_t size, bp_error *error)
{
    struct bp_bind bind = {.schema = schema, .dataset = dataset};
    struct bp_unknown_values unknown = {.dataset = dataset};
    bp_status status =
        bp_match_create(&bind.match, schema, dataset->table, NULL, BP_TARGETS_UNUSED, error);
    if (!status)
        status = bp_bind_count_unknown(&bind, &unknown, error);
    *rows = unknown.rows;
    bp_unknown_write(&unknown, text, size);
    bp_unknown_release(&unknown);
    bp_match_release(&bind.match);
    return status;
}

void bp_samples_release(struct bp_samples *samples)
{
    bp_aligned_free(samples->shift);
    bp_aligned_free(samples->scale);
    free(samples->neuron);
    free(samples->labels);
    free(samples->targets);
    free(samples->weight);
    free(samples->owned_values);
    free(samples->owned_bytes);
    free(samples->owned_rows);
    *samples = (struct bp_samples){0};
}
