/*
 * Fork and join. A team lives as long as its owner; bp_team_run() is the only way to run in
 * parallel. The calling thread takes part.
 */
#ifndef BP_TEAM_TEAM_H
#define BP_TEAM_TEAM_H

#include <stddef.h>

#include "base/sizes.h"
#include "base/status.h"
#include "team/worker.h"

struct bp_team;
struct bp_numa; /* team/numa.h */

/* A team of `threads` (1 to BP_THREADS_MAX) workers. AUTO takes pthreads; one worker is always
 * serial. The pthreads backend starts no more threads than the calling thread's affinity has
 * processors; the team is for the use of one thread at a time. `numa` (borrows, or NULL): the nodes
 * that the threads are bound to. Errors: ARGUMENT (a backend that the build lacks), MEMORY,
 * THREADS. */
bp_status bp_team_create(struct bp_team **out, bp_backend backend, size_t threads, bp_error *error);
bp_status bp_team_create_numa(struct bp_team **out, bp_backend backend, size_t threads,
                              const struct bp_numa *numa, bp_error *error);
void bp_team_free(struct bp_team *team);

/* Whether the team can run: in the child of a fork() only a serial one can. Error: THREADS. */
bp_status bp_team_check(const struct bp_team *team, bp_error *error);

/* Runs fn(arg, t, threads) for t = 0 ... threads - 1 and returns when all are done: what they wrote
 * is then visible to the caller, and what the caller wrote before is visible to them. A thread that
 * has nothing else to do runs workers that their own thread has not begun. */
void bp_team_run(struct bp_team *team, bp_team_fn *fn, void *arg);

/* The same, but each worker runs on its own thread: for the first write to memory, which places the
 * memory near that thread. */
void bp_team_run_pinned(struct bp_team *team, bp_team_fn *fn, void *arg);

size_t bp_team_threads(const struct bp_team *team);
bp_backend bp_team_backend(const struct bp_team *team);

#endif
