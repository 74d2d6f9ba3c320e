/* Columns that look like numbers of rows, dates, or a text of each row. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support/reading.h"
#include "support/scratch.h"
#include "support/tables.h"

#define ROWS 20

/* The hint at the column "x" of a file with `rows` cells, each `format` of its number from `first`
 * on by `step`. */
static bp_column_hint hint_of(size_t rows, const char *format, int first, int step)
{
    char text[2048] = "x,y\n";
    for (size_t row = 0; row < rows; row++) {
        const int number = first + step * (int)row;
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, format, number);
        length = strlen(text);
        snprintf(text + length, sizeof text - length, ",%zu\n", row * 7 % 5);
    }
    bp_dataset *dataset = expect_dataset(read_text("test.csv", text, NULL));
    bp_column_hint hint = BP_HINT_NONE;
    const char *name = NULL;
    cr_assert_eq(bp_dataset_get_hint(dataset, 0, &hint, &name, NULL), BP_OK);
    cr_assert_str_eq(name, "x");
    bp_dataset_free(dataset);
    return hint;
}

Test(data_hint, numbers_that_count_the_rows)
{
    cr_expect_eq(hint_of(ROWS, "%d", 1, 1), BP_HINT_ROW_NUMBERS);
    cr_expect_eq(hint_of(ROWS, "%d", 0, 1), BP_HINT_ROW_NUMBERS);
    cr_expect_eq(hint_of(ROWS, "%d", 2, 1), BP_HINT_NONE);
    cr_expect_eq(hint_of(ROWS, "%d", 1, 2), BP_HINT_NONE);
    cr_expect_eq(hint_of(9, "%d", 1, 1), BP_HINT_NONE, "of few rows nothing is said");
    cr_expect_eq(hint_of(10, "%d", 1, 1), BP_HINT_ROW_NUMBERS);
}

/* Each file is counted from its first row. */
Test(data_hint, numbers_that_count_the_rows_of_each_file)
{
    char *paths[] = {scratch_file("1.csv"), scratch_file("2.csv")};
    bp_column_hint hint = BP_HINT_NONE;
    bp_dataset *dataset;
    for (size_t k = 0; k < 2; k++) {
        char text[512] = "x,y\n";
        for (size_t row = 0; row < 8; row++)
            sprintf(text + strlen(text), "%zu,%zu\n", row, row * 7 % 5);
        file_put_text(paths[k], text);
    }
    cr_assert_eq(bp_dataset_read_files(&dataset, (const char *const *)paths, 2, NULL, NULL), BP_OK);

    cr_assert_eq(bp_dataset_get_hint(dataset, 0, &hint, NULL, NULL), BP_OK);

    cr_assert_eq(hint, BP_HINT_ROW_NUMBERS);
    bp_dataset_free(dataset);
    scratch_remove();
}

Test(data_hint, dates_in_usual_forms)
{
    cr_expect_eq(hint_of(ROWS, "2024-01-%02d", 1, 1), BP_HINT_DATES);
    cr_expect_eq(hint_of(ROWS, "2024-01-%02dT12:30:00Z", 1, 1), BP_HINT_DATES);
    cr_expect_eq(hint_of(ROWS, "%d.1.2024", 1, 1), BP_HINT_DATES);
    cr_expect_eq(hint_of(ROWS, "1/%d/24", 1, 1), BP_HINT_DATES);
    cr_expect_eq(hint_of(ROWS, "202401%02d", 1, 1), BP_HINT_DATES);
    cr_expect_eq(hint_of(ROWS, "202401%02d", 12, 1), BP_HINT_DATES, "a float may be 1 off");
}

/* The hint at a column with these cells in turn, of which one may be empty. */
static bp_column_hint hint_of_two(const char *one, const char *other)
{
    char text[1024] = "x,y\n";
    for (size_t row = 0; row < ROWS; row++)
        sprintf(text + strlen(text), "%s,%zu\n", row % 2 ? one : other, row * 7 % 5);
    bp_dataset *dataset = expect_dataset(read_text("test.csv", text, NULL));
    bp_column_hint hint = BP_HINT_NONE;
    cr_assert_eq(bp_dataset_get_hint(dataset, 0, &hint, NULL, NULL), BP_OK);
    bp_dataset_free(dataset);
    return hint;
}

