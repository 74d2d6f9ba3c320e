/*
 * The pthreads backend: workers are claimed by whichever thread comes. Each thread takes its own
 * workers first, then those that nobody has begun, so that a thread that sleeps, or that the
 * machine keeps from running, delays nobody: only a worker that has begun is waited for.
 *
 *   order    run 5                                                  run 6
 *   seat 0   open | the caller has it ...... finished
 *   seat 1   open | helper 1 has it ............ finished
 *   seat 2   open |                   the caller has it ... finished   (helper 2 was not there)
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
#include "team/places.h"
#include "team/range.h"
#include "team/waiting.h"

/* A thread wakes at most so many others, which wake others in turn. */
#define WAKES 4

/* A wake costs some microseconds. Who came too late for the run that it was woken for is not woken
 * for a while, twice as long each time. */
#define REST_SECONDS      20e-6
#define REST_SECONDS_MOST 10e-3

/* A word that others look at, alone on its cache line. */
struct word {
    _Alignas(BP_ALIGNMENT) atomic_size_t value;
};

/* A thread; number 0 is the caller. */
struct carrier {
    struct bp_waiter waiter;
    struct word carried; /* the last run in which it had a seat */
    /* Used by the thread that wakes this one. */
    _Alignas(BP_ALIGNMENT) size_t woken_for;
    double rest, rest_end;
    /* Constant. */
    struct bp_crew *crew;
    size_t number;
    struct bp_range own; /* workers that it takes first */
    atomic_size_t *seat; /* theirs: 2 * run while somebody has it, 2 * run + 1 when finished */
    pthread_t thread;
};

struct bp_crew {
    struct word order; /* 2 * run, + 1 if seats are not to be taken over; helpers wait for it */
    size_t run;        /* the caller's count */
    bp_team_fn *fn;    /* of the run in work; read only by who has a seat in it */
    void *arg;
    size_t workers;
    size_t carriers;
    struct carrier *carrier;
    atomic_size_t *seats; /* those of a carrier share cache lines, those of two do not */
};

#define THE_END SIZE_MAX

/* Runs worker t of carrier `owner` unless somebody has it or had it in this run. Relaxed is enough
 * for the claim: what earlier holders of the seat wrote became visible with the order, which the
 * caller gave when it had seen every seat finished. While somebody has a seat the run cannot end,
 * so that fn and arg stay what they are. */
static bool take_seat(struct bp_crew *crew, const struct carrier *owner, size_t t, size_t run,
                      bool caller)
{
    atomic_size_t *seat = &owner->seat[t - owner->own.begin];
    size_t open = 2 * run - 1;
    if (atomic_load_explicit(seat, memory_order_relaxed) != open ||
        !atomic_compare_exchange_strong_explicit(seat, &open, 2 * run, memory_order_relaxed,
                                                 memory_order_relaxed))
        return false;
    crew->fn(crew->arg, t, crew->workers);
    /* Only the caller waits for seats, and sees its own work; the next order releases it to others.
     * Its helpers release theirs, sequentially consistent for their look at the caller's sleep. */
    if (caller)
        atomic_store_explicit(seat, 2 * run + 1, memory_order_relaxed);
    else
        atomic_store_explicit(seat, 2 * run + 1, memory_order_seq_cst);
    return true;
}

/* Own workers from the front, those of others from the back, where their owners come last. */
static void take_seats(struct bp_crew *crew, struct carrier *self, size_t order)
{
    const size_t run = order / 2;
    const bool caller = self->number == 0;
    bool any = false;
    for (size_t t = self->own.begin; t < self->own.end; t++)
        any |= take_seat(crew, self, t, run, caller);
    for (size_t k = 1; k < crew->carriers && order % 2 == 0; k++) {
        const size_t c = self->number + k;
        const struct carrier *other = &crew->carrier[c < crew->carriers ? c : c - crew->carriers];
        for (size_t t = other->own.end; t-- > other->own.begin;)
            any |= take_seat(crew, other, t, run, caller);
    }
    /* Relaxed: only a hint for who wakes this thread. */
    if (any)
        atomic_store_explicit(&self->carried.value, run, memory_order_relaxed);
}

static void wake(struct carrier *carrier, size_t order)
{
    if (!bp_waiter_sleeps(&carrier->waiter))
        return;
    const double now = bp_clock_seconds();
    const size_t run = order / 2;
    /* A seat that only its owner may take waits for the owner. */
    if (order % 2 == 0 && now < carrier->rest_end)
        return;
    if (atomic_load_explicit(&carrier->carried.value, memory_order_relaxed) >= carrier->woken_for)
        carrier->rest = 0.0;
    else if (carrier->rest < REST_SECONDS)
        carrier->rest = REST_SECONDS;
    else if (carrier->rest < REST_SECONDS_MOST)
        carrier->rest *= 2.0;
    carrier->rest_end = now + carrier->rest;
    carrier->woken_for = run;
    bp_waiter_wake(&carrier->waiter);
}

