/* The pthreads backend: a crew that waits between runs, first spinning, then asleep. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "team/backends.h"
#include "team/processors.h"

/* Looks at a flag before sleeping: between 15 and 250 microseconds, since a pause between two takes
 * 10 cycles on some processors and 140 on others; several times a step of a small net. More threads
 * than processors never spin, since the one waited for may need the processor. */
#define SPINS 4000

/* A word that one side writes and the other waits for, alone on its cache line. */
struct flag {
    _Alignas(BP_ALIGNMENT) atomic_size_t value;
};

struct worker {
    _Alignas(BP_ALIGNMENT) struct bp_crew *crew;
    size_t t;
    pthread_t thread;
};

struct bp_crew {
    struct flag round;   /* counts runs; workers wait for it to change */
    struct flag working; /* workers that have not finished this run; the caller waits for 0 */
    struct flag asleep;  /* threads in pthread_cond_wait: who changes a flag wakes them */
    _Alignas(BP_ALIGNMENT) pthread_mutex_t mutex;
    pthread_cond_t changed;
    size_t spins;
    size_t started; /* workers that run, without the caller */
    size_t threads;
    bp_team_fn *fn; /* NULL: the end */
    void *arg;
    struct worker *worker;
};

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static bool still(struct flag *flag, size_t value, bool equal)
{
    /* Acquire: what the other side wrote before it changed the flag is then visible. Sequentially
     * consistent, so that it is ordered against `asleep` (see change()). */
    return (atomic_load_explicit(&flag->value, memory_order_seq_cst) == value) == equal;
}

/* Waits while (flag == value) is `equal`. */
static void wait_while(struct bp_crew *crew, struct flag *flag, size_t value, bool equal)
{
    for (size_t k = 0; k < crew->spins; k++) {
        if (!still(flag, value, equal))
            return;
        relax();
    }
    if (!still(flag, value, equal))
        return;
    pthread_mutex_lock(&crew->mutex);
    atomic_fetch_add_explicit(&crew->asleep.value, 1, memory_order_seq_cst);
    while (still(flag, value, equal))
        pthread_cond_wait(&crew->changed, &crew->mutex);
    atomic_fetch_sub_explicit(&crew->asleep.value, 1, memory_order_seq_cst);
    pthread_mutex_unlock(&crew->mutex);
}

/* Adds to a flag and wakes who sleeps. A sleeper raises `asleep` before its last look at the flag,
 * and here the flag changes before the look at `asleep`; all four are sequentially consistent, so
 * that one of the two sides sees the other and no wake-up is lost. */
static void change(struct bp_crew *crew, struct flag *flag, size_t amount)
{
    atomic_fetch_add_explicit(&flag->value, amount, memory_order_seq_cst);
    if (atomic_load_explicit(&crew->asleep.value, memory_order_seq_cst) == 0)
        return;
    pthread_mutex_lock(&crew->mutex);
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->mutex);
}

static void *work(void *arg)
{
    const struct worker *self = arg;
    struct bp_crew *crew = self->crew;
    for (size_t round = 0;; round++) {
        wait_while(crew, &crew->round, round, true);
        if (!crew->fn)
            return NULL;
        crew->fn(crew->arg, self->t, crew->threads);
        change(crew, &crew->working, (size_t)-1);
    }
}

void bp_crew_run(struct bp_crew *crew, bp_team_fn *fn, void *arg)
{
    crew->fn = fn;
    crew->arg = arg;
    atomic_store_explicit(&crew->working.value, crew->started, memory_order_relaxed);
    change(crew, &crew->round, 1); /* publishes the three writes above */
    fn(arg, 0, crew->threads);
    wait_while(crew, &crew->working, 0, false);
}

/* A worker takes no signals: they are for the threads of the program. */
static int start(struct worker *worker)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failed = pthread_create(&worker->thread, NULL, work, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

bp_status bp_crew_create(struct bp_crew **out, size_t threads, bp_error *error)
{
    *out = NULL;
    struct bp_crew *crew = bp_aligned_alloc(1, sizeof *crew);
    if (!crew)
        return bp_fail_memory(error, "a team of threads");
    crew->threads = threads;
    crew->spins = threads <= bp_usable_processors() ? SPINS : 0;
    pthread_mutex_init(&crew->mutex, NULL);
    pthread_cond_init(&crew->changed, NULL);
    bp_status status = BP_OK;
    crew->worker = bp_aligned_alloc(threads, sizeof *crew->worker);
    if (!crew->worker) {
        status = bp_fail_memory(error, "a team of threads");
        goto fail;
    }
    for (size_t t = 1; t < threads; t++) {
        struct worker *worker = &crew->worker[t];
        worker->crew = crew;
        worker->t = t;
        const int failed = start(worker);
        if (failed) {
            status = bp_fail(error, BP_ERROR_THREADS,
                             "thread %zu of %zu cannot be started: %s; ask for fewer threads",
                             t + 1, threads, strerror(failed));
            goto fail;
        }
        crew->started++;
    }
    *out = crew;
    return BP_OK;

fail:
    bp_crew_free(crew);
    return status;
}

static void end_workers(struct bp_crew *crew)
{
    crew->fn = NULL;
    change(crew, &crew->round, 1);
    for (size_t t = 1; t <= crew->started; t++)
        pthread_join(crew->worker[t].thread, NULL);
}

void bp_crew_free(struct bp_crew *crew)
{
    if (!crew)
        return;
    end_workers(crew);
    pthread_cond_destroy(&crew->changed);
    pthread_mutex_destroy(&crew->mutex);
    bp_aligned_free(crew->worker);
    bp_aligned_free(crew);
}
