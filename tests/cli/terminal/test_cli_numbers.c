/* Numbers as the command reads and writes them. */
#include <math.h>

#include <criterion/criterion.h>

#include "cli/terminal/numbers.h"

Test(cli_numbers, digits_are_grouped_by_three)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},
                 {999, "999"},
                 {1000, "1,000"},
                 {123456, "123,456"},
                 {1234567.6, "1,234,568"},
                 {-1000, "-1,000"},
                 {-100, "-100"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[NUMBER_TEXT_SIZE];
        cr_assert_str_eq(number_group(cases[i].value, text), cases[i].text);
    }
}

Test(cli_numbers, what_cannot_be_grouped_is_written_all_the_same)
{
    char text[NUMBER_TEXT_SIZE];

    cr_assert_str_eq(number_group(INFINITY, text), "inf");
    cr_assert_str_eq(number_group(1e300, text), "1e+300");
}

Test(cli_numbers, a_duration_has_the_unit_that_suits_it)
{
    static const struct {
        double seconds;
        const char *text;
    } cases[] = {{0.0421, "0.042 s"}, {4.24, "4.2 s"},     {59.94, "59.9 s"}, {59.96, "1:00"},
                 {187, "3:07"},       {7387.2, "2:03:07"}, {NAN, "?"},        {INFINITY, "?"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[NUMBER_TEXT_SIZE];
        cr_assert_str_eq(number_duration(cases[i].seconds, text), cases[i].text);
    }
}
