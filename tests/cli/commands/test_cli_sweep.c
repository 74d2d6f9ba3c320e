/* batchprop sweep: combinations of values, the best first. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/folder.h"

#define USAGE 2
#define IO    4

static double mean_of(const json_t *entry, const char *metric)
{
    const json_t *spread = json_object_get(json_object_get(entry, "metrics"), metric);
    return json_number_value(json_object_get(spread, "mean"));
}

static const char *value_of(const json_t *entry, const char *option)
{
    return json_string_value(json_object_get(json_object_get(entry, "options"), option));
}

/* Runs `sweep` on iris with --json and few folds and epochs. */
#define SWEEP(...) sweep((const char *const[]){__VA_ARGS__, NULL})
static json_t *sweep(const char *const *options)
{
    const char *arguments[32] = {"sweep", NULL, "--json", "--folds", "3", "--epochs", "4"};
    size_t count = 7;
    char *data = source_path("datasets/iris.csv");
    arguments[1] = data;
    while (*options)
        arguments[count++] = *options++;
    struct command command = command_run(arguments);
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    free(data);
    return json;
}

Test(cli_sweep, every_combination_is_there_and_the_best_is_first)
{
    json_t *json = SWEEP("--vary", "learning-rate=0.01,1,0.1", "--vary", "hidden=16;8,4");
    const json_t *entries = json_object_get(json, "combinations");

    json_expect_keys(json, "schema_version samples task metric folds repeats seeds threads seconds "
                           "combinations best");
    cr_assert_str_eq(json_string_value(json_object_get(json, "metric")), "accuracy");
    cr_assert_eq(json_array_size(entries), 6);
    for (size_t a = 0; a < 6; a++) {
        const json_t *entry = json_array_get(entries, a);
        cr_assert_eq(json_integer_value(json_object_get(entry, "failed")), 0);
        if (a > 0)
            cr_assert_leq(mean_of(entry, "accuracy"),
                          mean_of(json_array_get(entries, a - 1), "accuracy"));
        for (size_t b = 0; b < a; b++) {
            const json_t *other = json_array_get(entries, b);
            cr_assert(strcmp(value_of(entry, "hidden"), value_of(other, "hidden")) != 0 ||
                      strcmp(value_of(entry, "learning-rate"), value_of(other, "learning-rate")));
        }
    }
    json_decref(json);
}

Test(cli_sweep, a_metric_of_which_less_is_better_is_sorted_the_other_way)
{
    json_t *json = SWEEP("--vary", "learning-rate=0.01,1,0.1", "--metric", "loss");
    const json_t *entries = json_object_get(json, "combinations");

    cr_assert_str_eq(value_of(json_array_get(entries, 0), "learning-rate"), "1");
    for (size_t k = 1; k < 3; k++)
        cr_assert_leq(mean_of(json_array_get(entries, k - 1), "loss"),
                      mean_of(json_array_get(entries, k), "loss"));
    json_decref(json);
}

Test(cli_sweep, a_combination_is_what_cv_says_of_it)
{
    char *data = source_path("datasets/iris.csv");
    json_t *swept = SWEEP("--vary", "hidden=5,7", "--learning-rate", "0.5", "--metric", "loss");
    struct command command = COMMAND_RUN("cv", data, "--json", "--folds", "3", "--epochs", "4",
                                         "--learning-rate", "0.5", "--hidden", "7");
    json_t *alone = command_json(command.out);
    const json_t *entries = json_object_get(swept, "combinations");
    const size_t at = strcmp(value_of(json_array_get(entries, 0), "hidden"), "7") == 0 ? 0 : 1;

    cr_assert_eq(mean_of(json_array_get(entries, at), "loss"), mean_of(alone, "loss"));
    json_decref(alone);
    json_decref(swept);
    command_free(&command);
    free(data);
}

Test(cli_sweep, the_numbers_are_the_same_for_any_number_of_threads)
{
    json_t *one = SWEEP("--vary", "seed=1,2,3", "--threads", "1");
    json_t *five = SWEEP("--vary", "seed=1,2,3", "--threads", "5");
    cr_assert(
        json_equal(json_object_get(one, "combinations"), json_object_get(five, "combinations")));
    json_decref(one);
    json_decref(five);
}

Test(cli_sweep, the_best_command_can_be_run)
{
    struct folder folder = folder_create();
    char *path = folder_path(&folder, "it's a file.csv");
    file_put_text(path, "x,the class\n1,a\n2,a\n3,a\n4,b\n5,b\n6,b\n");
    struct command command =
        COMMAND_RUN("sweep", path, "--folds", "2", "--json", "--target", "the class", "--vary",
                    "no-shuffle=true,false", "--vary", "hidden=3,2;");
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    const char *best = json_string_value(json_object_get(json, "best"));

    cr_assert_not_null(strstr(best, "batchprop train '"), "%s", best);
    cr_assert_not_null(strstr(best, "it'\\''s a file.csv'"), "%s", best);
    cr_assert_not_null(strstr(best, " --target 'the class'"), "%s", best);
    cr_assert_not_null(strstr(best, " --hidden 3,2"), "%s", best);
    cr_assert_not_null(strstr(best, " --out model.safetensors"), "%s", best);
    cr_assert_null(strstr(best, "--folds"), "%s", best);
    json_decref(json);
    command_free(&command);
    free(path);
    folder_remove(&folder);
}

