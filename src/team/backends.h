/* What a backend provides to team.c. */
#ifndef BP_TEAM_BACKENDS_H
#define BP_TEAM_BACKENDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "team/worker.h"

/* pthreads: `carriers` threads, of which the caller is one, carry the workers: 1 to `workers`. */
struct bp_crew;
struct bp_places; /* team/places.h */
bp_status bp_crew_create(struct bp_crew **out, size_t workers, size_t carriers,
                         const struct bp_places *places, bp_error *error);
void bp_crew_free(struct bp_crew *crew);

/* `settle`: each thread runs its own workers only, and is waited for. */
void bp_crew_run(struct bp_crew *crew, bp_team_fn *fn, void *arg, bool settle);

/* OpenMP: whether it is built in; its threads belong to its own runtime. */
bool bp_openmp_available(void);
void bp_openmp_run(size_t threads, bp_team_fn *fn, void *arg);

#endif
