/* How many processors this process may use. */
#ifndef BP_TEAM_PROCESSORS_H
#define BP_TEAM_PROCESSORS_H

#include <stddef.h>

#include "batchprop/batchprop.h"

/* Processors that threads started by the caller can run on, from 1: its affinity, which cpusets of
 * control groups limit too. */
size_t bp_affine_processors(void);

/* Processors that the quota of the control groups around this process allows, rounded up; 0 if
 * there is no quota. Reads root/proc/self/cgroup and the files of cgroup v1 or v2 below
 * root/sys/fs/cgroup; `root` is "" outside tests. The tightest quota up to the root group counts.
 */
size_t bp_cgroup_processors(const char *root);

#endif
