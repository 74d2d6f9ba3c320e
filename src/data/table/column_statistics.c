/* Columns of bytes are counted, those of floats summed. */
#include "data/table/column_statistics.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/table/cells.h"
#include "data/table/column_sums.h"

/* Columns of bytes that are counted at a time: their counters fit the cache. */
#define GROUP 32

/* There are so few values that counting them is all that the cells are needed for. */
static void sum_counts(const size_t *times, size_t count, struct bp_column_statistics *statistics)
{
    const double cells = (double)count;
    statistics->cells = count;
    statistics->weight = cells;
    for (size_t value = 0; value < BP_BYTE_VALUES; value++) {
        if (times[value] == 0)
            continue;
        statistics->min = statistics->max < 0 ? (double)value : statistics->min;
        statistics->max = (double)value;
        statistics->mean += (double)(times[value] * value);
    }
    statistics->mean /= cells;
    for (size_t value = 0; value < BP_BYTE_VALUES; value++) {
        double difference = (double)value - statistics->mean;
        statistics->std += (double)times[value] * (difference * difference);
    }
    statistics->std = sqrt(statistics->std / cells);
}

/* Columns of one byte each, side by side: a pass for each of them would take as many times the
 * memory traffic. */
static void count_group(const bp_dataset *dataset, const struct bp_column *column, size_t count,
                        struct bp_column_statistics *statistics)
{
    size_t times[GROUP][BP_BYTE_VALUES] = {{0}};
    const struct bp_cells cells = bp_column_cells(dataset->table, column);
    for (size_t x = 0; x < dataset->count; x++) {
        const uint8_t *cell = cells.bytes + bp_dataset_row(dataset, x) * cells.stride;
        for (size_t k = 0; k < count; k++)
            times[k][cell[k]]++;
    }
    for (size_t k = 0; k < count; k++)
        sum_counts(times[k], dataset->count, &statistics[k]);
}

static void sum_bytes(const bp_dataset *dataset, const struct bp_column *column, size_t count,
                      struct bp_column_statistics *statistics)
{
    for (size_t k = 0; k < count;) {
        size_t group = 0;
        while (group < GROUP && k + group < count && column[k + group].width == 1)
            group++;
        if (group > 0) {
            count_group(dataset, &column[k], group, &statistics[k]);
            k += group;
            continue;
        }
        size_t times[BP_BYTE_VALUES];
        bp_bytes_count(dataset, &column[k], times);
        sum_counts(times, dataset->count * column[k].width, &statistics[k]);
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
            table->bytes + bp_dataset_row(dataset, x) * bp_table_stride(table) + column->offset;
        for (size_t k = 0; k < column->width; k++)
            part[k % 4][cell[k]]++;
    }
    for (size_t value = 0; value < BP_BYTE_VALUES; value++)
        times[value] = part[0][value] + part[1][value] + part[2][value] + part[3][value];
}

void bp_columns_get_statistics(const bp_dataset *dataset, const float *weight, size_t first,
                               size_t count, struct bp_column_statistics *statistics)
{
    const struct bp_table *table = dataset->table;
    const struct bp_column *column = &table->column[first];
    for (size_t k = 0; k < count; k++) {
        bool number = column[k].kind == BP_COLUMN_NUMBER;
        statistics[k] = (struct bp_column_statistics){.origin = column[k].origin,
                                                      .min = number ? INFINITY : 0,
                                                      .max = number ? -INFINITY : 0,
                                                      .integral = number};
    }
    size_t bytes = 0; /* columns of them come first */
    while (!weight && bytes < count && column[bytes].kind == BP_COLUMN_NUMBER &&
           bp_column_cells(table, &column[bytes]).bytes)
        bytes++;
    sum_bytes(dataset, column, bytes, statistics);
    bp_columns_sum_floats(dataset, weight, column + bytes, count - bytes, statistics + bytes);
    for (size_t k = 0; k < count; k++)
        statistics[k].integral &= column[k].inexact != BP_INEXACT_FRACTION;
}

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

struct weighted {
    float number;
    float weight;
};

/* Equal numbers by their weights, so that sums do not depend on how they are sorted. */
static int compare_weighted(const void *a, const void *b)
{
    const struct weighted *x = a, *y = b;
    const int order = compare_floats(&x->number, &y->number);
    return order ? order : compare_floats(&x->weight, &y->weight);
}

/* The numbers of a column in ascending order, with their weights, by malloc; NULL: no memory. */
static struct weighted *sort_weighted(const bp_dataset *dataset, const float *weight, size_t column,
                                      size_t *count)
{
    struct weighted *sorted = bp_array_alloc(dataset->count, sizeof *sorted);
    *count = 0;
    for (size_t x = 0; sorted && x < dataset->count; x++) {
        const float number = bp_column_cell(dataset->table, bp_dataset_row(dataset, x), column);
        if (!isnan(number))
            sorted[(*count)++] = (struct weighted){number + 0.0f, weight ? weight[x] : 1.0f};
    }
    if (sorted)
        qsort(sorted, *count, sizeof *sorted, compare_weighted);
    return sorted;
}

bp_status bp_column_median(const bp_dataset *dataset, const float *weight, size_t column,
                           double *median, bp_error *error)
{
    size_t numbers, k = 0;
    double total = 0, below = 0;
    struct weighted *sorted = sort_weighted(dataset, weight, column, &numbers);
    if (!sorted)
        return bp_fail_memory(error, "the median of a column");
    for (size_t x = 0; x < numbers; x++)
        total += (double)sorted[x].weight;
    while (k + 1 < numbers && (below += (double)sorted[k].weight) < total / 2)
        k++;
    const size_t next = k + 1 < numbers && below == total / 2 ? k + 1 : k;
    *median = ((double)sorted[k].number + (double)sorted[next].number) / 2;
    free(sorted);
    return BP_OK;
}
