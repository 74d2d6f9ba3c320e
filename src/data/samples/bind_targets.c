/* Targets: classes as numbers of neurons, numbers as the values that the neurons should have. */
#include <math.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/bind.h"
#include "data/samples/recode.h"
#include "data/table/cells.h"

static bp_status bind_classes(const struct bp_bind *bind, bp_error *error)
{
    struct bp_samples *samples = bind->samples;
    samples->labels = bp_array_alloc(samples->count, sizeof *samples->labels);
    if (!samples->labels)
        return bp_fail_memory(error, "the classes of the samples");
    return bp_column_recode(bind->dataset, bind->match.target[0], bp_schema_targets(bind->schema),
                            samples->labels, error);
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
        float number = bp_column_number(table, bp_dataset_row(bind->dataset, x), column);
        float value = (number - target->shift) * target->scale;
        if (!isfinite(value))
            return bp_bind_fail_reach(bind, x, column, number, target->name, error);
        samples->targets[x * samples->outputs + target->first] = value;
    }
    return BP_OK;
}

bp_status bp_bind_targets(const struct bp_bind *bind, bp_error *error)
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
