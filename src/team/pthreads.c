/*
 * The pthreads backend. A run has one slot for each worker; a thread that claims an open slot runs
 * that worker. Each thread claims its own slots first, then open slots of other threads, so that a
 * thread that sleeps, or is not scheduled, does not delay the run: the caller waits only for
 * workers that have begun.
 *
 *   order    run 5                                                  run 6
 *   slot 0   open | the caller has it ...... finished
 *   slot 1   open | helper 1 has it ............ finished
 *   slot 2   open |                   the caller has it ... finished   (helper 2 was asleep)
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "team/backends.h"
#include "team/numa.h"
#include "team/range.h"
#include "team/waiting.h"

/* A thread wakes at most so many others, which wake others in turn. */
#define WAKES 4

/* A helper looks for open slots at so many other threads, the caller at all: else each of many
 * threads would read a line of each other in every run. */
#define NEIGHBOURS 4

/* A wake costs some microseconds. A thread that woke too late to run a worker is not woken again
 * for a while: the backoff, which doubles each time. */
#define BACKOFF_SECONDS     20e-6
#define BACKOFF_SECONDS_MAX 10e-3

/* A word that several threads read, alone on its cache line. */
struct word {
    _Alignas(BP_ALIGNMENT) atomic_size_t value;
};

/* A thread of the team; number 0 is the caller. */
struct team_thread {
    struct bp_waiter waiter;
    struct word order;    /* 2 * run, + 1 if pinned; a helper waits for it to change */
    struct word last_run; /* the last run in which it claimed a slot */
    /* Used by the thread that wakes this one. */
    _Alignas(BP_ALIGNMENT) size_t woken_for;
    double backoff, backoff_end;
    /* Constant. */
    struct bp_workers *workers;
    size_t number;
    struct bp_range own; /* its workers: those whose slots it claims first */
    atomic_size_t *slot; /* of these: 2 * run once claimed, 2 * run + 1 when finished */
    pthread_t handle;
};

struct bp_workers {
    _Alignas(BP_ALIGNMENT) size_t run; /* number of the current run, counted by the caller */
    bp_team_fn *fn; /* of the current run; read only by a thread that holds a slot of it */
    void *arg;
    size_t count; /* of workers */
    size_t threads;
    struct team_thread *thread;
    atomic_size_t *slots; /* of all threads; no cache line holds slots of two threads */
};

#define THE_END SIZE_MAX

/* Runs worker t of thread `owner` unless its slot is already claimed in this run. Relaxed is enough
 * for the claim: what earlier holders of the slot wrote became visible with the order, which the
 * caller stored after it had seen every slot finished. The run cannot end while a slot is claimed,
 * so fn and arg do not change. */
static bool take_slot(struct bp_workers *workers, const struct team_thread *owner, size_t t,
                      size_t run, bool caller)
{
    atomic_size_t *slot = &owner->slot[t - owner->own.begin];
    size_t open = 2 * run - 1;
    if (atomic_load_explicit(slot, memory_order_relaxed) != open ||
        !atomic_compare_exchange_strong_explicit(slot, &open, 2 * run, memory_order_relaxed,
                                                 memory_order_relaxed))
        return false;
    workers->fn(workers->arg, t, workers->count);
    /* Only the caller waits for slots. It sees its own writes, and the next order releases them to
     * others. A helper releases its writes here; sequentially consistent, because it then reads
     * whether the caller sleeps. */
    if (caller)
        atomic_store_explicit(slot, 2 * run + 1, memory_order_relaxed);
    else
        atomic_store_explicit(slot, 2 * run + 1, memory_order_seq_cst);
    return true;
}

/* Own slots from the front, those of others from the back, which their owners reach last. */
static void take_slots(struct bp_workers *workers, struct team_thread *self, size_t order)
{
    const size_t run = order / 2;
    const bool caller = self->number == 0;
    const size_t reach = caller ? workers->threads : NEIGHBOURS + 1;
    bool any = false;
    for (size_t t = self->own.begin; t < self->own.end; t++)
        any |= take_slot(workers, self, t, run, caller);
    for (size_t k = 1; k < bp_size_min(reach, workers->threads) && order % 2 == 0; k++) {
        const size_t c = self->number + k;
        const struct team_thread *other =
            &workers->thread[c < workers->threads ? c : c - workers->threads];
        for (size_t t = other->own.end; t-- > other->own.begin;)
            any |= take_slot(workers, other, t, run, caller);
    }
    /* Relaxed: only a hint for the thread that wakes this one. */
    if (any)
        atomic_store_explicit(&self->last_run.value, run, memory_order_relaxed);
}

static void wake(struct team_thread *thread, size_t order)
{
    if (!bp_waiter_sleeps(&thread->waiter))
        return;
    const double now = bp_clock_seconds();
    const size_t run = order / 2;
    /* In a pinned run the slots of a thread wait for it, whatever its backoff. */
    if (order % 2 == 0 && now < thread->backoff_end)
        return;
    if (atomic_load_explicit(&thread->last_run.value, memory_order_relaxed) >= thread->woken_for)
        thread->backoff = 0.0;
    else if (thread->backoff < BACKOFF_SECONDS)
        thread->backoff = BACKOFF_SECONDS;
    else if (thread->backoff < BACKOFF_SECONDS_MAX)
        thread->backoff *= 2.0;
    thread->backoff_end = now + thread->backoff;
    thread->woken_for = run;
    bp_waiter_wake(&thread->waiter);
}

static void wake_next(struct bp_workers *workers, size_t number, size_t order)
{
    const size_t first = WAKES * number + 1;
    const size_t end = bp_size_min(first + WAKES, workers->threads);
    for (size_t c = first; c < end; c++)
        wake(&workers->thread[c], order);
}

