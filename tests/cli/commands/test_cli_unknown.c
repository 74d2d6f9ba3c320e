/* Categories that a model does not know: in what uses it, in validation and in cv. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

#define INPUT 3

static char *model, *data, *more, *out;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    data = scratch_file("d.csv");
    more = scratch_file("more.csv");
    out = scratch_file("p.csv");
    char text[4096] = "x,c,y\n";
    for (size_t x = 0; x < 60; x++)
        sprintf(text + strlen(text), "%zu,%s,%g\n", x, x % 3 ? "red" : "blue", 0.5 * (double)x);
    file_put_text(data, text);
    file_put_text(more, "x,c,y\n1,red,0.5\n2,pink,1\n3,mint,1.5\n4,pink,2\n5,red,2.5\n");
    struct command command = COMMAND_RUN("train", data, "--out", model, "--epochs", "2");
    command_expect_success(&command);
    command_free(&command);
}

TestSuite(cli_unknown, .init = set_up, .fini = scratch_remove);

static const char warning[] = "warning: 3 of 5 rows have categories that were not in the training "
                              "data and count as ";
static const char values[] = "\"pink\" of column \"c\" (2 rows), \"mint\" of column \"c\" (1 row)";

Test(cli_unknown, they_are_an_error_that_says_how_many_and_which)
{
    static const char *const commands[] = {"eval", "predict", "gradcheck"};
    for (size_t k = 0; k < 3; k++) {
        command_expect_failure(COMMAND_RUN(commands[k], model, more), INPUT,
                               "more.csv:3:2: \"pink\" is not a category of column \"c\" in the "
                               "training data (blue, red); 3 of 5 rows have what is not known: ");
        command_expect_failure(COMMAND_RUN(commands[k], model, more, "--unknown", "error"), INPUT,
                               values);
    }
}

static long get_unknown(const struct command *command)
{
    json_t *json = command_json(command->out);
    const long unknown = (long)json_integer_value(json_object_get(json, "unknown"));
    json_decref(json);
    return unknown;
}

Test(cli_unknown, they_can_count_as_none_or_as_the_most_frequent)
{
    static const char *const commands[] = {"eval", "predict", "gradcheck"};
    static const char *const choices[][2] = {{"ignore", "none: "},
                                             {"most-frequent", "the most frequent ones: "}};
    for (size_t k = 0; k < 6; k++) {
        const char *const *choice = choices[k / 3];
        struct command command =
            COMMAND_RUN(commands[k % 3], model, more, "--unknown", choice[0], "--json");
        cr_assert_eq(command.code, 0, "%s", command.err);
        cr_expect_not_null(strstr(command.err, warning), "%s", command.err);
        cr_expect_not_null(strstr(command.err, choice[1]), "%s", command.err);
        cr_expect_not_null(strstr(command.err, values), "%s", command.err);
        cr_expect_eq(get_unknown(&command), 3);
        command_free(&command);
        command = COMMAND_RUN(commands[k % 3], model, data, "--unknown", choice[0], "--json");
        command_expect_success(&command);
        cr_expect_eq(get_unknown(&command), 0);
        command_free(&command);
    }
}

/* "red" is the most frequent one. */
Test(cli_unknown, the_most_frequent_category_predicts_as_if_it_stood_there)
{
    struct command command =
        COMMAND_RUN("predict", model, more, "--unknown", "most-frequent", "--out", out);
    cr_assert_eq(command.code, 0, "%s", command.err);
    command_free(&command);
    char *substituted = file_get(out, NULL);
    file_put_text(more, "x,c\n1,red\n2,red\n3,red\n4,red\n5,red\n");
    command = COMMAND_RUN("predict", model, more);
    command_expect_success(&command);
    cr_assert_str_eq(command.out, substituted);
    command_free(&command);
    free(substituted);
}

