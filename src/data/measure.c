/* Sums in one chain for each column, in the order of rows, so that their bits depend on the data
 * alone; all columns in one pass, because rows are what lies together in memory. */
#include "data/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/cells.h"

static void add_cells(struct bp_measure *measure, const struct bp_table *table, size_t row,
                      const struct bp_column *column)
{
    double minimum = measure->minimum, maximum = measure->maximum, sum = measure->mean;
    for (size_t k = 0; k < column->width; k++) {
        float cell = bp_cell_number(table, row, column->offset + k);
        minimum = cell < minimum ? cell : minimum;
        maximum = cell > maximum ? cell : maximum;
        sum += cell;
        if (measure->integral && table->values)
            measure->integral = cell == truncf(cell);
    }
    measure->minimum = minimum;
    measure->maximum = maximum;
    measure->mean = sum;
}

static void add_squares(struct bp_measure *measure, const struct bp_table *table, size_t row,
                        const struct bp_column *column)
{
    double mean = measure->mean, sum = measure->deviation;
    for (size_t k = 0; k < column->width; k++) {
        double difference = bp_cell_number(table, row, column->offset + k) - mean;
        sum += difference * difference;
    }
    measure->deviation = sum;
}

/* Calls `add` for the number columns of every row shown. */
static void visit_rows(const bp_dataset *dataset, size_t first, size_t count,
                       struct bp_measure *measures,
                       void (*add)(struct bp_measure *, const struct bp_table *, size_t,
                                   const struct bp_column *))
{
    const struct bp_table *table = dataset->table;
    for (size_t x = 0; x < dataset->count; x++) {
        size_t row = bp_dataset_row(dataset, x);
        for (size_t k = 0; k < count; k++) {
            const struct bp_column *column = &table->column[first + k];
            if (column->kind == BP_COLUMN_NUMBER)
                add(&measures[k], table, row, column);
        }
    }
}

void bp_columns_measure(const bp_dataset *dataset, size_t first, size_t count,
                        struct bp_measure *measures)
{
    const struct bp_column *column = &dataset->table->column[first];
    for (size_t k = 0; k < count; k++) {
        bool number = column[k].kind == BP_COLUMN_NUMBER;
        measures[k] = (struct bp_measure){.minimum = number ? INFINITY : 0,
                                          .maximum = number ? -INFINITY : 0,
                                          .integral = number};
    }
    visit_rows(dataset, first, count, measures, add_cells);
    for (size_t k = 0; k < count; k++)
        measures[k].mean /= (double)dataset->count * (double)column[k].width;
    visit_rows(dataset, first, count, measures, add_squares);
    for (size_t k = 0; k < count; k++) {
        double cells = (double)dataset->count * (double)column[k].width;
        measures[k].deviation = sqrt(measures[k].deviation / cells);
    }
}

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

bp_status bp_column_distinct(const bp_dataset *dataset, size_t column, float **values,
                             size_t *count, bp_error *error)
{
    size_t cell = dataset->table->column[column].offset;
    *count = 0;
    *values = bp_array_alloc(dataset->count, sizeof **values);
    if (!*values)
        return bp_fail_memory(error, "the distinct values of a column");
    float *sorted = *values;
    for (size_t x = 0; x < dataset->count; x++)
        sorted[x] = bp_cell_number(dataset->table, bp_dataset_row(dataset, x), cell) + 0.0f;
    qsort(sorted, dataset->count, sizeof *sorted, compare_floats);
    for (size_t x = 0; x < dataset->count; x++) {
        if (x == 0 || sorted[x] != sorted[x - 1])
            sorted[(*count)++] = sorted[x];
    }
    return BP_OK;
}
