/* What is in a column: its range, its distinct values and how often each is there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/table/cells.h"
#include "data/table/column_statistics.h"
#include "data/table/keys.h"

/* bp_column_info.distinct counts numbers up to one more than bp_dataset_value_counts() lists. */
#define LISTED_MAX 1000

/* How many of the rows shown have each code; freed with free(). NULL: no memory. A missing cell is
 * no value. */
static size_t *count_codes(const bp_dataset *dataset, size_t column)
{
    const struct bp_table *table = dataset->table;
    size_t *count = calloc(bp_size_max(table->column[column].categories, 1), sizeof *count);
    for (size_t x = 0; count && x < dataset->count; x++)
        count[bp_cell_code(table, bp_dataset_row(dataset, x), column)]++;
    for (size_t code = 0; count && code < table->column[column].categories; code++)
        if (table->column[column].category[code][0] == '\0')
            count[code] = 0;
    return count;
}

/* Adds a number to the smallest `capacity` distinct ones, `used` of them so far, in ascending
 * order. What is pushed out never comes back, because what pushed it out stays: the counts are
 * right. */
static size_t add_number(bp_value_count *counts, size_t capacity, size_t used, double number,
                         size_t times)
{
    size_t low = 0, high = used;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (counts[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < used && counts[low].number == number) {
        counts[low].count += times;
        return used;
    }
    if (low == capacity)
        return used;
    size_t kept = bp_size_min(used, capacity - 1);
    memmove(&counts[low + 1], &counts[low], (kept - low) * sizeof *counts);
    counts[low] = (bp_value_count){.number = number, .count = times};
    return kept + 1;
}

/* Bytes are counted first: there are far more pixels than values of them. */
static size_t list_bytes(const bp_dataset *dataset, const struct bp_column *column,
                         bp_value_count *counts, size_t capacity)
{
    size_t times[BP_BYTE_VALUES], used = 0;
    bp_bytes_count(dataset, column, times);
    for (size_t value = 0; value < BP_BYTE_VALUES; value++) {
        if (times[value] > 0)
            used = add_number(counts, capacity, used, (double)value, times[value]);
    }
    return used;
}

static size_t list_numbers(const bp_dataset *dataset, const struct bp_column *column,
                           bp_value_count *counts, size_t capacity)
{
    const struct bp_cells cells = bp_column_cells(dataset->table, column);
    if (cells.bytes)
        return list_bytes(dataset, column, counts, capacity);
    size_t used = 0;
    for (size_t x = 0; x < dataset->count; x++) {
        const float *cell = cells.values + bp_dataset_row(dataset, x) * cells.stride;
        for (size_t k = 0; k < column->width; k++) {
            const float number = cell[k] + 0.0f;
            if (isnan(number))
                continue;
            used = add_number(counts, capacity, used, column->origin + (double)number, 1);
        }
    }
    return used;
}

/* The smallest `capacity` integers of a column that has them, or fewer. */
static bp_status list_integers(const bp_dataset *dataset, size_t column, bp_value_count *counts,
                               size_t capacity, size_t *used, bp_error *error)
{
    const struct bp_table *table = dataset->table;
    int64_t *keys;
    size_t count;
    const bp_status status = bp_column_distinct(dataset, column, &keys, &count, error);
    if (status)
        return status;
    *used = bp_size_min(count, capacity);
    for (size_t k = 0; k < *used; k++)
        counts[k] = (bp_value_count){.number = (double)keys[k], .integer = keys[k]};
    for (size_t x = 0; x < dataset->count; x++) {
        const size_t row = bp_dataset_row(dataset, x);
        const size_t place = bp_keys_find(keys, count, bp_cell_key(table, row, column));
        if (place < *used && !isnan(bp_column_number(table, row, column)))
            counts[place].count++;
    }
    free(keys);
    return BP_OK;
}

/* The smallest `capacity` numbers of a column, or fewer. */
static bp_status list_values(const bp_dataset *dataset, size_t column, bp_value_count *counts,
                             size_t capacity, size_t *used, bp_error *error)
{
    const struct bp_column *source = &dataset->table->column[column];
    if (source->integers)
        return list_integers(dataset, column, counts, capacity, used, error);
    *used = list_numbers(dataset, source, counts, capacity);
    for (size_t k = 0; k < *used; k++) {
        const double number = counts[k].number;
        counts[k].integer = fabs(number) < 0x1p63 && number == trunc(number) ? (int64_t)number : 0;
    }
    return BP_OK;
}

static bp_status count_distinct(const bp_dataset *dataset, size_t column, size_t *distinct,
                                bp_error *error)
{
    const struct bp_column *source = &dataset->table->column[column];
    *distinct = 0;
    if (source->kind == BP_COLUMN_NUMBER) {
        bp_value_count counts[LISTED_MAX + 1];
        return list_values(dataset, column, counts, LISTED_MAX + 1, distinct, error);
    }
    size_t *count = count_codes(dataset, column);
    if (!count)
        return bp_fail_memory(error, "the categories of a column");
    for (size_t code = 0; code < source->categories; code++)
        *distinct += count[code] > 0;
    free(count);
    return BP_OK;
}

static size_t count_missing(const bp_dataset *dataset, size_t column)
{
    size_t count = 0;
    for (size_t x = 0; x < dataset->count; x++)
        count += bp_cell_is_missing(dataset->table, bp_dataset_row(dataset, x), column);
    return count;
}

bp_status bp_dataset_describe(const bp_dataset *dataset, size_t column, bp_column_info *info,
                              bp_error *error)
{
    BP_REQUIRE(info, error);
    *info = (bp_column_info){0};
    BP_REQUIRE(dataset, error);
    const struct bp_table *table = dataset->table;
    if (column >= table->columns)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%s: there is no column %zu: it has %zu, from 0",
                       table->path, column, table->columns);
    const struct bp_column *source = &table->column[column];
    struct bp_column_statistics statistics;
    info->name = source->name;
    info->kind = source->kind;
    info->role = source->role;
    if (!bp_column_is_read(source))
        return BP_OK;
    bp_columns_get_statistics(dataset, NULL, column, 1, &statistics);
    info->missing = source->missing > 0 ? count_missing(dataset, column) : 0;
    info->integral = statistics.integral;
    info->min = statistics.origin + statistics.min;
    info->max = statistics.origin + statistics.max;
    info->mean = statistics.origin + statistics.mean;
    info->std = statistics.std;
    return count_distinct(dataset, column, &info->distinct, error);
}

size_t bp_dataset_value_counts(const bp_dataset *dataset, size_t column, bp_value_count *counts,
                               size_t capacity)
{
    if (!dataset || !counts)
        return 0;
    const struct bp_table *table = dataset->table;
    if (column >= table->columns || capacity == 0 || !bp_column_is_read(&table->column[column]))
        return 0;
    const struct bp_column *source = &table->column[column];
    size_t used = 0;
    if (source->kind == BP_COLUMN_NUMBER) {
        capacity = bp_size_min(capacity, LISTED_MAX);
        return list_values(dataset, column, counts, capacity, &used, NULL) == BP_OK ? used : 0;
    }
    size_t *count = count_codes(dataset, column);
    for (size_t code = 0; count && code < source->categories && used < capacity; code++) {
        if (count[code] > 0)
            counts[used++] = (bp_value_count){.name = source->category[code], .count = count[code]};
    }
    free(count);
    return used;
}
