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