static void wake_next(struct bp_crew *crew, size_t number, size_t order)
{
    const size_t first = WAKES * number + 1;
    const size_t end = bp_size_min(first + WAKES, crew->carriers);
    for (size_t c = first; c < end; c++)
        wake(&crew->carrier[c], order);
}

static void *carry(void *arg)
{
    struct carrier *self = arg;
    struct bp_crew *crew = self->crew;
    for (size_t order = 0;;) {
        order = bp_wait_while(&self->waiter, &crew->order.value, order);
        if (order == THE_END)
            return NULL;
        wake_next(crew, self->number, order);
        take_seats(crew, self, order);
        bp_waiter_wake(&crew->carrier[0].waiter);
    }
}

/* Open seats are those that their owners alone may take. */
static void wait_for_seats(struct bp_crew *crew, size_t run)
{
    struct bp_waiter *waiter = &crew->carrier[0].waiter;
    for (size_t c = 0; c < crew->carriers; c++) {
        const struct carrier *carrier = &crew->carrier[c];
        for (size_t k = 0; k < carrier->own.end - carrier->own.begin; k++) {
            bp_wait_while(waiter, &carrier->seat[k], 2 * run - 1);
            bp_wait_while(waiter, &carrier->seat[k], 2 * run);
        }
    }
}

void bp_crew_run(struct bp_crew *crew, bp_team_fn *fn, void *arg, bool settle)
{
    const size_t run = ++crew->run;
    const size_t order = 2 * run + settle;
    crew->fn = fn;
    crew->arg = arg;
    /* Release: publishes what the caller wrote before. Sequentially consistent for the look at who
     * sleeps. */
    atomic_store_explicit(&crew->order.value, order, memory_order_seq_cst);
    wake_next(crew, 0, order);
    take_seats(crew, &crew->carrier[0], order);
    wait_for_seats(crew, run);
}

/* A helper takes no signals: they are for the threads of the program. */
static int start(struct carrier *carrier)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failed = pthread_create(&carrier->thread, NULL, carry, carrier);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

/* Everything that the carriers read, before the first of them starts. */
static bool make_seats(struct bp_crew *crew, size_t carriers)
{
    const size_t line = BP_ALIGNMENT / sizeof *crew->seats;
    const size_t stride = bp_size_round_up(bp_range_of(crew->workers, carriers, 0).end, line);
    crew->carrier = bp_aligned_alloc(carriers, sizeof *crew->carrier);
    crew->seats = bp_aligned_alloc(carriers, stride * sizeof *crew->seats);
    if (!crew->carrier || !crew->seats)
        return false;
    for (size_t k = 0; k < carriers * stride; k++)
        atomic_init(&crew->seats[k], 1); /* finished in run 0 */
    for (size_t c = 0; c < carriers; c++) {
        struct carrier *carrier = &crew->carrier[c];
        carrier->crew = crew;
        carrier->number = c;
        carrier->own = bp_range_of(crew->workers, carriers, c);
        carrier->seat = crew->seats + c * stride;
    }
    return true;
}

bp_status bp_crew_create(struct bp_crew **out, size_t workers, size_t carriers,
                         const struct bp_places *places, bp_error *error)
{
    *out = NULL;
    struct bp_crew *crew = bp_aligned_alloc(1, sizeof *crew);
    if (!crew)
        return bp_fail_memory(error, "a team of threads");
    bp_status status = BP_OK;
    crew->workers = workers;
    if (!make_seats(crew, carriers)) {
        status = bp_fail_memory(error, "a team of threads");
        goto fail;
    }
    for (; crew->carriers < carriers; crew->carriers++) {
        struct carrier *carrier = &crew->carrier[crew->carriers];
        bp_waiter_make(&carrier->waiter);
        const int failed = crew->carriers ? start(carrier) : 0;
        if (failed) {
            bp_waiter_release(&carrier->waiter);
            status = bp_fail(error, BP_ERROR_THREADS,
                             "thread %zu of %zu cannot be started: %s; ask for fewer threads",
                             crew->carriers + 1, carriers, strerror(failed));
            goto fail;
        }
        if (places && crew->carriers)
            bp_places_bind(places, carrier->thread, crew->carriers);
    }
    *out = crew;
    return BP_OK;

fail:
    bp_crew_free(crew);
    return status;
}

void bp_crew_free(struct bp_crew *crew)
{
    if (!crew)
        return;
    atomic_store_explicit(&crew->order.value, THE_END, memory_order_seq_cst);
    for (size_t c = 1; c < crew->carriers; c++) {
        bp_waiter_wake(&crew->carrier[c].waiter);
        pthread_join(crew->carrier[c].thread, NULL);
    }
    for (size_t c = 0; c < crew->carriers; c++)
        bp_waiter_release(&crew->carrier[c].waiter);
    bp_aligned_free(crew->carrier);
    bp_aligned_free(crew->seats);
    bp_aligned_free(crew);
}
