/* CSV files as other programs write them: separators, decimal commas, columns that are left out. */
#include <string.h>

#include <criterion/criterion.h>

#include "data/table/table.h"
#include "support/reading.h"

static bp_column_info describe(const bp_dataset *dataset, size_t column)
{
    bp_column_info info;
    cr_assert_eq(bp_dataset_describe(dataset, column, &info, NULL), BP_OK);
    return info;
}

static void expect_columns(const char *text, const bp_read_options *options, size_t columns)
{
    bp_dataset *dataset = expect_dataset(read_text("d.csv", text, options));
    cr_assert_eq(bp_dataset_get_info(dataset).columns, columns, "%s", text);
    bp_dataset_free(dataset);
}

static void expect_error(const char *text, const bp_read_options *options, bp_status status,
                         const char *message)
{
    expect_failure(read_text("d.csv", text, options), status, message);
}

Test(data_dialect, the_separator_is_the_one_that_cuts_evenly)
{
    expect_columns("a,b\n1,2\n", NULL, 2);
    expect_columns("a;b;c\n1;2;3\n", NULL, 3);
    expect_columns("a\tb\n1\t2\n", NULL, 2);
    expect_columns("a|b\n1|2\n", NULL, 2);
    expect_columns("1;2\n3;4", NULL, 2);
    expect_columns("\xEF\xBB\xBF"
                   "a;b\r\n1;2\r\n",
                   NULL, 2);
}

Test(data_dialect, signs_in_quotes_and_in_some_rows_only_separate_nothing)
{
    expect_columns("n;\"x;y,z\"\n1;\"a,b\"\n2;\"a,b\"\n", NULL, 2);
    expect_columns("n,t\n1,a;b\n2,c\n", NULL, 2);
    expect_columns("n,t\n1,a|b\n2,c|d\n", NULL, 2);
    expect_columns("a\n1\n2\n", NULL, 1);
}

Test(data_dialect, two_separators_that_would_do_are_an_error)
{
    static const char text[] = "1,5;2,5\n3,5;4,5\n";
    bp_read_options options = bp_read_options_default();
    expect_error(
        text, NULL, BP_ERROR_INPUT,
        "d.csv: the first rows may be cut at every comma as well as at every semicolon; say "
        "which with --separator");
    options.separator = ';';
    options.decimal = ',';
    expect_columns(text, &options, 2);
}

Test(data_dialect, a_separator_may_be_any_sign_that_is_said)
{
    bp_read_options options = bp_read_options_default();
    options.separator = ':';
    expect_columns("a:b\n1:2\n", &options, 2);
    options.separator = '\t';
    expect_columns("a\tb\n\t2\n1\t\n", &options, 2);
    options.separator = '"';
    expect_error("a", &options, BP_ERROR_ARGUMENT,
                 "\"\"\" cannot separate fields: give a tab, a blank or a sign such as , ; or |");
    options.separator = '\n';
    expect_error("a", &options, BP_ERROR_ARGUMENT,
                 "\"?\" cannot separate fields: give a tab, a blank or a sign such as , ; or |");
}

/* The text of a cell in a column of text. */
static const char *text_of(const bp_dataset *dataset, size_t row, size_t column)
{
    const struct bp_table *table = dataset->table;
    return table->column[column].category[(size_t)table->values[row * table->cells + column]];
}

Test(data_dialect, runs_of_blanks_separate_fields_if_that_is_said)
{
    static const char *const texts[] = {
        "a b kind\n1 2 \"x  y\"\n3 4 z\n", "  a   b kind  \n 1\t2  \"x  y\" \n3 \t 4 z\n",
        "a\tb\tkind\r\n1 \t 2 \"x  y\"\r\n\t3 4 z\t\r\n \r\n", "a b kind\r1 2 \"x  y\"\r3 4 z"};
    bp_read_options options = bp_read_options_default();
    for (size_t said = 0; said < 2; said++) {
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            options.separator = said ? ' ' : '\0';
            bp_dataset *dataset = expect_dataset(read_text("d.csv", texts[k], &options));
            cr_assert_eq(bp_dataset_get_info(dataset).columns, 3, "%s", texts[k]);
            cr_assert_str_eq(describe(dataset, 1).name, "b");
            cr_assert_eq(describe(dataset, 1).min, 2);
            cr_assert_str_eq(text_of(dataset, 0, 2), "x  y");
            cr_assert_str_eq(text_of(dataset, 1, 2), "z");
            bp_dataset_free(dataset);
        }
    }
}

