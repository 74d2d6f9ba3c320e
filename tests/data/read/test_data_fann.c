/* FANN files: layout, classes, recognition, and what may be wrong. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/table/table.h"
#include "support/reading.h"

static bp_dataset *read_fann(const char *text)
{
    return expect_dataset(read_text("net.data", text, NULL));
}

static void expect_error(const char *text, const char *message)
{
    expect_failure(read_text("net.data", text, NULL), BP_ERROR_INPUT, message);
}

static void expect_format(const char *name, const char *text, bp_format format)
{
    bp_dataset *dataset = expect_dataset(read_text(name, text, NULL));
    cr_assert_eq(bp_dataset_get_info(dataset).format, format, "%s", name);
    bp_dataset_free(dataset);
}

Test(data_fann, inputs_and_outputs_stand_side_by_side)
{
    bp_dataset *dataset = read_fann("2 3 1\n1 2 3\n0.5\n4 5 6\n-0.5\n");
    const struct bp_table *table = dataset->table;
    static const float values[] = {1, 2, 3, 0.5F, 4, 5, 6, -0.5F};
    cr_assert_eq(table->rows, 2);
    cr_assert_eq(table->columns, 4);
    cr_assert_arr_eq(table->values, values, sizeof values);
    cr_assert_str_eq(table->column[2].name, "x3");
    cr_assert_eq(table->column[2].role, BP_ROLE_INPUT);
    cr_assert_str_eq(table->column[3].name, "y1");
    cr_assert_eq(table->column[3].role, BP_ROLE_TARGET);
    cr_assert_eq(table->column[3].offset, 3);
    bp_dataset_free(dataset);
}

Test(data_fann, one_output_a_class_becomes_one_column_of_classes)
{
    bp_dataset *dataset = read_fann("3 2 3\n1 2\n0 1 0\n3 4\n1 0 0\n5 6\n0 1 0\n");
    const struct bp_table *table = dataset->table;
    static const float values[] = {1, 2, 3, 4, 5, 6};
    static const uint32_t codes[] = {1, 0, 1};
    cr_assert_eq(table->columns, 3);
    cr_assert_eq(table->cells, 2);
    cr_assert_arr_eq(table->values, values, sizeof values);
    cr_assert_arr_eq(table->labels, codes, sizeof codes);
    cr_assert_str_eq(table->column[2].name, "class");
    cr_assert_eq(table->column[2].kind, BP_COLUMN_CATEGORY);
    cr_assert_eq(table->column[2].categories, 3);
    cr_assert_str_eq(table->column[2].category[2], "y3");
    bp_dataset_free(dataset);
}

Test(data_fann, outputs_that_are_not_one_of_several_stay_numbers)
{
    static const char *const texts[] = {
        "2 1 2\n1\n0 1\n2\n0 0\n",  "2 1 2\n1\n0 1\n2\n1 1\n",
        "2 1 2\n1\n0 1\n2\n0 2\n",  "2 1 1\n1\n1\n2\n1\n",
        "2 1 2\n1\n0 1\n2\n-1 1\n", "2 1 2\n1\n1700000000 1\n2\n1700000001 0\n",
        "1 1 2\n1\n0 4294967297\n"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        bp_dataset *dataset = read_fann(texts[k]);
        cr_assert_null(dataset->table->labels);
        cr_assert_eq(dataset->table->column[1].kind, BP_COLUMN_NUMBER);
        bp_dataset_free(dataset);
    }
}

Test(data_fann, ends_of_lines_mean_no_more_than_blanks)
{
    static const char *const texts[] = {"2 1 1\r\n1 \r\n2 \r\n3\r\n4", "2 1 1 \n1 2 3 4",
                                        "2 1 1\n\n1\n\n2\n3 4\n\n\n", "2 1 1\n 1\t2\f3\v4"};
    static const float values[] = {1, 2, 3, 4};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        bp_dataset *dataset = read_fann(texts[k]);
        cr_assert_arr_eq(dataset->table->values, values, sizeof values);
        bp_dataset_free(dataset);
    }
}

Test(data_fann, samples_know_their_lines)
{
    bp_dataset *usual = read_fann("2 1 1\r\n1\r\n2\r\n3\r\n4\r\n");
    cr_assert_null(usual->table->lines);
    cr_assert_eq(bp_table_line(usual->table, 1), 4);
    bp_dataset_free(usual);
    bp_dataset *unusual = read_fann("3 1 1\n1\n2\n\n3 4\n5\n6\n");
    static const uint32_t lines[] = {2, 5, 6};
    cr_assert_arr_eq(unusual->table->lines, lines, sizeof lines);
    bp_dataset_free(unusual);
}

Test(data_fann, a_file_is_recognized_by_name_and_first_line)
{
    static const char fann[] = "1 2 1\n1 2\n3\n";
    expect_format("net.data", fann, BP_FORMAT_FANN);
    expect_format("net.train", fann, BP_FORMAT_FANN);
    expect_format("net.test", fann, BP_FORMAT_FANN);
    expect_format("net.data.gz", fann, BP_FORMAT_FANN);
    expect_format("iris.data", "5.1,3.5,setosa\n4.9,3.0,setosa\n", BP_FORMAT_CSV);
    expect_format("iris.data", "1,2,3\n", BP_FORMAT_CSV);
    expect_format("ages.data", "7\n8\n", BP_FORMAT_CSV);
    expect_format("net.csv", "1,2,1\n1,2,3\n", BP_FORMAT_CSV);
}

Test(data_fann, a_gzip_file_is_read_like_a_plain_one)
{
    static const char text[] = "2 1 1\n1\n2\n3\n4\n";
    size_t size;
    unsigned char *packed = pack_gzip(text, sizeof text - 1, &size);
    bp_dataset *dataset = expect_dataset(read_bytes("net.data.gz", packed, size, NULL));
    cr_assert_eq(dataset->table->values[3], 4.0F);
    bp_dataset_free(dataset);
    free(packed);
}

Test(data_fann, the_format_may_be_said)
{
    bp_read_options options = bp_read_options_default();
    options.format = BP_FORMAT_FANN;
    bp_dataset *dataset = expect_dataset(read_text("net.txt", "1 1 1\n1\n2\n", &options));
    cr_assert_eq(bp_dataset_get_info(dataset).format, BP_FORMAT_FANN);
    bp_dataset_free(dataset);
}

Test(data_fann, a_first_line_without_three_counts_is_an_error)
{
    bp_read_options options = bp_read_options_default();
    options.format = BP_FORMAT_FANN;
    expect_failure(read_text("net.txt", "2 0 1\n1\n2\n", &options), BP_ERROR_INPUT,
                   "net.txt:1:2: \"0\" is not a number of inputs; a FANN file begins with the "
                   "numbers of samples, inputs and outputs");
    expect_failure(read_text("net.txt", "2 1", &options), BP_ERROR_INPUT,
                   "net.txt:1:3: \"\" is not a number of outputs; a FANN file begins with the "
                   "numbers of samples, inputs and outputs");
}

Test(data_fann, a_token_that_is_no_number_is_an_error_with_line_and_place)
{
    expect_error("1 3 1\n1 2 x3\n4\n", "net.data:2:3: \"x3\" is not a number");
    expect_error("1 3 1\n1 2 3\nnan\n", "net.data:3:1: \"nan\" is not a finite number");
    expect_error("1 1 1\n1e40\n1\n", "net.data:2:1: \"1e40\" is too large for a 32-bit float");
}

Test(data_fann, too_few_numbers_are_an_error_with_the_counts)
{
    expect_error("3 2 1\n1 2\n3\n4 5\n", "net.data: the file ends within sample 2; its first line "
                                         "counts 3 samples of 3 numbers");
}

Test(data_fann, too_many_numbers_are_an_error)
{
    expect_error("1 2 1\n1 2\n3\n4 5\n6\n",
                 "net.data:4:1: more follows the last of the 1 samples that the first line counts");
}

Test(data_fann, counts_far_beyond_the_file_take_no_memory)
{
    expect_error(
        "4294967295 1000000 1000000\n1 2 3\n",
        "net.data: the file ends within sample 1; its first line counts 4294967295 samples "
        "of 2000000 numbers");
    expect_error("4294967295 4294967295 4294967295\n1 2 3\n",
                 "net.data:1: the counts are too large");
}

Test(data_fann, a_token_without_end_is_an_error)
{
    char *text = malloc(100001);
    memset(text, '1', 100000);
    text[100000] = '\0';
    memcpy(text, "1 1 1\n", 6);
    struct reading reading = read_text("net.data", text, NULL);
    free(text);
    expect_failure(reading, BP_ERROR_INPUT,
                   "net.data:2:1: \"1111111111111111111111111111111111111111...\" is not a number");
}

Test(data_fann, options_of_csv_files_do_not_go_with_fann)
{
    bp_read_options options = bp_read_options_default();
    options.header = BP_HEADER_YES;
    expect_failure(
        read_text("net.data", "1 1 1\n1\n2\n", &options), BP_ERROR_ARGUMENT,
        "net.data: only files of these formats may have a header: csv; this one is read as fann");
}

Test(data_fann, numbers_near_one_another_keep_what_makes_them_different)
{
    bp_dataset *dataset =
        read_fann("2 2 1\n1700000000 0.1\n5\n1700000003 100000.0009765625\n100000.5\n");
    const struct bp_table *table = dataset->table;
    static const float values[] = {0, 0.1F, 5, 3, 100000.0009765625F, 100000.5F};
    cr_assert_arr_eq(table->values, values, sizeof values);
    cr_assert_eq(table->column[0].origin, 1.7e9);
    cr_assert_eq(table->column[1].origin, 0.0);
    cr_assert_eq(table->column[2].origin, 0.0);
    bp_dataset_free(dataset);
}
