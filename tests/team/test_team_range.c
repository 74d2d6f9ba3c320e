/* The even cut of work. */
#include <stdint.h>

#include <criterion/criterion.h>

#include "team/range.h"

static void expect_part(size_t count, size_t parts, size_t part, size_t begin, size_t end)
{
    const struct bp_range range = bp_range_of(count, parts, part);
    cr_assert(range.begin == begin && range.end == end, "part %zu of %zu of %zu items: [%zu,%zu)",
              part, parts, count, range.begin, range.end);
}

Test(team_range, ten_items_in_four_parts_are_3_3_2_2)
{
    expect_part(10, 4, 0, 0, 3);
    expect_part(10, 4, 1, 3, 6);
    expect_part(10, 4, 2, 6, 8);
    expect_part(10, 4, 3, 8, 10);
}

Test(team_range, two_items_in_four_parts_leave_the_last_two_empty)
{
    expect_part(2, 4, 0, 0, 1);
    expect_part(2, 4, 1, 1, 2);
    expect_part(2, 4, 2, 2, 2);
    expect_part(2, 4, 3, 2, 2);
}

Test(team_range, one_part_is_everything)
{
    expect_part(0, 1, 0, 0, 0);
    expect_part(1, 1, 0, 0, 1);
    expect_part(SIZE_MAX, 1, 0, 0, SIZE_MAX);
}

Test(team_range, nothing_is_cut_into_empty_parts)
{
    for (size_t part = 0; part < 5; part++)
        expect_part(0, 5, part, 0, 0);
}

Test(team_range, the_largest_count_does_not_overflow)
{
    expect_part(SIZE_MAX, 2, 0, 0, SIZE_MAX / 2 + 1);
    expect_part(SIZE_MAX, 2, 1, SIZE_MAX / 2 + 1, SIZE_MAX);
}

Test(team_range, parts_follow_one_another_and_differ_by_one_the_longer_first)
{
    for (size_t count = 0; count <= 130; count++) {
        for (size_t parts = 1; parts <= 70; parts++) {
            size_t end = 0, shortest = SIZE_MAX, previous = SIZE_MAX;
            for (size_t part = 0; part < parts; part++) {
                const struct bp_range range = bp_range_of(count, parts, part);
                const size_t length = range.end - range.begin;
                cr_assert_eq(range.begin, end);
                cr_assert_leq(length, previous);
                end = range.end;
                previous = length;
                shortest = length < shortest ? length : shortest;
            }
            cr_assert_eq(end, count);
            const size_t first = bp_range_of(count, parts, 0).end;
            cr_assert_leq(first - shortest, 1);
        }
    }
}

Test(team_range, each_item_is_found_in_its_part)
{
    for (size_t count = 1; count <= 40; count++) {
        for (size_t parts = 1; parts <= count; parts++) {
            for (size_t part = 0; part < parts; part++) {
                const struct bp_range range = bp_range_of(count, parts, part);
                for (size_t item = range.begin; item < range.end; item++)
                    cr_assert_eq(bp_range_find(count, parts, item), part);
            }
        }
    }
}
