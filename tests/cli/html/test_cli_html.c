/* Text in HTML, and the axes of plots. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "cli/html/html_text.h"
#include "cli/html/plot_axis.h"

static char *escape(const char *text, size_t limit)
{
    char *written = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&written, &size);
    cr_assert_not_null(stream);
    html_put_short(stream, text, limit);
    cr_assert_eq(fclose(stream), 0);
    return written;
}

static void expect_escaped(const char *text, size_t limit, const char *expected)
{
    char *written = escape(text, limit);
    cr_assert_str_eq(written, expected);
    free(written);
}

Test(cli_html, what_html_gives_a_meaning_is_escaped)
{
    expect_escaped("<a href=\"x\" b='c'>&amp;", 1000,
                   "&lt;a href=&quot;x&quot; b=&#39;c&#39;&gt;&amp;amp;");
}

Test(cli_html, utf8_stays_as_it_is)
{
    expect_escaped("R\xc2\xb2 \xe2\x82\xac \xf0\x9f\x98\x80", 1000,
                   "R\xc2\xb2 \xe2\x82\xac \xf0\x9f\x98\x80");
}

Test(cli_html, bytes_that_are_no_utf8_are_replaced_one_by_one)
{
#define X "\xef\xbf\xbd"
    expect_escaped("a\xff"
                   "b",
                   1000, "a" X "b");
    expect_escaped("\xc3", 1000, X);
    expect_escaped("\xe2\x82", 1000, X X);
    expect_escaped("\xc0\xbc", 1000, X X);             /* "<", too long */
    expect_escaped("\xed\xa0\x80", 1000, X X X);       /* a surrogate */
    expect_escaped("\xf4\x90\x80\x80", 1000, X X X X); /* beyond U+10FFFF */
    expect_escaped("\x80\xbf", 1000, X X);
}

Test(cli_html, control_characters_and_turns_of_direction_are_replaced)
{
    expect_escaped("\x01\x1f\x7f\xc2\x80\n", 1000, X X X X X);
    expect_escaped("\xe2\x80\xae"
                   "abc\xe2\x81\xa6",
                   1000, X "abc" X);
}

Test(cli_html, a_long_text_ends_in_an_ellipsis)
{
    expect_escaped("abcd", 4, "abcd");
    expect_escaped("abcde", 4, "abc\xe2\x80\xa6");
    expect_escaped("\xc2\xb2\xc2\xb2\xc2\xb2", 2, "\xc2\xb2\xe2\x80\xa6");
    expect_escaped("a", 1, "a");
    expect_escaped("ab", 1, "\xe2\x80\xa6");
    expect_escaped("", 1, "");
}

static struct plot_axis fit(double a, double b)
{
    struct plot_span span = PLOT_SPAN_NONE;
    plot_span_add(&span, a);
    plot_span_add(&span, b);
    return plot_axis_fit(&span);
}

Test(cli_html, an_axis_is_logarithmic_from_two_decades_on)
{
    cr_assert(fit(0.01, 1).logarithmic);
    cr_assert(fit(1e-100, 1e100).logarithmic);
    cr_assert_not(fit(0.011, 1).logarithmic);
    cr_assert_not(fit(0, 1).logarithmic);
    cr_assert_not(fit(-1, 1000).logarithmic);
    cr_assert_not(fit(5e-324, 1).logarithmic);
}

Test(cli_html, an_axis_has_room_around_whatever_it_shows)
{
    static const double values[][2] = {
        {0, 0},          {1, 1},         {-3, -3},         {0, 1},    {1, 1e150},
        {-1e150, 1e150}, {1, 1 + 1e-15}, {5e-324, 5e-324}, {0.2, 30}, {1e-9, 1e-3}};
    for (size_t k = 0; k < sizeof values / sizeof values[0]; k++) {
        const struct plot_axis axis = fit(values[k][0], values[k][1]);
        cr_assert(isfinite(axis.low) && isfinite(axis.high));
        cr_assert_lt(axis.low, axis.high, "case %zu", k);
        cr_assert_leq(axis.low, values[k][0], "case %zu", k);
        cr_assert_geq(axis.high, values[k][1], "case %zu", k);
        cr_assert(values[k][0] < 0 || axis.low >= 0, "case %zu", k);
        cr_assert(!axis.logarithmic || axis.low > 0, "case %zu", k);
    }
}

Test(cli_html, nothing_to_show_is_an_axis_from_0_to_1)
{
    const struct plot_axis axis = plot_axis_fit(&PLOT_SPAN_NONE);

    cr_assert_eq(axis.low, 0);
    cr_assert_eq(axis.high, 1);
}

Test(cli_html, numbers_that_are_too_large_are_not_drawn)
{
    cr_assert(plot_can_draw(0));
    cr_assert(plot_can_draw(-1e150));
    cr_assert_not(plot_can_draw(1.01e150));
    cr_assert_not(plot_can_draw(NAN));
    cr_assert_not(plot_can_draw(-INFINITY));
}

Test(cli_html, ticks_of_epochs_stand_at_whole_numbers)
{
    static const struct {
        size_t first, last, step;
    } cases[] = {{1, 1, 1},   {1, 2, 1},    {1, 8, 1},      {1, 10, 2},      {1, 30, 5},
                 {1, 60, 10}, {1, 100, 20}, {1, 1000, 200}, {901, 1000, 20}, {1, 99999, 20000}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        cr_assert_eq(plot_axis_step(cases[k].first, cases[k].last), cases[k].step, "case %zu: %zu",
                     k, plot_axis_step(cases[k].first, cases[k].last));
    for (size_t last = 1; last < 5000; last++) {
        const size_t step = plot_axis_step(1, last);
        cr_assert_leq((last - 1) / step, 8);
    }
    cr_assert_gt(plot_axis_step(1, SIZE_MAX), SIZE_MAX / 100);
}
