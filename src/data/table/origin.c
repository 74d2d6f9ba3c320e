/* Two passes over the numbers: their ranges, and what is left of each. */
#include "data/table/origin.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

/* Columns whose ranges are looked at in one pass. */
#define GROUP 256

static void find_origins(const double *numbers, size_t rows, size_t width, size_t first,
                         double *origin)
{
    struct bp_column_range range[GROUP];
    const size_t count = width - first < GROUP ? width - first : GROUP;
    for (size_t k = 0; k < count; k++)
        range[k] = bp_column_range_begin();
    for (size_t x = 0; x < rows; x++) {
        for (size_t k = 0; k < count; k++)
            bp_column_range_add(&range[k], numbers[x * width + first + k]);
    }
    for (size_t k = 0; k < count; k++)
        origin[first + k] = bp_column_range_origin(&range[k]);
}

/* What number k of the array becomes is written where no later one stands; by memcpy(), because the
 * memory has two types. */
static void narrow(double *numbers, size_t rows, size_t width, const double *origin, bool together)
{
    char *to = (char *)numbers;
    for (size_t x = 0; x < rows; x++) {
        for (size_t k = 0; k < width; k++, to += sizeof(float)) {
            const double from = origin[together ? 0 : k];
            double number;
            memcpy(&number, &numbers[x * width + k], sizeof number);
            const float cell = (float)(number - from);
            memcpy(to, &cell, sizeof cell);
        }
    }
}

float *bp_origin_narrow(double *numbers, size_t rows, size_t width, bool together, double *origin)
{
    if (together)
        find_origins(numbers, rows * width, 1, 0, origin);
    for (size_t first = 0; !together && first < width; first += GROUP)
        find_origins(numbers, rows, width, first, origin);
    narrow(numbers, rows, width, origin, together);
    return bp_array_trim((void *)numbers, rows * width, sizeof(float));
}
