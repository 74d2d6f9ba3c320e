/* Text that grows: numbers, words in quotes and words in comments. */
#include <criterion/criterion.h>

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "export/text.h"

static struct bp_export_text text;

static void tear_down(void)
{
    bp_export_release(&text);
}

TestSuite(export_text, .fini = tear_down);

static void expect_text(const char *expected)
{
    bp_export_put_bytes(&text, "", 1);
    cr_assert_not(text.failed);
    cr_expect_str_eq(text.bytes, expected);
    bp_export_release(&text);
}

Test(export_text, hex_floats_are_as_short_as_their_bits_allow)
{
    static const struct {
        float value;
        const char *text;
    } cases[] = {{1.0f, "0x1p+0f"},
                 {-1.5f, "-0x1.8p+0f"},
                 {0.1f, "0x1.99999ap-4f"},
                 {0.0f, "0.0f"},
                 {-0.0f, "-0.0f"},
                 {FLT_MAX, "0x1.fffffep+127f"},
                 {FLT_MIN, "0x1p-126f"},
                 {0x1p-149f, "0x1p-149f"},
                 {0x1.8p-148f, "0x1.8p-148f"},
                 {1.0f + FLT_EPSILON, "0x1.000002p+0f"},
                 {INFINITY, "INFINITY"},
                 {-INFINITY, "-INFINITY"},
                 {NAN, "NAN"}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        bp_export_put_hex(&text, cases[k].value);
        expect_text(cases[k].text);
    }
}

Test(export_text, hex_floats_are_read_as_the_same_bits)
{
    for (uint32_t bits = 1; bits < 0x7F800000; bits += 1000003) {
        float value, read;
        memcpy(&value, &bits, sizeof value);
        bp_export_put_hex(&text, value);
        bp_export_put_bytes(&text, "", 1);
        read = strtof(text.bytes, NULL);
        cr_assert_eq(read, value, "%s", text.bytes);
        bp_export_release(&text);
    }
}

/* A locale with a comma need not be there; then the test says less. */
Test(export_text, numbers_do_not_follow_the_locale)
{
    setlocale(LC_ALL, "de_DE.UTF-8");
    bp_export_put_real(&text, 1.5, false);
    bp_export_put(&text, " ");
    bp_export_put_hex(&text, 1.5f);
    expect_text("1.5 0x1.8p+0f");
}

Test(export_text, reals_have_the_fewest_digits_that_tell_them_apart)
{
    bp_export_put_real(&text, (double)0.1f, true);
    bp_export_put(&text, " ");
    bp_export_put_real(&text, (double)0.1f, false);
    expect_text("0.1 0.10000000149011612");
}

/* Trigraphs begin with two question marks, and an octal escape has three digits whatever follows.
 */
Test(export_text, what_a_string_cannot_hold_is_escaped)
{
    bp_export_put_quoted(&text,
                         "a\"b\\c\nd\x7F"
                         "7?\?/",
                         true);
    expect_text("\"a\\\"b\\\\c\\012d\\1777\\077\\077/\"");
    bp_export_put_quoted(&text, "\xC3\xA9?", true);
    expect_text("\"\\303\\251\\077\"");
    bp_export_put_quoted(&text, "\xC3\xA9?", false);
    expect_text("\"\xC3\xA9?\"");
    bp_export_put_quoted(&text, "", true);
    expect_text("\"\"");
}

Test(export_text, nothing_ends_a_comment_or_goes_on_after_it)
{
    bp_export_put_remark(&text, "a */ b\\\n?\?/ c\x7F");
    expect_text("a  / b    / c ");
}

Test(export_text, a_piece_longer_than_most_is_whole)
{
    char word[1001];
    memset(word, 'x', 1000);
    word[1000] = '\0';
    bp_export_put(&text, "%s", word);
    cr_expect_eq(text.length, 1000);
    expect_text(word);
}
