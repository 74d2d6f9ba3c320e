/* The mask of the scheduler, as it is. */
#ifdef __linux__
#define _GNU_SOURCE /* sched_getaffinity */
#include <sched.h>
#endif

#include "ranks/affinity.h"

#include <string.h>

void bp_affinity_get(unsigned char mask[BP_AFFINITY_BYTES])
{
    memset(mask, 0, BP_AFFINITY_BYTES);
#ifdef __linux__
    if (sched_getaffinity(0, BP_AFFINITY_BYTES, (cpu_set_t *)(void *)mask))
        memset(mask, 0, BP_AFFINITY_BYTES);
#endif
}