static void *run_helper(void *arg)
{
    struct team_thread *self = arg;
    struct bp_workers *workers = self->workers;
    for (size_t order = 0;;) {
        order = bp_wait_while(&self->waiter, &self->order.value, order);
        if (order == THE_END)
            return NULL;
        wake_next(workers, self->number, order);
        take_slots(workers, self, order);
        bp_waiter_wake(&workers->thread[0].waiter);
    }
}

/* A slot may still be open here only in a pinned run. */
static void wait_for_slots(struct bp_workers *workers, size_t run)
{
    struct bp_waiter *waiter = &workers->thread[0].waiter;
    for (size_t c = 0; c < workers->threads; c++) {
        const struct team_thread *thread = &workers->thread[c];
        for (size_t k = 0; k < thread->own.end - thread->own.begin; k++) {
            bp_wait_while(waiter, &thread->slot[k], 2 * run - 1);
            bp_wait_while(waiter, &thread->slot[k], 2 * run);
        }
    }
}

/*
 * Each helper has an order of its own, so that none waits for a line of memory while others read
 * it. Release: publishes what the caller wrote before. Those whose loss would matter are
 * sequentially consistent, because wake() then reads whether the thread sleeps: in a pinned run,
 * which waits for every helper. In any other run the slots of a helper that has missed its order
 * are claimed by the caller. The last store is such a one in any case, so that all that came before
 * it are visible when the caller begins to wake helpers.
 */
static void give_orders(struct bp_workers *workers, size_t order)
{
    const bool pinned = order % 2 != 0;
    for (size_t c = workers->threads; c-- > 1;) {
        atomic_size_t *word = &workers->thread[c].order.value;
        if (pinned || c == 1)
            atomic_store_explicit(word, order, memory_order_seq_cst);
        else
            atomic_store_explicit(word, order, memory_order_release);
    }
}

void bp_workers_run(struct bp_workers *workers, bp_team_fn *fn, void *arg, bool pinned)
{
    const size_t run = ++workers->run;
    const size_t order = 2 * run + pinned;
    workers->fn = fn;
    workers->arg = arg;
    give_orders(workers, order);
    wake_next(workers, 0, order);
    take_slots(workers, &workers->thread[0], order);
    wait_for_slots(workers, run);
}

/* A helper blocks all signals: they go to the threads of the program. But for those of its own
 * faults: where one is blocked, the kernel ends the process without asking the program's handler.
 */
static int start(struct team_thread *thread)
{
    static const int faults[] = {SIGBUS, SIGFPE, SIGILL, SIGSEGV};
    sigset_t blocked, before;
    sigfillset(&blocked);
    for (size_t k = 0; k < sizeof faults / sizeof faults[0]; k++)
        sigdelset(&blocked, faults[k]);
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    const int failed = pthread_create(&thread->handle, NULL, run_helper, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

/* Everything that the threads read, before the first of them starts. */
static bool make_slots(struct bp_workers *workers, size_t threads)
{
    const size_t line = BP_ALIGNMENT / sizeof *workers->slots;
    const size_t stride = bp_size_round_up(bp_range_of(workers->count, threads, 0).end, line);
    workers->thread = bp_aligned_alloc(threads, sizeof *workers->thread);
    workers->slots = bp_aligned_alloc(threads, stride * sizeof *workers->slots);
    if (!workers->thread || !workers->slots)
        return false;
    for (size_t k = 0; k < threads * stride; k++)
        atomic_init(&workers->slots[k], 1); /* finished in run 0 */
    for (size_t c = 0; c < threads; c++) {
        struct team_thread *thread = &workers->thread[c];
        thread->workers = workers;
        thread->number = c;
        thread->own = bp_range_of(workers->count, threads, c);
        thread->slot = workers->slots + c * stride;
    }
    return true;
}

bp_status bp_workers_create(struct bp_workers **out, size_t count, size_t threads,
                            const struct bp_numa *numa, bp_error *error)
{
    *out = NULL;
    struct bp_workers *workers = bp_aligned_alloc(1, sizeof *workers);
    if (!workers)
        return bp_fail_memory(error, "a team of threads");
    bp_status status = BP_OK;
    workers->count = count;
    if (!make_slots(workers, threads)) {
        status = bp_fail_memory(error, "a team of threads");
        goto fail;
    }
    for (; workers->threads < threads; workers->threads++) {
        struct team_thread *thread = &workers->thread[workers->threads];
        bp_waiter_make(&thread->waiter);
        const int failed = workers->threads ? start(thread) : 0;
        if (failed) {
            bp_waiter_release(&thread->waiter);
            status = bp_fail(error, BP_ERROR_THREADS,
                             "thread %zu of %zu cannot be started: %s; ask for fewer threads",
                             workers->threads + 1, threads, strerror(failed));
            goto fail;
        }
        if (numa && workers->threads)
            bp_numa_bind(numa, thread->handle, workers->threads);
    }
    *out = workers;
    return BP_OK;

fail:
    bp_workers_free(workers);
    return status;
}

void bp_workers_free(struct bp_workers *workers)
{
    if (!workers)
        return;
    give_orders(workers, THE_END);
    for (size_t c = 1; c < workers->threads; c++) {
        bp_waiter_wake(&workers->thread[c].waiter);
        pthread_join(workers->thread[c].handle, NULL);
    }
    for (size_t c = 0; c < workers->threads; c++)
        bp_waiter_release(&workers->thread[c].waiter);
    bp_workers_forget(workers);
}

/* The condition variables stay: one that has waiters cannot be destroyed, and these never wake. */
void bp_workers_forget(struct bp_workers *workers)
{
    if (!workers)
        return;
    bp_aligned_free(workers->thread);
    bp_aligned_free(workers->slots);
    bp_aligned_free(workers);
}
