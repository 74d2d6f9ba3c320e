/* `batchprop eval`: what it says of classes and of numbers, and the options of validation. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

#define USAGE 2
#define INPUT 3

static char *model, *data;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    data = scratch_file("data.csv");
}

TestSuite(cli_eval, .init = set_up, .fini = scratch_remove);

#define TRAIN(...) expect_and_free(COMMAND_RUN("train", data, "--out", model, __VA_ARGS__))

static void expect_and_free(struct command command)
{
    command_expect_success(&command);
    command_free(&command);
}

/* The object that eval prints. */
#define EVAL(...) take_json(COMMAND_RUN("eval", model, data, "--json", __VA_ARGS__))

static json_t *take_json(struct command command)
{
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    return json;
}

static double get_number(const json_t *json, const char *key)
{
    const json_t *value = json_object_get(json, key);
    cr_assert(json_is_number(value), "%s is no number", key);
    return json_number_value(value);
}

static long long get_count(const json_t *matrix, size_t truth, size_t answer)
{
    return json_integer_value(json_array_get(json_array_get(matrix, truth), answer));
}

/* Asserts that what eval prints for people holds `text`. */
#define EXPECT_SHOWN(text, ...) expect_shown(COMMAND_RUN("eval", model, data, __VA_ARGS__), text)

static void expect_shown(struct command command, const char *text)
{
    command_expect_success(&command);
    cr_expect_not_null(strstr(command.out, text), "\"%s\" is not in\n%s", text, command.out);
    command_free(&command);
}

static const char two_classes[] = "a,b,kind\n0,1,low\n0,2,low\n9,1,high\n8,2,high\n";
/* The same with a weight, and a row that the network cannot get right. */
static const char weighted[] = "a,b,w,kind\n0,1,1,low\n0,2,1,low\n9,1,2,high\n8,2,1,high\n"
                               "9,1,0.5,low\n";

Test(cli_eval, classes_have_the_documented_keys)
{
    file_put_text(data, two_classes);
    TRAIN("--epochs", "300");
    json_t *json = EVAL("--threads", "1");

    json_expect_keys(
        json, "schema_version samples unknown weight loss accuracy balanced_accuracy precision "
              "recall f1 log_loss classes confusion");
    const json_t *classes = json_object_get(json, "classes");
    cr_assert_eq(json_integer_value(json_object_get(json, "samples")), 4);
    cr_assert_eq(get_number(json, "weight"), 4);
    cr_assert_eq(get_number(json, "accuracy"), 1);
    cr_assert_eq(get_number(json, "f1"), 1);
    cr_assert_eq(json_array_size(classes), 2);
    json_expect_keys(json_array_get(classes, 0), "name samples weight precision recall f1");
    cr_assert_str_eq(json_string_value(json_object_get(json_array_get(classes, 0), "name")),
                     "high");
    cr_assert_eq(json_array_size(json_object_get(json, "confusion")), 2);
    json_decref(json);
}

Test(cli_eval, numbers_have_the_documented_keys)
{
    file_put_text(data, "a,price\n0,1000.5\n1,1100.5\n2,1200.5\n3,1300.5\n");
    TRAIN("--epochs", "3");
    json_t *json = EVAL("--threads", "1");

    json_expect_keys(json, "schema_version samples unknown weight loss rmse mae r2 targets");
    const json_t *target = json_array_get(json_object_get(json, "targets"), 0);
    json_expect_keys(target, "name rmse mae r2");
    cr_assert_gt(get_number(json, "rmse"), 0);
    cr_assert_eq(get_number(json, "rmse"), get_number(target, "rmse"));
    json_decref(json);
}

Test(cli_eval, people_see_the_figures_the_classes_and_the_matrix)
{
    file_put_text(data, two_classes);
    TRAIN("--epochs", "300");
    EXPECT_SHOWN("accuracy           100.00 % (4 of 4)\nbalanced accuracy  100.00 %\n"
                 "precision          1.0000 (of class low)\n",
                 "--threads", "1");
    EXPECT_SHOWN("\nclass  samples  precision  recall      f1\n"
                 "high         2     1.0000  1.0000  1.0000\n",
                 "--threads", "1");
    EXPECT_SHOWN("   truth  1  2\n1  high   2  0\n2  low    0  2\n", "--threads", "1");
}

