/* Every way in which a CSV file can be wrong, and what the message says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/csv/csv_column.h"
#include "support/folder.h"
#include "support/reading.h"

static void expect_error(const char *text, const char *message)
{
    expect_failure(read_text("d.csv", text, NULL), BP_ERROR_INPUT, message);
}

static void expect_argument_error(const char *text, const char *categorical, const char *message)
{
    bp_read_options options = bp_read_options_default();
    options.categorical = categorical;
    expect_failure(read_text("d.csv", text, &options), BP_ERROR_ARGUMENT, message);
}

Test(data_csv_errors, a_text_among_numbers_is_an_error_with_line_and_field)
{
    expect_error("a,b\n1,2\n3,abc\n", "d.csv:3:2: \"abc\" is not a number");
}

Test(data_csv_errors, a_number_among_texts_names_both_lines)
{
    expect_error(
        "a,b\n1,red\n2,blue\n3,5\n",
        "d.csv:4:2: \"5\" looks like a number, but the column is text: line 2 has \"red\"; "
        "list the column with --categorical if both are names");
}

Test(data_csv_errors, a_header_with_a_number_in_it_has_to_be_announced)
{
    expect_error("name,2019\n1,2\n3,4\n",
                 "d.csv:2:1: \"1\" looks like a number, but the column is text: line 1 has "
                 "\"name\"; say --header yes if that line holds the names of the columns");
}

Test(data_csv_errors, blanks_between_numbers_that_cut_rows_unevenly_separate_nothing)
{
    expect_error("2 2 1\n0 1\n1\n",
                 "d.csv:1: the row has blanks between numbers but no comma; say --separator ' ' if "
                 "they separate fields, or --format fann if this is a FANN file");
}

Test(data_csv_errors, infinity_and_nan_are_errors)
{
    expect_error("a\n1\ninf\n", "d.csv:3:1: \"inf\" is not a finite number");
    expect_error("a,b\n1,2\n1,NaN\n",
                 "d.csv:3:2: \"NaN\" is not a finite number; if it stands for a missing value, say "
                 "--missing-values NaN");
}

Test(data_csv_errors, a_number_too_large_for_a_float_is_an_error)
{
    expect_error("1,1e40\n", "d.csv:1:2: \"1e40\" is too large for a 32-bit float");
}

Test(data_csv_errors, a_short_row_is_an_error_with_both_counts)
{
    expect_error("a,b,c\n1,2,3\n4\n", "d.csv:3: the row has 1 field, but the header has 3");
    expect_error("1,2,3\n4\n", "d.csv:2: the row has 1 field, but the first row has 3");
}

Test(data_csv_errors, a_long_row_is_an_error_with_both_counts)
{
    expect_error("a,b\n1,2\n1,2,x,4\n5,6\n", "d.csv:3: the row has 4 fields, but the header has 2");
}

Test(data_csv_errors, a_row_with_a_field_too_few_or_too_many_is_that_and_no_wrong_cell)
{
    static const char few[] = "d.csv:3: the row has 2 fields, but the header has 3";
    bp_read_options options = bp_read_options_default();
    expect_error("a,b,y\n1,2,u\n3,v\n4,5,u\n", few);
    expect_error("a,t,y\n1,p,2\n3,4\n", few);
    expect_error("a,b,y\n1,2,u\nx,\xE9\n", few);
    expect_error("a,b,y\n1,2,u\n3,p,v,\n", "d.csv:3: the row has 4 fields, but the header has 3");
    options.id = "b";
    expect_failure(read_text("d.csv", "a,b,y\n1,2,u\nx,\xE9\n", &options), BP_ERROR_INPUT, few);
    expect_error("a,b,y\n1,2,u\n3,x,v\n4,u\n", "d.csv:3:2: \"x\" is not a number");
}

Test(data_csv_errors, a_header_that_is_shorter_than_the_rows_is_an_error)
{
    static const char message[] = "d.csv:2: the row has 3 fields, but the header has 2";
    expect_error("a,b\n1.5,2,3\n", message);
    expect_error("a,b\n1,2,\n", message);
    expect_error("a,b\n,2,3\n", message);
    expect_error("a,b\n1,2,3\n4,5\n", message);
    expect_error("a,b\n1,2,3,4\n", "d.csv:2: the row has 4 fields, but the header has 2");
}

/* As write.table() of R writes them, with each of its separators. */
static const char *const with_row_names[] = {
    "\"a\",\"b\",\"y\"\n\"1\",5.5,2,\"u\"\n\"2\",4,x,\"v\"\n",
    "a b y\nMazda 5.5 2 u\nFiat 4 x v\n",
    "\"a\" \"b\" \"y\"\n\"1\" 5.5 2 \"u\"\n\"2\" 4 x \"v\"\n",
    "a\tb\ty\n1\t5.5\t2\tu w\n7\t4\tx\tv\n",
    "\"a\";\"b\";\"y\"\n\"1\";5.5;2;\"u\"\n\"2\";4;x;\"v\"\n",
};

