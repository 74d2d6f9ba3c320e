/* Tables as people have them, on the command line: read once as the options say, and later as the
 * model remembers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

static char *model, *data, *more;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    data = scratch_file("data.csv");
    more = scratch_file("more.csv");
}

TestSuite(cli_tables, .init = set_up, .fini = scratch_remove);

#define TRAIN(...)                                                                                 \
    expect_and_free(COMMAND_RUN("train", data, "--out", model, "--epochs", "2", __VA_ARGS__))

static void expect_and_free(struct command command)
{
    command_expect_success(&command);
    command_free(&command);
}

static const char european[] = "key;note;size;zip;kind\n"
                               "007;x;1,5;1;a\n008;7;NA;2;b\n\"9;9\";y;2,5;1;a\n";

Test(cli_tables, a_model_remembers_how_its_file_was_read)
{
    file_put_text(data, european);
    TRAIN("--decimal-comma", "--missing-values", "NA", "--missing", "mean", "--ignore", "note",
          "--id", "key", "--categorical", "zip");
    struct command command = COMMAND_RUN("predict", model, data);

    command_expect_success(&command);
    cr_assert_eq(strncmp(command.out, "key,kind,output_a,output_b\n007,", 31), 0, "%s",
                 command.out);
    cr_assert_not_null(strstr(command.out, "\n9;9,"), "%s", command.out);
    command_free(&command);
    expect_and_free(COMMAND_RUN("eval", model, data));
}

Test(cli_tables, the_command_line_wins_over_the_model)
{
    file_put_text(data, european);
    TRAIN("--decimal-comma", "--missing-values", "NA", "--missing", "mean", "--ignore", "note",
          "--id", "key", "--categorical", "zip");
    file_put_text(data, "label,size,zip\nu,1.5,1\nv,?,2\n");
    struct command command = COMMAND_RUN("predict", model, data, "--decimal-point", "--id", "label",
                                         "--missing-values", "?");

    command_expect_success(&command);
    cr_assert_eq(strncmp(command.out, "label,kind,output_a,output_b\nu,", 31), 0, "%s",
                 command.out);
    command_free(&command);
}

Test(cli_tables, missing_cells_are_errors_unless_told_otherwise)
{
    file_put_text(data, "a,b,kind\n1,2,x\n,3,y\n4,5,x\n");
    command_expect_failure(COMMAND_RUN("train", data, "--out", model), 3,
                           "data.csv:3:1: the cell is empty; fill in missing values");
    static const char *const ways[] = {"mean", "median", "indicator"};
    for (size_t k = 0; k < 3; k++) {
        TRAIN("--missing", ways[k]);
        expect_and_free(COMMAND_RUN("predict", model, data));
    }
    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--missing", "zero"), 2,
                           "--missing");
}

/* What came through a pipe cannot be named again. */
Test(cli_tables, training_on_the_standard_input_proposes_no_command_for_it)
{
    char line[1024];
    file_put_text(data, "a,b\n1,x\n2,y\n");
    snprintf(line, sizeof line, "\"$BATCHPROP_COMMAND\" train - --out %s < %s > %s", model, data,
             more);
    cr_assert_eq(system(line), 0);
    char *text = file_get(more, NULL);
    cr_assert_not_null(strstr(text, "weights digest"), "%s", text);
    cr_assert_null(strstr(text, "Next:"), "%s", text);
    free(text);
}

/* No row of words tells a header from data: the model does. */
Test(cli_tables, a_model_knows_whether_words_have_a_header)
{
    file_put_text(data, "color,kind\nred,x\nblue,y\nred,x\n");
    command_expect_failure(COMMAND_RUN("train", data, "--out", model), 3, "say --header yes");
    TRAIN("--header", "yes");
    struct command command = COMMAND_RUN("predict", model, data);
    command_expect_success(&command);
    cr_assert_eq(strncmp(command.out, "kind,output_x,output_y\n", 23), 0, "%s", command.out);
    command_free(&command);

    file_put_text(data, "red,x\nblue,y\nred,x\n");
    TRAIN("--header", "no");
    expect_and_free(COMMAND_RUN("eval", model, data));
}

