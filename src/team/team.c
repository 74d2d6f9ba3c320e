/* The choice of the backend that bp_team_run() uses. */
#include "team/team.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/sizes.h"
#include "team/backends.h"
#include "team/processors.h"

/* More than libgomp takes for a team and for each of its threads, apart from the stacks. */
#define OPENMP_BYTES        65536
#define OPENMP_THREAD_BYTES 4096

struct bp_team {
    bp_backend backend;
    size_t threads;
    struct bp_workers *workers; /* pthreads only */
    pid_t process;              /* that has the threads */
};

bool bp_has_backend(bp_backend backend)
{
    return backend == BP_BACKEND_OPENMP
               ? bp_openmp_available()
               : backend >= BP_BACKEND_AUTO && backend <= BP_BACKEND_PTHREADS;
}

bp_status bp_team_create(struct bp_team **out, bp_backend backend, size_t threads, bp_error *error)
{
    return bp_team_create_numa(out, backend, threads, NULL, error);
}

static void do_nothing(void *arg, size_t worker, size_t workers)
{
    (void)arg;
    (void)worker;
    (void)workers;
}

/* A runtime of OpenMP that gets no memory or no threads ends the process. So both are asked for
 * before it is, for as many threads, which end again; and its own are started here, not in the
 * middle of a step. Once for a team, this took 33 us of 2 threads, and 2.8 ms of 64 (medians of 201
 * on two processors of an EPYC, Zen 5). */
static bp_status try_openmp(size_t threads, bp_error *error)
{
    struct bp_workers *workers;
    void *room = malloc(OPENMP_BYTES + threads * OPENMP_THREAD_BYTES);
    bp_status status = room ? bp_workers_create(&workers, threads, threads, NULL, error)
                            : bp_fail_memory(error, "a team of threads");
    free(room);
    if (status)
        return status;
    bp_workers_free(workers);
    bp_openmp_run(threads, do_nothing, NULL);
    return BP_OK;
}

bp_status bp_team_create_numa(struct bp_team **out, bp_backend backend, size_t threads,
                              const struct bp_numa *numa, bp_error *error)
{
    *out = NULL;
    if (threads < 1 || threads > BP_THREADS_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu threads: give a number from 1 to %d", threads,
                       BP_THREADS_MAX);
    if (!bp_has_backend(backend))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "this build has no %s backend: choose pthreads, serial or auto",
                       bp_choice_name(BP_CHOICE_BACKEND, (int)backend));
    if (backend == BP_BACKEND_SERIAL && threads != 1)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%zu threads with the serial backend: it has one; leave the threads out or "
                       "choose pthreads or openmp",
                       threads);
    if (backend == BP_BACKEND_OPENMP && threads > 1 && bp_openmp_lost_threads())
        return bp_fail(error, BP_ERROR_THREADS,
                       "the OpenMP runtime cannot start threads in the child of a fork() after it "
                       "ran in the parent: choose the pthreads backend");
    if (backend == BP_BACKEND_OPENMP && threads > 1) {
        const bp_status status = try_openmp(threads, error);
        if (status)
            return status;
    }
    struct bp_team *team = calloc(1, sizeof *team);
    if (!team)
        return bp_fail_memory(error, "a team of threads");
    team->process = getpid();
    team->threads = threads;
    team->backend = threads == 1                 ? BP_BACKEND_SERIAL
                    : backend == BP_BACKEND_AUTO ? BP_BACKEND_PTHREADS
                                                 : backend;
    if (team->backend == BP_BACKEND_PTHREADS) {
        const size_t started = bp_size_min(threads, bp_affine_processors());
        const bp_status status = bp_workers_create(&team->workers, threads, started, numa, error);
        if (status) {
            bp_team_free(team);
            return status;
        }
    }
    *out = team;
    return BP_OK;
}

void bp_team_free(struct bp_team *team)
{
    if (!team)
        return;
    if (team->process == getpid())
        bp_workers_free(team->workers);
    else
        bp_workers_forget(team->workers);
    free(team);
}

bp_status bp_team_check(const struct bp_team *team, bp_error *error)
{
    if (team->backend == BP_BACKEND_SERIAL || team->process == getpid())
        return BP_OK;
    return bp_fail(error, BP_ERROR_THREADS,
                   "the %zu threads were started before a fork() and do not exist in this process: "
                   "free the object and create it again",
                   team->threads);
}

static void run_team(struct bp_team *team, bp_team_fn *fn, void *arg, bool pinned)
{
    switch (team->backend) {
    case BP_BACKEND_PTHREADS:
        bp_workers_run(team->workers, fn, arg, pinned);
        return;
    case BP_BACKEND_OPENMP:
        bp_openmp_run(team->threads, fn, arg);
        return;
    case BP_BACKEND_AUTO:
    case BP_BACKEND_SERIAL:
        break;
    }
    fn(arg, 0, 1);
}

void bp_team_run(struct bp_team *team, bp_team_fn *fn, void *arg)
{
    run_team(team, fn, arg, false);
}

void bp_team_run_pinned(struct bp_team *team, bp_team_fn *fn, void *arg)
{
    run_team(team, fn, arg, true);
}

size_t bp_team_threads(const struct bp_team *team)
{
    return team->threads;
}

bp_backend bp_team_backend(const struct bp_team *team)
{
    return team->backend;
}
