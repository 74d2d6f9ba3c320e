/* What a backend provides to team.c. */
#ifndef BP_TEAM_BACKENDS_H
#define BP_TEAM_BACKENDS_H

#include "team/team.h"

/* pthreads: workers 1 ... threads - 1 wait in a crew. */
struct bp_crew;
bp_status bp_crew_create(struct bp_crew **out, size_t threads, bp_error *error);
void bp_crew_free(struct bp_crew *crew);
void bp_crew_run(struct bp_crew *crew, bp_team_fn *fn, void *arg);

/* OpenMP: whether it is built in; its threads belong to its own runtime. */
bool bp_openmp_available(void);
void bp_openmp_run(size_t threads, bp_team_fn *fn, void *arg);

#endif
