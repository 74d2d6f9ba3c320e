/*
 * NUMA nodes through hwloc. Threads are bound to a node, not to a core: the scheduler can still
 * move a thread away from a processor that another program uses. Measured on two processors, a
 * helper bound to one of them made steps of 20 microseconds no faster on an idle machine, and a
 * fifth slower beside a busy process (medians of three).
 */
#include "team/numa.h"

#ifdef BP_HAS_HWLOC

#include <hwloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "team/small_file.h"

struct node {
    hwloc_bitmap_t processors; /* that the calling thread may use */
    size_t cores;              /* of these */
    size_t count;              /* of these processors, from 1 */
};

struct bp_numa {
    hwloc_topology_t topology;
    size_t nodes;
    struct node *node;
};

/* Whether it is worth asking hwloc. */
static bool may_have_nodes(void)
{
#ifdef __linux__
    char online[64];
    return bp_small_file_read("/sys/devices/system/node/online", online, sizeof online) &&
           strpbrk(online, ",-");
#else
    return true;
#endif
}

/* Without the component that reads cpuid: it moves the calling thread from processor to processor.
 */
static bool load(struct bp_numa *numa, const char *synthetic)
{
    if (hwloc_topology_init(&numa->topology))
        return false;
    hwloc_topology_set_components(numa->topology, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, "x86");
    if (synthetic && hwloc_topology_set_synthetic(numa->topology, synthetic))
        return false;
    return hwloc_topology_load(numa->topology) == 0;
}

/* The part of a NUMA node that the thread may use; false if it is empty or memory is short. */
static bool fill(struct node *node, hwloc_topology_t topology, hwloc_obj_t object,
                 hwloc_const_bitmap_t allowed)
{
    *node = (struct node){.processors = hwloc_bitmap_alloc()};
    if (!node->processors || hwloc_bitmap_and(node->processors, object->cpuset, allowed) ||
        hwloc_bitmap_iszero(node->processors)) {
        hwloc_bitmap_free(node->processors);
        return false;
    }
    node->count = (size_t)hwloc_bitmap_weight(node->processors);
    hwloc_obj_t core = NULL;
    while ((core = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_CORE, core)) != NULL)
        node->cores += (size_t)hwloc_bitmap_intersects(core->cpuset, node->processors);
    if (node->cores == 0)
        node->cores = node->count;
    return true;
}

/* Nodes in the order of the topology, beginning with that of processor set `here`. */
static void find_nodes(struct bp_numa *numa, hwloc_const_bitmap_t allowed,
                       hwloc_const_bitmap_t here)
{
    const int count = hwloc_get_nbobjs_by_type(numa->topology, HWLOC_OBJ_NUMANODE);
    numa->node = count > 1 ? calloc((size_t)count, sizeof *numa->node) : NULL;
    if (!numa->node)
        return;
    int first = 0;
    for (int k = count; k-- > 0;) {
        const hwloc_obj_t object =
            hwloc_get_obj_by_type(numa->topology, HWLOC_OBJ_NUMANODE, (unsigned)k);
        if (hwloc_bitmap_intersects(object->cpuset, here))
            first = k;
    }
    for (int k = 0; k < count; k++) {
        const hwloc_obj_t object = hwloc_get_obj_by_type(numa->topology, HWLOC_OBJ_NUMANODE,
                                                         (unsigned)((first + k) % count));
        numa->nodes += (size_t)fill(&numa->node[numa->nodes], numa->topology, object, allowed);
    }
}

struct bp_numa *bp_numa_find(const char *synthetic)
{
    if (!synthetic && !may_have_nodes())
        return NULL;
    struct bp_numa *numa = calloc(1, sizeof *numa);
    if (!numa)
        return NULL;
    hwloc_bitmap_t allowed = hwloc_bitmap_alloc(), here = hwloc_bitmap_alloc();
    if (allowed && here && load(numa, synthetic)) {
        if (hwloc_get_cpubind(numa->topology, allowed, HWLOC_CPUBIND_THREAD))
            hwloc_bitmap_copy(allowed, hwloc_topology_get_allowed_cpuset(numa->topology));
        hwloc_get_last_cpu_location(numa->topology, here, HWLOC_CPUBIND_THREAD);
        find_nodes(numa, allowed, here);
    }
    hwloc_bitmap_free(allowed);
    hwloc_bitmap_free(here);
    if (numa->nodes > 1)
        return numa;
    bp_numa_free(numa);
    return NULL;
}

void bp_numa_free(struct bp_numa *numa)
{
    if (!numa)
        return;
    for (size_t k = 0; k < numa->nodes; k++)
        hwloc_bitmap_free(numa->node[k].processors);
    free(numa->node);
    if (numa->topology)
        hwloc_topology_destroy(numa->topology);
    free(numa);
}

size_t bp_numa_node(const struct bp_numa *numa, size_t number)
{
    size_t cores = 0, processors = 0;
    for (size_t k = 0; k < numa->nodes; k++) {
        cores += numa->node[k].cores;
        processors += numa->node[k].count;
    }
    size_t left = number % processors;
    const bool siblings = left >= cores;
    if (siblings)
        left -= cores;
    for (size_t k = 0;; k++) {
        const struct node *node = &numa->node[k];
        const size_t room = siblings ? node->count - node->cores : node->cores;
        if (left < room)
            return k;
        left -= room;
    }
}

void bp_numa_bind(const struct bp_numa *numa, pthread_t thread, size_t number)
{
    const struct node *node = &numa->node[bp_numa_node(numa, number)];
    hwloc_set_thread_cpubind(numa->topology, thread, node->processors, 0);
}

#else

struct bp_numa *bp_numa_find(const char *synthetic)
{
    (void)synthetic;
    return NULL;
}

void bp_numa_free(struct bp_numa *numa)
{
    (void)numa;
}

size_t bp_numa_node(const struct bp_numa *numa, size_t number)
{
    (void)numa;
    (void)number;
    return 0;
}

void bp_numa_bind(const struct bp_numa *numa, pthread_t thread, size_t number)
{
    (void)numa;
    (void)thread;
    (void)number;
}

#endif
