/*
 * Fork and join. A team lives as long as its owner; team_run is the only way to run in parallel.
 * The calling thread is worker 0.
 */
#ifndef BP_TEAM_TEAM_H
#define BP_TEAM_TEAM_H

#include <stddef.h>

#include "base/status.h"

struct bp_team;

/* Work of worker t of `threads`. Workers may not wait for one another: a backend may run several of
 * them one after the other on one thread. */
typedef void bp_team_fn(void *arg, size_t t, size_t threads);

#define BP_THREADS_MAX 1024

/* A team of `threads` (1 to BP_THREADS_MAX) workers. AUTO takes pthreads; one worker is always
 * serial. Errors: ARGUMENT (a backend that the build lacks), MEMORY, THREADS. */
bp_status bp_team_create(struct bp_team **out, bp_backend backend, size_t threads, bp_error *error);
void bp_team_free(struct bp_team *team);

/* Runs fn(arg, t, threads) for t = 0 ... threads - 1 and returns when all have: what they wrote is
 * then visible to the caller, and what the caller wrote before is visible to them. */
void bp_team_run(struct bp_team *team, bp_team_fn *fn, void *arg);

size_t bp_team_threads(const struct bp_team *team);
bp_backend bp_team_backend(const struct bp_team *team);

#endif
