/* Weights of rows: a row of weight 0 is as if it were not there, and statistics are weighted. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

static char *model[2], *data[2];

static void set_up(void)
{
    model[0] = scratch_file("clean.safetensors");
    model[1] = scratch_file("garbage.safetensors");
    data[0] = scratch_file("clean.csv");
    data[1] = scratch_file("garbage.csv");
}

TestSuite(cli_weights, .init = set_up, .fini = scratch_remove);

/* Where a row of weight 0 stands before row x. */
static const char *const garbage[] = {"1e30,purple,0,9e9,a\n", "-7,green,0,-4e6,b\n",
                                      "2,,0,12,zebra\n"};

/* Rows "x,c,w,y,k": the same in both files but for rows of weight 0, which one of them has at its
 * begin, in the midst and at its end. */
static void put_files(void)
{
    for (size_t f = 0; f < 2; f++) {
        char *text = malloc(80 * 100);
        size_t length = (size_t)sprintf(text, "x,c,w,y,k\n");
        for (size_t x = 0; x < 60; x++) {
            if (f == 1 && x % 30 == 0)
                length += (size_t)sprintf(text + length, "%s", garbage[x / 30]);
            length +=
                (size_t)sprintf(text + length, "%zu.25,%s,%zu,%g,%s\n", x, x % 3 ? "red" : "blue",
                                1 + x % 2, 0.5 * (double)x + 1, x % 7 < 3 ? "b" : "a");
        }
        if (f == 1)
            sprintf(text + length, "%s", garbage[2]);
        file_put_text(data[f], text);
        free(text);
    }
}

/* The value of `key` in the JSON object that a command prints. */
static char *run_for(const char *const *arguments, const char *key)
{
    struct command command = command_run(arguments);
    cr_assert_eq(command.code, 0, "%s", command.err);
    json_t *json = command_json(command.out);
    const json_t *value = json_object_get(json, key);
    cr_assert_not_null(value, "%s", command.out);
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS);
    json_decref(json);
    command_free(&command);
    return text;
}

/* Both files come to the same digest and the same columns. */
#define EXPECT_SAME(...) expect_same((const char *const[]){__VA_ARGS__, NULL})
static void expect_same(const char *const *options)
{
    char *digest[2], *columns[2];
    for (size_t f = 0; f < 2; f++) {
        const char *arguments[24] = {"train",     data[f], "--out",    model[f], "--weight", "w",
                                     "--missing", "mean",  "--epochs", "3",      "--json"};
        for (size_t k = 0; options[k]; k++)
            arguments[11 + k] = options[k];
        digest[f] = run_for(arguments, "weights_digest");
        const char *info[] = {"info", model[f], "--json", NULL};
        columns[f] = run_for(info, "columns");
    }
    cr_expect_str_eq(digest[0], digest[1]);
    cr_expect_str_eq(columns[0], columns[1]);
    for (size_t f = 0; f < 2; f++) {
        free(digest[f]);
        free(columns[f]);
    }
}

Test(cli_weights, rows_of_weight_0_are_as_if_they_were_not_there)
{
    put_files();
    EXPECT_SAME("--target", "y", "--ignore", "k");
    EXPECT_SAME("--target", "y", "--ignore", "k", "--preset", "modern");
    EXPECT_SAME("--target", "y", "--ignore", "k", "--missing", "median");
    EXPECT_SAME("--target", "y", "--ignore", "k", "--missing", "indicator");
    EXPECT_SAME("--target", "y", "--ignore", "k", "--scale", "minmax", "--batch-size", "full");
    EXPECT_SAME("--target", "k", "--class-weight", "balanced");
}

Test(cli_weights, rows_of_weight_0_are_in_neither_part_of_a_split)
{
    put_files();
    EXPECT_SAME("--target", "y", "--ignore", "k", "--valid-fraction", "0.2");
    EXPECT_SAME("--target", "k", "--valid-fraction", "0.2");
    char *mean[2];
    for (size_t f = 0; f < 2; f++) {
        const char *arguments[] = {"cv",        data[f], "--weight", "w", "--target", "k", "--json",
                                   "--missing", "mean",  "--epochs", "2", "--folds",  "3", NULL};
        mean[f] = run_for(arguments, "metrics");
    }
    cr_expect_str_eq(mean[0], mean[1]);
    free(mean[0]);
    free(mean[1]);
}

/* The first line of a log less time, names of files and the number of rows that are left out. */
static char *read_log_head(const char *path)
{
    size_t size;
    char *text = file_get(path, &size);
    text[strcspn(text, "\n")] = '\0';
    json_t *head = json_loads(text, 0, NULL);
    cr_assert_not_null(head, "%s", text);
    json_object_del(head, "time");
    json_object_del(head, "data");
    json_object_del(head, "options");
    json_object_del(head, "left_out");
    free(text);
    text = json_dumps(head, JSON_SORT_KEYS);
    json_decref(head);
    return text;
}

