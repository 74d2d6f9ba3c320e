/* Aligned blocks: few and large, zeroed, one free each. */
#ifndef BP_BASE_MEMORY_H
#define BP_BASE_MEMORY_H

#include <stddef.h>

/* A cache line, and the widest vector register. */
#define BP_ALIGNMENT 64

/* Zeroed memory for count objects of `size` bytes, aligned to BP_ALIGNMENT; NULL on overflow of
 * the product or if there is no memory. Never NULL for count 0. Freed with bp_aligned_free(). */
void *bp_aligned_alloc(size_t count, size_t size);

/* The same, but not zeroed: no page is placed before somebody writes to it. */
void *bp_aligned_reserve(size_t count, size_t size);

void bp_aligned_free(void *memory);

/* malloc of count objects with an overflow check, not zeroed; freed with free(). */
void *bp_array_alloc(size_t count, size_t size);

/* A copy of `length` bytes of text with NUL after it, or NULL; freed with free(). */
char *bp_text_copy(const char *text, size_t length);

#endif