Test(data_dialect, blanks_separate_only_where_no_sign_does_and_numbers_are_cut_evenly)
{
    expect_columns("1 2\n3 4\n", NULL, 2);
    expect_columns("a b\n1.5 x\n", NULL, 2);
    expect_columns("1 2 3\n4 5 6\n", NULL, 3);
    expect_columns("\"a b\" c\n1 2\n", NULL, 2);
    expect_columns("a b;c\n1 2;3\n", NULL, 2);
    expect_columns("first name,n\nAda L,1\n", NULL, 2);
    bp_read_options options = {.size = sizeof options, .header = BP_HEADER_YES};
    expect_columns("home town\nNew York\nLos Angeles\n", &options, 1);
    options.decimal = ',';
    expect_columns("a b\n1,5 2\n3 4,5\n", &options, 2);
}

Test(data_dialect, rows_of_blanks_that_are_wrong_say_where)
{
    bp_read_options options = bp_read_options_default();
    options.separator = ' ';
    expect_error("a b\n1 2\n  3   x\n", &options, BP_ERROR_INPUT,
                 "d.csv:3:2: \"x\" is not a number");
    expect_error("a b\n1 2\n3\n", &options, BP_ERROR_INPUT,
                 "d.csv:3: the row has 1 field, but the header has 2");
    expect_error("a,b\n1,2\n", &options, BP_ERROR_INPUT,
                 "d.csv:1: the row has a comma but no blank, which is said to separate fields");
    expect_error("n t\n1 \"a\nb\" \n x y\n", &options, BP_ERROR_INPUT,
                 "d.csv:4:1: \"x\" is not a number");
}

Test(data_dialect, a_file_that_could_be_one_of_fann_asks)
{
    static const char message[] =
        "d.csv:1: the row has blanks between numbers but no comma; say --separator ' ' if they "
        "separate fields, or --format fann if this is a FANN file";
    expect_error("2 3 3\n1 2 3\n4 5 6\n7 8 9\n1 2 3\n", NULL, BP_ERROR_INPUT, message);
    expect_error("a b c\n1 2\n", NULL, BP_ERROR_INPUT,
                 "d.csv:2: the row has blanks between numbers but no comma; say --separator ' ' if "
                 "they separate fields, or --format fann if this is a FANN file");
}

Test(data_dialect, numbers_may_have_a_decimal_comma)
{
    bp_read_options options = bp_read_options_default();
    options.decimal = ',';
    bp_dataset *dataset = expect_dataset(
        read_text("d.csv", "a;b\n1,5;-,25\n2;\"1,5e2\"\n3,0000000000000000000001;4\n", &options));

    cr_assert_eq(describe(dataset, 0).max, 3);
    cr_assert_eq(describe(dataset, 0).min, 1.5);
    cr_assert_eq(describe(dataset, 1).min, -0.25);
    cr_assert_eq(describe(dataset, 1).max, 150);
    bp_dataset_free(dataset);
    expect_error("a;b\n1,5;2\n1.5;2\n", &options, BP_ERROR_INPUT,
                 "d.csv:3:1: \"1.5\" is not a number");
}

Test(data_dialect, a_decimal_comma_that_was_not_announced_is_an_error)
{
    expect_error(
        "a;b\n1,5;2\n", NULL, BP_ERROR_INPUT,
        "d.csv:2:1: \"1,5\" looks like a number with a decimal comma; say --decimal-comma, "
        "or list the column with --categorical if it is a name");
    expect_error("a;b\n1;2\n1,5;2\n", NULL, BP_ERROR_INPUT,
                 "d.csv:3:1: \"1,5\" is not a number; if the comma is its decimal sign, say "
                 "--decimal-comma");
}

Test(data_dialect, a_comma_cannot_separate_fields_and_digits)
{
    bp_read_options options = bp_read_options_default();
    options.decimal = ',';
    options.separator = ',';
    expect_error("a,b\n1,2\n", &options, BP_ERROR_ARGUMENT,
                 "d.csv: the comma cannot be both the separator and the decimal sign");
    options.decimal = 'x';
    expect_error("a,b\n1,2\n", &options, BP_ERROR_ARGUMENT,
                 "the decimal sign must be a point or a comma");
}