/* Targets of small integers are classes: of the garbage none is one. */
Test(cli_weights, a_report_and_a_log_know_of_rows_of_weight_0_their_number_alone)
{
    char *log[2] = {scratch_file("clean.log"), scratch_file("garbage.log")}, *head[2];
    file_put_text(data[0], "x,w,y\n1,1,3\n5,2,4\n2,1,3\n6,1,4\n");
    file_put_text(data[1], "x,w,y\n1,1,3\n7,0,-1.5\n5,2,4\n2,1,3\n6,1,4\n9,0,\n");
    for (size_t valid = 0; valid < 2; valid++) {
        char *target[2];
        for (size_t f = 0; f < 2; f++) {
            const char *arguments[] = {"train",    data[f], "--out",  model[f],
                                       "--weight", "w",     "--log",  log[f],
                                       "--epochs", "2",     "--json", valid ? "--valid" : NULL,
                                       data[f],    NULL};
            target[f] = run_for(arguments, "target");
            head[f] = read_log_head(log[f]);
        }
        cr_expect_str_eq(target[0], target[1]);
        cr_expect_str_eq(head[0], head[1]);
        for (size_t f = 0; f < 2; f++) {
            free(target[f]);
            free(head[f]);
        }
    }
    struct command command = COMMAND_RUN("train", data[1], "--out", model[1], "--weight", "w",
                                         "--valid", data[1], "--epochs", "2");
    cr_expect_not_null(strstr(command.out, "y: 2 classes, integers from 3 to 4"), "%s",
                       command.out);
    cr_expect_not_null(strstr(command.out, "4, and 4 for validation"), "%s", command.out);
    command_free(&command);
    command = COMMAND_RUN("cv", data[1], "--weight", "w", "--folds", "2", "--epochs", "2");
    cr_expect_not_null(strstr(command.out, ", 4 rows"), "%s", command.out);
    command_free(&command);
    command = COMMAND_RUN("cv", data[1], "--weight", "w", "--folds", "5", "--epochs", "2");
    cr_expect_not_null(strstr(command.err, "--folds: 4 rows cannot be divided into 5 folds"), "%s",
                       command.err);
    command_free(&command);
    command = COMMAND_RUN("check", data[1], "--weight", "w");
    cr_expect_not_null(strstr(command.out, "2 classes, integers from 3 to 4"), "%s", command.out);
    command_free(&command);
}

/* In the summary, in --json, in the log and on the page. */
Test(cli_weights, rows_that_are_left_out_are_counted)
{
    command_need_gnuplot();
    file_put_text(data[0], "x,w,y\n1,1,3.5\n5,0,4\n2,0,3\n6,1,4\n7,2,5\n");
    char *log = scratch_file("l.jsonl"), *page = scratch_file("l.html");
    struct command command =
        COMMAND_RUN("train", data[0], "--out", model[0], "--weight", "w", "--epochs", "2");
    command_expect_success(&command);
    cr_expect_not_null(strstr(command.out, "\nleft out       2 rows of weight 0\n"), "%s",
                       command.out);
    cr_expect_not_null(strstr(command.out, "\nsamples        3\n"), "%s", command.out);
    command_free(&command);
    command = COMMAND_RUN("train", data[0], "--from", model[0], "--out", model[0], "--json",
                          "--log", log);
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    cr_expect_eq(json_integer_value(json_object_get(json, "left_out")), 2);
    json_decref(json);
    command_free(&command);
    char *text = file_get(log, NULL);
    cr_expect_not_null(strstr(text, "\"left_out\":2,"), "%s", text);
    free(text);
    command = COMMAND_RUN("report", log, "--out", page);
    command_expect_success(&command);
    text = file_get(page, NULL);
    cr_expect_not_null(strstr(text, "<p>2 rows of weight 0 left out</p>"));
    free(text);
    command_free(&command);
    command = COMMAND_RUN("train", data[0], "--out", model[0], "--ignore", "w", "--epochs", "2");
    command_expect_success(&command);
    cr_expect_null(strstr(command.out, "left out"));
    command_free(&command);
}

Test(cli_weights, a_validation_file_needs_no_weights)
{
    file_put_text(data[0], "x,w,y\n1,1,3\n5,2,4\n2,0,3\n6,1,4\n");
    file_put_text(data[1], "x,y\n1,3\n5,4\n");
    struct command command = COMMAND_RUN("train", data[0], "--out", model[0], "--weight", "w",
                                         "--valid", data[1], "--epochs", "2");
    cr_expect_not_null(strstr(command.out, "3, and 2 for validation"), "%s", command.out);
    command_free(&command);
}

Test(cli_weights, a_model_is_measured_as_if_they_were_not_there)
{
    put_files();
    EXPECT_SAME("--target", "k");
    struct command command[2] = {COMMAND_RUN("eval", model[0], data[0], "--json"),
                                 COMMAND_RUN("eval", model[0], data[1], "--json")};
    command_expect_success(&command[0]);
    command_expect_success(&command[1]);
    cr_expect_str_eq(command[0].out, command[1].out);
    command_free(&command[0]);
    command_free(&command[1]);
    command[0] = COMMAND_RUN("gradcheck", model[0], data[0], "--json");
    command[1] = COMMAND_RUN("gradcheck", model[0], data[1], "--json");
    cr_expect_eq(command[1].code, 0, "%s", command[1].err);
    cr_expect_str_eq(command[0].out, command[1].out);
    command_free(&command[0]);
    command_free(&command[1]);
}

Test(cli_weights, validation_rows_of_weight_0_are_left_out)
{
    put_files();
    char *loss[2];
    for (size_t f = 0; f < 2; f++) {
        const char *arguments[] = {"train", data[0],     "--out",   model[0], "--weight",
                                   "w",     "--json",    "--valid", data[f],  "--target",
                                   "k",     "--missing", "mean",    NULL};
        loss[f] = run_for(arguments, "valid_loss");
    }
    cr_expect_str_eq(loss[0], loss[1]);
    free(loss[0]);
    free(loss[1]);
}

Test(cli_weights, weights_that_are_all_0_are_an_error)
{
    file_put_text(data[0], "x,w,y\n1,0,2.5\n2,0,3.5\n");
    command_expect_failure(
        COMMAND_RUN("train", data[0], "--out", model[0], "--weight", "w", "--target", "y"), 3,
        "the weights of all samples are 0");
}
