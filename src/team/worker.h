/* What runs in parallel. */
#ifndef BP_TEAM_WORKER_H
#define BP_TEAM_WORKER_H

#include <stddef.h>

/* Work of worker t of `threads`. Workers may not wait for one another: several of them may run one
 * after the other on one thread, and any of them on any thread of the team. */
typedef void bp_team_fn(void *arg, size_t t, size_t threads);

#endif