Test(data_csv_errors, a_header_without_a_field_for_names_of_rows_says_what_to_do)
{
    static const char message[] =
        "d.csv:1: the header has 3 fields, but each row has 4; if the first one of a row is its "
        "name, as R's write.table() writes it, say --ignore 1, or --id 1 to keep it; else the "
        "header lacks a name";
    bp_read_options options = bp_read_options_default();
    for (size_t k = 0; k < sizeof with_row_names / sizeof *with_row_names; k++) {
        char *text = strdup(with_row_names[k]);
        *strchr(text, 'x') = '0';
        options.header = BP_HEADER_AUTO;
        expect_failure(read_text("d.csv", text, &options), BP_ERROR_INPUT, message);
        options.header = BP_HEADER_YES;
        expect_failure(read_text("d.csv", text, &options), BP_ERROR_INPUT, message);
        free(text);
    }
    expect_error(
        "a\n1,2\n",
        "d.csv:1: the header has 1 field, but each row has 2; if the first one of a row is "
        "its name, as R's write.table() writes it, say --ignore 1, or --id 1 to keep it; "
        "else the header lacks a name");
}

static void expect_column(const bp_dataset *dataset, size_t column, const char *name)
{
    bp_column_info info;
    cr_assert_eq(bp_dataset_describe(dataset, column, &info, NULL), BP_OK);
    cr_assert_str_eq(info.name, name);
}

Test(data_csv_errors, names_of_rows_that_are_announced_are_a_column_without_a_name)
{
    bp_read_options options = bp_read_options_default();
    options.ignore = "1";
    for (size_t k = 0; k < sizeof with_row_names / sizeof *with_row_names; k++)
        expect_failure(read_text("d.csv", with_row_names[k], &options), BP_ERROR_INPUT,
                       "d.csv:3:3: \"x\" is not a number");
    options.missing_values = "x";
    for (size_t k = 0; k < sizeof with_row_names / sizeof *with_row_names; k++) {
        bp_dataset *dataset = expect_dataset(read_text("d.csv", with_row_names[k], &options));
        cr_assert_eq(bp_dataset_get_info(dataset).columns, 4);
        expect_column(dataset, 0, "column 1");
        expect_column(dataset, 1, "a");
        expect_column(dataset, 2, "b");
        expect_column(dataset, 3, "y");
        bp_dataset_free(dataset);
    }
    expect_failure(read_text("d.csv", "a,b\nr,2,3\n4,5\n", &options), BP_ERROR_INPUT,
                   "d.csv:3: the row has 2 fields, but the first row below the header has 3");
}

Test(data_csv_errors, a_blank_line_between_rows_is_an_error)
{
    expect_error("a,b\r\n1,2\r\n\r\n\r\n3,4\r\n",
                 "d.csv:3: the line is blank; blank lines may stand only at the end of the file");
    expect_error("\na,b\n1,2\n",
                 "d.csv:1: the line is blank; blank lines may stand only at the end of the file");
}

Test(data_csv_errors, lines_are_counted_through_quoted_ends_of_lines)
{
    expect_error("x,t\n1,\"a\nb\r\nc\rd\"\n2,e\nbad,f\n", "d.csv:7:1: \"bad\" is not a number");
    expect_error("x,t,u\n1,\"a\n\nb\",2\n1,\"a\nb\",bad\n", "d.csv:6:3: \"bad\" is not a number");
}

Test(data_csv_errors, an_empty_file_and_one_of_blank_lines_are_errors)
{
    expect_error("", "d.csv: the file is empty");
    expect_error("\n\n", "d.csv: the file has no rows");
    expect_error("\xEF\xBB\xBF", "d.csv: the file has no rows");
}

