/* Growth by half: amortized constant cost, and never more than half as much again as needed. */
#include "base/grow.h"

#include <stdlib.h>

#include "base/sizes.h"

#define FIRST_CAPACITY 64

void *bp_array_grow(void *array, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity && array != NULL)
        return array;
    size_t wanted = *capacity + *capacity / 2;
    if (wanted < needed) /* also where the line above overflowed */
        wanted = needed;
    if (wanted < FIRST_CAPACITY)
        wanted = FIRST_CAPACITY;
    size_t bytes;
    if (!bp_size_mul(wanted, size, &bytes))
        return NULL;
    void *grown = realloc(array, bytes);
    if (grown != NULL)
        *capacity = wanted;
    return grown;
}

void *bp_array_trim(void *array, size_t count, size_t size)
{
    if (array == NULL || count == 0)
        return array;
    void *trimmed = realloc(array, count * size);
    return trimmed != NULL ? trimmed : array;
}