Test(cli_tables, several_files_count_as_one)
{
    file_put_text(data, "a,kind\n1,x\n2,y\n");
    file_put_text(more, "kind,a\nx,3\ny,4\n");
    struct command both =
        COMMAND_RUN("train", data, more, "--out", model, "--epochs", "2", "--json");
    command_expect_success(&both);
    json_t *json = command_json(both.out);
    cr_assert_eq(json_integer_value(json_object_get(json, "samples")), 4);
    json_decref(json);
    command_free(&both);
    struct command predict = COMMAND_RUN("predict", model, data, more, "--json");
    command_expect_success(&predict);
    json = command_json(predict.out);

    json_expect_keys(json,
                     "schema_version samples unknown task target classes predictions outputs");
    cr_assert_eq(json_array_size(json_object_get(json, "outputs")), 4);
    json_decref(json);
    command_free(&predict);
    expect_and_free(COMMAND_RUN("eval", model, data, more));
    expect_and_free(COMMAND_RUN("check", data, more));
    file_put_text(more, "kind,b\nx,3\n");
    command_expect_failure(COMMAND_RUN("check", data, more), 3, "more.csv: column \"a\" of ");
}

Test(cli_tables, softmax_gives_probabilities_by_name)
{
    file_put_text(data, "id,a,kind\n1,0,low\n2,9,high\n");
    TRAIN("--id", "id", "--output-activation", "softmax", "--loss", "cross-entropy");
    struct command command = COMMAND_RUN("predict", model, data, "--json");
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    json_expect_keys(
        json,
        "schema_version samples unknown task id ids target classes predictions probabilities");
    const json_t *row = json_array_get(json_object_get(json, "probabilities"), 0);
    double sum =
        json_number_value(json_array_get(row, 0)) + json_number_value(json_array_get(row, 1));
    /* Two numbers of nine digits below 1. */
    cr_assert_float_eq(sum, 1, 1e-6);
    json_decref(json);
    command_free(&command);

    command = COMMAND_RUN("predict", model, data);
    cr_assert_eq(strncmp(command.out, "id,kind,probability_high,probability_low\n1,", 43), 0, "%s",
                 command.out);
    command_free(&command);
}

Test(cli_tables, several_targets_are_several_columns)
{
    file_put_text(data, "a,y,z\n0,1.5,2\n1,2.5,3\n2,4.5,4\n");
    TRAIN("--target", "y,z");
    struct command command = COMMAND_RUN("predict", model, data);

    command_expect_success(&command);
    cr_assert_eq(strncmp(command.out, "y,z\n", 4), 0, "%s", command.out);
    command_free(&command);
    expect_and_free(COMMAND_RUN("eval", model, data, "--target", "y,z"));
    command_expect_failure(COMMAND_RUN("eval", model, data, "--target", "y"), 2,
                           "the model has 2 targets, and 1 column is named for them");
}

Test(cli_tables, wrong_values_of_the_options_say_what_is_allowed)
{
    file_put_text(data, "a,b\n1,2\n3,4\n");
    command_expect_failure(
        COMMAND_RUN("check", data, "--separator", "ab"), 2,
        "--separator: \"ab\" is not one sign such as ; nor tab nor space nor auto");
    command_expect_failure(COMMAND_RUN("check", data, "--separator", "."), 2,
                           "--separator: \".\" cannot separate fields");
    command_expect_failure(COMMAND_RUN("check", data, "--separator", "\n"), 2,
                           "--separator: \"?\" cannot separate fields");
    command_expect_failure(COMMAND_RUN("check", data, "--decimal-comma", "--decimal-point"), 2,
                           "--decimal-comma and --decimal-point exclude each other");
    command_expect_failure(COMMAND_RUN("check", data, "--decimal-comma", "--separator", ","), 2,
                           "the comma cannot be both the separator and the decimal sign");
    command_expect_failure(COMMAND_RUN("check", data, "--missing-values", "\"NA"), 2,
                           "missing values: a quote in the list");
    command_expect_failure(COMMAND_RUN("check", data, "--ignore", "c"), 2,
                           "ignore: there is no column \"c\"");
    command_expect_failure(COMMAND_RUN("check", data, "--id", "aa"), 2,
                           "id: there is no column \"aa\"");
    command_expect_failure(COMMAND_RUN("check", data, "--weight", "bb"), 2,
                           "weight: there is no column \"bb\"");
    command_expect_failure(COMMAND_RUN("check", "-", "-"), 2, "stdin: can be read only once");
    expect_and_free(COMMAND_RUN("check", data, "--separator", "auto"));
}