Test(data_csv_errors, a_header_without_rows_is_an_error)
{
    bp_read_options options = bp_read_options_default();
    expect_error("a,b\n", "d.csv: the file has a header but no rows");
    options.header = BP_HEADER_YES;
    expect_failure(read_text("d.csv", "1,2\n", &options), BP_ERROR_INPUT,
                   "d.csv: the file has a header but no rows");
}

Test(data_csv_errors, two_first_rows_of_texts_ask_for_the_header)
{
    expect_error(
        "a,b\nc,d\n1,2\n",
        "d.csv:1: neither of the first two rows holds a number, so that the first may be a "
        "header or data; say --header yes or --header no");
}

Test(data_csv_errors, the_number_of_a_column_without_a_name_may_be_the_name_of_no_other)
{
    expect_error(",b,column 1\n1,2,3\n",
                 "d.csv:1:3: the name \"column 1\" is also that of column 1");
    expect_error("column 2,\" \"\n1,2\n",
                 "d.csv:1:2: the header has no name for this column, and \"column 2\", which it "
                 "would be called, is that of column 1: give it another name");
}

/* The words for missing values, wherever they stand. */
Test(data_csv_errors, a_word_for_a_missing_value_in_the_first_row_is_no_text_above_numbers)
{
    expect_error("a,b,y\nNA,1,u\n2,3,v\n",
                 "d.csv:2:1: \"NA\" is not a number; if it stands for a missing value, say "
                 "--missing-values NA");
    expect_error("a,b,y\nnan,1,u\n2,3,v\n",
                 "d.csv:2:1: \"nan\" is not a finite number; if it stands for a missing value, say "
                 "--missing-values nan");
}

Test(data_csv_errors, all_words_for_missing_values_are_in_one_option_for_a_shell)
{
    bp_read_options options = bp_read_options_default();
    expect_error("a,b,y\n1,2,?\nN/A,None,3\n.,NULL,4\n-,?,\n",
                 "d.csv:2:3: \"?\" is not a number; if it stands for a missing value, say "
                 "--missing-values 'N/A,None,?,.,NULL,-'");
    options.missing_values = "NA,-9";
    expect_failure(read_text("d.csv", "a,b\n-9,?\nNA,1\n1,-9.0\n", &options), BP_ERROR_INPUT,
                   "d.csv:2:2: \"?\" is not a number; if it stands for a missing value, say "
                   "--missing-values 'NA,-9,?'");
}

Test(data_csv_errors, a_word_for_a_missing_value_is_found_in_a_late_row_and_in_the_target)
{
    char *text = malloc(40000);
    size_t length = (size_t)sprintf(text, "a,y\n");
    for (size_t r = 0; r < 2000; r++)
        length += (size_t)sprintf(text + length, r == 1000 ? "%zu,NA\n" : "%zu,1.5\n", r);
    expect_error(text,
                 "d.csv:1002:2: \"NA\" is not a number; if it stands for a missing value, say "
                 "--missing-values NA");
    free(text);
}

Test(data_csv_errors, a_nan_among_texts_is_a_missing_value_or_a_name)
{
    expect_error("a,b\n1,red\n2,nan\n",
                 "d.csv:3:2: \"nan\" looks like a number, but the column is text: line 2 has "
                 "\"red\"; if it stands for a missing value, say --missing-values nan; list the "
                 "column with --categorical if both are names");
}

Test(data_csv_errors, a_text_among_numbers_is_an_error_also_below_a_word_for_a_missing_value)
{
    expect_error("a,b\nNA,2\n3,abc\n4,5\nx,6\n", "d.csv:3:2: \"abc\" is not a number");
}

Test(data_csv_errors, a_name_used_twice_is_an_error)
{
    expect_error("a,b,a\n1,2,3\n", "d.csv:1:3: the name \"a\" is also that of column 1");
}

Test(data_csv_errors, a_quote_within_a_cell_is_an_error)
{
    static const char message[] =
        "d.csv:2:2: a quote stands where none may be; a field with quotes "
        "is quoted as a whole, and the quotes in it are doubled";
    expect_error("x,t\n1,a\"b\n", message);
    expect_error("x,t\n1,\"a\"b\n", message);
    expect_error("x,t\n1,\"a\" \"b\"\n", message);
}

