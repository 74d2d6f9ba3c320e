/* Median, minimum and maximum of several measurements. */
#include <criterion/criterion.h>

#include "cli/bench/bench_runs.h"

Test(cli_spread, one_value_is_everything)
{
    double values[] = {3};

    const struct spread spread = spread_of(values, 1);

    cr_assert_eq(spread.median, 3);
    cr_assert_eq(spread.min, 3);
    cr_assert_eq(spread.max, 3);
}

Test(cli_spread, the_median_of_an_odd_number_of_values_is_the_middle_one)
{
    double values[] = {9, -2, 1, 100, 4};

    const struct spread spread = spread_of(values, 5);

    cr_assert_eq(spread.median, 4);
    cr_assert_eq(spread.min, -2);
    cr_assert_eq(spread.max, 100);
}

Test(cli_spread, the_median_of_an_even_number_of_values_lies_between_the_middle_ones)
{
    double values[] = {8, 1, 2, 4};

    cr_assert_eq(spread_of(values, 4).median, 3);
}

Test(cli_spread, equal_values_have_no_spread)
{
    double values[] = {5, 5, 5, 5};

    const struct spread spread = spread_of(values, 4);

    cr_assert_eq(spread.min, 5);
    cr_assert_eq(spread.median, 5);
    cr_assert_eq(spread.max, 5);
}
