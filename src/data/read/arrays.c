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
    BP_REQUIRE(arrays->input, error);
    if (arrays->targets && arrays->labels)
        return bp_fail(error, BP_ERROR_ARGUMENT, "targets and labels exclude each other");
    if ((arrays->outputs > 0) != (arrays->targets != NULL))
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

static bp_status check_finite(const float *values, size_t count, size_t width, const char *what,
                              bp_error *error)
{
    for (size_t k = 0; k < count * width; k++)
        if (!isfinite(values[k]))
            return bp_fail(error, BP_ERROR_ARGUMENT, "%s %zu of sample %zu (from 1) is not finite",
                           what, k % width + 1, k / width + 1);
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
    if (status == BP_OK)
        status = check_finite(arrays->input, arrays->count, arrays->inputs, "input", error);
    if (status == BP_OK && arrays->targets)
        status = check_finite(arrays->targets, arrays->count, arrays->outputs, "target", error);
    if (status == BP_OK && arrays->labels)
        status = check_labels(arrays, error);
    return status;
}

static bool copy_values(struct bp_table *table, const bp_arrays *arrays)
{
    size_t inputs = arrays->inputs, outputs = arrays->outputs;
    table->cells = inputs + outputs;
    table->values = bp_array_alloc(arrays->count * table->cells, sizeof *table->values);
    if (!table->values)
        return false;
    for (size_t x = 0; x < arrays->count; x++) {
        float *row = table->values + x * table->cells;
        memcpy(row, arrays->input + x * inputs, inputs * sizeof *row);
        if (outputs > 0)
            memcpy(row + inputs, arrays->targets + x * outputs, outputs * sizeof *row);
    }
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
