/* Inputs with a large offset and a small spread, in CSV files: nothing of the spread is lost. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

#define ROWS 300

static char *model, *data, *more;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    data = scratch_file("d.csv");
    more = scratch_file("more.csv");
}

TestSuite(cli_offset, .init = set_up, .fini = scratch_remove);

/* Up and down in 200 rows. */
static int wave(size_t k)
{
    return 50 * (int)(k % 200 < 100 ? k % 200 : 200 - k % 200);
}

/* Rows "t,x,y": t = 1.7e9 + k seconds, x = 1e5 + k/1e5, y such a wave. */
static void put_rows(const char *path, const char *first, size_t begin, size_t end, char separator,
                     char point)
{
    char *text = malloc(64 * (end - begin + 4));
    size_t length = (size_t)sprintf(text, "t%cx%cy\n%s", separator, separator, first);
    for (size_t k = begin; k < end; k++)
        length +=
            (size_t)sprintf(text + length, "%zu%c100000%c%05zu%c%d%c%04d\n", (size_t)1700000000 + k,
                            separator, point, k, separator, 2, point, wave(k));
    file_put_text(path, text);
    free(text);
}

static double r2_of(struct command command)
{
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    const double r2 = json_number_value(json_object_get(json, "r2"));
    json_decref(json);
    command_free(&command);
    return r2;
}

/* Without column `ignored`; both may be NULL. */
static void train(const char *ignored, const char *option)
{
    struct command command = COMMAND_RUN(
        "train", data, "--out", model, "--preset", "modern", "--epochs", "100", "--learning-rate",
        "0.01", option ? option : "--json", ignored ? "--ignore" : NULL, ignored);
    command_expect_success(&command);
    command_free(&command);
}

Test(cli_offset, times_in_seconds_and_small_differences_are_learned)
{
    put_rows(data, "", 0, ROWS, ',', '.');
    train("x", NULL);
    cr_expect_gt(r2_of(COMMAND_RUN("eval", model, data, "--json")), 0.85);
    train("t", NULL);
    cr_expect_gt(r2_of(COMMAND_RUN("eval", model, data, "--json")), 0.85);
    put_rows(data, "", 0, ROWS, ';', ',');
    train("t", "--decimal-comma");
    cr_expect_gt(r2_of(COMMAND_RUN("eval", model, data, "--json")), 0.85);
}

/* The first lines of both files. */
static void expect_same_predictions(const char *other, size_t from, size_t skipped, size_t count)
{
    struct command all = COMMAND_RUN("predict", model, data);
    struct command part = COMMAND_RUN("predict", model, other);
    command_expect_success(&all);
    command_expect_success(&part);
    const char *a = strchr(all.out, '\n') + 1, *b = strchr(part.out, '\n') + 1;
    for (size_t k = 0; k < from; k++)
        a = strchr(a, '\n') + 1;
    for (size_t k = 0; k < skipped; k++)
        b = strchr(b, '\n') + 1;
    for (size_t k = 0; k < count; k++) {
        const size_t length = strcspn(a, "\n");
        cr_assert_eq(length, strcspn(b, "\n"));
        cr_assert_arr_eq(a, b, length);
        a += length + 1;
        b += length + 1;
    }
    command_free(&all);
    command_free(&part);
}

Test(cli_offset, a_prediction_does_not_depend_on_the_other_rows)
{
    put_rows(data, "", 0, ROWS, ',', '.');
    train(NULL, NULL);
    put_rows(more, "", 200, 201, ',', '.');
    expect_same_predictions(more, 200, 0, 1);
    put_rows(more, "", 120, 190, ',', '.');
    expect_same_predictions(more, 120, 0, 70);
    put_rows(more, "0,0,2.1\n", 5, 100, ',', '.');
    expect_same_predictions(more, 5, 1, 95);
    put_rows(more, "\"1700000003\",\"100000.00003\",2.1\n", 5, 100, ',', '.');
    expect_same_predictions(more, 5, 1, 95);
}

Test(cli_offset, several_files_have_one_origin)
{
    put_rows(data, "", 0, ROWS, ',', '.');
    train(NULL, NULL);
    struct command whole = COMMAND_RUN("predict", model, data);
    command_expect_success(&whole);
    put_rows(data, "", 0, 150, ',', '.');
    put_rows(more, "", 150, ROWS, ',', '.');
    struct command parts = COMMAND_RUN("predict", model, data, more);
    command_expect_success(&parts);
    cr_assert_str_eq(whole.out, parts.out);
    command_free(&whole);
    command_free(&parts);
    struct command check = COMMAND_RUN("check", data, more, "--json");
    command_expect_success(&check);
    json_t *json = command_json(check.out);
    json_t *x = json_array_get(json_object_get(json, "columns"), 1);
    cr_assert_float_eq(json_number_value(json_object_get(x, "max")), 100000.00299, 2e-5);
    cr_assert_float_eq(json_number_value(json_object_get(x, "min")), 100000, 1e-9);
    cr_assert_eq(json_integer_value(json_object_get(x, "distinct")), 300);
    json_decref(json);
    command_free(&check);
}

/* The model has one origin; the files of the validation rows and of the resumed run the same. */
Test(cli_offset, validation_rows_are_read_with_the_origins_of_the_model)
{
    put_rows(data, "", 0, ROWS, ',', '.');
    put_rows(more, "0,0,2.1\n", 0, ROWS, ',', '.');
    struct command command =
        COMMAND_RUN("train", data, "--out", model, "--preset", "modern", "--epochs", "100",
                    "--learning-rate", "0.01", "--valid", data, "--json");
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    cr_assert_lt(json_number_value(json_object_get(json, "valid_loss")), 0.05);
    json_decref(json);
    command_free(&command);
}

/* The predictions of a file, one a line, against its last column. */
static double find_rmse(const char *out, size_t rows, double (*target)(size_t k))
{
    double squares = 0;
    for (size_t k = 0; k < rows; k++) {
        out = strchr(out, '\n') + 1;
        const double difference = strtod(out, NULL) - target(k);
        squares += difference * difference;
    }
    return sqrt(squares / (double)rows);
}

static double late(size_t k)
{
    return 1.7e9 + 3 * (double)k;
}

Test(cli_offset, predictions_of_times_in_seconds_are_written_to_the_second)
{
    char *text = malloc(64 * (ROWS + 1));
    size_t length = (size_t)sprintf(text, "x,t\n");
    for (size_t k = 0; k < ROWS; k++)
        length += (size_t)sprintf(text + length, "%zu,%.0f\n", k, late(k));
    file_put_text(data, text);
    free(text);
    train(NULL, NULL);
    struct command command = COMMAND_RUN("eval", model, data, "--json");
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    const double rmse = json_number_value(json_object_get(json, "rmse"));
    cr_assert_lt(rmse, 60, "%g", rmse);
    json_decref(json);
    command_free(&command);
    command = COMMAND_RUN("predict", model, data);
    command_expect_success(&command);
    /* 15 digits: 1e-5 s; a prediction and a target are rounded to 2^-24 of their range as well. */
    cr_expect_lt(fabs(find_rmse(command.out, ROWS, late) - rmse), 1e-5 + 0x1p-22 * 3 * ROWS);
    command_free(&command);
    command = COMMAND_RUN("predict", model, data, "--json");
    json = command_json(command.out);
    const double first = json_number_value(
        json_array_get(json_array_get(json_object_get(json, "predictions"), 0), 0));
    cr_expect_lt(fabs(first - late(0)), 10 * rmse);
    cr_expect_neq(first, (double)(float)first);
    json_decref(json);
    command_free(&command);
}
