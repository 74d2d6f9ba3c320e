/* Waiting for a word to change: polling for a bounded time, then sleep. */
#ifndef BP_TEAM_WAITING_H
#define BP_TEAM_WAITING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"

/* Sleep is a futex on Linux, elsewhere a condition variable. */
#if defined(__linux__) && !defined(BP_NO_FUTEX)
#define BP_HAS_FUTEX 1
#else
#define BP_HAS_FUTEX 0
#include <pthread.h>
#endif

/* Where one thread sleeps; alone on its cache line, since other threads read it in every run. */
struct bp_waiter {
    _Alignas(BP_ALIGNMENT) atomic_uint asleep; /* 1: sleeps, or is about to */
#if !BP_HAS_FUTEX
    pthread_mutex_t mutex;
    pthread_cond_t woken;
#endif
};

void bp_waiter_make(struct bp_waiter *waiter);
void bp_waiter_release(struct bp_waiter *waiter);

/* Returns when `word` is no longer `value`, with the new one: what the other side wrote before it
 * changed the word is then visible. For the thread that `waiter` belongs to. */
size_t bp_wait_while(struct bp_waiter *waiter, const atomic_size_t *word, size_t value);

/* Whether that thread sleeps or is about to, and a call that ends its sleep. Call them after a
 * change, with memory_order_seq_cst, of the word that it waits for. */
bool bp_waiter_sleeps(const struct bp_waiter *waiter);
void bp_waiter_wake(struct bp_waiter *waiter);

#endif
