/* What a good CSV file becomes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/table/table.h"
#include "support/reading.h"

static bp_read_options with_header(bp_header header)
{
    bp_read_options options = bp_read_options_default();
    options.header = header;
    return options;
}

static bp_dataset *read_csv(const char *text)
{
    return expect_dataset(read_text("data.csv", text, NULL));
}

static void expect_shape(const bp_dataset *dataset, size_t rows, size_t columns, bool has_header)
{
    bp_dataset_info info = bp_dataset_get_info(dataset);
    cr_assert_eq(info.format, BP_FORMAT_CSV);
    cr_assert_eq(info.rows, rows);
    cr_assert_eq(info.columns, columns);
    cr_assert_eq(info.has_header, has_header);
}

static float cell(const bp_dataset *dataset, size_t row, size_t column)
{
    return dataset->table->values[row * dataset->table->cells + column];
}

static const char *text_of(const bp_dataset *dataset, size_t row, size_t column)
{
    return dataset->table->column[column].category[(size_t)cell(dataset, row, column)];
}

Test(data_csv, numbers_and_texts_come_in_columns_named_by_the_header)
{
    bp_dataset *dataset = read_csv("width,kind\n1.5,rose\n2.5,tulip\n-3,rose\n");
    expect_shape(dataset, 3, 2, true);
    const struct bp_column *column = dataset->table->column;
    cr_assert_str_eq(column[0].name, "width");
    cr_assert_eq(column[0].kind, BP_COLUMN_NUMBER);
    cr_assert_eq(column[0].role, BP_ROLE_UNKNOWN);
    cr_assert_str_eq(column[1].name, "kind");
    cr_assert_eq(column[1].kind, BP_COLUMN_CATEGORY);
    cr_assert_eq(column[1].offset, 1);
    cr_assert_eq(cell(dataset, 2, 0), -3.0F);
    bp_dataset_free(dataset);
}

Test(data_csv, texts_are_coded_in_order_of_first_appearance)
{
    bp_dataset *dataset = read_csv("1,b\n2,a\n3,b\n4,c\n");
    cr_assert_eq(dataset->table->column[1].categories, 3);
    cr_assert_eq(cell(dataset, 0, 1), 0.0F);
    cr_assert_eq(cell(dataset, 1, 1), 1.0F);
    cr_assert_eq(cell(dataset, 2, 1), 0.0F);
    cr_assert_str_eq(text_of(dataset, 3, 1), "c");
    bp_dataset_free(dataset);
}

Test(data_csv, a_first_row_with_a_number_is_data)
{
    bp_dataset *dataset = read_csv("1,a\n2,b\n");
    expect_shape(dataset, 2, 2, false);
    cr_assert_str_eq(dataset->table->column[1].name, "column 2");
    bp_dataset_free(dataset);
}

Test(data_csv, a_single_row_with_a_number_is_data)
{
    bp_dataset *dataset = read_csv("1,2,3");
    expect_shape(dataset, 1, 3, false);
    bp_dataset_free(dataset);
}

Test(data_csv, header_yes_takes_a_first_row_of_numbers_as_names)
{
    bp_read_options options = with_header(BP_HEADER_YES);
    bp_dataset *dataset = expect_dataset(read_text("data.csv", "2019,2020\n1,2\n", &options));
    expect_shape(dataset, 1, 2, true);
    cr_assert_str_eq(dataset->table->column[1].name, "2020");
    bp_dataset_free(dataset);
}

Test(data_csv, header_no_takes_a_first_row_of_texts_as_data)
{
    bp_read_options options = with_header(BP_HEADER_NO);
    bp_dataset *dataset = expect_dataset(read_text("data.csv", "a,b\nc,d\n", &options));
    expect_shape(dataset, 2, 2, false);
    cr_assert_str_eq(text_of(dataset, 1, 0), "c");
    bp_dataset_free(dataset);
}

Test(data_csv, every_end_of_line_and_a_missing_last_one_give_the_same_table)
{
    static const char *const texts[] = {"a,b\n1,2\n3,4\n",
                                        "a,b\r\n1,2\r\n3,4\r\n",
                                        "a,b\r1,2\r3,4\r",
                                        "a,b\n1,2\n3,4",
                                        "a,b\r\n1,2\r\n3,4",
                                        "a,b\n1,2\n3,4\n\n\n",
                                        "\xEF\xBB\xBF\x61,b\n1,2\n3,4\n",
                                        "a,b\r\n1,2\r\n3,4\r\n\r\n  \r\n"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        bp_dataset *dataset = read_csv(texts[k]);
        expect_shape(dataset, 2, 2, true);
        cr_assert_str_eq(dataset->table->column[0].name, "a");
        cr_assert_eq(cell(dataset, 1, 1), 4.0F);
        cr_assert_null(dataset->table->lines);
        bp_dataset_free(dataset);
    }
}

Test(data_csv, quotes_keep_commas_quotes_blanks_and_ends_of_lines)
{
    bp_dataset *dataset = read_csv("1,\"a, b\"\n2,\"say \"\"hi\"\"\"\n3,\" c \"\n4,\"x\ny\"\n");
    cr_assert_str_eq(text_of(dataset, 0, 1), "a, b");
    cr_assert_str_eq(text_of(dataset, 1, 1), "say \"hi\"");
    cr_assert_str_eq(text_of(dataset, 2, 1), " c ");
    cr_assert_str_eq(text_of(dataset, 3, 1), "x\ny");
    bp_dataset_free(dataset);
}

Test(data_csv, blanks_around_unquoted_cells_are_dropped)
{
    bp_dataset *dataset = read_csv("x , kind\n 1 ,\trose\n2, rose \n");
    cr_assert_str_eq(dataset->table->column[0].name, "x");
    cr_assert_eq(dataset->table->column[1].categories, 1);
    cr_assert_str_eq(text_of(dataset, 1, 1), "rose");
    bp_dataset_free(dataset);
}

Test(data_csv, a_quoted_number_is_a_number)
{
    bp_dataset *dataset = read_csv("\"1\",\" 2.5 \"\n");
    cr_assert_eq(cell(dataset, 0, 1), 2.5F);
    bp_dataset_free(dataset);
}

Test(data_csv, rows_after_a_quoted_end_of_line_know_their_lines)
{
    bp_dataset *dataset = read_csv("x,t\n1,a\n2,\"b\r\nb\"\n3,c\n4,\"d\n\nd\"\n5,e\n");
    static const size_t lines[] = {2, 3, 5, 6, 9};
    for (size_t r = 0; r < 5; r++)
        cr_assert_eq(bp_table_line(dataset->table, r), lines[r], "row %zu", r);
    bp_dataset_free(dataset);
}

Test(data_csv, rows_under_a_header_of_two_lines_know_their_lines)
{
    bp_dataset *dataset = read_csv("\"width\n(cm)\",t\n1,a\n2,b\n");
    cr_assert_str_eq(dataset->table->column[0].name, "width\n(cm)");
    cr_assert_eq(bp_table_line(dataset->table, 0), 3);
    cr_assert_eq(bp_table_line(dataset->table, 1), 4);
    bp_dataset_free(dataset);
}

Test(data_csv, categorical_columns_are_texts_whatever_they_hold)
{
    bp_read_options options = bp_read_options_default();
    options.categorical = " 1 ,b";
    bp_dataset *dataset = expect_dataset(read_text("data.csv", "a,b,c\n1,02,5\nx,2,6\n", &options));
    cr_assert_eq(dataset->table->column[0].kind, BP_COLUMN_CATEGORY);
    cr_assert_str_eq(text_of(dataset, 0, 1), "02");
    cr_assert_str_eq(text_of(dataset, 1, 1), "2");
    cr_assert_eq(dataset->table->column[2].kind, BP_COLUMN_NUMBER);
    bp_dataset_free(dataset);
}

Test(data_csv, a_categorical_name_goes_before_a_number)
{
    bp_read_options options = with_header(BP_HEADER_YES);
    options.categorical = "2";
    bp_dataset *dataset = expect_dataset(read_text("data.csv", "2,1\n5,6\n", &options));
    cr_assert_eq(dataset->table->column[0].kind, BP_COLUMN_CATEGORY);
    cr_assert_eq(dataset->table->column[1].kind, BP_COLUMN_NUMBER);
    bp_dataset_free(dataset);
}

Test(data_csv, words_for_missing_values_among_texts_are_texts)
{
    bp_dataset *dataset = read_csv("a,b\n1,NA\n2,none\n3,red\n4,?\n");
    cr_assert_eq(dataset->table->column[1].kind, BP_COLUMN_CATEGORY);
    cr_assert_eq(dataset->table->column[1].categories, 4);
    cr_assert_str_eq(text_of(dataset, 0, 1), "NA");
    bp_dataset_free(dataset);
}

Test(data_csv, a_column_of_nothing_but_words_for_missing_values_is_text)
{
    bp_dataset *dataset = read_csv("a,b\n1,NA\n2,?\n3,-\n");
    cr_assert_eq(dataset->table->column[1].kind, BP_COLUMN_CATEGORY);
    cr_assert_eq(dataset->table->column[1].categories, 3);
    bp_dataset_free(dataset);
}

Test(data_csv, columns_without_a_name_are_called_by_their_number)
{
    bp_dataset *dataset = read_csv(",a,\" \",y\n0,5,1,u\n1,2,3,v\n");
    static const char *const names[] = {"column 1", "a", "column 3", "y"};
    for (size_t c = 0; c < 4; c++)
        cr_assert_str_eq(dataset->table->column[c].name, names[c]);
    expect_shape(dataset, 2, 4, true);
    cr_assert_eq(cell(dataset, 1, 2), 3.0F);
    bp_dataset_free(dataset);
}

Test(data_csv, a_column_without_a_name_is_ignored_or_the_id_by_its_number)
{
    bp_read_options options = bp_read_options_default();
    options.id = "1";
    options.ignore = "column 3";
    bp_dataset *dataset =
        expect_dataset(read_text("data.csv", ",a,,y\n007,5,x,u\n1,2,3,v\n", &options));
    cr_assert_str_eq(bp_dataset_get_id(dataset, 0), "007");
    cr_assert_eq(dataset->table->column[2].role, BP_ROLE_IGNORED);
    cr_assert_str_eq(dataset->table->reading.id, "column 1");
    bp_dataset_free(dataset);
}

/* Longer than the blocks that are read, so that rows and cells lie across their borders. */
Test(data_csv, a_file_of_many_blocks_loses_nothing)
{
    const size_t rows = 60000;
    char *text = malloc(rows * 40);
    size_t length = 0;
    for (size_t r = 0; r < rows; r++)
        length += (size_t)sprintf(text + length, "%zu,name %zu,%zu.25\n", r, r % 999, r);
    size_t packed_size;
    unsigned char *packed = pack_gzip(text, length, &packed_size);
    bp_dataset *plain = expect_dataset(read_bytes("data.csv", text, length, NULL));
    bp_dataset *unpacked = expect_dataset(read_bytes("data.csv.gz", packed, packed_size, NULL));
    expect_shape(plain, rows, 3, false);
    cr_assert_eq(plain->table->column[1].categories, 999);
    for (size_t r = 0; r < rows; r++) {
        char name[32];
        snprintf(name, sizeof name, "name %zu", r % 999);
        cr_assert_eq(cell(plain, r, 0), (float)r);
        cr_assert_str_eq(text_of(plain, r, 1), name);
        cr_assert_eq(cell(plain, r, 2), (float)r + 0.25F);
    }
    cr_assert_arr_eq(plain->table->values, unpacked->table->values, rows * 3 * sizeof(float));
    bp_dataset_free(plain);
    bp_dataset_free(unpacked);
    free(packed);
    free(text);
}

Test(data_csv, memory_is_what_the_table_holds)
{
    bp_dataset *dataset = read_csv("1,2\n3,4\n5,6\n");
    bp_dataset_info info = bp_dataset_get_info(dataset);
    cr_assert_geq(info.memory, 6 * sizeof(float));
    cr_assert_leq(info.memory, 1024);
    bp_dataset_free(dataset);
}
