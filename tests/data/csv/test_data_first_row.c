/* First rows that have numbers: data, or names of columns, or open. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/reading.h"

#define COUNTS    "its numbers count up by one"
#define FRACTIONS "it has integers where the rows below have fractions"
#define UNLIKE    "the rows below have other texts and other numbers"

/* Both options are in the message, and either makes the file good. */
static void expect_open(const char *text, const char *why)
{
    char message[BP_ERROR_MESSAGE_SIZE];
    snprintf(message, sizeof message,
             "d.csv:1: the first row may hold the names of the columns or data: %s; say --header "
             "yes or --header no",
             why);
    expect_failure(read_text("d.csv", text, NULL), BP_ERROR_INPUT, message);
    for (int header = BP_HEADER_YES; header <= BP_HEADER_NO; header++) {
        bp_read_options options = bp_read_options_default();
        options.header = (bp_header)header;
        bp_dataset *dataset = expect_dataset(read_text("d.csv", text, &options));
        cr_assert_eq(bp_dataset_get_info(dataset).has_header, header == BP_HEADER_YES);
        bp_dataset_free(dataset);
    }
}

static void expect_data(const char *text)
{
    bp_dataset *dataset = expect_dataset(read_text("d.csv", text, NULL));
    cr_assert(!bp_dataset_get_info(dataset).has_header, "%s", text);
    bp_dataset_free(dataset);
}

Test(data_first_row, numbers_that_count_up_may_be_names)
{
    expect_open("0,1,2\n5.1,3.5,0\n4.9,3.0,1\n", COUNTS);
    expect_open("0,1,2\n5.1,3.5,0\n", COUNTS);
    expect_open("1,2,3\n0,16,4\n2,3,5\n", COUNTS);
    expect_open("2019,2020,2021\n5,7,9\n3,2,1\n", COUNTS);
    expect_open(",0,1\n0,7,5\n1,4,8\n", COUNTS);
    expect_open("0,1,2,label\n7,4,2,u\n5,8,6,v\n", COUNTS);
    expect_open("0;1\n7;5\n4;8\n", COUNTS);
}

Test(data_first_row, integers_above_fractions_may_be_names)
{
    expect_open("400,410,label\n0.1,0.5,u\n0.2,0,v\n0.3,0.4,u\n", FRACTIONS);
    expect_open("3,0\n0.5,-0.25\n-7.5,2.5\n", FRACTIONS);
    expect_open("10,5,7\n0.5,1,2\n1.5,7,3\n", FRACTIONS);
}

Test(data_first_row, a_row_unlike_all_others_may_be_names)
{
    expect_open("400,420,label\n12,15,u\n17,11,v\n16,14,u\n11,13,v\n", UNLIKE);
}

Test(data_first_row, a_number_below_which_texts_stand_may_be_a_name)
{
    expect_failure(read_text("d.csv", "0,1,2\n5.1,3.5,setosa\n", NULL), BP_ERROR_INPUT,
                   "d.csv:2:3: \"setosa\" is not a number; say --header yes if the line above "
                   "holds the names of the columns");
}

Test(data_first_row, tables_without_a_header_are_read_without_a_question)
{
    expect_data("5.1,3.5,1.4,0.2,setosa\n4.9,3,1.4,0.2,setosa\n7,3.2,4.7,1.4,versicolor\n");
    expect_data("5,3.5,1.4,0.2,0\n4.9,3,1.4,0.2,0\n7,3.2,4.7,1.4,1\n");
    expect_data("5,0,0,128,0\n0,0,255,7,0\n4,0,3,0,9\n");  /* a label and pixels */
    expect_data("0,1,1\n1,0,1\n1,1,0\n0,0,0\n");           /* exclusive or */
    expect_data("-1,1,0\n1,0.5,2\n");                      /* a sign */
    expect_data("6,148,72\n1,85,66\n8,183,64\n");          /* integers */
    expect_data("1,2,3\n2,3,4\n3,4,5\n");                  /* rows that all count up */
    expect_data("1,2,3,u\n9,7,5,v\n8,6,4,u\n");            /* a text that is there again */
    expect_data(",1,2\n3,,4.5\n5,,6.5\n,7,8.5\n");         /* cells that are missing */
    expect_data("25,3,yes\n31,4,no\n22,1,no\n33,2,yes\n"); /* likewise */
    expect_data("2,1.5\n3,2\n1,1\n4,2.5\n");               /* an integer among fractions */
    expect_data("2,8\n3.5,9\n1,7\n4.5,6\n");               /* within their range */
    expect_data("007,3,1\n1.5,2.5,2\n");                   /* no name that a program writes */
    expect_data("NA,4,u\nNA,2.5,v\n");                     /* a word for a missing value */
    expect_data("1,2,3\n");
    expect_data("4\n0.5\n");
}

Test(data_first_row, a_model_without_a_header_leaves_nothing_open)
{
    const bp_read_options of_model = bp_read_options_default();
    bp_read_options options = bp_read_options_default();
    options.of_model = &of_model;
    bp_dataset *dataset = expect_dataset(read_text("d.csv", "0,1,2\n5.1,3.5,0\n", &options));
    cr_assert_eq(bp_dataset_get_info(dataset).rows, 2);
    bp_dataset_free(dataset);
    dataset = expect_dataset(read_text("d.csv", "a,b\nc,d\n", &options));
    cr_assert_eq(bp_dataset_get_info(dataset).rows, 2);
    bp_dataset_free(dataset);
    dataset = expect_dataset(read_text("d.csv", "a,b\n1,d\n", &options));
    cr_assert_eq(bp_dataset_get_info(dataset).rows, 1, "a header that is plain is one");
    bp_dataset_free(dataset);
}

Test(data_first_row, a_model_with_a_header_takes_the_first_row_for_names)
{
    bp_read_options of_model = bp_read_options_default(), options = of_model;
    options.of_model = &of_model;
    of_model.header = BP_HEADER_YES;
    bp_dataset *dataset = expect_dataset(read_text("d.csv", "5.1,3.5,2\n1,2,3\n", &options));
    cr_assert_eq(bp_dataset_get_info(dataset).rows, 1);
    bp_dataset_free(dataset);
    dataset = expect_dataset(read_text("d.csv", "5,5,2\n1,2,3\n", &options));
    cr_assert_eq(bp_dataset_get_info(dataset).rows, 2, "names differ");
    bp_dataset_free(dataset);
}