Test(data_csv_errors, a_quote_that_is_not_closed_is_an_error_where_it_opens)
{
    expect_error("x,t\n1,a\n2,\"b\n3,c\n",
                 "d.csv:3:2: the quoted field that begins here does not end");
}

Test(data_csv_errors, a_cell_that_is_too_long_is_an_error)
{
    char *text = malloc(700000);
    memset(text, 'x', 700000);
    static const char message[] =
        "d.csv:2:2: the cell is longer than 65536 bytes; is a quote missing?";
    memcpy(text, "x,t\n1,\"", 7);
    expect_failure(read_bytes("d.csv", text, 700000, NULL), BP_ERROR_INPUT, message);
    memcpy(text + 7 + 65537, "\"\n2,b\n", 6);
    expect_failure(read_bytes("d.csv", text, 7 + 65537 + 6, NULL), BP_ERROR_INPUT, message);
    memcpy(text + 7 + 65536, "\"\n2,b\n", 6);
    bp_dataset_free(expect_dataset(read_bytes("d.csv", text, 7 + 65536 + 6, NULL)));
    free(text);
}

Test(data_csv_errors, a_byte_0_is_an_error)
{
    static const char text[] = "a,b\n1,2\n3,\0";
    expect_failure(read_bytes("d.csv", text, sizeof text, NULL), BP_ERROR_INPUT,
                   "d.csv:3:2: a byte is 0; this is not a text file");
}

Test(data_csv_errors, utf_16_is_an_error)
{
    expect_error("\xFF\xFE"
                 "a",
                 "d.csv: the file is UTF-16 text; save it as UTF-8");
    static const char little[] = "a\0,\0b\0\n\0", big[] = "\0a\0,\0b\0\n";
    expect_failure(read_bytes("d.csv", little, 8, NULL), BP_ERROR_INPUT,
                   "d.csv: the file is UTF-16 text; save it as UTF-8");
    bp_read_options options = bp_read_options_default();
    options.format = BP_FORMAT_CSV;
    expect_failure(read_bytes("d.csv", big, 8, &options), BP_ERROR_INPUT,
                   "d.csv: the file is UTF-16 text; save it as UTF-8");
}

Test(data_csv_errors, text_that_is_not_utf_8_is_an_error)
{
    expect_error("1,caf\xE9\n", "d.csv:1:2: \"caf?\" is not UTF-8 text; save the file as UTF-8");
    expect_error("caf\xE9,b\n1,2\n",
                 "d.csv:1:1: the name \"caf?\" is not UTF-8 text; save the file as UTF-8");
}

Test(data_csv_errors, a_comma_in_a_number_among_commas_is_no_decimal_sign)
{
    expect_error("a,b,y\n\"1,000\",2,u\n\"2,000\",3,v\n",
                 "d.csv:2:1: \"1,000\" looks like a number with a comma; write it with a decimal "
                 "point and without thousands separators, or list the column with --categorical "
                 "if it is a name");
    expect_error("a,b,y\n100,2,u\n\"2,000\",3,v\n",
                 "d.csv:3:1: \"2,000\" is not a number; write it with a decimal point and without "
                 "thousands separators");
}

Test(data_csv_errors, decimal_commas_below_a_header_are_no_doubt_about_it)
{
    expect_error("a;b;y\n0,5;1,5;u\n2,5;2;v\n",
                 "d.csv:2: the row has numbers with a decimal comma; say --decimal-comma, or "
                 "--header yes or --header no if they are names");
}

