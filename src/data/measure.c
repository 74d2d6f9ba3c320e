/* Sums in one chain for each column, in the order of rows, so that their bits depend on the data
 * alone; all columns in one pass, because rows are what lies together in memory. */
#include "data/measure.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "data/cells.h"

/* From here on every float is an integer. */
#define INTEGRAL 0x1p23f

static void add_cells(struct bp_measure *measure, const float *cell, size_t count)
{
    struct bp_measure sum = *measure;
    for (size_t k = 0; k < count; k++) {
        sum.minimum = cell[k] < sum.minimum ? cell[k] : sum.minimum;
        sum.maximum = cell[k] > sum.maximum ? cell[k] : sum.maximum;
        sum.mean += cell[k];
        if (sum.integral && fabsf(cell[k]) < INTEGRAL)
            sum.integral = cell[k] == (float)(int32_t)cell[k];
    }
    *measure = sum;
}

static void add_squares(struct bp_measure *measure, const float *cell, size_t count)
{
    double sum = measure->deviation;
    for (size_t k = 0; k < count; k++) {
        double difference = cell[k] - measure->mean;
        sum += difference * difference;
    }
    measure->deviation = sum;
}

/* Both passes over columns of floats. */
static void measure_floats(const bp_dataset *dataset, const struct bp_column *column, size_t count,
                           struct bp_measure *measures)
{
    const struct bp_table *table = dataset->table;
    for (size_t x = 0; x < dataset->count; x++) {
        const float *row = table->values + bp_dataset_row(dataset, x) * table->cells;
        for (size_t k = 0; k < count; k++) {
            if (column[k].kind == BP_COLUMN_NUMBER)
                add_cells(&measures[k], row + column[k].offset, column[k].width);
        }
    }
    for (size_t k = 0; k < count; k++)
        measures[k].mean /= (double)dataset->count * (double)column[k].width;
    for (size_t x = 0; x < dataset->count; x++) {
        const float *row = table->values + bp_dataset_row(dataset, x) * table->cells;
        for (size_t k = 0; k < count; k++) {
            if (column[k].kind == BP_COLUMN_NUMBER)
                add_squares(&measures[k], row + column[k].offset, column[k].width);
        }
    }
    for (size_t k = 0; k < count; k++) {
        double cells = (double)dataset->count * (double)column[k].width;
        measures[k].deviation = sqrt(measures[k].deviation / cells);
    }
}

/* There are so few values that counting them is all that the cells are needed for. */
static void measure_bytes(const bp_dataset *dataset, const struct bp_column *column,
                          struct bp_measure *measure)
{
    size_t times[BP_BYTE_VALUES];
    bp_bytes_count(dataset, column, times);
    double cells = (double)dataset->count * (double)column->width;
    for (size_t value = 0; value < BP_BYTE_VALUES; value++) {
        if (times[value] == 0)
            continue;
        measure->minimum = measure->maximum < 0 ? (double)value : measure->minimum;
        measure->maximum = (double)value;
        measure->mean += (double)(times[value] * value);
    }
    measure->mean /= cells;
    for (size_t value = 0; value < BP_BYTE_VALUES; value++) {
        double difference = (double)value - measure->mean;
        measure->deviation += (double)times[value] * (difference * difference);
    }
    measure->deviation = sqrt(measure->deviation / cells);
}

void bp_bytes_count(const bp_dataset *dataset, const struct bp_column *column, size_t *times)
{
    /* Neighbours are often equal; in tables of their own they need not wait for each other. */
    size_t part[4][BP_BYTE_VALUES] = {{0}};
    const struct bp_table *table = dataset->table;
    for (size_t x = 0; x < dataset->count; x++) {
        const uint8_t *cell =
            table->bytes + bp_dataset_row(dataset, x) * table->cells + column->offset;
        for (size_t k = 0; k < column->width; k++)
            part[k % 4][cell[k]]++;
    }
    for (size_t value = 0; value < BP_BYTE_VALUES; value++)
        times[value] = part[0][value] + part[1][value] + part[2][value] + part[3][value];
}

void bp_columns_measure(const bp_dataset *dataset, size_t first, size_t count,
                        struct bp_measure *measures)
{
    const struct bp_table *table = dataset->table;
    const struct bp_column *column = &table->column[first];
    for (size_t k = 0; k < count; k++) {
        bool number = column[k].kind == BP_COLUMN_NUMBER;
        measures[k] = (struct bp_measure){.minimum = number ? INFINITY : 0,
                                          .maximum = number ? -INFINITY : 0,
                                          .integral = number};
    }
    if (table->values)
        measure_floats(dataset, column, count, measures);
    for (size_t k = 0; table->bytes && k < count; k++) {
        if (column[k].kind == BP_COLUMN_NUMBER)
            measure_bytes(dataset, &column[k], &measures[k]);
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