Test(cli_tables, stdin_is_read_by_a_dash)
{
    command_expect_failure(COMMAND_RUN("check", "-"), 3, "stdin: the file is empty");
}

Test(cli_tables, check_tells_missing_cells_and_parts)
{
    file_put_text(data, "k,junk,a,w,kind\n1,x,,1,u\n2,y,3,1,v\n3,z,NA,1,u\n");
    struct command command =
        COMMAND_RUN("check", data, "--id", "k", "--ignore", "junk", "--weight", "w",
                    "--missing-values", "NA", "--missing", "mean", "--json");
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    static const char *const roles[] = {"id", "ignored", "input", "weight", "target"};

    const json_t *columns = json_object_get(json, "columns");
    for (size_t c = 0; c < 5; c++)
        cr_assert_str_eq(json_string_value(json_object_get(json_array_get(columns, c), "role")),
                         roles[c]);
    cr_assert_eq(json_integer_value(json_object_get(json_array_get(columns, 2), "missing")), 2);
    cr_assert_eq(json_integer_value(json_object_get(json, "missing_cells")), 2);
    json_decref(json);
    command_free(&command);
    command = COMMAND_RUN("check", data, "--id", "k", "--ignore", "junk", "--missing-values", "NA");
    cr_assert_not_null(strstr(command.out, "missing   2 cells"), "%s", command.out);
    cr_assert_not_null(strstr(command.out, "training  would refuse it: "), "%s", command.out);
    command_free(&command);
}

Test(cli_tables, predictions_that_cannot_be_written_end_with_4)
{
    struct stat full;
    if (stat("/dev/full", &full) != 0)
        cr_skip_test("there is no /dev/full");
    file_put_text(data, "a,kind\n1,x\n2,y\n");
    TRAIN("--seed", "2");
    struct command command =
        command_start_to((const char *const[]){"predict", model, data, NULL}, "/dev/full", -1);
    command_wait(&command);
    cr_assert_eq(command.code, 4);
    command_free(&command);
}

static const char indexed[] = ",a,b,y\n10,5,1,u\n11,2,3,v\n12,5,2,u\n13,1,3,v\n";

Test(cli_tables, a_column_without_a_name_is_no_input_without_a_word)
{
    char expected[1024];
    file_put_text(data, indexed);
    snprintf(expected, sizeof expected,
             "batchprop: %s:1:1: the header has no name for this column; leave it out with "
             "--ignore 1, say --id 1 if column 1 tells rows apart, or name it in the file\n",
             data);
    command_expect_failure(COMMAND_RUN("train", data, "--out", model), 3, expected);
    file_put_text(data, ",a,b,y,\n10,5,1,u,\n11,2,3,v,\n");
    snprintf(expected, sizeof expected,
             "batchprop: %s:1:1: the header has no name for this column and others; leave them out "
             "with --ignore b,1,5, say --id 1 if column 1 tells rows apart, or name them in the "
             "file\n",
             data);
    command_expect_failure(COMMAND_RUN("cv", data, "--ignore", "b", "--folds", "2"), 3, expected);
}

Test(cli_tables, a_column_without_a_name_is_left_out_by_its_number)
{
    file_put_text(data, indexed);
    TRAIN("--ignore", "1");
    expect_and_free(COMMAND_RUN("eval", model, data));
    file_put_text(more, "b,a\n1,5\n");
    struct command command = COMMAND_RUN("predict", model, data);
    cr_assert_eq(strncmp(command.out, "y,output_u,output_v\n", 20), 0, "%s", command.out);
    command_free(&command);
    expect_and_free(COMMAND_RUN("predict", model, more));
}

