/* Guards of two vectors, so that a whole vector written too far stays inside them. */
#include "support/guarded.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#define GUARD 32 /* floats: two vectors of 16 */

static const uint32_t filler = 0x7FD5A5A5u;

static bool is_filler(const float *p)
{
    return memcmp(p, &filler, sizeof filler) == 0;
}

static bool all_filler(const float *p, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (!is_filler(p + k))
            return false;
    }
    return true;
}

struct guarded guarded_create(size_t count, size_t offset)
{
    struct guarded array = {.count = count};
    const size_t floats = GUARD + offset + count + GUARD;
    cr_assert_eq(posix_memalign(&array.memory, 64, floats * sizeof(float)), 0);
    for (size_t k = 0; k < floats; k++)
        memcpy((float *)array.memory + k, &filler, sizeof filler);
    array.at = (float *)array.memory + GUARD + offset;
    return array;
}

void guarded_free(struct guarded *array)
{
    free(array->memory);
    *array = (struct guarded){0};
}

bool guarded_intact(const struct guarded *array)
{
    return all_filler(array->at - GUARD, GUARD) && all_filler(array->at + array->count, GUARD);
}

bool guarded_untouched(const struct guarded *array, size_t first, size_t count)
{
    return all_filler(array->at + first, count);
}
