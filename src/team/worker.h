/* What runs in parallel. */
#ifndef BP_TEAM_WORKER_H
#define BP_TEAM_WORKER_H

#include <stddef.h>

/* The work of worker t of `threads`. Workers must not wait for each other: several may run one
 * after the other on one thread, and each may run on any thread of the team. */
typedef void bp_team_fn(void *arg, size_t t, size_t threads);

#endif
