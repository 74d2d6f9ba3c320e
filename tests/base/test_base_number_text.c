/* Numbers as people type them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/number_text.h"

Test(base_number_text, the_largest_whole_number_is_read_and_the_next_is_not)
{
    uint64_t value = 0;
    cr_assert(bp_whole_parse("18446744073709551615", 0, UINT64_MAX, &value));
    cr_assert_eq(value, UINT64_MAX);
    cr_assert_not(bp_whole_parse("18446744073709551616", 0, UINT64_MAX, &value));
    cr_assert_not(bp_whole_parse("", 0, 9, &value));
    cr_assert_not(bp_whole_parse("+3", 0, 9, &value));
}

Test(base_number_text, every_way_to_write_a_number_is_read)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {{"0.5e0", 0.5},
                 {".5", 0.5},
                 {"5.", 5},
                 {"-1.25e+2", -125},
                 {"12.5e-3", 0.0125},
                 {"+7", 7},
                 {"1e400", (double)INFINITY},
                 {"0.1", 0.1},
                 {"1e-400", 0},
                 {"00012.50", 12.5},
                 {"1e-99999999999999999999", 0}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        double value = -1;
        cr_expect(bp_real_parse(cases[k].text, &value), "%s", cases[k].text);
        cr_expect_eq(value, cases[k].value, "%s: %g", cases[k].text, value);
    }
}

/* Few digits are scaled without strtod(). */
Test(base_number_text, numbers_are_the_nearest_binary64)
{
    static const char *const digits[] = {
        "0", "1", "7", "3333333", "999999999999999", "9007199254740993"};
    char text[64];
    for (size_t k = 0; k < sizeof digits / sizeof digits[0]; k++) {
        for (int power = -30; power <= 30; power++) {
            double value = -1;
            snprintf(text, sizeof text, "-%se%d", digits[k], power);
            const double nearest = strtod(text, NULL);
            cr_assert(bp_real_parse(text, &value), "%s", text);
            cr_expect_eq(memcmp(&value, &nearest, sizeof value), 0, "%s: %.17g", text, value);
        }
    }
}

Test(base_number_text, what_is_no_decimal_number_is_refused)
{
    static const char *const wrong[] = {"",    ".",  "-",  "e5",  "1e",   "1e+", "0x1p3", "nan",
                                        "inf", " 1", "1 ", "1,5", "1.5.", "--1", "1e5.5", "1e5x"};
    double value;
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++)
        cr_expect_not(bp_real_parse(wrong[k], &value), "\"%s\"", wrong[k]);
}

Test(base_number_text, the_ends_of_a_range_are_what_its_words_say)
{
    const struct bp_range open = {0, 1, false}, half = {0, 1, true},
                          endless = {0, (double)INFINITY, false};
    char words[BP_RANGE_WORDS_SIZE];
    cr_expect(!bp_range_holds(&open, 0) && !bp_range_holds(&open, 1) && bp_range_holds(&open, 0.5));
    cr_expect(bp_range_holds(&half, 0) && !bp_range_holds(&half, 1));
    cr_expect(!bp_range_holds(&endless, (double)INFINITY) &&
              !bp_range_holds(&endless, (double)NAN));
    cr_expect_str_eq(bp_range_words(&open, words), "a number above 0 and below 1");
    cr_expect_str_eq(bp_range_words(&half, words), "a number from 0 to below 1");
    cr_expect_str_eq(bp_range_words(&endless, words), "a number above 0");
}

Test(base_number_text, the_fewest_digits_are_written_that_are_read_as_the_same)
{
    char text[BP_REAL_TEXT_SIZE];
    cr_expect_str_eq(bp_real_write((double)0.1f, true, text), "0.1");
    cr_expect_str_eq(bp_real_write(0.1, false, text), "0.1");
    cr_expect_str_eq(bp_real_write(1.0 / 3, false, text), "0.3333333333333333");
    double again;
    cr_expect(bp_real_parse(bp_real_write(0x1.5555555555555p-2, false, text), &again));
    cr_expect_eq(again, 0x1.5555555555555p-2);
}
