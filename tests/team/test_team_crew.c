/* The crew of the pthreads backend, with any number of threads for any number of workers: who runs
 * what, who is waited for, and that no wake-up is lost. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <criterion/criterion.h>

#include "base/clock.h"
#include "base/random.h"
#include "team/backends.h"
#include "team/team.h"

#define MOST 16

static struct bp_crew *create(size_t workers, size_t carriers)
{
    struct bp_crew *crew;
    bp_error error;
    cr_assert_eq(bp_crew_create(&crew, workers, carriers, NULL, &error), BP_OK, "%s",
                 error.message);
    return crew;
}

/* What the workers of a run leave behind, and what they are given. */
struct roll {
    size_t run;             /* written by the caller before each run, from 1 */
    size_t calls[MOST];     /* of worker t, over all runs: written by whoever runs it */
    size_t seen[MOST];      /* the run that it met */
    pthread_t thread[MOST]; /* who ran it */
    void (*delay)(size_t t, size_t run);
};

static void sign_in(void *arg, size_t t, size_t workers)
{
    struct roll *roll = arg;
    (void)workers;
    if (roll->delay)
        roll->delay(t, roll->run);
    roll->calls[t]++;
    roll->seen[t] = roll->run;
    roll->thread[t] = pthread_self();
}

/* How many workers were not called exactly once in a run, over `runs` of them. */
static size_t call_the_roll(struct bp_crew *crew, struct roll *roll, size_t workers, size_t runs)
{
    size_t wrong = 0;
    for (size_t k = 0; k < runs; k++) {
        roll->run++;
        bp_crew_run(crew, sign_in, roll, false);
        for (size_t t = 0; t < MOST; t++) {
            const size_t expected = t < workers ? roll->run : 0;
            wrong += roll->calls[t] != expected || roll->seen[t] != expected;
        }
    }
    return wrong;
}

static void expect_once_each(size_t workers, size_t carriers, size_t runs,
                             void (*delay)(size_t t, size_t run))
{
    struct bp_crew *crew = create(workers, carriers);
    struct roll roll = {.delay = delay};
    cr_assert_eq(call_the_roll(crew, &roll, workers, runs), 0, "%zu workers on %zu threads",
                 workers, carriers);
    bp_crew_free(crew);
}

Test(team_crew, every_worker_runs_once_a_run_whatever_the_number_of_threads)
{
    for (size_t workers = 1; workers <= MOST; workers++) {
        for (size_t carriers = 1; carriers <= workers; carriers++)
            expect_once_each(workers, carriers, 200, NULL);
    }
}

Test(team_crew, many_thousands_of_tiny_runs_lose_no_worker)
{
    expect_once_each(2, 2, 100000, NULL);
    expect_once_each(5, 3, 20000, NULL);
    expect_once_each(MOST, MOST, 5000, NULL);
}

/* From nothing at all to longer than threads stay awake; the same in every test run. */
static void delay_at_random(size_t t, size_t run)
{
    const uint64_t draw = bp_random_bits(7, t, run);
    if (draw % 4 == 0)
        sched_yield();
    else if (draw % 4 == 1)
        nanosleep(&(struct timespec){.tv_nsec = (long)((draw >> 8) % 300000)}, NULL);
}

Test(team_crew, every_worker_runs_once_where_workers_take_different_times)
{
    for (size_t carriers = 1; carriers <= 8; carriers++)
        expect_once_each(8, carriers, 60, delay_at_random);
    expect_once_each(MOST, 5, 60, delay_at_random);
}

/* Pauses around the time after which a thread goes to sleep: it may be on its way there. */
Test(team_crew, no_wake_up_is_lost_when_runs_begin_while_threads_fall_asleep)
{
    struct bp_crew *crew = create(3, 3);
    struct roll roll = {.run = 0};
    size_t wrong = 0;
    for (size_t k = 0; k < 4000; k++) {
        const double end = bp_clock_seconds() + 50e-6 + 1e-6 * (double)(k % 100);
        while (bp_clock_seconds() < end)
            ;
        /* Settling waits for every thread: a lost wake-up would never end. */
        bp_crew_run(crew, sign_in, &roll, true);
        roll.run++;
    }
    for (size_t t = 0; t < 3; t++)
        wrong += roll.calls[t] != 4000;
    cr_assert_eq(wrong, 0);
    bp_crew_free(crew);
}

Test(team_crew, settling_runs_each_worker_on_the_same_thread_every_time)
{
    struct bp_crew *crew = create(8, 4);
    struct roll first = {.run = 1}, again = {.run = 2};
    bp_crew_run(crew, sign_in, &first, true);
    for (size_t k = 0; k < 100; k++) {
        bp_crew_run(crew, sign_in, &(struct roll){.run = 3}, false);
        bp_crew_run(crew, sign_in, &again, true);
        for (size_t t = 0; t < 8; t++)
            cr_assert(pthread_equal(first.thread[t], again.thread[t]));
    }
    cr_assert(pthread_equal(first.thread[0], pthread_self()));
    for (size_t t = 1; t < 8; t++)
        cr_assert_eq(pthread_equal(first.thread[t], first.thread[t - 1]) != 0, t % 2 == 1);
    bp_crew_free(crew);
}

/* A thread that does not get on: it holds worker 4 of 8 until the other seven are done. */
struct stall {
    pthread_t caller;
    atomic_size_t done; /* workers in this run */
    bool helper_stalled, others_were_done;
};

