/* What the target is taken for; constant targets, several of 0 and 1, and the bend of their loss.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

static char *model, *data;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    data = scratch_file("d.csv");
}

TestSuite(cli_targets, .init = set_up, .fini = scratch_remove);

static void put_file(char *text)
{
    file_put_text(data, text);
    free(text);
}

/* `rows` rows "x,y": x from 0 on, y as `format` writes row x. */
static char *make_rows(size_t rows, const char *head, size_t modulus, const char *format)
{
    char *text = malloc(64 * (rows + 1));
    size_t length = (size_t)sprintf(text, "%s\n", head);
    for (size_t x = 0; x < rows; x++) {
        length += (size_t)sprintf(text + length, "%zu,", x);
        length += (size_t)sprintf(text + length, format, x % modulus);
        length += (size_t)sprintf(text + length, "\n");
    }
    return text;
}

#define EXPECT_OUT(word, ...) expect_out((const char *const[]){__VA_ARGS__, NULL}, word)
static void expect_out(const char *const *arguments, const char *word)
{
    struct command command = command_run(arguments);
    cr_assert_eq(command.code, 0, "%s", command.err);
    cr_assert_not_null(strstr(command.out, word), "%s not in %s", word, command.out);
    command_free(&command);
}

/* Like EXPECT_OUT(), of stderr; "" if it is to be empty. */
#define EXPECT_ERR(word, ...) expect_err((const char *const[]){__VA_ARGS__, NULL}, word)
static void expect_err(const char *const *arguments, const char *word)
{
    struct command command = command_run(arguments);
    cr_assert_eq(command.code, 0, "%s", command.err);
    cr_assert(word[0] ? strstr(command.err, word) != NULL : command.err[0] == '\0', "%s in %s",
              word, command.err);
    command_free(&command);
}

Test(cli_targets, train_and_check_say_what_integers_are_taken_for)
{
    static const char numbers[] = "numbers, 40 distinct integers; --task classify for classes\n";
    static const char classes[] = "3 classes, integers from 0 to 2; --task regress for numbers\n";
    put_file(make_rows(200, "x,hwy", 40, "%zu"));
    EXPECT_OUT(numbers, "train", data, "--out", model, "--epochs", "1");
    EXPECT_OUT(numbers, "check", data);
    EXPECT_OUT("target         hwy: 40 classes\n", "train", data, "--out", model, "--epochs", "1",
               "--task", "classify");
    put_file(make_rows(200, "x,kind", 3, "%zu"));
    EXPECT_OUT(classes, "train", data, "--out", model, "--epochs", "1");
    EXPECT_OUT(classes, "check", data);
    put_file(make_rows(200, "x,kind", 3, "k%zu"));
    EXPECT_OUT("target         kind: 3 classes\n", "train", data, "--out", model, "--epochs", "1");
    put_file(make_rows(1001, "x,y", 1001, "%zu"));
    EXPECT_OUT("target         y: numbers\n", "train", data, "--out", model, "--epochs", "1");
}

/* In data that a model goes on with, columns may stand elsewhere. */
Test(cli_targets, of_another_column_nothing_is_said_to_be_constant)
{
    put_file(make_rows(40, "x,y", 7, "%zu.5"));
    EXPECT_ERR("", "train", data, "--out", model, "--epochs", "1");
    put_file(make_rows(40, "y,x", 1, "1"));
    EXPECT_ERR("", "train", data, "--from", model, "--out", model);
}

Test(cli_targets, a_constant_number_is_learned_with_a_warning)
{
    static const char warning[] = "warning: target \"y\" is 5000 in all rows";
    put_file(make_rows(40, "x,y", 1, "500%zu"));
    for (int modern = 0; modern < 2; modern++) {
        const char *preset = modern ? "modern" : "classic";
        EXPECT_ERR(warning, "train", data, "--out", model, "--preset", preset);
        EXPECT_ERR(warning, "train", data, "--out", model, "--preset", preset, "--valid-fraction",
                   "0.2");
        struct command command = COMMAND_RUN("predict", model, data);
        command_expect_success(&command);
        const char *line = strchr(command.out, '\n');
        for (size_t k = 0; k < 40; k++, line = strchr(line + 1, '\n'))
            cr_assert_float_eq(strtod(line + 1, NULL), 5000.0, 5000.0 / 1024);
        command_free(&command);
        EXPECT_ERR("", "eval", model, data);
        EXPECT_ERR(warning, "cv", data, "--folds", "2", "--epochs", "2", "--preset", preset);
    }
    EXPECT_ERR(warning, "sweep", data, "--folds", "2", "--epochs", "2", "--vary", "hidden=2,3");
}

