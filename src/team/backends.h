/* What a backend provides to team.c. */
#ifndef BP_TEAM_BACKENDS_H
#define BP_TEAM_BACKENDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "team/worker.h"

/* pthreads: `count` workers on `threads` threads, 1 to `count`, of which the caller is one. */
struct bp_workers;
struct bp_numa; /* team/numa.h */
bp_status bp_workers_create(struct bp_workers **out, size_t count, size_t threads,
                            const struct bp_numa *numa, bp_error *error);
void bp_workers_free(struct bp_workers *workers);

/* The same in the child of a fork, where the threads do not exist. */
void bp_workers_forget(struct bp_workers *workers);

/* `pinned`: each thread runs exactly its own workers. */
void bp_workers_run(struct bp_workers *workers, bp_team_fn *fn, void *arg, bool pinned);

/* OpenMP: whether it is built in; its threads belong to its own runtime. */
bool bp_openmp_available(void);

/* Whether the threads that the runtime keeps for the calling thread stayed in the parent of a fork:
 * then bp_openmp_run() would wait for them without end. */
bool bp_openmp_lost_threads(void);
void bp_openmp_run(size_t threads, bp_team_fn *fn, void *arg);

#endif
