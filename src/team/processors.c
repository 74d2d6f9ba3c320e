/* Processors by affinity and by number, and the least of these and the quota. */
#ifdef __linux__
#define _GNU_SOURCE /* sched_getaffinity */
#include <sched.h>
#endif

#include "team/processors.h"

#include <unistd.h>

static size_t count_online(void)
{
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (size_t)online : 1;
}

static size_t count_affine(void)
{
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (size_t)CPU_COUNT(&set);
#endif
    return count_online();
}

size_t bp_usable_processors(void)
{
    const size_t online = count_online();
    const size_t affine = count_affine();
    const size_t quota = bp_cgroup_processors("");
    size_t usable = affine < online ? affine : online;
    if (quota && quota < usable)
        usable = quota;
    return usable;
}
