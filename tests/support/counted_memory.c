/* The names are those that ld's --wrap asks for. */
#include "support/counted_memory.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
int __real_posix_memalign(void **out, size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __wrap_posix_memalign(void **out, size_t alignment, size_t size);

static atomic_size_t calls;
static atomic_size_t failing; /* number of the call; 0: none */
static atomic_size_t largest;
static _Thread_local size_t calls_here, failing_here;

void counted_fail(size_t number)
{
    failing = number > 0 ? calls + number : 0;
}

void counted_fail_here(size_t number)
{
    failing_here = number > 0 ? calls_here + number : 0;
}

void *counted_malloc(size_t size)
{
    return __real_malloc(size);
}

size_t counted_largest(void)
{
    return largest;
}

void counted_forget_size(void)
{
    largest = 0;
}

/* Whether this call for `size` bytes, which is counted, may go on. */
static bool may_go_on(size_t size)
{
    size_t before = largest;
    while (size > before && !atomic_compare_exchange_weak(&largest, &before, size)) {
    }
    const bool fails_here = ++calls_here == failing_here;
    return ++calls != failing && !fails_here;
}

size_t counted_allocations(void)
{
    return calls;
}

void *__wrap_malloc(size_t size)
{
    return may_go_on(size) ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return may_go_on(count * size) ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *memory, size_t size)
{
    return may_go_on(size) ? __real_realloc(memory, size) : NULL;
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return may_go_on(size) ? __real_aligned_alloc(alignment, size) : NULL;
}

int __wrap_posix_memalign(void **out, size_t alignment, size_t size)
{
    return may_go_on(size) ? __real_posix_memalign(out, alignment, size) : ENOMEM;
}
