/*
 * Where the threads of a team should run, on a machine where processors are not equally near to all
 * memory (NUMA nodes): then the memory that a thread touches first stays near it.
 *
 *   node 0: caller, threads 1 2 3     node 1: threads 4 5 6 7       (4 cores each, 8 threads)
 */
#ifndef BP_TEAM_PLACES_H
#define BP_TEAM_PLACES_H

#include <pthread.h>
#include <stddef.h>

struct bp_places;

/* The NUMA nodes of the processors that the calling thread may use, the one that it runs on first.
 * NULL where there is nothing to choose: one node, a build without hwloc, or no memory. Cheap for
 * one node (Linux), else some milliseconds. `synthetic`: NULL, or a synthetic topology of hwloc for
 * tests. */
struct bp_places *bp_places_find(const char *synthetic);
void bp_places_free(struct bp_places *places);

/* The node (from 0, in the order above) of thread `number` of a team (the caller is 0): one thread
 * a core first, then one a hardware thread. */
size_t bp_places_node(const struct bp_places *places, size_t number);

/* Keeps a thread of the library on the processors of its node. Nothing happens where the system
 * refuses: only speed is at stake. */
void bp_places_bind(const struct bp_places *places, pthread_t thread, size_t number);

#endif
