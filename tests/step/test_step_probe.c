/* A step of many workers, of which one is timed: it trains the same, and says of what it is made.
 */
#include <criterion/criterion.h>

#include "base/memory.h"
#include "kernels/list.h"
#include "support/problem.h"

/* More parameters than a pass over them takes for the calling thread alone. */
static const struct problem wide = {.layers = 2,
                                    .widths = {70, 120, 10},
                                    .count = 150,
                                    .labels = true,
                                    .hidden = BP_ACTIVATION_TANH,
                                    .output = BP_ACTIVATION_LOGISTIC};

static struct outcome train(bp_plan plan, size_t threads, struct bp_probe *probe)
{
    const struct setting setting = {.epochs = 2,
                                    .batch_size = 100,
                                    .backend =
                                        threads > 1 ? BP_BACKEND_PTHREADS : BP_BACKEND_SERIAL,
                                    .threads = threads,
                                    .plan = plan,
                                    .probe = probe};
    return problem_train(&wide, &setting);
}

Test(step_probe, a_step_whose_workers_are_more_than_threads_trains_to_the_same_bits)
{
    static const size_t workers[] = {1, 2, 3, 8, 33};
    static const bp_plan plans[] = {BP_PLAN_SAMPLES, BP_PLAN_PARAMETERS};
    const struct outcome expected = train(BP_PLAN_SAMPLES, 1, NULL);
    for (size_t k = 0; k < 4 * 5; k++) {
        struct bp_probe probe = {.workers = workers[k / 4]};
        probe.worker = probe.workers - 1;
        const struct outcome outcome = train(plans[k % 2], 1 + k / 2 % 2, &probe);
        cr_assert(outcome_equal(&outcome, &expected), "%zu workers, plan %zu", probe.workers,
                  k % 2);
    }
}

/* Calls of each worker, counted by itself. */
struct noted {
    size_t calls[5];
    size_t workers;
};

static void note(void *arg, size_t w, size_t workers)
{
    struct noted *noted = arg;
    noted->calls[w]++;
    if (w == 0)
        noted->workers = workers;
}

Test(step_probe, each_worker_runs_once_in_each_region_however_it_is_shared)
{
    for (size_t threads = 1; threads <= 3; threads++) {
        struct bp_team *team;
        cr_assert_eq(bp_team_create(&team, BP_BACKEND_AUTO, threads, NULL), BP_OK);
        struct bp_probe probe = {.workers = 5};
        struct noted noted = {{0}, 0};
        bp_probe_begin(&probe, 3);

        bp_probe_run(&probe, team, 0, note, &noted);
        bp_probe_run(&probe, team, 5, note, &noted);

        for (size_t w = 0; w < 5; w++)
            cr_assert_eq(noted.calls[w], 2, "worker %zu of 5 on %zu threads", w, threads);
        cr_assert_eq(noted.workers, 5);
        cr_assert(probe.regions == 2 && probe.joins == 1);
        cr_assert(probe.region[0].shared && !probe.region[1].shared);
        bp_team_free(team);
    }
}

/* Takes the time of worker w. */
static void work(void *arg, size_t w, size_t workers)
{
    (void)workers;
    const double *seconds = arg;
    const double start = bp_clock_seconds();
    while (bp_clock_seconds() - start < seconds[w]) {
    }
}

Test(step_probe, what_is_timed_is_the_part_of_one_worker_or_of_all_if_they_take_turns)
{
    double seconds[3] = {0.001, 0.001, 0.004};
    struct bp_team *team;
    cr_assert_eq(bp_team_create(&team, BP_BACKEND_AUTO, 2, NULL), BP_OK);
    struct bp_probe probe = {.workers = 3};
    double shortest[2] = {1, 1};
    /* Another program may interrupt one of the regions, and only makes it longer. */
    for (size_t k = 0; k < 20; k++) {
        for (size_t w = 1; w <= 2; w++) {
            bp_probe_begin(&probe, w);
            bp_probe_run(&probe, team, 0, work, seconds);
            bp_probe_run(&probe, team, 3, work, seconds);
            cr_assert(probe.region[0].seconds >= seconds[w]);
            cr_assert(probe.region[1].seconds >= 0.006);
            cr_assert(probe.elapsed >= probe.region[0].seconds + probe.region[1].seconds);
            if (probe.region[0].seconds < shortest[w - 1])
                shortest[w - 1] = probe.region[0].seconds;
        }
    }
    cr_assert_lt(shortest[0], 0.003);
    bp_team_free(team);
}

Test(step_probe, regions_beyond_the_table_are_added_to_those_in_it)
{
    double seconds[1] = {0.0};
    struct bp_team *team;
    cr_assert_eq(bp_team_create(&team, BP_BACKEND_SERIAL, 1, NULL), BP_OK);
    struct bp_probe probe = {.workers = 1};
    bp_probe_begin(&probe, 0);
    for (size_t k = 0; k < BP_PROBE_REGIONS; k++)
        bp_probe_run(&probe, team, 0, work, seconds);
    const double first = probe.region[0].seconds;

    bp_probe_run(&probe, team, 0, work, seconds);

    cr_assert_eq(probe.regions, BP_PROBE_REGIONS + 1);
    cr_assert_eq(probe.joins, 0, "one worker waits for nobody");
    cr_assert_gt(probe.region[0].seconds, first);
    bp_team_free(team);
}