Test(cli_unknown, validation_rows_may_have_them)
{
    char *log = scratch_file("run.jsonl");
    struct command command = COMMAND_RUN("train", data, "--out", model, "--epochs", "2", "--valid",
                                         more, "--log", log, "--json");
    cr_assert_eq(command.code, 0, "%s", command.err);
    cr_assert_not_null(strstr(command.err, "warning: 3 validation rows have categories that are in "
                                           "no row trained on"));
    json_t *json = command_json(command.out);
    cr_assert_eq(json_integer_value(json_object_get(json, "valid_unknown")), 3);
    json_decref(json);
    command_free(&command);
    char *text = file_get(log, NULL);
    cr_expect_not_null(strstr(text, "\"valid_unknown\":3"), "%s", text);
    free(text);
    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--epochs", "2", "--valid",
                                       more, "--unknown", "error"),
                           INPUT, "3 of 5 rows have what is not known");
}

/* One row has a category of its own: the fold that holds it out cannot know it. */
Test(cli_unknown, cross_validation_does_not_know_what_only_held_out_rows_have)
{
    char *text = file_get(data, NULL), *longer = malloc(strlen(text) + 32);
    sprintf(longer, "%s60,green,30\n", text);
    file_put_text(data, longer);
    struct command command = COMMAND_RUN("cv", data, "--folds", "5", "--epochs", "2", "--json");
    cr_assert_eq(command.code, 0, "%s", command.err);
    cr_assert_not_null(strstr(command.err,
                              "warning: 1 held-out row of 1 of 5 models has categories "
                              "that are in no row trained on"),
                       "%s", command.err);
    json_t *json = command_json(command.out), *models = json_object_get(json, "models");
    long unknown = 0;
    for (size_t k = 0; k < 5; k++)
        unknown += (long)json_integer_value(json_object_get(json_array_get(models, k), "unknown"));
    cr_assert_eq(unknown, 1);
    json_decref(json);
    command_free(&command);
    command = COMMAND_RUN("sweep", data, "--folds", "5", "--epochs", "2", "--vary", "hidden=2;3",
                          "--csv", out, "--json");
    cr_assert_eq(command.code, 0, "%s", command.err);
    json = command_json(command.out);
    json_t *entries = json_object_get(json, "combinations");
    for (size_t k = 0; k < 2; k++)
        cr_expect_eq(json_integer_value(json_object_get(json_array_get(entries, k), "unknown")), 1);
    json_decref(json);
    command_free(&command);
    char *table = file_get(out, NULL);
    cr_expect_not_null(strstr(table, "hidden,models,failed,unknown,"), "%s", table);
    cr_expect_not_null(strstr(table, "3,5,0,1,"), "%s", table);
    free(table);
    command = COMMAND_RUN("cv", data, "--folds", "5", "--epochs", "2", "--unknown", "error");
    cr_assert_eq(command.code, INPUT, "%s", command.err);
    cr_assert_not_null(strstr(command.err, "\"green\" is not a category"), "%s", command.err);
    command_free(&command);
    free(longer);
    free(text);
}

Test(cli_unknown, rows_held_out_for_validation_may_have_them)
{
    char text[4096] = "x,c,y\n";
    for (size_t x = 0; x < 60; x++)
        sprintf(text + strlen(text), "%zu,only%zu,%g\n", x, x, 0.5 * (double)x);
    file_put_text(data, text);
    struct command command = COMMAND_RUN("train", data, "--out", model, "--epochs", "2", "--hidden",
                                         "16", "--valid-fraction", "0.2");
    cr_assert_eq(command.code, 0, "%s", command.err);
    cr_assert_not_null(strstr(command.err, "warning: 12 validation rows have categories"), "%s",
                       command.err);
    cr_assert_not_null(strstr(command.out, "49 - 16 - 1"), "%s", command.out);
    command_free(&command);
}

Test(cli_unknown, the_page_counts_those_of_validation_rows)
{
    command_need_gnuplot();
    char *log = scratch_file("l.jsonl"), *page = scratch_file("l.html");
    struct command command =
        COMMAND_RUN("train", data, "--out", model, "--epochs", "2", "--valid", more, "--log", log);
    cr_assert_eq(command.code, 0, "%s", command.err);
    command_free(&command);
    command = COMMAND_RUN("report", log, "--out", page);
    command_expect_success(&command);
    char *text = file_get(page, NULL);
    cr_expect_not_null(strstr(text, "60, and 5 for validation, 3 with unknown categories"));
    cr_expect_not_null(strstr(text, "<bdi>y</bdi>: numbers (fractions)"));
    free(text);
    command_free(&command);
}
