/* --decide: the class that is predicted where one is rare, and where it is told. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

static char *model, *data, *left;

/* 60 rows of "no" and 12 of "yes", which overlap. */
static void set_up(void)
{
    char text[4096] = "a,b,answer\n";
    model = scratch_file("m.safetensors");
    data = scratch_file("data.csv");
    left = scratch_file("left.csv");
    for (size_t x = 0; x < 72; x++) {
        const size_t yes = x % 6 == 0, length = strlen(text);
        snprintf(text + length, sizeof text - length, "%zu,%zu,%s\n", x * 7 % 11 + 6 * yes,
                 x * 5 % 13, yes ? "yes" : "no");
    }
    file_put_text(data, text);
}

TestSuite(cli_decide, .init = set_up, .fini = scratch_remove);

#define TRAIN(...)                                                                                 \
    COMMAND_RUN("train", data, "--out", model, "--preset", "modern", "--hidden", "4", "--epochs",  \
                "200", "--member-rows", "folds", __VA_ARGS__)

/* The JSON of a command that must succeed. */
static json_t *take_json(struct command command)
{
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    return json;
}

static double get_number(const json_t *json, const char *object, const char *key)
{
    return json_number_value(json_object_get(json_object_get(json, object), key));
}

/* Recall of "yes", its precision, and so on, of `eval`. */
static double measure_yes(const char *key)
{
    json_t *eval = take_json(COMMAND_RUN("eval", model, data, "--json"));
    const json_t *yes = json_array_get(json_object_get(eval, "classes"), 1);
    const double value = json_number_value(json_object_get(yes, key));
    json_decref(eval);
    return value;
}

Test(cli_decide, balanced_finds_rare_rows_and_leaves_probabilities)
{
    json_t *greatest = take_json(TRAIN("--json"));
    const double recall = measure_yes("recall");
    json_t *before = take_json(COMMAND_RUN("predict", model, data, "--json"));
    json_t *balanced = take_json(TRAIN("--json", "--decide", "balanced"));
    json_t *after = take_json(COMMAND_RUN("predict", model, data, "--json"));

    cr_expect_str_eq(json_string_value(json_object_get(greatest, "decide")), "greatest");
    cr_expect_null(json_object_get(greatest, "factors"));
    cr_expect_str_eq(json_string_value(json_object_get(balanced, "decide")), "balanced");
    cr_expect_gt(measure_yes("recall"), recall);
    cr_expect(json_equal(json_object_get(before, "probabilities"),
                         json_object_get(after, "probabilities")));
    cr_expect_not(
        json_equal(json_object_get(before, "predictions"), json_object_get(after, "predictions")));
    cr_expect_eq(get_number(greatest, "out_of_fold", "loss"),
                 get_number(balanced, "out_of_fold", "loss"));
    json_decref(after);
    json_decref(balanced);
    json_decref(before);
    json_decref(greatest);
}

/* 72 / (2 * 60) and 72 / (2 * 12), in the summary and of the file. */
Test(cli_decide, factors_are_shown)
{
    json_t *train = take_json(TRAIN("--json", "--decide", "balanced"));
    json_t *info = take_json(COMMAND_RUN("info", model, "--json"));
    const json_t *factors = json_object_get(train, "factors");
    cr_assert_eq(json_array_size(factors), 2);
    cr_expect(json_equal(factors, json_object_get(info, "factors")));
    const json_t *yes = json_array_get(factors, 1);
    cr_expect_str_eq(json_string_value(json_object_get(yes, "class")), "yes");
    cr_expect_eq(json_number_value(json_object_get(yes, "factor")), 3);
    struct command text = TRAIN("--decide", "balanced");
    cr_expect_not_null(strstr(text.out, "balanced, by factor x probability: no 0.6, yes 3"), "%s",
                       text.out);
    command_free(&text);
    text = COMMAND_RUN("info", model);
    cr_expect_not_null(strstr(text.out, "factor x output decides"), "%s", text.out);
    command_free(&text);
    json_decref(info);
    json_decref(train);
}

/* Each line begins with the class that `predict` would say. */
Test(cli_decide, rows_left_out_are_written_with_the_class_decided)
{
    json_t *json = take_json(TRAIN("--json", "--decide", "balanced", "--out-of-fold", left));
    char *text = file_get(left, NULL);
    size_t row = 0, right = 0;
    for (const char *line = strchr(text, '\n') + 1; *line; line = strchr(line, '\n') + 1, row++)
        right += (strncmp(line, "yes,", 4) == 0) == (row % 6 == 0);
    cr_expect_eq(row, 72);
    cr_expect_float_eq(get_number(json, "out_of_fold", "accuracy"), (double)right / 72, 1e-12);
    free(text);
    json_decref(json);
}

Test(cli_decide, f1_is_cross_fitted)
{
    struct command command = TRAIN("--decide", "f1");
    command_expect_success(&command);
    cr_expect_not_null(strstr(command.out, "factors of classes chosen without the row"), "%s",
                       command.out);
    command_free(&command);
}

/* One network, and factors. */
Test(cli_decide, training_that_goes_on_leaves_factors_out)
{
    struct command command =
        COMMAND_RUN("train", data, "--out", model, "--preset", "modern", "--epochs", "2",
                    "--member-rows", "bootstrap", "--members", "1", "--decide", "balanced");
    command_expect_success(&command);
    command_free(&command);
    command = COMMAND_RUN("train", data, "--from", model, "--out", left, "--epochs", "1");
    cr_expect_eq(command.code, 0, "%s", command.err);
    cr_expect_not_null(strstr(command.err, "its factors of classes are left out"), "%s",
                       command.err);
    command_free(&command);
    json_t *info = take_json(COMMAND_RUN("info", left, "--json"));
    cr_expect_null(json_object_get(info, "factors"));
    json_decref(info);
}

Test(cli_decide, numbers_have_no_classes_to_decide)
{
    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--target", "a", "--task",
                                       "regress", "--member-rows", "folds", "--decide", "f1",
                                       "--preset", "modern"),
                           2, "decide f1 is for classes, and column \"a\" holds numbers");
}