static void stall_in_worker_4(void *arg, size_t t, size_t workers)
{
    struct stall *stall = arg;
    if (t == 4 && !pthread_equal(pthread_self(), stall->caller)) {
        const double end = bp_clock_seconds() + 10.0;
        while (atomic_load(&stall->done) < workers - 1 && bp_clock_seconds() < end)
            sched_yield();
        stall->helper_stalled = true;
        stall->others_were_done = atomic_load(&stall->done) == workers - 1;
    }
    atomic_fetch_add(&stall->done, 1);
}

Test(team_crew, workers_of_a_thread_that_is_held_up_are_run_by_another)
{
    struct bp_crew *crew = create(8, 2); /* 4 to 7 are the helper's */
    struct stall stall = {.caller = pthread_self()};
    const double end = bp_clock_seconds() + 10.0; /* on a busy machine the helper comes late */
    while (!stall.helper_stalled && bp_clock_seconds() < end) {
        atomic_store(&stall.done, 0);
        bp_crew_run(crew, stall_in_worker_4, &stall, false);
    }
    cr_assert(stall.helper_stalled, "the helper never ran");
    cr_assert(stall.others_were_done);
    bp_crew_free(crew);
}

Test(team_crew, crews_are_freed_right_after_they_are_made_and_after_a_run)
{
    for (size_t k = 0; k < 200; k++) {
        const size_t workers = 1 + k % MOST;
        struct bp_crew *crew = create(workers, workers);
        struct roll roll = {.run = 0};
        cr_assert_eq(call_the_roll(crew, &roll, workers, k % 3), 0);
        bp_crew_free(crew);
    }
    bp_crew_free(NULL);
}

static void *drive(void *arg)
{
    (void)arg;
    struct bp_crew *crew;
    struct roll roll = {.run = 0};
    if (bp_crew_create(&crew, 5, 3, NULL, NULL))
        return (void *)1;
    const size_t wrong = call_the_roll(crew, &roll, 5, 2000);
    bp_crew_free(crew);
    return (void *)wrong;
}

Test(team_crew, crews_of_several_threads_run_at_the_same_time)
{
    pthread_t driver[4];
    for (size_t k = 0; k < 4; k++)
        cr_assert_eq(pthread_create(&driver[k], NULL, drive, NULL), 0);
    for (size_t k = 0; k < 4; k++) {
        void *wrong;
        cr_assert_eq(pthread_join(driver[k], &wrong), 0);
        cr_assert_null(wrong);
    }
}

struct relay {
    struct bp_crew *crew;
    struct roll roll;
    size_t wrong;
};

static void *take_over(void *arg)
{
    struct relay *relay = arg;
    relay->wrong += call_the_roll(relay->crew, &relay->roll, 6, 100);
    return NULL;
}

Test(team_crew, a_crew_may_pass_from_one_calling_thread_to_the_next)
{
    struct relay relay = {.crew = create(6, 4)};
    for (size_t k = 0; k < 5; k++) {
        pthread_t next;
        take_over(&relay);
        cr_assert_eq(pthread_create(&next, NULL, take_over, &relay), 0);
        cr_assert_eq(pthread_join(next, NULL), 0);
    }
    cr_assert_eq(relay.wrong, 0);
    bp_crew_free(relay.crew);
}

static void look_at_mask(void *arg, size_t t, size_t workers)
{
    (void)workers;
    sigset_t *masks = arg;
    pthread_sigmask(SIG_SETMASK, NULL, &masks[t]);
}

Test(team_crew, helpers_leave_signals_to_the_threads_of_the_program)
{
    struct bp_crew *crew = create(3, 3);
    sigset_t masks[3];
    bp_crew_run(crew, look_at_mask, masks, true);
    cr_assert_eq(sigismember(&masks[0], SIGTERM), 0);
    cr_assert_eq(sigismember(&masks[1], SIGTERM), 1);
    cr_assert_eq(sigismember(&masks[2], SIGINT), 1);
    bp_crew_free(crew);
}

#if defined(__SANITIZE_ADDRESS__)
#define LIMITS_HOLD 0 /* the sanitizer's own memory counts */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LIMITS_HOLD 0
#endif
#endif
#ifndef LIMITS_HOLD
#define LIMITS_HOLD 1
#endif

Test(team_crew, threads_that_cannot_be_started_are_an_error_and_the_others_end)
{
    if (!LIMITS_HOLD)
        cr_skip_test("memory cannot be limited under AddressSanitizer");
    const struct rlimit limit = {(rlim_t)1 << 30, (rlim_t)1 << 30};
    struct rlimit kept;
    cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
    cr_assert_eq(getrlimit(RLIMIT_AS, &kept), 0);
    if (kept.rlim_cur != limit.rlim_cur)
        cr_skip_test("memory cannot be limited under an emulator");
    bp_error error = {0};
    struct bp_crew *crew;
    cr_assert_eq(bp_crew_create(&crew, BP_THREADS_MAX, BP_THREADS_MAX, NULL, &error),
                 BP_ERROR_THREADS);
    cr_assert_null(crew);
    cr_assert_not_null(strstr(error.message, "of 1024 cannot be started"), "%s", error.message);
    expect_once_each(2, 2, 10, NULL);
}
