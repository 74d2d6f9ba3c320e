/* The workers of the pthreads backend, with any number of threads for any number of workers: which
 * thread runs which worker, what the caller waits for, and that no wake-up is lost. */
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

static struct bp_workers *create(size_t workers, size_t threads)
{
    struct bp_workers *team;
    bp_error error;
    cr_assert_eq(bp_workers_create(&team, workers, threads, NULL, &error), BP_OK, "%s",
                 error.message);
    return team;
}

/* What the workers of a run write, and what they are given. */
struct record {
    size_t run;             /* written by the caller before each run, from 1 */
    size_t calls[MOST];     /* of worker t, over all runs: written by whoever runs it */
    size_t seen[MOST];      /* the run that it met */
    pthread_t thread[MOST]; /* who ran it */
    void (*delay)(size_t t, size_t run);
};

static void sign_in(void *arg, size_t t, size_t workers)
{
    struct record *record = arg;
    (void)workers;
    if (record->delay)
        record->delay(t, record->run);
    record->calls[t]++;
    record->seen[t] = record->run;
    record->thread[t] = pthread_self();
}

/* How many workers were not called exactly once in a run, over `runs` of them. */
static size_t count_wrong_calls(struct bp_workers *team, struct record *record, size_t workers,
                                size_t runs)
{
    size_t wrong = 0;
    for (size_t k = 0; k < runs; k++) {
        record->run++;
        bp_workers_run(team, sign_in, record, false);
        for (size_t t = 0; t < MOST; t++) {
            const size_t expected = t < workers ? record->run : 0;
            wrong += record->calls[t] != expected || record->seen[t] != expected;
        }
    }
    return wrong;
}

static void expect_once_each(size_t workers, size_t threads, size_t runs,
                             void (*delay)(size_t t, size_t run))
{
    struct bp_workers *team = create(workers, threads);
    struct record record = {.delay = delay};
    cr_assert_eq(count_wrong_calls(team, &record, workers, runs), 0, "%zu workers on %zu threads",
                 workers, threads);
    bp_workers_free(team);
}

Test(team_workers, every_worker_runs_once_a_run_whatever_the_number_of_threads)
{
    for (size_t workers = 1; workers <= MOST; workers++) {
        for (size_t threads = 1; threads <= workers; threads++)
            expect_once_each(workers, threads, 200, NULL);
    }
}

Test(team_workers, many_thousands_of_tiny_runs_lose_no_worker)
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

Test(team_workers, every_worker_runs_once_where_workers_take_different_times)
{
    for (size_t threads = 1; threads <= 8; threads++)
        expect_once_each(8, threads, 60, delay_at_random);
    expect_once_each(MOST, 5, 60, delay_at_random);
}

/* Pauses around the time after which a thread goes to sleep: it may be on its way there. */
Test(team_workers, no_wake_up_is_lost_when_runs_begin_while_threads_fall_asleep)
{
    struct bp_workers *team = create(3, 3);
    struct record record = {.run = 0};
    size_t wrong = 0;
    for (size_t k = 0; k < 4000; k++) {
        const double end = bp_clock_seconds() + 50e-6 + 1e-6 * (double)(k % 100);
        while (bp_clock_seconds() < end)
            ;
        /* A pinned run waits for every thread: a lost wake-up would never end. */
        bp_workers_run(team, sign_in, &record, true);
        record.run++;
    }
    for (size_t t = 0; t < 3; t++)
        wrong += record.calls[t] != 4000;
    cr_assert_eq(wrong, 0);
    bp_workers_free(team);
}

Test(team_workers, pinned_runs_call_each_worker_on_the_same_thread_every_time)
{
    struct bp_workers *team = create(8, 4);
    struct record first = {.run = 1}, again = {.run = 2};
    bp_workers_run(team, sign_in, &first, true);
    for (size_t k = 0; k < 100; k++) {
        bp_workers_run(team, sign_in, &(struct record){.run = 3}, false);
        bp_workers_run(team, sign_in, &again, true);
        for (size_t t = 0; t < 8; t++)
            cr_assert(pthread_equal(first.thread[t], again.thread[t]));
    }
    cr_assert(pthread_equal(first.thread[0], pthread_self()));
    for (size_t t = 1; t < 8; t++)
        cr_assert_eq(pthread_equal(first.thread[t], first.thread[t - 1]) != 0, t % 2 == 1);
    bp_workers_free(team);
}

