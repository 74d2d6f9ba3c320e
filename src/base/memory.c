/* Aligned blocks and checked products of sizes. */
#ifdef __linux__
#define _DEFAULT_SOURCE /* madvise */
#include <sys/mman.h>
#endif

#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/sizes.h"

/* Large blocks are read row by row in any order: with pages of 2 MiB the processor finds each row
 * without a walk through the page tables. Smaller blocks would waste most of such a page. */
#define HUGE_PAGE ((size_t)1 << 21)
#define HUGE_ROOM (2 * HUGE_PAGE)

static void *allocate(size_t bytes)
{
    if (bytes > SIZE_MAX - HUGE_PAGE) /* no room to round up */
        return NULL;
    const size_t room = bp_size_round_up(bytes, BP_ALIGNMENT);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (room >= HUGE_ROOM) {
        void *memory = aligned_alloc(HUGE_PAGE, bp_size_round_up(room, HUGE_PAGE));
        if (memory)
            (void)madvise(memory, room, MADV_HUGEPAGE); /* advice: ordinary pages serve as well */
        return memory;
    }
#endif
    return aligned_alloc(BP_ALIGNMENT, room);
}

void *bp_aligned_reserve(size_t count, size_t size)
{
    size_t bytes;
    if (!bp_size_mul(count, size, &bytes))
        return NULL;
    return allocate(bp_size_max(bytes, 1)); /* aligned_alloc() may return NULL for 0 */
}

void *bp_aligned_alloc(size_t count, size_t size)
{
    void *memory = bp_aligned_reserve(count, size);
    if (memory)
        memset(memory, 0, count * size);
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
    return bytes < HUGE_ROOM ? malloc(bp_size_max(bytes, 1)) : allocate(bytes);
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