Test(cli_tables, a_column_without_a_name_is_the_id_by_its_number)
{
    file_put_text(data, indexed);
    TRAIN("--id", "1");
    struct command command = COMMAND_RUN("predict", model, data);
    command_expect_success(&command);
    cr_assert_eq(strncmp(command.out, "column 1,y,output_u,output_v\n10,", 32), 0, "%s",
                 command.out);
    command_free(&command);
    expect_and_free(COMMAND_RUN("train", data, data, "--id", "1", "--out", model));
}

Test(cli_tables, a_column_without_a_name_is_the_target_if_that_is_said)
{
    file_put_text(data, "a,b,\n5,1,u\n2,3,v\n5,2,u\n");
    TRAIN("--target", "3");
    expect_and_free(COMMAND_RUN("eval", model, data));
}

Test(cli_tables, a_column_of_words_for_missing_values_is_none_of_numbers_in_other_files)
{
    char expected[1024];
    file_put_text(data, "a,b,y\n5,1,u\n2,3,v\n5,2,u\n");
    file_put_text(more, "a,b,y\nNA,1,u\n?,2,v\n");
    TRAIN("--seed", "1");
    snprintf(expected, sizeof expected,
             "batchprop: %s:2:1: \"NA\" is not a number, and column \"a\" holds numbers in the "
             "training data; if it stands for a missing value, say --missing-values 'NA,?'\n",
             more);
    command_expect_failure(COMMAND_RUN("predict", model, more), 3, expected);
    snprintf(
        expected, sizeof expected,
        "batchprop: %s:2:1: column \"a\" holds text here, and numbers in %s; if it stands for a "
        "missing value, say --missing-values 'NA,?'\n",
        more, data);
    command_expect_failure(COMMAND_RUN("train", data, more, "--out", model), 3, expected);
    snprintf(
        expected, sizeof expected,
        "batchprop: %s:2:1: column \"a\" holds numbers here, and text in %s; if it stands for a "
        "missing value, say --missing-values 'NA,?'\n",
        data, more);
    command_expect_failure(COMMAND_RUN("train", more, data, "--out", model), 3, expected);
    expect_and_free(COMMAND_RUN("train", more, data, "--out", model, "--missing-values", "NA,?",
                                "--missing", "mean"));
}

static const char numbered[] = "400,410,label\n0.1,0.5,u\n0.2,0.4,v\n0.3,0.6,u\n0.2,0.3,v\n";

Test(cli_tables, a_header_of_numbers_is_asked_for)
{
    char expected[1024];
    file_put_text(data, numbered);
    snprintf(expected, sizeof expected,
             "batchprop: %s:1: the first row may hold the names of the columns or data: it has "
             "integers where the rows below have fractions; say --header yes or --header no\n",
             data);
    command_expect_failure(COMMAND_RUN("train", data, "--out", model), 3, expected);
    command_expect_failure(COMMAND_RUN("check", data), 3, expected);
}

Test(cli_tables, a_model_with_a_header_of_numbers_takes_its_own_file_and_one_row)
{
    file_put_text(data, numbered);
    file_put_text(more, "410,400\n0.5,0.1\n");
    TRAIN("--header", "yes");
    struct command command = COMMAND_RUN("eval", model, data, "--json");
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    cr_assert_eq(json_integer_value(json_object_get(json, "samples")), 4);
    json_decref(json);
    command_free(&command);
    expect_and_free(COMMAND_RUN("predict", model, data));
    expect_and_free(COMMAND_RUN("predict", model, more));
    expect_and_free(COMMAND_RUN("gradcheck", model, data));
    expect_and_free(COMMAND_RUN("train", data, data, "--from", model, "--out", model));
}

Test(cli_tables, a_model_without_a_header_takes_its_own_file)
{
    file_put_text(data, "a,x\n1,y\na,y\n1,x\n");
    TRAIN("--header", "no", "--categorical", "1");
    struct command command = COMMAND_RUN("eval", model, data, "--json");
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    cr_assert_eq(json_integer_value(json_object_get(json, "samples")), 4);
    json_decref(json);
    command_free(&command);
}
