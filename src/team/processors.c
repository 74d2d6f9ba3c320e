/* The number of processors by affinity and online, and the minimum of these and the quota. */
#ifdef __linux__
#define _GNU_SOURCE /* sched_getaffinity */
#include <errno.h>
#include <sched.h>
#endif

#include "team/processors.h"

#include <unistd.h>

static size_t count_online(void)
{
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (size_t)online : 1;
}

#ifdef __linux__
/* The kernel refuses sets smaller than its own, which may be above the usual 1024 processors. */
#define SET_PROCESSORS_MAX ((size_t)1 << 20)

static size_t count_set(void)
{
    for (size_t processors = CPU_SETSIZE; processors <= SET_PROCESSORS_MAX; processors *= 2) {
        const size_t size = CPU_ALLOC_SIZE(processors);
        cpu_set_t *set = CPU_ALLOC(processors);
        if (!set)
            return 0;
        const int failed = sched_getaffinity(0, size, set);
        const size_t count = failed ? 0 : (size_t)CPU_COUNT_S(size, set);
        CPU_FREE(set);
        if (!failed || errno != EINVAL)
            return count;
    }
    return 0;
}
#endif

size_t bp_affine_processors(void)
{
#ifdef __linux__
    const size_t count = count_set();
    if (count)
        return count;
#endif
    return count_online();
}

size_t bp_usable_processors(void)
{
    const size_t online = count_online();
    const size_t affine = bp_affine_processors();
    const size_t quota = bp_cgroup_processors("");
    size_t usable = affine < online ? affine : online;
    if (quota && quota < usable)
        usable = quota;
    return usable;
}