Test(cli_eval, a_share_by_weight_is_no_count_of_rows)
{
    file_put_text(data, "x,w,kind\n0,3,low\n1,1,high\n0,1,low\n1,2,high\n");
    TRAIN("--epochs", "300", "--weight", "w");
    EXPECT_SHOWN("accuracy           100.00 %\nbalanced accuracy", "--threads", "1");
}

Test(cli_eval, people_see_the_errors_of_numbers)
{
    file_put_text(data, "a,price\n0,1000.5\n1,1100.5\n");
    TRAIN("--epochs", "3");
    EXPECT_SHOWN("\nrmse ", "--threads", "1");
    file_put_text(data, "a,price\n0,1000.5\n1,1000.5\n");
    EXPECT_SHOWN("r2                 not defined: a target is constant\n", "--threads", "1");
}

Test(cli_eval, several_targets_are_shown_one_by_one)
{
    char *fann = folder_path(scratch_folder(), "two.data");
    file_put_text(fann, "3 1 2\n0\n0.5 1.5\n1\n0.7 2.5\n2\n0.1 4.5\n");
    expect_and_free(COMMAND_RUN("train", fann, "--out", model, "--epochs", "2"));
    struct command command = COMMAND_RUN("eval", model, fann);
    command_expect_success(&command);
    cr_expect_not_null(strstr(command.out, "\ntarget "), "%s", command.out);
    cr_expect_not_null(strstr(command.out, "\ny2 "), "%s", command.out);
    command_free(&command);
    free(fann);
}

Test(cli_eval, a_target_of_another_name_is_taken)
{
    file_put_text(data, two_classes);
    TRAIN("--epochs", "300");
    file_put_text(data, "a,truth,b\n0,low,1\n9,high,2\n");
    json_t *json = EVAL("--target", "truth");

    cr_assert_eq(get_number(json, "accuracy"), 1);
    json_decref(json);
}

Test(cli_eval, the_weights_of_the_training_are_found_by_name)
{
    file_put_text(data, weighted);
    TRAIN("--epochs", "300", "--weight", "w");
    json_t *json = EVAL("--threads", "1");

    cr_assert_eq(get_number(json, "weight"), 5.5);
    cr_assert_float_eq(get_number(json, "accuracy"), 5 / 5.5, 1e-15);
    cr_assert_eq(get_count(json_object_get(json, "confusion"), 1, 0), 1);
    json_decref(json);
    EXPECT_SHOWN("weight             5.5\n", "--threads", "1");
    EXPECT_SHOWN("class  samples  weight  precision", "--threads", "1");

    file_put_text(data, two_classes);
    json = EVAL("--threads", "1");
    cr_assert_eq(get_number(json, "weight"), 4, "a file without them counts its rows");
    json_decref(json);
}

Test(cli_eval, weights_may_come_from_another_column)
{
    file_put_text(data, weighted);
    TRAIN("--epochs", "300", "--weight", "3");
    json_t *json = EVAL("--weight", "b");
    cr_assert_eq(get_number(json, "weight"), 1 + 2 + 1 + 2 + 1);
    json_decref(json);
    command_expect_failure(COMMAND_RUN("eval", model, data, "--weight", "c"), USAGE,
                           "data.csv: weight: there is no column \"c\"");
    command_expect_failure(COMMAND_RUN("eval", model, data, "--weight", "kind"), INPUT,
                           "data.csv:2:4: \"low\" is not a number, and column \"kind\" holds the "
                           "weights of the rows");
}

