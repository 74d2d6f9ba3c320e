/* The bits of floats that are not below 0 are in the order of the floats, those of others in the
 * opposite one. */
#include "data/table/keys.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/table/cells.h"

/* Its own inverse. */
static int32_t order_bits(int32_t bits)
{
    return bits < 0 ? bits ^ INT32_MAX : bits;
}

int64_t bp_cell_key(const struct bp_table *table, size_t row, size_t column)
{
    const int64_t *integers = table->column[column].integers;
    if (integers)
        return integers[row];
    const float number = bp_column_cell(table, row, column) + 0.0f;
    int32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return order_bits(bits);
}

static float get_float(int64_t key)
{
    const int32_t bits = order_bits((int32_t)key);
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

double bp_key_number(const struct bp_column *column, int64_t key)
{
    return column->integers ? (double)key : column->origin + (double)get_float(key);
}

void bp_number_write(double number, int digits, char text[BP_KEY_TEXT_SIZE])
{
    if (number == trunc(number))
        snprintf(text, BP_KEY_TEXT_SIZE, "%.0f", number);
    else
        snprintf(text, BP_KEY_TEXT_SIZE, "%.*g", digits, number);
}

void bp_key_write(const struct bp_column *column, int64_t key, char text[BP_KEY_TEXT_SIZE])
{
    if (column->integers) {
        snprintf(text, BP_KEY_TEXT_SIZE, "%" PRId64, key);
        return;
    }
    bp_number_write(bp_key_number(column, key), column->origin != 0 ? 15 : 9, text);
}

static int compare_keys(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

bp_status bp_column_distinct(const bp_dataset *dataset, size_t column, int64_t **keys,
                             size_t *count, bp_error *error)
{
    const struct bp_table *table = dataset->table;
    int64_t *sorted = bp_array_alloc(dataset->count, sizeof *sorted);
    size_t cells = 0, distinct = 0;
    *count = 0;
    *keys = sorted;
    if (!sorted)
        return bp_fail_memory(error, "the distinct values of a column");
    for (size_t x = 0; x < dataset->count; x++) {
        const size_t row = bp_dataset_row(dataset, x);
        if (!isnan(bp_column_number(table, row, column)))
            sorted[cells++] = bp_cell_key(table, row, column);
    }
    qsort(sorted, cells, sizeof *sorted, compare_keys);
    for (size_t x = 0; x < cells; x++) {
        if (x == 0 || sorted[x] != sorted[x - 1])
            sorted[distinct++] = sorted[x];
    }
    *count = distinct;
    return BP_OK;
}

size_t bp_keys_find(const int64_t *keys, size_t count, int64_t key)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