Test(cli_targets, a_single_class_is_learned_with_a_warning)
{
    static const char warning[] = "warning: target \"y\" is of class \"same\" in all rows";
    put_file(make_rows(40, "x,y", 1, "same"));
    for (int modern = 0; modern < 2; modern++) {
        const char *preset = modern ? "modern" : "classic";
        EXPECT_ERR(warning, "train", data, "--out", model, "--preset", preset, "--valid-fraction",
                   "0.2");
        EXPECT_OUT("same", "predict", model, data);
        EXPECT_OUT("accuracy", "eval", model, data);
        EXPECT_ERR(warning, "cv", data, "--folds", "2", "--epochs", "2", "--preset", preset);
    }
    EXPECT_ERR("", "gradcheck", model, data);
    EXPECT_ERR("", "info", model);
}

Test(cli_targets, several_targets_of_0_and_1_are_predicted_as_probabilities)
{
    char *text = malloc(100 * 40);
    size_t length = (size_t)sprintf(text, "x,a,b,c\n");
    for (size_t x = 0; x < 100; x++)
        length += (size_t)sprintf(text + length, "%zu,%d,%d,0\n", x, x < 50, x % 10 < 9);
    put_file(text);
    EXPECT_OUT("target         a, b, c: numbers of 3 columns\n", "train", data, "--out", model,
               "--target", "a,b,c", "--loss", "binary-cross-entropy", "--epochs", "200");
    struct command info = COMMAND_RUN("info", model, "--json");
    command_expect_success(&info);
    json_t *json = command_json(info.out), *columns = json_object_get(json, "columns");
    for (size_t k = 1; k < 4; k++) {
        const json_t *column = json_array_get(columns, k);
        cr_assert_eq(json_number_value(json_object_get(column, "shift")), 0.0);
        cr_assert_eq(json_number_value(json_object_get(column, "scale")), 1.0);
    }
    json_decref(json);
    command_free(&info);
    struct command command = COMMAND_RUN("predict", model, data);
    command_expect_success(&command);
    const char *at = strchr(command.out, '\n') + 1;
    for (size_t k = 0; k < 300; k++) {
        char *end;
        const double share = strtod(at, &end);
        cr_assert(share >= 0.0 && share <= 1.0, "%g", share);
        at = end + 1;
    }
    command_free(&command);
}

Test(cli_targets, the_bend_of_the_huber_loss_is_said_in_the_units_of_the_target)
{
    put_file(make_rows(200, "x,y", 81, "%zu.5"));
    EXPECT_OUT("huber bend     0.1 in units of the output neurons, 10 in those of y\n", "train",
               data, "--out", model, "--loss", "huber", "--epochs", "1");
    EXPECT_OUT("huber bend     1 in units of the output neurons, 100 in those of y; no error "
               "reaches it: the loss is mse at half the rate\n",
               "train", data, "--out", model, "--loss", "huber", "--huber-bend", "1", "--epochs",
               "1");
    EXPECT_OUT("huber bend     1 in units of the output neurons, 2", "train", data, "--out", model,
               "--loss", "huber", "--output-activation", "identity", "--epochs", "1");
    EXPECT_OUT("no error reaches it", "train", data, "--out", model, "--loss", "huber",
               "--huber-bend", "0.9", "--epochs", "1");
    static const char reached[] = "in those of y\nsamples ", unreached[] = "no error reaches it";
    EXPECT_OUT(reached, "train", data, "--out", model, "--loss", "huber", "--huber-bend", "1.8",
               "--output-activation", "tanh", "--epochs", "1");
    EXPECT_OUT(unreached, "train", data, "--out", model, "--loss", "huber", "--huber-bend", "1.9",
               "--output-activation", "tanh", "--epochs", "1");
    static const char *const classes[][4] = {
        {"logistic", "0.95", "1"}, {"tanh", "1.95", "2"}, {"softmax", "0.95", "1"}};
    for (size_t k = 0; k < 3; k++)
        for (size_t b = 1; b < 3; b++)
            EXPECT_OUT(b == 1 ? "in units of the output neurons\nsamples " : unreached, "train",
                       data, "--out", model, "--loss", "huber", "--huber-bend", classes[k][b],
                       "--output-activation", classes[k][0], "--task", "classify", "--target", "x",
                       "--epochs", "1");
    EXPECT_OUT("huber bend     0.125 in units of the output neurons\n", "train", data, "--out",
               model, "--loss", "huber", "--task", "classify", "--target", "x", "--epochs", "1");
}
