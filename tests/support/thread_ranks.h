/* Ranks that are threads of one process: what goes between them is copied. For tests. */
#ifndef BP_TESTS_THREAD_RANKS_H
#define BP_TESTS_THREAD_RANKS_H

#include "ranks/ranks.h"

/* Where messages get their memory from: malloc(), but where a test lets that fail. */
extern void *(*thread_ranks_malloc)(size_t size);

/* Runs `fn` once for each of `count` ranks, each in a thread of its own, and returns after the last
 * one. What cannot be made, and a transfer that does not fit its other end, ends the program. */
void thread_ranks_run(size_t count, void (*fn)(struct bp_ranks *ranks, void *arg), void *arg);

#endif