/* A thread that is held up: it is in worker 4 of 8 until the other seven are done. */
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

Test(team_workers, workers_of_a_thread_that_is_held_up_are_run_by_another)
{
    struct bp_workers *team = create(8, 2); /* 4 to 7 are the helper's */
    struct stall stall = {.caller = pthread_self()};
    const double end = bp_clock_seconds() + 10.0; /* on a busy machine the helper comes late */
    while (!stall.helper_stalled && bp_clock_seconds() < end) {
        atomic_store(&stall.done, 0);
        bp_workers_run(team, stall_in_worker_4, &stall, false);
    }
    cr_assert(stall.helper_stalled, "the helper never ran");
    cr_assert(stall.others_were_done);
    bp_workers_free(team);
}

Test(team_workers, teams_are_freed_right_after_they_are_made_and_after_a_run)
{
    for (size_t k = 0; k < 200; k++) {
        const size_t workers = 1 + k % MOST;
        struct bp_workers *team = create(workers, workers);
        struct record record = {.run = 0};
        cr_assert_eq(count_wrong_calls(team, &record, workers, k % 3), 0);
        bp_workers_free(team);
    }
    bp_workers_free(NULL);
}

static void *drive(void *arg)
{
    (void)arg;
    struct bp_workers *team;
    struct record record = {.run = 0};
    if (bp_workers_create(&team, 5, 3, NULL, NULL))
        return (void *)1;
    const size_t wrong = count_wrong_calls(team, &record, 5, 2000);
    bp_workers_free(team);
    return (void *)wrong;
}

Test(team_workers, teams_of_several_threads_run_at_the_same_time)
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
    struct bp_workers *team;
    struct record record;
    size_t wrong;
};

static void *take_over(void *arg)
{
    struct relay *relay = arg;
    relay->wrong += count_wrong_calls(relay->team, &relay->record, 6, 100);
    return NULL;
}

Test(team_workers, a_team_may_pass_from_one_calling_thread_to_the_next)
{
    struct relay relay = {.team = create(6, 4)};
    for (size_t k = 0; k < 5; k++) {
        pthread_t next;
        take_over(&relay);
        cr_assert_eq(pthread_create(&next, NULL, take_over, &relay), 0);
        cr_assert_eq(pthread_join(next, NULL), 0);
    }
    cr_assert_eq(relay.wrong, 0);
    bp_workers_free(relay.team);
}

static void read_mask(void *arg, size_t t, size_t workers)
{
    (void)workers;
    sigset_t *masks = arg;
    pthread_sigmask(SIG_SETMASK, NULL, &masks[t]);
}

Test(team_workers, helpers_leave_signals_to_the_threads_of_the_program)
{
    struct bp_workers *team = create(3, 3);
    sigset_t masks[3];
    bp_workers_run(team, read_mask, masks, true);
    cr_assert_eq(sigismember(&masks[0], SIGTERM), 0);
    cr_assert_eq(sigismember(&masks[1], SIGTERM), 1);
    cr_assert_eq(sigismember(&masks[2], SIGINT), 1);
    bp_workers_free(team);
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

Test(team_workers, threads_that_cannot_be_started_are_an_error_and_the_others_end)
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
    struct bp_workers *team;
    cr_assert_eq(bp_workers_create(&team, BP_THREADS_MAX, BP_THREADS_MAX, NULL, &error),
                 BP_ERROR_THREADS);
    cr_assert_null(team);
    cr_assert_not_null(strstr(error.message, "of 1024 cannot be started"), "%s", error.message);
    expect_once_each(2, 2, 10, NULL);
}
