/* What steers a terminal is shown, and all else stays. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "cli/terminal/escape.h"

static void expect(const char *text, bool lines, const char *shown)
{
    char *escaped = malloc(ESCAPE_FACTOR * strlen(text) + 1);
    cr_assert_not_null(escaped);
    cr_expect_str_eq(escape_write(escaped, text, lines), shown);
    cr_expect_eq(escape_changes(text), strcmp(text, shown) != 0 || lines);
    free(escaped);
}

Test(cli_escape, letters_of_all_scripts_stay)
{
    expect("", false, "");
    expect("plain text, 100 %", false, "plain text, 100 %");
    expect("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xd7\xa9 \\x1b", false,
           "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xd7\xa9 \\x1b");
}

Test(cli_escape, controls_are_shown_by_their_codes)
{
    expect("\x1b[31mred\x07\t", false, "\\x1b[31mred\\x07\\x09");
    expect("\x7f", false, "\\x7f");
    expect("\xc2\x9b"
           "31m",
           false, "\\u{9b}31m");
    expect("a\nb\r", false, "a\\x0ab\\x0d");
    expect("a\nb\r", true, "a\nb\\x0d");
}

Test(cli_escape, what_turns_the_direction_of_writing_is_shown)
{
    expect("\xe2\x80\xae"
           "fdp.exe\xe2\x81\xa6",
           false, "\\u{202e}fdp.exe\\u{2066}");
    expect("\xe2\x80\xa8", false, "\\u{2028}");
    expect("\xd8\x9c", false, "\\u{61c}");
}

/* An overlong form of ESC, a surrogate, a code beyond the last, ends within a character. */
Test(cli_escape, bytes_that_are_no_utf_8_are_shown)
{
    expect("\xc0\x9b", false, "\\xc0\\x9b");
    expect("\xed\xa0\x80", false, "\\xed\\xa0\\x80");
    expect("\xf4\x90\x80\x80", false, "\\xf4\\x90\\x80\\x80");
    expect("\xe2\x80", false, "\\xe2\\x80");
    expect("\xff\x9b", false, "\\xff\\x9b");
}
