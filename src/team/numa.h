/*
 * Where the threads of a team should run, on a machine where processors are not equally near to all
 * memory (NUMA nodes): then the memory that a thread touches first stays near it.
 *
 *   node 0: caller, threads 1 2 3     node 1: threads 4 5 6 7       (4 cores each, 8 threads)
 */
#ifndef BP_TEAM_NUMA_H
#define BP_TEAM_NUMA_H

#include <pthread.h>
#include <stddef.h>

struct bp_numa;

/* The NUMA nodes of the processors that the calling thread may use, the node of its own processor
 * first. NULL where nothing is to choose: one node, a build without hwloc, or no memory. Cheap for
 * one node (Linux), else some milliseconds. `synthetic`: NULL, or a synthetic topology of hwloc for
 * tests. */
struct bp_numa *bp_numa_find(const char *synthetic);
void bp_numa_free(struct bp_numa *numa);

/* The node (from 0, in the order above) of thread `number` of a team (the caller is 0): one thread
 * a core first, then one a hardware thread. */
size_t bp_numa_node(const struct bp_numa *numa, size_t number);

/* Binds a thread of the library to the processors of its node. A refusal of the system is ignored:
 * it costs only speed. */
void bp_numa_bind(const struct bp_numa *numa, pthread_t thread, size_t number);

#endif