Test(data_hint, dates_may_be_missing_in_some_rows)
{
    cr_expect_eq(hint_of_two("20240117", ""), BP_HINT_DATES);
    cr_expect_eq(hint_of_two("2024-01-17", ""), BP_HINT_DATES);
    cr_expect_eq(hint_of_two("", ""), BP_HINT_NONE);
    cr_expect_eq(hint_of_two("2024-01-17", "soon"), BP_HINT_NONE);
}

Test(data_hint, what_is_no_date)
{
    cr_expect_neq(hint_of(ROWS, "2024-01-%02d", 13, 1), BP_HINT_DATES, "32 January");
    cr_expect_neq(hint_of(ROWS, "%d.13.2024", 13, 1), BP_HINT_DATES, "month 13");
    cr_expect_neq(hint_of(ROWS, "2024-01/%02d", 1, 1), BP_HINT_DATES, "two signs");
    cr_expect_neq(hint_of(ROWS, "1.2.%d", 10, 1), BP_HINT_DATES, "a version");
    cr_expect_neq(hint_of(ROWS, "2024%04d", 1300, 1), BP_HINT_DATES, "month 13");
    cr_expect_neq(hint_of(ROWS, "2024-01-%02dx", 1, 1), BP_HINT_DATES, "more follows");
    cr_expect_neq(hint_of(ROWS, "2024-01-01 %02d:00", 10, 1), BP_HINT_DATES, "hour 25");
    cr_expect_neq(hint_of(ROWS, "2024-01-01 10:%02d", 45, 1), BP_HINT_DATES, "minute 60");
    cr_expect_neq(hint_of(ROWS, "13/%d/2024", 12, 1), BP_HINT_DATES, "no month");
    cr_expect_neq(hint_of(ROWS, "202401%02d", 20, 1), BP_HINT_DATES, "33 January");
    cr_expect_neq(hint_of(ROWS, "17990%03d", 101, 1), BP_HINT_DATES, "before 1800");
    cr_expect_neq(hint_of(ROWS, "22010%03d", 101, 1), BP_HINT_DATES, "after 2199");
}

Test(data_hint, texts_that_differ_in_each_row)
{
    cr_expect_eq(hint_of(ROWS, "name %d", 1, 1), BP_HINT_DISTINCT);
    cr_expect_eq(hint_of(ROWS, "name", 1, 0), BP_HINT_NONE);
}

/* One of 20 rows may be like another. */
Test(data_hint, texts_that_differ_in_nearly_each_row)
{
    for (size_t same = 0; same < 3; same++) {
        char text[1024] = "x,y\n";
        for (size_t row = 0; row < ROWS; row++)
            sprintf(text + strlen(text), "name %zu,%zu\n", row < same ? 19 : row, row * 7 % 5);
        bp_dataset *dataset = expect_dataset(read_text("test.csv", text, NULL));
        bp_column_hint hint;
        cr_assert_eq(bp_dataset_get_hint(dataset, 0, &hint, NULL, NULL), BP_OK);
        cr_expect_eq(hint, same < 2 ? BP_HINT_DISTINCT : BP_HINT_NONE, "%zu", same);
        bp_dataset_free(dataset);
    }
}

Test(data_hint, a_column_that_is_left_out_has_none)
{
    char text[512] = "n,y\n";
    for (size_t row = 1; row <= ROWS; row++)
        sprintf(text + strlen(text), "%zu,%zu\n", row, row * 7 % 5);
    bp_read_options options = bp_read_options_default();
    options.ignore = "n";
    bp_dataset *dataset = expect_dataset(read_text("test.csv", text, &options));
    bp_column_hint hint = BP_HINT_DATES;
    cr_assert_eq(bp_dataset_get_hint(dataset, 0, &hint, NULL, NULL), BP_OK);
    cr_expect_eq(hint, BP_HINT_NONE);
    bp_dataset_free(dataset);
}

/* Nor do their labels, however many there are. */
Test(data_hint, images_have_none)
{
    uint8_t bytes[2 * ROWS];
    for (size_t k = 0; k < sizeof bytes; k++)
        bytes[k] = (uint8_t)(k / 2);
    uint32_t labels[ROWS];
    for (uint32_t k = 0; k < ROWS; k++)
        labels[k] = k;
    bp_dataset *dataset = table_images(ROWS, 2, bytes, labels, ROWS);
    bp_column_hint hint = BP_HINT_DATES;
    cr_assert_eq(bp_dataset_get_hint(dataset, 0, &hint, NULL, NULL), BP_OK);
    cr_expect_eq(hint, BP_HINT_NONE);
    cr_assert_eq(bp_dataset_get_hint(dataset, 1, &hint, NULL, NULL), BP_OK);
    cr_expect_eq(hint, BP_HINT_NONE);
    bp_dataset_free(dataset);
}

