/* Arrays of floats between guard words, filled with a NaN that no arithmetic makes: a write beyond
 * the array, or into room that has to stay untouched, shows; a read of it spoils the result. */
#ifndef BP_TESTS_GUARDED_H
#define BP_TESTS_GUARDED_H

#include <stdbool.h>
#include <stddef.h>

struct guarded {
    float *at; /* 64-byte aligned, then moved by `offset` floats */
    size_t count;
    void *memory;
};

struct guarded guarded_create(size_t count, size_t offset);
void guarded_free(struct guarded *array);

/* The guards before and after the array are as they were. */
bool guarded_intact(const struct guarded *array);

/* at[first ... first + count - 1] were never written. */
bool guarded_untouched(const struct guarded *array, size_t first, size_t count);

#endif
