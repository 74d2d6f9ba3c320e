/* The size of a cache comes from sysconf() where the C library tells it. */
#include "bench/memory_limit.h"

#include <unistd.h>

/* What a core has at least since about 2015, where nothing is told. */
#define CACHE_OF_CORE 262144

static size_t cache_of_core(void)
{
#ifdef _SC_LEVEL2_CACHE_SIZE
    const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
    if (bytes > 0)
        return (size_t)bytes;
#endif
    return CACHE_OF_CORE;
}

size_t bp_memory_limit(size_t data_bytes, size_t parameters, size_t threads)
{
    return data_bytes + (threads + 4) * parameters * sizeof(float) + threads * cache_of_core();
}
