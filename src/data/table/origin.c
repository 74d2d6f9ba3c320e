/* What the first rows rule out needs no look at the others: part of a narrow range is narrow. */
#include "data/table/origin.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

/* Rows that are looked at in all columns. */
#define FIRST_ROWS 64

static struct bp_column_range find_range(const double *numbers, size_t rows, size_t width)
{
    struct bp_column_range range = bp_column_range_begin();
    for (size_t x = 0; x < rows; x++)
        bp_column_range_add(&range, numbers[x * width]);
    return range;
}

/* Of a column that begins at `numbers`. */
static double find_origin(const double *numbers, size_t rows, size_t width)
{
    const size_t first = rows < FIRST_ROWS ? rows : FIRST_ROWS;
    struct bp_column_range range = find_range(numbers, first, width);
    if (!bp_column_range_is_narrow(&range))
        return 0.0;
    range = find_range(numbers, rows, width);
    return bp_column_range_origin(&range);
}

/* What number k of the array becomes is written where no later one stands; by memcpy(), because the
 * memory has two types. `origin` has one a column; NULL: 0. */
static void narrow(double *numbers, size_t rows, size_t width, const double *origin)
{
    char *to = (char *)numbers;
    for (size_t x = 0; x < rows; x++) {
        for (size_t k = 0; k < width; k++, to += sizeof(float)) {
            double number;
            memcpy(&number, &numbers[x * width + k], sizeof number);
            const float cell = (float)(origin ? number - origin[k] : number);
            memcpy(to, &cell, sizeof cell);
        }
    }
}

float *bp_origin_narrow(double *numbers, size_t rows, size_t width, bool together, double *origin)
{
    const size_t columns = together ? 1 : width, count = together ? rows * width : rows;
    bool any = false;
    for (size_t k = 0; k < columns; k++) {
        origin[k] = find_origin(numbers + k, count, columns);
        any |= origin[k] != 0.0;
    }
    narrow(numbers, count, columns, any ? origin : NULL);
    return bp_array_trim((void *)numbers, rows * width, sizeof(float));
}
