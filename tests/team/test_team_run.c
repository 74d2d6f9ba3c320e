/* Fork and join under every backend: who is called, what is visible, and what cannot be had. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

#include "team/team.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define MOST         16

static const size_t thread_counts[] = {1, 2, 3, 7, 16};

static struct bp_team *create(bp_backend backend, size_t threads)
{
    struct bp_team *team;
    bp_error error;
    cr_assert_eq(bp_team_create(&team, backend, threads, &error), BP_OK, "%s", error.message);
    return team;
}

/* Calls behaviour(backend, threads) for what the build has; serial has one thread. */
static void for_each_team(void (*behaviour)(bp_backend backend, size_t threads))
{
    for (bp_backend backend = BP_BACKEND_AUTO; backend <= BP_BACKEND_PTHREADS; backend++) {
        for (size_t k = 0; k < COUNT(thread_counts) && bp_has_backend(backend); k++) {
            if (backend != BP_BACKEND_SERIAL || thread_counts[k] == 1)
                behaviour(backend, thread_counts[k]);
        }
    }
}

/* What the workers of a run leave behind, and what they are given. */
struct roll {
    size_t run;                  /* written by the caller before a run */
    atomic_size_t calls[MOST];   /* of worker t, over all runs */
    size_t seen[MOST];           /* the run that worker t met */
    atomic_size_t wrong_threads; /* calls with another number of threads than `threads` */
    size_t threads;
};

static void sign_in(void *arg, size_t t, size_t threads)
{
    struct roll *roll = arg;
    roll->seen[t] = roll->run;
    atomic_fetch_add(&roll->calls[t], 1);
    if (threads != roll->threads)
        atomic_fetch_add(&roll->wrong_threads, 1);
}

/* How many runs went wrong out of `runs`. */
static size_t call_the_roll(struct bp_team *team, size_t runs)
{
    struct roll roll = {.threads = bp_team_threads(team)};
    size_t wrong = 0;
    for (roll.run = 1; roll.run <= runs; roll.run++) {
        bp_team_run(team, sign_in, &roll);
        for (size_t t = 0; t < MOST; t++) {
            const size_t expected = t < roll.threads ? roll.run : 0;
            wrong += roll.calls[t] != expected || roll.seen[t] != expected;
        }
    }
    return wrong + roll.wrong_threads;
}

/* Fewer for large teams, whose threads have to take turns on few processors. */
static size_t many_runs(size_t threads)
{
    return 2000 / threads;
}

static void call_many_times(bp_backend backend, size_t threads)
{
    struct bp_team *team = create(backend, threads);
    cr_assert_eq(call_the_roll(team, many_runs(threads)), 0, "%s, %zu threads",
                 bp_choice_name(BP_CHOICE_BACKEND, (int)backend), threads);
    bp_team_free(team);
}

Test(team_run, every_worker_is_called_once_a_run_and_its_writes_are_visible_after)
{
    for_each_team(call_many_times);
}

static void call_after_idling(bp_backend backend, size_t threads)
{
    struct bp_team *team = create(backend, threads);
    for (size_t k = 0; k < 3; k++) {
        nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
        cr_assert_eq(call_the_roll(team, 1), 0);
    }
    bp_team_free(team);
}

Test(team_run, a_team_that_fell_asleep_wakes_up)
{
    for_each_team(call_after_idling);
}

static void create_again_and_again(bp_backend backend, size_t threads)
{
    for (size_t k = 0; k < 50; k++) {
        struct bp_team *team = create(backend, threads);
        cr_assert_eq(call_the_roll(team, k % 3), 0); /* 0: freed without ever running */
        bp_team_free(team);
    }
}

Test(team_run, teams_come_and_go)
{
    for_each_team(create_again_and_again);
}

static void *drive(void *arg)
{
    return (void *)call_the_roll(arg, many_runs(bp_team_threads(arg)) / 2);
}

static void run_beside_another(bp_backend backend, size_t threads)
{
    struct bp_team *here = create(backend, threads), *there = create(backend, threads);
    pthread_t driver;
    cr_assert_eq(pthread_create(&driver, NULL, drive, there), 0);
    const size_t wrong_here = call_the_roll(here, many_runs(threads) / 2);
    void *wrong_there;
    cr_assert_eq(pthread_join(driver, &wrong_there), 0);
    cr_assert_eq(wrong_here, 0);
    cr_assert_null(wrong_there);
    bp_team_free(here);
    bp_team_free(there);
}

Test(team_run, two_teams_run_at_the_same_time)
{
    for_each_team(run_beside_another);
}

/* Each worker of an outer team runs a team of its own. */
struct nest {
    struct bp_team *inner[2];
    size_t wrong[2];
};

static void run_inner(void *arg, size_t t, size_t threads)
{
    (void)threads;
    struct nest *nest = arg;
    nest->wrong[t] = call_the_roll(nest->inner[t], 10);
}

static void run_nested(bp_backend backend, size_t threads)
{
    struct bp_team *outer = create(backend, threads == 1 ? 1 : 2);
    struct nest nest = {.inner = {create(backend, threads), create(backend, threads)}};
    bp_team_run(outer, run_inner, &nest);
    cr_assert_eq(nest.wrong[0] + nest.wrong[1], 0);
    bp_team_free(nest.inner[0]);
    bp_team_free(nest.inner[1]);
    bp_team_free(outer);
}

/* OpenMP grants one thread to an inner region: it then does the work of all workers. */
Test(team_run, workers_are_called_once_where_the_runtime_grants_fewer_threads)
{
    for_each_team(run_nested);
}

Test(team_run, auto_takes_pthreads_and_one_worker_is_serial)
{
    struct bp_team *two = create(BP_BACKEND_AUTO, 2), *one = create(BP_BACKEND_PTHREADS, 1);
    cr_assert_eq(bp_team_backend(two), BP_BACKEND_PTHREADS);
    cr_assert_eq(bp_team_threads(two), 2);
    cr_assert_eq(bp_team_backend(one), BP_BACKEND_SERIAL);
    cr_assert_eq(bp_team_threads(one), 1);
    bp_team_free(two);
    bp_team_free(one);
    bp_team_free(NULL);
}

static void expect_refusal(bp_backend backend, size_t threads, const char *words)
{
    bp_error error = {0};
    struct bp_team *team = (struct bp_team *)&error;
    cr_assert_eq(bp_team_create(&team, backend, threads, &error), BP_ERROR_ARGUMENT);
    cr_assert_null(team);
    cr_assert_not_null(strstr(error.message, words), "%s", error.message);
}

Test(team_run, numbers_of_threads_out_of_range_are_errors_that_say_the_range)
{
    expect_refusal(BP_BACKEND_AUTO, 0, "0 threads: give a number from 1 to 1024");
    expect_refusal(BP_BACKEND_PTHREADS, BP_THREADS_MAX + 1, "from 1 to 1024");
    expect_refusal(BP_BACKEND_AUTO, (size_t)-1, "from 1 to 1024");
}

Test(team_run, the_serial_backend_with_two_threads_is_an_error_that_says_what_to_do)
{
    expect_refusal(BP_BACKEND_SERIAL, 2, "choose pthreads or openmp");
}

Test(team_run, a_backend_that_the_build_lacks_is_an_error)
{
    cr_assert_not(bp_has_backend((bp_backend)99));
    cr_assert(bp_has_backend(BP_BACKEND_AUTO));
    if (bp_has_backend(BP_BACKEND_OPENMP))
        cr_skip_test("this build has all backends");
    expect_refusal(BP_BACKEND_OPENMP, 2, "no openmp backend");
}
