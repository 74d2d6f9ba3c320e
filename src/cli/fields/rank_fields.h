/* Who takes part: ranks, their threads and their machines. */
#ifndef BP_CLI_FIELDS_RANK_FIELDS_H
#define BP_CLI_FIELDS_RANK_FIELDS_H

#include "cli/fields/fields.h"

/* For programs "ranks" and "hosts", null for a process alone; for people nothing in that case, else
 * "6 x 4 threads on 3 hosts: node1, node2, node3". `threads`: of this rank, and `all`: of all
 * ranks; 0: not known. */
void rank_fields_put(struct fields *out, size_t threads, size_t all);

#endif
