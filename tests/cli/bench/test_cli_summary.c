/* Median, minimum and maximum of several measurements, and peaks that were not measured well. */
#include <math.h>

#include <criterion/criterion.h>

#include "cli/bench/bench_summary.h"

enum { REPETITIONS = 3 };

/* One case of steps of 10 operations a sample, against these peaks. */
static struct bench_case summarize(double peaks[REPETITIONS])
{
    const struct bench_options options = {.repetitions = REPETITIONS};
    double speed[] = {1e9, 2e9, 3e9};
    struct bench_case one = {
        .info = {.operations = 10, .threads = 1}, .speed = speed, .peak = peaks};
    struct bench_runs runs = {.options = &options, .count = 1, .cases = &one};

    cr_assert_eq(bench_summary_make(&runs), 0);

    return one;
}

Test(cli_summary, one_value_is_everything)
{
    double values[] = {3};

    const struct summary summary = summary_of(values, 1);

    cr_assert_eq(summary.median, 3);
    cr_assert_eq(summary.min, 3);
    cr_assert_eq(summary.max, 3);
}

Test(cli_summary, the_median_of_an_odd_number_of_values_is_the_middle_one)
{
    double values[] = {9, -2, 1, 100, 4};

    const struct summary summary = summary_of(values, 5);

    cr_assert_eq(summary.median, 4);
    cr_assert_eq(summary.min, -2);
    cr_assert_eq(summary.max, 100);
}

Test(cli_summary, the_median_of_an_even_number_of_values_lies_between_the_middle_ones)
{
    double values[] = {8, 1, 2, 4};

    cr_assert_eq(summary_of(values, 4).median, 3);
}

Test(cli_summary, equal_values_have_one_value)
{
    double values[] = {5, 5, 5, 5};

    const struct summary summary = summary_of(values, 4);

    cr_assert_eq(summary.min, 5);
    cr_assert_eq(summary.median, 5);
    cr_assert_eq(summary.max, 5);
}

Test(cli_summary, of_no_values_there_is_no_summary)
{
    const struct summary summary = summary_of(NULL, 0);

    cr_assert(isnan(summary.median) && isnan(summary.min) && isnan(summary.max));
}

Test(cli_summary, shares_of_peak_are_formed_within_repetitions)
{
    const struct bench_case one = summarize((double[]){2e10, 8e10, 4e10});

    cr_assert_eq(one.peak_failed, 0);
    cr_assert_eq(one.share_of_peak.median, 0.5);
    cr_assert_eq(one.share_of_peak.max, 0.75);
    cr_assert_eq(one.peak_gflops.median, 40);
}

Test(cli_summary, a_peak_below_its_step_was_not_measured_well_and_does_not_count)
{
    const struct bench_case one = summarize((double[]){0.9e10, 4e10, 2.9e10});

    cr_assert_eq(one.peak_failed, 2);
    cr_assert_eq(one.share_of_peak.min, 0.5);
    cr_assert_eq(one.share_of_peak.max, 0.5);
    cr_assert_eq(one.peak_gflops.max, 40);
}

Test(cli_summary, without_a_good_peak_there_is_no_share)
{
    const struct bench_case one = summarize((double[]){1e9, 1e9, 1e9});

    cr_assert_eq(one.peak_failed, REPETITIONS);
    cr_assert(isnan(one.share_of_peak.median) && isnan(one.peak_gflops.median));
    cr_assert_eq(one.gflops.median, 20);
}
