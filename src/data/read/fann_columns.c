/* One output a class is how FANN writes classes; as a column of them they train and print as such.
 */
#include "data/read/fann_columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/table/columns.h"
#include "data/table/grow.h"

/* The place of the only 1 among zeros, or `count`. */
static size_t find_one(const float *outputs, size_t count)
{
    size_t found = count;
    for (size_t k = 0; k < count; k++) {
        if (outputs[k] == 0.0F)
            continue;
        if (outputs[k] != 1.0F || found < count)
            return count;
        found = k;
    }
    return found;
}

static bool are_classes(const struct bp_table *table, size_t inputs, size_t outputs)
{
    for (size_t r = 0; r < table->rows; r++)
        if (find_one(table->values + r * table->cells + inputs, outputs) == outputs)
            return false;
    return outputs >= 2;
}

/* Moves the classes to table->labels and the inputs of all rows together. */
static bool split_classes(struct bp_table *table, size_t inputs, size_t outputs)
{
    table->labels = bp_array_alloc(table->rows, sizeof *table->labels);
    if (!table->labels)
        return false;
    for (size_t r = 0; r < table->rows; r++) {
        const float *row = table->values + r * table->cells;
        table->labels[r] = (uint32_t)find_one(row + inputs, outputs);
        memmove(table->values + r * inputs, row, inputs * sizeof *row);
    }
    table->cells = inputs;
    table->values = bp_array_trim(table->values, table->rows * inputs, sizeof *table->values);
    return true;
}

static bool set_class_column(struct bp_column *column, size_t outputs)
{
    if (!bp_column_set_classes(column, "class", outputs))
        return false;
    for (size_t k = 0; k < outputs; k++)
        if (!(column->category[k] = bp_numbered_name("y", (int64_t)k + 1)))
            return false;
    return true;
}

bp_status bp_fann_set_columns(struct bp_table *table, size_t inputs, size_t outputs,
                              bp_error *error)
{
    bool classes = are_classes(table, inputs, outputs);
    size_t columns = inputs + (classes ? 1 : outputs);
    struct bp_column *column = calloc(columns, sizeof *column);
    if (!column)
        return bp_fail_memory(error, table->path);
    free(table->column);
    table->column = column;
    table->columns = columns;
    if (!bp_columns_set_numbers(table, 0, inputs, BP_ROLE_INPUT, "x") ||
        (classes &&
         (!set_class_column(&column[inputs], outputs) || !split_classes(table, inputs, outputs))) ||
        (!classes && !bp_columns_set_numbers(table, inputs, outputs, BP_ROLE_TARGET, "y")))
        return bp_fail_memory(error, table->path);
    return BP_OK;
}