Test(cli_sweep, the_table_shows_the_values_and_the_best_command)
{
    char *data = source_path("datasets/iris.csv");
    struct command command = COMMAND_RUN("sweep", data, "--vary", "learning-rate=0.001,1",
                                         "--epochs", "30", "--holdout", "0.3", "--repeats", "3");
    command_expect_success(&command);

    cr_assert_not_null(strstr(command.out, "2 combinations, 3 models each"), "%s", command.out);
    cr_assert_not_null(strstr(command.out, "learning-rate"));
    cr_assert_not_null(strstr(command.out, " ± "));
    cr_assert_not_null(strstr(command.out, "The best, trained on all rows:\n  batchprop train "));
    cr_assert_not_null(strstr(command.out, " --epochs 30 --learning-rate 1 --out "), "%s",
                       command.out);
    command_free(&command);
    free(data);
}

Test(cli_sweep, a_combination_that_fails_is_last)
{
    json_t *json = SWEEP("--vary", "learning-rate=1e20,0.01", "--output-activation", "identity");
    const json_t *entries = json_object_get(json, "combinations");

    cr_assert_str_eq(value_of(json_array_get(entries, 0), "learning-rate"), "0.01");
    cr_assert_eq(json_integer_value(json_object_get(json_array_get(entries, 1), "failed")), 3);
    cr_assert_not_null(strstr(
        json_string_value(json_object_get(json_array_get(entries, 1), "error")), "not finite"));
    json_decref(json);
}

Test(cli_sweep, a_table_goes_to_a_csv_file)
{
    struct folder folder = folder_create();
    char *path = folder_path(&folder, "sweep.csv");
    json_t *json = SWEEP("--vary", "hidden=4;8,4", "--csv", path);
    char *text = file_get(path, NULL);

    cr_assert_eq(
        strncmp(text, "hidden,models,failed,unknown,loss_mean,loss_std,accuracy_mean,", 62), 0,
        "%s", text);
    cr_assert_not_null(strstr(text, "\n\"8,4\",3,0,0,"), "%s", text);
    json_decref(json);
    free(text);
    free(path);
    folder_remove(&folder);
}

static void expect_usage(const char *vary, const char *message)
{
    char *data = source_path("datasets/iris.csv");
    command_expect_failure(COMMAND_RUN("sweep", data, "--vary", vary), USAGE, message);
    free(data);
}

Test(cli_sweep, wrong_values_are_usage_errors)
{
    char *data = source_path("datasets/iris.csv");
    command_expect_failure(COMMAND_RUN("sweep", data), USAGE, "--vary is missing");
    expect_usage("epochs", "--vary: \"epochs\" is not NAME=VALUE,VALUE,...");
    expect_usage("=3", "is not NAME=VALUE,VALUE,...");
    expect_usage("epoch=3", "\"epoch\" is not an option that can vary; did you mean \"epochs\"?");
    expect_usage("folds=3", "\"folds\" is not an option that can vary");
    expect_usage("epochs=3,x", "--vary epochs: \"x\" is not a whole number from 1");
    expect_usage("epochs=", "a value of \"epochs\" is empty");
    expect_usage("epochs=3,,4", "a value of \"epochs\" is empty");
    expect_usage("epochs=3,3", "--vary epochs: \"3\" is given twice");
    expect_usage("loss=mse,mes", "--vary loss: ");
    expect_usage("no-shuffle=yes", "\"yes\" is neither true nor false");
    expect_usage("hidden=4,x", "--hidden: \"x\" is not a list");
    command_expect_failure(COMMAND_RUN("sweep", data, "--vary", "epochs=3", "--vary", "epochs=4"),
                           USAGE, "--vary: \"epochs\" is given twice");
    command_expect_failure(COMMAND_RUN("sweep", data, "--vary", "epochs=3", "--epochs", "4"), USAGE,
                           "--epochs is given, and varies as well");
    command_expect_failure(
        COMMAND_RUN("sweep", data, "--vary", "seed=1,2", "--metric", "rmse", "--epochs", "1"),
        USAGE, "--metric rmse: the target holds classes");
    command_expect_failure(COMMAND_RUN("sweep", data, "--vary", "epochs=1,2", "--csv", data), USAGE,
                           "--csv");
    command_expect_failure(
        COMMAND_RUN("sweep", data, "--vary", "epochs=1,2", "--csv", "/nowhere/s.csv"), IO, "--csv");
    free(data);
}

Test(cli_sweep, what_is_kept_is_not_trained_again)
{
    const struct folder folder = folder_create();
    char *journal = folder_path(&folder, "trials.jsonl");
    json_t *first = SWEEP("--vary", "learning-rate=0.1,1", "--checkpoint", folder.path);
    size_t size, lines = 0;
    char *text = file_get(journal, &size);
    for (size_t k = 0; k < size; k++)
        lines += text[k] == '\n';
    cr_assert_eq(lines, 7, "%zu", lines);
    char *data = source_path("datasets/iris.csv");
    struct command again =
        COMMAND_RUN("sweep", data, "--json", "--folds", "3", "--epochs", "4", "--vary",
                    "learning-rate=0.1,1", "--checkpoint", folder.path, "--resume");
    json_t *second = command_json(again.out);
    json_object_del(first, "seconds");
    json_object_del(second, "seconds");
    cr_assert(json_equal(first, second));
    cr_assert_not_null(strstr(again.err, "with 6 of 6 models"), "%s", again.err);
    command_expect_failure(COMMAND_RUN("sweep", data, "--folds", "3", "--epochs", "4", "--vary",
                                       "learning-rate=0.1,2", "--checkpoint", folder.path,
                                       "--resume"),
                           3, " was made with learning-rate 1, not 2");
    json_decref(first);
    json_decref(second);
    command_free(&again);
    free(data);
    free(text);
    free(journal);
    folder_remove(&folder);
}
