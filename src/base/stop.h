/* A request to stop, which other threads and signal handlers make. */
#ifndef BP_BASE_STOP_H
#define BP_BASE_STOP_H

#include <stdatomic.h>

#include "batchprop/batchprop.h"

/* A handler may do nothing that takes a lock. */
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "signal handlers need atomics without locks");

struct bp_stop {
    atomic_int requested;
};

/* bp_stop_requested() where each batch asks. Relaxed: a request carries nothing with it, and only
 * has to be seen some time. */
static inline bool bp_stop_is_set(const struct bp_stop *stop)
{
    return stop && atomic_load_explicit(&stop->requested, memory_order_relaxed) != 0;
}

#endif
