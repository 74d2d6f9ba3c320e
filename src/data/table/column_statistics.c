/* Sums in one chain for each column, in the order of rows, so that their bits depend on the data
 * alone; all columns in one pass, because rows are what lies together in memory. */
#include "data/table/column_statistics.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/table/cells.h"

/* Columns of bytes that are counted at a time: their counters fit the cache. */
#define GROUP 32

/* From here on every float is an integer. */
#define INTEGRAL 0x1p23f

static void add_cells(struct bp_column_statistics *measure, const float *cell, size_t count)
{
    struct bp_column_statistics sum = *measure;
    for (size_t k = 0; k < count; k++) {
        if (isnan(cell[k]))
            continue;
        sum.cells++;
        sum.minimum = cell[k] < sum.minimum ? cell[k] : sum.minimum;
        sum.maximum = cell[k] > sum.maximum ? cell[k] : sum.maximum;
        sum.mean += cell[k];
        if (sum.integral && fabsf(cell[k]) < INTEGRAL)
            sum.integral = cell[k] == (float)(int32_t)cell[k];
    }
    *measure = sum;
}

static void add_squares(struct bp_column_statistics *measure, const float *cell, size_t count)
{
    double sum = measure->deviation;
    for (size_t k = 0; k < count; k++) {
        if (isnan(cell[k]))
            continue;
        double difference = cell[k] - measure->mean;
        sum += difference * difference;
    }
    measure->deviation = sum;
}

/* Both passes over columns of floats, and of categories, which are left out. */
static void measure_floats(const bp_dataset *dataset, const struct bp_column *column, size_t count,
                           struct bp_column_statistics *measures)
{
    const struct bp_table *table = dataset->table;
    for (size_t x = 0; x < dataset->count; x++) {
        const size_t row = bp_dataset_row(dataset, x);
        for (size_t k = 0; k < count; k++) {
            const struct bp_cells cells = bp_column_cells(table, &column[k]);
            if (column[k].kind == BP_COLUMN_NUMBER)
                add_cells(&measures[k], cells.values + row * cells.stride, column[k].width);
        }
    }
    for (size_t k = 0; k < count; k++)
        measures[k].mean /= (double)bp_size_max(measures[k].cells, 1);
    for (size_t x = 0; x < dataset->count; x++) {
        const size_t row = bp_dataset_row(dataset, x);
        for (size_t k = 0; k < count; k++) {
            const struct bp_cells cells = bp_column_cells(table, &column[k]);
            if (column[k].kind == BP_COLUMN_NUMBER)
                add_squares(&measures[k], cells.values + row * cells.stride, column[k].width);
        }
    }
    for (size_t k = 0; k < count; k++) {
        measures[k].deviation =
            sqrt(measures[k].deviation / (double)bp_size_max(measures[k].cells, 1));
        if (measures[k].cells == 0)
            measures[k] = (struct bp_column_statistics){0};
    }
}

/* There are so few values that counting them is all that the cells are needed for. */
static void measure_counts(const size_t *times, size_t count, struct bp_column_statistics *measure)
{
    const double cells = (double)count;
    measure->cells = count;
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

/* Columns of one byte each, side by side: a pass for each of them would take as many times the
 * memory traffic. */
static void measure_group(const bp_dataset *dataset, const struct bp_column *column, size_t count,
                          struct bp_column_statistics *measures)
{
    size_t times[GROUP][BP_BYTE_VALUES] = {{0}};
    const struct bp_cells cells = bp_column_cells(dataset->table, column);
    for (size_t x = 0; x < dataset->count; x++) {
        const uint8_t *cell = cells.bytes + bp_dataset_row(dataset, x) * cells.stride;
        for (size_t k = 0; k < count; k++)
            times[k][cell[k]]++;
    }
    for (size_t k = 0; k < count; k++)
        measure_counts(times[k], dataset->count, &measures[k]);
}

static void measure_bytes(const bp_dataset *dataset, const struct bp_column *column, size_t count,
                          struct bp_column_statistics *measures)
{
    for (size_t k = 0; k < count;) {
        size_t group = 0;
        while (group < GROUP && k + group < count && column[k + group].width == 1)
            group++;
        if (group > 0) {
            measure_group(dataset, &column[k], group, &measures[k]);
            k += group;
            continue;
        }
        size_t times[BP_BYTE_VALUES];
        bp_bytes_count(dataset, &column[k], times);
        measure_counts(times, dataset->count * column[k].width, &measures[k]);
        k++;
    }
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
                        struct bp_column_statistics *measures)
{
    const struct bp_table *table = dataset->table;
    const struct bp_column *column = &table->column[first];
    for (size_t k = 0; k < count; k++) {
        bool number = column[k].kind == BP_COLUMN_NUMBER;
        measures[k] = (struct bp_column_statistics){.minimum = number ? INFINITY : 0,
                                                    .maximum = number ? -INFINITY : 0,
                                                    .integral = number};
    }
    size_t bytes = 0; /* columns of them come first */
    while (bytes < count && column[bytes].kind == BP_COLUMN_NUMBER &&
           bp_column_cells(table, &column[bytes]).bytes)
        bytes++;
    measure_bytes(dataset, column, bytes, measures);
    measure_floats(dataset, column + bytes, count - bytes, measures + bytes);
}

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The numbers of a column in ascending order, by malloc; NULL: no memory. */
static float *sort_numbers(const bp_dataset *dataset, size_t column, size_t *count)
{
    float *sorted = bp_array_alloc(dataset->count, sizeof *sorted);
    *count = 0;
    for (size_t x = 0; sorted && x < dataset->count; x++) {
        const float number = bp_column_number(dataset->table, bp_dataset_row(dataset, x), column);
        if (!isnan(number))
            sorted[(*count)++] = number + 0.0f;
    }
    if (sorted)
        qsort(sorted, *count, sizeof *sorted, compare_floats);
    return sorted;
}

bp_status bp_column_distinct(const bp_dataset *dataset, size_t column, float **values,
                             size_t *count, bp_error *error)
{
    size_t numbers, distinct = 0;
    float *sorted = sort_numbers(dataset, column, &numbers);
    *count = 0;
    *values = sorted;
    if (!sorted)
        return bp_fail_memory(error, "the distinct values of a column");
    for (size_t x = 0; x < numbers; x++) {
        if (x == 0 || sorted[x] != sorted[x - 1])
            sorted[distinct++] = sorted[x];
    }
    *count = distinct;
    return BP_OK;
}

bp_status bp_column_median(const bp_dataset *dataset, size_t column, double *median,
                           bp_error *error)
{
    size_t numbers;
    float *sorted = sort_numbers(dataset, column, &numbers);
    if (!sorted)
        return bp_fail_memory(error, "the median of a column");
    *median = ((double)sorted[(numbers - 1) / 2] + (double)sorted[numbers / 2]) / 2;
    free(sorted);
    return BP_OK;
}