Test(cli_eval, classes_may_count_differently)
{
    file_put_text(data, two_classes);
    TRAIN("--epochs", "300");
    json_t *json = EVAL("--class-weight", "high=3");
    cr_assert_eq(get_number(json, "weight"), 8);
    json_decref(json);
    command_expect_failure(COMMAND_RUN("eval", model, data, "--class-weight", "hgih=3"), USAGE,
                           "class weights: there is no class \"hgih\"; did you mean \"high\"?");
}

Test(cli_eval, training_refuses_wrong_weights)
{
    file_put_text(data, "a,w,kind\n0,1,low\n9,-2,high\n");
    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--weight", "w"), INPUT,
                           "data.csv:3:2: -2 is no weight");
    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--weight", "ww"), USAGE,
                           "weight: there is no column \"ww\"; did you mean \"w\"?");
    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--class-weight", "low"),
                           USAGE, "class weights: \"low\" is not of the form NAME=WEIGHT");
    file_put_text(data, "a,w,kind\n0,1,low\n9,,high\n");
    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--weight", "w"), INPUT,
                           "data.csv:3:2: the cell is empty, and column \"w\" holds the weights");
}

/* 25 classes, of which the last is always taken for another: its only row has the inputs of a class
 * with three. */
static void put_many_classes(void)
{
    char text[4096] = "a,b,kind\n";
    for (size_t c = 0; c < 25; c++) {
        for (size_t k = 0; k < (c == 24 ? 1 : 3); k++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%zu,%zu,c%02zu\n",
                     c == 24 ? 0 : c % 5, c == 24 ? 0 : c / 5, c);
    }
    file_put_text(data, text);
}

Test(cli_eval, of_many_classes_people_see_the_worst_and_the_most_frequent_confusions)
{
    put_many_classes();
    TRAIN("--epochs", "1");
    EXPECT_SHOWN("The classes with the lowest f1 (20 of 25; --json has all)\n", "--threads", "1");
    EXPECT_SHOWN("\nMost frequent confusions (", "--threads", "1");
    json_t *json = EVAL("--threads", "1");
    cr_assert_eq(json_array_size(json_object_get(json, "classes")), 25);
    cr_assert_eq(json_array_size(json_object_get(json, "confusion")), 25);
    json_decref(json);
}

Test(cli_eval, threads_change_no_figure)
{
    put_many_classes();
    TRAIN("--epochs", "3", "--class-weight", "balanced");
    struct command one = COMMAND_RUN("eval", model, data, "--json", "--threads", "1");
    struct command four = COMMAND_RUN("eval", model, data, "--json", "--threads", "4");
    command_expect_success(&one);
    cr_assert_str_eq(one.out, four.out);
    command_free(&one);
    command_free(&four);
}

Test(cli_eval, options_of_validation_need_validation_rows)
{
    static const char *const options[][2] = {
        {"--metric", "accuracy"}, {"--patience", "3"}, {"--min-delta", "0.1"}};
    for (size_t k = 0; k < sizeof options / sizeof options[0]; k++) {
        char message[128];
        snprintf(message, sizeof message,
                 "%s %s needs validation rows: give some (--valid-fraction 0.1)", options[k][0],
                 options[k][1]);
        command_expect_failure(
            COMMAND_RUN("train", data, "--out", model, options[k][0], options[k][1]), USAGE,
            message);
    }
    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--no-keep-best"), USAGE,
                           "--no-keep-best needs validation rows");
}

Test(cli_eval, values_of_the_options_of_validation_are_checked)
{
    static const char *const wrong[][3] = {
        {"--metric", "acuracy", "did you mean \"accuracy\"?"},
        {"--patience", "0", "\"0\" is not a whole number from 1"},
        {"--min-delta", "-1", "\"-1\" is not a number"},
    };
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++)
        command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--valid-fraction", "0.5",
                                           wrong[k][0], wrong[k][1]),
                               USAGE, wrong[k][2]);
    file_put_text(data, two_classes);
    command_expect_failure(
        COMMAND_RUN("train", data, "--out", model, "--valid-fraction", "0.5", "--metric", "rmse"),
        USAGE, "metric rmse is for numbers, and the model predicts classes");
}
