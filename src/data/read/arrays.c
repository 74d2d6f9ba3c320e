/* A dataset from the caller's arrays: inputs and targets side by side in one row. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "data/read/readers.h"
#include "data/table/columns.h"
#include "data/table/origin.h"

const struct bp_reader bp_arrays_format = {
    .format = BP_FORMAT_AUTO, .has_roles = true, .knows_categories = true, .row_word = "sample"};

void bp_arrays_init(bp_arrays *arrays, size_t size)
{
    static const bp_arrays defaults = {0};
    bp_sized_init(arrays, size, &defaults, sizeof defaults);
}

static bp_status check_counts(const bp_arrays *arrays, bp_error *error)
{
    if (arrays->count == 0 || arrays->count > UINT32_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu samples: there must be 1 to %zu",
                       arrays->count, (size_t)UINT32_MAX);
    if (arrays->inputs == 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "samples need at least one input");
    if (!arrays->wide_input)
        BP_REQUIRE(arrays->input, error);
    const bool targets = arrays->targets || arrays->wide_targets;
    if ((arrays->input && arrays->wide_input) || (arrays->targets && arrays->wide_targets))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "floats and doubles exclude each other: give one array of inputs, and of "
                       "targets");
    if (targets && arrays->labels)
        return bp_fail(error, BP_ERROR_ARGUMENT, "targets and labels exclude each other");
    if ((arrays->outputs > 0) != targets)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%zu outputs: there must be at least one with targets, and none without",
                       arrays->outputs);
    if (arrays->labels && (arrays->classes < 1 || arrays->classes > BP_CLASSES_MAX))
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu classes: there must be 1 to %d",
                       arrays->classes, BP_CLASSES_MAX);
    if (!arrays->labels && arrays->classes > 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu classes, but no labels", arrays->classes);
    size_t cells, total, columns;
    if (!bp_size_add(arrays->inputs, arrays->outputs, &cells) || !bp_size_add(cells, 1, &columns) ||
        !bp_size_mul(cells, arrays->count, &total) || !bp_size_mul(total, sizeof(float), &total))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%zu samples of %zu inputs and %zu outputs do not "
                       "fit into memory",
                       arrays->count, arrays->inputs, arrays->outputs);
    return BP_OK;
}

/* Numbers of samples, side by side: one of the two arrays. */
struct numbers {
    const float *floats;
    const double *doubles;
    size_t width;
    const char *what;
};

static struct numbers get_inputs(const bp_arrays *arrays)
{
    return (struct numbers){arrays->input, arrays->wide_input, arrays->inputs, "input"};
}

static struct numbers get_targets(const bp_arrays *arrays)
{
    return (struct numbers){arrays->targets, arrays->wide_targets, arrays->outputs, "target"};
}

static bp_status check_finite(const struct numbers *numbers, size_t count, bp_error *error)
{
    for (size_t k = 0; k < count * numbers->width; k++) {
        const float number = numbers->floats ? numbers->floats[k] : (float)numbers->doubles[k];
        if (!isfinite(number))
            return bp_fail(error, BP_ERROR_ARGUMENT, "%s %zu of sample %zu (from 1) is not finite",
                           numbers->what, k % numbers->width + 1, k / numbers->width + 1);
    }
    return BP_OK;
}

static bp_status check_labels(const bp_arrays *arrays, bp_error *error)
{
    for (size_t x = 0; x < arrays->count; x++)
        if (arrays->labels[x] >= arrays->classes)
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "the label of sample %zu (from 1) is %lu, but there are %zu classes, "
                           "from 0",
                           x + 1, (unsigned long)arrays->labels[x], arrays->classes);
    return BP_OK;
}

static bp_status check_arrays(const bp_arrays *arrays, bp_error *error)
{
    bp_status status = check_counts(arrays, error);
    const struct numbers inputs = get_inputs(arrays), targets = get_targets(arrays);
    if (status == BP_OK)
        status = check_finite(&inputs, arrays->count, error);
    if (status == BP_OK)
        status = check_finite(&targets, arrays->count, error);
    if (status == BP_OK && arrays->labels)
        status = check_labels(arrays, error);
    return status;
}

/* Fills cells first, first + 1, ... of every row, and the origins of their columns. */
static void copy_numbers(struct bp_table *table, const struct numbers *numbers, size_t first)
{
    const size_t width = numbers->width;
    for (size_t k = 0; numbers->doubles && k < width; k++) {
        struct bp_column_range range = bp_column_range_begin();
        for (size_t x = 0; x < table->rows; x++)
            bp_column_range_add(&range, numbers->doubles[x * width + k]);
        table->column[first + k].origin = bp_column_range_origin(&range);
    }
    for (size_t x = 0; x < table->rows; x++) {
        float *row = table->values + x * table->cells + first;
        for (size_t k = 0; k < width; k++)
            row[k] =
                numbers->floats
                    ? numbers->floats[x * width + k]
                    : (float)(numbers->doubles[x * width + k] - table->column[first + k].origin);
    }
}

static bool copy_values(struct bp_table *table, const bp_arrays *arrays)
{
    const struct numbers inputs = get_inputs(arrays), targets = get_targets(arrays);
    table->cells = inputs.width + targets.width;
    table->values = bp_array_alloc(arrays->count * table->cells, sizeof *table->values);
    if (!table->values)
        return false;
    copy_numbers(table, &inputs, 0);
    copy_numbers(table, &targets, inputs.width);
    return true;
}

static bool copy_labels(struct bp_table *table, const bp_arrays *arrays)
{
    struct bp_column *column = &table->column[arrays->inputs];
    table->labels = bp_array_alloc(arrays->count, sizeof *table->labels);
    if (!table->labels)
        return false;
    memcpy(table->labels, arrays->labels, arrays->count * sizeof *table->labels);
    if (!bp_column_set_classes(column, "class", arrays->classes))
        return false;
    for (size_t k = 0; k < arrays->classes; k++)
        if (!(column->category[k] = bp_numbered_name("", (int64_t)k)))
            return false;
    return true;
}

static bp_status create(bp_dataset **out, const bp_arrays *arrays, bp_error *error)
{
    size_t inputs = arrays->inputs, outputs = arrays->outputs;
    size_t columns = inputs + outputs + (arrays->labels != NULL);
    struct bp_table *table = bp_table_create("memory", &bp_arrays_format, columns);
    if (!table)
        return bp_fail_memory(error, "the samples");
    table->rows = arrays->count;
    if (!bp_columns_set_numbers(table, 0, inputs, BP_ROLE_INPUT, "x") ||
        !bp_columns_set_numbers(table, inputs, outputs, BP_ROLE_TARGET, "y") ||
        !copy_values(table, arrays) || (arrays->labels && !copy_labels(table, arrays)))
        goto fail;
    return bp_dataset_wrap(out, table, error);
fail:
    bp_table_free(table);
    return bp_fail_memory(error, "the samples");
}

bp_status bp_dataset_from_arrays(bp_dataset **out, const bp_arrays *arrays, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(arrays, error);
    bp_arrays full = bp_arrays_default();
    bp_status status = bp_sized_copy(&full, sizeof full, arrays, "bp_arrays", error);
    if (status == BP_OK)
        status = check_arrays(&full, error);
    return status == BP_OK ? create(out, &full, error) : status;
}