Test(data_csv_errors, files_of_other_programs_are_named)
{
    static const struct {
        const char *text, *what;
    } cases[] = {
        {"PAR1\x15\4",
         "Parquet; save the table as CSV, or read it by the command of the Python package"},
        {"BZh91AY&SY", "packed with bzip2; unpack it with bunzip2 first"},
        {"<!DOCTYPE html>\n", "HTML or XML; save the table as CSV"},
        {"{\"a\":1}\n", "JSON; save the table as CSV"},
        {"[{\"a\":1}]\n", "JSON; save the table as CSV"},
        {" [\n  [1, 2]]\n", "JSON; save the table as CSV"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char message[BP_ERROR_MESSAGE_SIZE];
        snprintf(message, sizeof message, "d.csv: the file is %s", cases[k].what);
        expect_error(cases[k].text, message);
    }
    bp_dataset_free(expect_dataset(read_text("d.csv", "[a],\"[b]\"\n1,2\n", NULL)));
    bp_dataset_free(expect_dataset(read_text("d.csv", "\"{[a\",b\n1,2\n", NULL)));
    bp_dataset_free(expect_dataset(read_text("d.csv", "PAR1,RDX,BZh\n1,2,3\n", NULL)));
}

Test(data_csv_errors, another_separator_than_the_one_that_was_said_is_named)
{
    bp_read_options options = bp_read_options_default();
    options.separator = ',';
    expect_failure(
        read_text("d.csv", "a;b\n1;2\n", &options), BP_ERROR_INPUT,
        "d.csv:1: the row has a semicolon but no comma, which is said to separate fields");
    options.separator = '|';
    expect_failure(read_text("d.csv", "1\t2\n3\t4\n", &options), BP_ERROR_INPUT,
                   "d.csv:1: the row has a tab but no \"|\", which is said to separate fields");
}

Test(data_csv_errors, more_texts_than_codes_are_an_error)
{
    char *text = malloc(20 * (BP_CATEGORIES_MAX + 1));
    size_t length = 0;
    for (size_t k = 0; k <= BP_CATEGORIES_MAX; k++)
        length += (size_t)sprintf(text + length, "1,id%zu\n", k);
    struct reading reading = read_bytes("d.csv", text, length, NULL);
    free(text);
    expect_failure(
        reading, BP_ERROR_INPUT,
        "d.csv:65537:2: the column has more than 65536 different texts; if it only tells "
        "rows apart, name it with --id or --ignore");
}

Test(data_csv_errors, a_long_cell_is_quoted_in_part_and_controls_are_harmless)
{
    expect_error("1\n\"\x1B[31m\n0123456789012345678901234567890123456789\"\n",
                 "d.csv:2:1: \"?[31m?0123456789012345678901234567890123...\" is not a number");
    expect_error("1\n\xC2\x9B"
                 "2J\n",
                 "d.csv:2:1: \"?2J\" is not a number");
}

Test(data_csv_errors, an_unknown_categorical_column_is_an_error_with_the_nearest_name)
{
    expect_argument_error(
        "width,kind\n1,a\n", "knid",
        "d.csv: categorical: there is no column \"knid\"; did you mean \"kind\"?");
    expect_argument_error(
        "width,kind\n1,a\n", "kind,3",
        "d.csv: categorical: there is no column \"3\"; give a name, or a number from "
        "1 to 2");
    expect_argument_error(
        "width,kind\n1,a\n", "0",
        "d.csv: categorical: there is no column \"0\"; give a name, or a number from "
        "1 to 2");
    expect_argument_error(
        "width,kind\n1,a\n", "kind,",
        "d.csv: categorical: there is no column \"\"; give a name, or a number from "
        "1 to 2");
}

Test(data_csv_errors, labels_do_not_go_with_a_csv_file)
{
    bp_read_options options = bp_read_options_default();
    options.labels = "labels.gz";
    expect_failure(
        read_text("d.csv", "1,2\n", &options), BP_ERROR_ARGUMENT,
        "d.csv: only files of these formats may have a file of labels: idx, npy; this one "
        "is read as csv");
}

Test(data_csv_errors, a_missing_file_and_a_folder_are_io_errors)
{
    struct folder folder = folder_create();
    char expected[512];
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_read(&dataset, folder.path, NULL, &error), BP_ERROR_IO);
    snprintf(expected, sizeof expected, "%s: cannot be read: Is a directory", folder.path);
    cr_assert_str_eq(error.message, expected);
    char *path = folder_path(&folder, "none.csv");
    cr_assert_eq(bp_dataset_read(&dataset, path, NULL, &error), BP_ERROR_IO);
    snprintf(expected, sizeof expected, "%s: cannot be read: No such file or directory", path);
    cr_assert_str_eq(error.message, expected);
    cr_assert_null(dataset);
    free(path);
    folder_remove(&folder);
}

Test(data_csv_errors, choices_that_do_not_exist_are_errors)
{
    bp_read_options options = bp_read_options_default();
    options.format = (bp_format)9;
    expect_failure(read_text("d.csv", "1,2\n", &options), BP_ERROR_ARGUMENT,
                   "format 9 does not exist");
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_read(&dataset, NULL, NULL, NULL), BP_ERROR_ARGUMENT);
}
