/* Threads on NUMA nodes, on synthetic machines of hwloc. */
#include <criterion/criterion.h>

#include "team/backends.h"
#include "team/numa.h"

#define TWO_NODES "node:2 core:4 pu:2"

static struct bp_numa *find(const char *synthetic)
{
    struct bp_numa *numa = bp_numa_find(synthetic);
    if (!numa)
        cr_skip_test("this build has no hwloc");
    return numa;
}

Test(team_numa, one_thread_a_core_comes_before_one_a_hardware_thread)
{
    struct bp_numa *numa = find(TWO_NODES);
    static const size_t expected[17] = {0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0};
    for (size_t number = 0; number < 17; number++)
        cr_assert_eq(bp_numa_node(numa, number), expected[number], "thread %zu is on node %zu",
                     number, bp_numa_node(numa, number));
    bp_numa_free(numa);
}

Test(team_numa, without_hardware_threads_it_begins_again_after_the_last_core)
{
    struct bp_numa *numa = find("node:3 core:2 pu:1");
    static const size_t expected[9] = {0, 0, 1, 1, 2, 2, 0, 0, 1};
    for (size_t number = 0; number < 9; number++)
        cr_assert_eq(bp_numa_node(numa, number), expected[number]);
    bp_numa_free(numa);
}

Test(team_numa, one_node_leaves_nothing_to_choose)
{
    cr_assert_null(bp_numa_find("node:1 core:8 pu:2"));
}

Test(team_numa, a_machine_that_cannot_be_read_has_no_nodes)
{
    cr_assert_null(bp_numa_find("not a machine"));
}

static void count_call(void *arg, size_t t, size_t workers)
{
    (void)workers;
    ((size_t *)arg)[t]++;
}

Test(team_numa, threads_that_cannot_be_bound_run_unbound)
{
    struct bp_numa *numa = find(TWO_NODES);
    struct bp_workers *team;
    size_t calls[3] = {0};
    cr_assert_eq(bp_workers_create(&team, 3, 3, numa, NULL), BP_OK);
    bp_numa_free(numa); /* borrowed */
    bp_workers_run(team, count_call, calls, true);
    cr_assert(calls[0] == 1 && calls[1] == 1 && calls[2] == 1);
    bp_workers_free(team);
}
