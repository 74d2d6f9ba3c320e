/* The OpenMP backend: nothing process-wide is touched, the number of threads is asked for in each
 * region alone. */
#include "team/backends.h"

#ifdef _OPENMP
#include <omp.h>
#include <unistd.h>

/* The process in which this thread first opened a region, or 0. The runtime keeps the threads of a
 * region for the thread that opens it; in the child of a fork they do not exist, and the runtime
 * waits for them without end. Only the thread itself can say that it once opened one. */
static _Thread_local pid_t region_process;

bool bp_openmp_available(void)
{
    return true;
}

bool bp_openmp_lost_threads(void)
{
    return region_process != 0 && region_process != getpid();
}

void bp_openmp_run(size_t threads, bp_team_fn *fn, void *arg)
{
    if (region_process == 0)
        region_process = getpid();
#pragma omp parallel num_threads((int)threads)
    {
        /* The runtime may grant fewer threads (OMP_THREAD_LIMIT, a nested region): then some of
         * them do the work of several workers. */
        const size_t granted = (size_t)omp_get_num_threads();
        for (size_t t = (size_t)omp_get_thread_num(); t < threads; t += granted)
            fn(arg, t, threads);
    }
}

#else

bool bp_openmp_available(void)
{
    return false;
}

bool bp_openmp_lost_threads(void)
{
    return false;
}

void bp_openmp_run(size_t threads, bp_team_fn *fn, void *arg)
{
    for (size_t t = 0; t < threads; t++)
        fn(arg, t, threads);
}

#endif