Test(data_dialect, columns_that_are_ignored_may_hold_anything)
{
    bp_read_options options = bp_read_options_default();
    options.ignore = "junk,4";
    bp_dataset *dataset = expect_dataset(
        read_text("d.csv", "a,junk,b,more\n1,x,2,\n2,7,3,nan\n3,\"q\"\"q\",4,\xFF\n", &options));

    cr_assert_eq(describe(dataset, 1).role, BP_ROLE_IGNORED);
    cr_assert_eq(describe(dataset, 3).role, BP_ROLE_IGNORED);
    cr_assert_eq(describe(dataset, 1).distinct, 0);
    cr_assert_eq(describe(dataset, 2).max, 4);
    bp_dataset_free(dataset);
}

Test(data_dialect, the_id_is_kept_as_it_is_written)
{
    bp_read_options options = bp_read_options_default();
    options.id = "key";
    bp_dataset *dataset = expect_dataset(
        read_text("d.csv", "a,key\n1,007\n2,\"x, \"\"y\"\"\"\n3,\n4,1e400\n", &options));
    static const char *const ids[] = {"007", "x, \"y\"", "", "1e400"};

    for (size_t x = 0; x < 4; x++)
        cr_assert_str_eq(bp_dataset_get_id(dataset, x), ids[x]);
    cr_assert_null(bp_dataset_get_id(dataset, 4));
    cr_assert_eq(describe(dataset, 1).role, BP_ROLE_ID);
    bp_dataset_free(dataset);
    expect_error("a,key\n1,\xFF\n", &options, BP_ERROR_INPUT,
                 "d.csv:2:2: \"?\" is not UTF-8 text; save the file as UTF-8");
}

Test(data_dialect, columns_that_are_not_there_are_errors_with_the_nearest_name)
{
    bp_read_options options = bp_read_options_default();
    options.ignore = "width,hieght";
    expect_error("width,height\n1,2\n", &options, BP_ERROR_ARGUMENT,
                 "d.csv: ignore: there is no column \"hieght\"; did you mean \"height\"?");
    options.ignore = NULL;
    options.id = "3";
    expect_error("width,height\n1,2\n", &options, BP_ERROR_ARGUMENT,
                 "d.csv: id: there is no column \"3\"; give a name, or a number from 1 to 2");
    options.ignore = "height";
    options.id = "height";
    expect_error("width,height\n1,2\n", &options, BP_ERROR_ARGUMENT,
                 "d.csv: column \"height\" cannot be both ignored and the id");
}

Test(data_dialect, what_a_model_says_may_be_missing_and_gives_way_to_what_is_said)
{
    const bp_read_options of_model = {.size = sizeof(bp_read_options),
                                      .separator = ';',
                                      .ignore = "junk",
                                      .id = "key",
                                      .categorical = "zip",
                                      .decimal = ','};
    bp_read_options options = {.size = sizeof(bp_read_options), .of_model = &of_model};
    expect_columns("a;zip\n1,5;007\n", &options, 2);
    options.decimal = '.';
    options.separator = ',';
    bp_dataset *dataset = expect_dataset(read_text("d.csv", "a,zip,junk\n1.5,7,x\n", &options));

    cr_assert_eq(describe(dataset, 0).max, 1.5);
    cr_assert_eq(describe(dataset, 1).kind, BP_COLUMN_CATEGORY);
    cr_assert_eq(describe(dataset, 2).role, BP_ROLE_IGNORED);
    bp_dataset_free(dataset);
}

Test(data_dialect, options_of_csv_files_are_errors_with_other_formats)
{
    bp_read_options options = {
        .size = sizeof(bp_read_options), .format = BP_FORMAT_FANN, .ignore = "1"};
    expect_error("1 1 1\n0\n0\n", &options, BP_ERROR_ARGUMENT,
                 "d.csv: only files of these formats may have columns that are ignored: csv; this "
                 "one is read as "
                 "fann");
    const bp_read_options of_model = {.size = sizeof(bp_read_options), .ignore = "1"};
    options = (bp_read_options){
        .size = sizeof(bp_read_options), .format = BP_FORMAT_FANN, .of_model = &of_model};
    bp_dataset_free(expect_dataset(read_text("d.csv", "1 1 1\n0\n0\n", &options)));
}
