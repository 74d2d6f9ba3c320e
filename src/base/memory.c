/* Aligned blocks and checked products of sizes. */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/sizes.h"

void *bp_aligned_alloc(size_t count, size_t size)
{
    size_t bytes, padded;
    if (!bp_size_mul(count, size, &bytes) || !bp_size_add(bytes, BP_ALIGNMENT - 1, &padded))
        return NULL;
    /* aligned_alloc() demands a multiple of the alignment, and may return NULL for 0. */
    size_t room = bp_size_max(padded & ~(size_t)(BP_ALIGNMENT - 1), BP_ALIGNMENT);
    void *memory = aligned_alloc(BP_ALIGNMENT, room);
    if (memory)
        memset(memory, 0, room);
    return memory;
}

void bp_aligned_free(void *memory)
{
    free(memory);
}

void *bp_array_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (!bp_size_mul(count, size, &bytes))
        return NULL;
    return malloc(bp_size_max(bytes, 1));
}

char *bp_text_copy(const char *text, size_t length)
{
    size_t size;
    if (!bp_size_add(length, 1, &size))
        return NULL;
    char *copy = malloc(size);
    if (!copy)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}
