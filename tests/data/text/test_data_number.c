/* Decimal to binary32: the grammar, and the rounding against the C library's strtof. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/random.h"
#include "data/text/number.h"

static enum bp_number parse(const char *text, float *value)
{
    return bp_number_parse(text, strlen(text), value);
}

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* The tests run in the "C" locale, where strtof() knows the same grammar. */
static void expect_like_strtof(const char *text)
{
    float expected = strtof(text, NULL), value = 0;
    enum bp_number result = parse(text, &value);
    if (isinf(expected)) {
        cr_assert_eq(result, BP_NUMBER_TOO_LARGE, "%s", text);
        return;
    }
    cr_assert_eq(result, BP_NUMBER_OK, "%s", text);
    cr_assert_eq(bits_of(value), bits_of(expected), "%s: %a instead of %a", text, value, expected);
}

static void expect_all(enum bp_number result, const char *const *texts, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        float value = 7;
        cr_assert_eq(parse(texts[k], &value), result, "\"%s\"", texts[k]);
        if (result != BP_NUMBER_OK)
            cr_assert_eq(value, 7.0F, "\"%s\" wrote a value", texts[k]);
    }
}

#define EXPECT_ALL(result, ...)                                                                    \
    expect_all(result, (const char *const[]){__VA_ARGS__},                                         \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

Test(data_number, signs_points_exponents_and_blanks_are_understood)
{
    EXPECT_ALL(BP_NUMBER_OK, "0", "-0", "+1", "007", "1.5", ".5", "5.", "-.25", "1e3", "1E+3",
               "1.e-3", " 1", "1\t", " \t-1.5e-7 \t");
}

Test(data_number, what_is_not_a_decimal_number_is_text)
{
    EXPECT_ALL(BP_NUMBER_TEXT, "abc", "1a", "0x10", "1,5", "1 2", "--1", "+-1", ".", "-", "+", "e5",
               "1e", "1e+", "1e5.", "1.2.3", ".e1", "1_000", "1f", "\n1", "1\n", "nano", "infinite",
               "in", "0b1", "1e 5", "- 1",
               "\xC2\xA0"
               "1");
}

Test(data_number, nothing_but_blanks_is_blank)
{
    EXPECT_ALL(BP_NUMBER_BLANK, "", " ", "\t", " \t ");
}

Test(data_number, nan_and_infinity_are_not_finite_in_any_case_and_sign)
{
    EXPECT_ALL(BP_NUMBER_NOT_FINITE, "nan", "NaN", "-nan", "inf", "+Inf", "-INFINITY", " nan ");
}

Test(data_number, what_rounds_to_infinity_is_too_large)
{
    EXPECT_ALL(BP_NUMBER_TOO_LARGE, "1e39", "-1e39", "3.4028235677973367e38", "1e99999999999999999",
               "340282356779733661637539395458142568448");
}

Test(data_number, the_largest_float_is_not_too_large)
{
    float value = 0;
    cr_assert_eq(parse("3.4028235677973361e38", &value), BP_NUMBER_OK);
    cr_assert_eq(value, FLT_MAX);
}

Test(data_number, length_ends_the_text_and_not_nul)
{
    float value = 0;
    cr_assert_eq(bp_number_parse("12345", 2, &value), BP_NUMBER_OK);
    cr_assert_eq(value, 12.0F);
    cr_assert_eq(bp_number_parse("12\0", 3, &value), BP_NUMBER_TEXT);
}

Test(data_number, zero_keeps_its_sign)
{
    float value = 0;
    cr_assert_eq(parse("-0.000", &value), BP_NUMBER_OK);
    cr_assert(signbit(value));
    cr_assert_eq(parse("-1e-400", &value), BP_NUMBER_OK);
    cr_assert(signbit(value));
}

Test(data_number, random_floats_in_every_notation_round_as_strtof_does)
{
    static const char *const formats[] = {"%.9g",  "%.6g", "%.17g", "%.8e",
                                          "%.20e", "%.3f", "%.40f"};
    for (uint64_t k = 0; k < 200000; k++) {
        uint32_t bits = (uint32_t)bp_random_bits(1, 1, k);
        float value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        char text[128];
        snprintf(text, sizeof text, formats[k % (sizeof formats / sizeof *formats)], (double)value);
        expect_like_strtof(text);
    }
}

Test(data_number, random_digits_and_exponents_round_as_strtof_does)
{
    for (uint64_t k = 0; k < 300000; k++) {
        char text[128];
        size_t length = 0, digits = 1 + bp_random_below(2, 1, 64 * k, 40);
        size_t point = bp_random_below(2, 1, 64 * k + 1, 2 * digits);
        for (size_t d = 0; d < digits; d++) {
            if (d == point)
                text[length++] = '.';
            text[length++] = (char)('0' + bp_random_below(2, 1, 64 * k + 4 + d, 10));
        }
        int exponent = (int)bp_random_below(2, 1, 64 * k + 2, 120) - 70;
        snprintf(text + length, sizeof text - length, "e%d", exponent);
        expect_like_strtof(text);
    }
}

/* The numbers halfway between two floats, and their nearest neighbours in decimal. */
Test(data_number, numbers_at_and_beside_the_middle_of_two_floats_round_as_strtof_does)
{
    for (uint64_t k = 0; k < 20000; k++) {
        uint32_t bits = (uint32_t)bp_random_below(3, 1, k, 0x7F7FFFFF);
        if (k % 4 == 0)
            bits %= 0x00900000; /* subnormal floats and the smallest normal ones */
        float low, high;
        uint32_t next = bits + 1;
        memcpy(&low, &bits, sizeof low);
        memcpy(&high, &next, sizeof high);
        double middle = ((double)low + (double)high) / 2;
        char text[400];
        int length = snprintf(text, sizeof text - 40, "%.130e", middle);
        expect_like_strtof(text);
        char *exponent = strchr(text, 'e'), kept[16];
        strcpy(kept, exponent);
        strcpy(exponent, "0000000000000000000001");
        strcat(text, kept);
        expect_like_strtof(text);
        snprintf(text, sizeof text, "%.16e", middle);
        expect_like_strtof(text);
        snprintf(text, sizeof text, "%.18e", middle * (1 + DBL_EPSILON));
        expect_like_strtof(text);
        cr_assert_gt(length, 0);
    }
}

Test(data_number, thousands_of_digits_round_as_strtof_does)
{
    char text[8200] = "0.";
    for (size_t zeros = 0; zeros < 4000; zeros += 37) {
        memset(text + 2, '0', zeros);
        memset(text + 2 + zeros, '3', 4000);
        snprintf(text + 2 + zeros + 4000, 16, "e%zu", zeros);
        expect_like_strtof(text);
    }
}

Test(data_number, zeros_after_the_last_digit_that_counts_change_nothing)
{
    char text[400] = "16777217"; /* halfway between 2^24 and 2^24 + 2: to even */
    memset(text + 8, '0', 300);
    strcpy(text + 308, "e-300");
    float value = 0;
    cr_assert_eq(parse(text, &value), BP_NUMBER_OK);
    cr_assert_eq(value, 16777216.0F);
    text[307] = '1';
    cr_assert_eq(parse(text, &value), BP_NUMBER_OK);
    cr_assert_eq(value, 16777218.0F);
}

/* What a double holds, in every size, and texts that need more than one operation. */
Test(data_number, doubles_round_as_strtod_does)
{
    static const char *const texts[] = {"0",
                                        "-0.0",
                                        "1700000000",
                                        "100000.00123",
                                        "1e22",
                                        "1e23",
                                        "9007199254740993",
                                        "123456789012345678901234567890",
                                        "4.9e-324",
                                        "1e-400",
                                        "0.1",
                                        ".5",
                                        "5.",
                                        "-1.7e+308",
                                        "2.2250738585072011e-308",
                                        "179769313486231570e291"};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        const char *end = texts[k] + strlen(texts[k]);
        double value = 1;
        cr_assert_eq(bp_number_read_double(texts[k], end, '.', &value), end, "%s", texts[k]);
        cr_assert_eq(value, strtod(texts[k], NULL), "%s is %.17g", texts[k], value);
    }
    double value;
    const char comma[] = "100000,25;3", *end = comma + strlen(comma);
    cr_assert_eq(bp_number_read_double(comma, end, ',', &value), comma + 9);
    cr_assert_eq(value, 100000.25);
    static const char word[] = "x";
    cr_assert_null(bp_number_read_double(word, word + 1, '.', &value));
}

Test(data_number, the_rest_is_what_a_float_lacks)
{
    const char text[] = " 100000.001,", *end = text + strlen(text);
    cr_assert_eq(bp_number_rest(text, end, '.', 100000.0F), (float)(100000.001 - 100000.0));
    static const char seven[] = "7";
    cr_assert_eq(bp_number_rest(seven, seven + 1, '.', 7.0F), 0.0F);
}
