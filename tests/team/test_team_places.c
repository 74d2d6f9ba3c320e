/* Threads on NUMA nodes, on machines made up for hwloc. */
#include <criterion/criterion.h>

#include "team/backends.h"
#include "team/places.h"

#define TWO_NODES "node:2 core:4 pu:2"

static struct bp_places *find(const char *synthetic)
{
    struct bp_places *places = bp_places_find(synthetic);
    if (!places)
        cr_skip_test("this build has no hwloc");
    return places;
}

Test(team_places, one_thread_a_core_comes_before_one_a_hardware_thread)
{
    struct bp_places *places = find(TWO_NODES);
    static const size_t expected[17] = {0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0};
    for (size_t number = 0; number < 17; number++)
        cr_assert_eq(bp_places_node(places, number), expected[number], "thread %zu is on node %zu",
                     number, bp_places_node(places, number));
    bp_places_free(places);
}

Test(team_places, without_hardware_threads_it_begins_again_after_the_last_core)
{
    struct bp_places *places = find("node:3 core:2 pu:1");
    static const size_t expected[9] = {0, 0, 1, 1, 2, 2, 0, 0, 1};
    for (size_t number = 0; number < 9; number++)
        cr_assert_eq(bp_places_node(places, number), expected[number]);
    bp_places_free(places);
}

Test(team_places, nothing_is_to_choose_on_one_node)
{
    cr_assert_null(bp_places_find("node:1 core:8 pu:2"));
}

Test(team_places, a_machine_that_cannot_be_read_has_no_places)
{
    cr_assert_null(bp_places_find("not a machine"));
}

static void count_call(void *arg, size_t t, size_t workers)
{
    (void)workers;
    ((size_t *)arg)[t]++;
}

Test(team_places, threads_that_cannot_be_bound_run_unbound)
{
    struct bp_places *places = find(TWO_NODES);
    struct bp_crew *crew;
    size_t calls[3] = {0};
    cr_assert_eq(bp_crew_create(&crew, 3, 3, places, NULL), BP_OK);
    bp_places_free(places); /* borrowed */
    bp_crew_run(crew, count_call, calls, true);
    cr_assert(calls[0] == 1 && calls[1] == 1 && calls[2] == 1);
    bp_crew_free(crew);
}
