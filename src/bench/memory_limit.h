/* How much memory training may take. */
#ifndef BP_BENCH_MEMORY_LIMIT_H
#define BP_BENCH_MEMORY_LIMIT_H

#include <stddef.h>

/* data + (threads + 4) * parameters (in binary32) + for each thread the second-level cache that its
 * workspace should fit. */
size_t bp_memory_limit(size_t data_bytes, size_t parameters, size_t threads);

#endif