Test(data_hint, a_part_of_a_file_has_the_hints_of_the_file)
{
    char text[512] = "n,y\n";
    for (size_t row = 1; row <= ROWS; row++) {
        const size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%zu,%s\n", row, row % 2 ? "u" : "v");
    }
    bp_dataset *dataset = expect_dataset(read_text("test.csv", text, NULL)), *train, *held_out;
    bp_column_hint hint = BP_HINT_NONE;
    cr_assert_eq(bp_dataset_split(dataset, 0.2, 1, &train, &held_out, NULL), BP_OK);

    cr_assert_eq(bp_dataset_get_hint(train, 0, &hint, NULL, NULL), BP_OK);

    cr_assert_eq(hint, BP_HINT_ROW_NUMBERS);
    bp_dataset_free(held_out);
    bp_dataset_free(train);
    bp_dataset_free(dataset);
}

Test(data_hint, a_column_that_is_not_there_is_refused)
{
    bp_dataset *dataset = expect_dataset(read_text("test.csv", "a,b\n1,2\n3,4\n", NULL));
    bp_column_hint hint;
    bp_error error;

    cr_assert_eq(bp_dataset_get_hint(dataset, 2, &hint, NULL, &error), BP_ERROR_ARGUMENT);

    cr_assert_not_null(strstr(error.message, "there is no column 2"), "%s", error.message);
    bp_dataset_free(dataset);
}

Test(data_hint, numbers_with_signs_that_none_has)
{
    static const char *const signs[] = {"$%d.50",
                                        "%d%%",
                                        "%d %%",
                                        "-$%d",
                                        "($%d)",
                                        "\"%d,000,000\"",
                                        "%d'000",
                                        "%d 000",
                                        ("%d\xC2\xA0"
                                         "000"),
                                        "\xE2\x88\x92%d.5",
                                        "%d.5D+01",
                                        "%d.50 \xE2\x82\xAC",
                                        "'%d'",
                                        "0x%d"};
    static const char *const others[] = {"%d-5", "10.0.0.%d", "n%d", "%d kg", "%d:30", "%dth"};
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
        cr_expect_eq(hint_of(ROWS, signs[k], 1, 3), BP_HINT_SIGNS, "%s", signs[k]);
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        cr_expect_eq(hint_of(ROWS, others[k], 1, 3), BP_HINT_DISTINCT, "%s", others[k]);
}

/* The hint at texts that come in turns. */
static bp_column_hint hint_of_texts(const char *const texts[3], const char *categorical)
{
    char text[1024] = "x,y\n";
    for (size_t row = 0; row < 12; row++)
        sprintf(text + strlen(text), "%s,%zu\n", texts[row % 3], row * 7 % 5);
    bp_read_options options = bp_read_options_default();
    options.categorical = categorical;
    bp_dataset *dataset = expect_dataset(read_text("test.csv", text, &options));
    bp_column_hint hint;
    cr_assert_eq(bp_dataset_get_hint(dataset, 0, &hint, NULL, NULL), BP_OK);
    bp_dataset_free(dataset);
    return hint;
}

Test(data_hint, texts_in_several_spellings)
{
    static const struct {
        const char *texts[3];
        bp_column_hint hint;
    } cases[] = {
        {{"red", "blue", "Red"}, BP_HINT_SPELLINGS},
        {{"TRUE", "False", "True"}, BP_HINT_SPELLINGS},
        {{"a b", "b", "\" a B \""}, BP_HINT_SPELLINGS},
        {{"a b", "a", "ab"}, BP_HINT_NONE},
        {{"5%", "NA", "10%"}, BP_HINT_SIGNS},
        {{"5%", "low", "10%"}, BP_HINT_NONE},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        cr_expect_eq(hint_of_texts(cases[k].texts, NULL), cases[k].hint, "%s", cases[k].texts[2]);
    cr_expect_eq(hint_of_texts((const char *const[]){"1", "2", "30"}, "x"), BP_HINT_NONE);
}
