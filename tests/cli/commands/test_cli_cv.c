/* batchprop cv: folds, repeats and seeds, and what is said of them. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/folder.h"

#define USAGE      2
#define INPUT      3
#define NOT_FINITE 5

static char *iris(void)
{
    return source_path("datasets/iris.csv");
}

/* Runs `cv` on iris with --json and one more option; gives what is printed. */
static json_t *validate(const char *option, const char *value)
{
    char *data = iris();
    struct command command = COMMAND_RUN("cv", data, "--json", "--epochs", "3", option, value);
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    free(data);
    return json;
}

static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

Test(cli_cv, each_fold_is_a_model)
{
    json_t *json = validate("--folds", "5"), *models = json_object_get(json, "models");

    json_expect_keys(json, "schema_version samples task folds repeats seeds threads seconds failed "
                           "metrics models");
    cr_assert_eq(json_array_size(models), 5);
    for (size_t k = 0; k < 5; k++) {
        const json_t *model = json_array_get(models, k);
        cr_assert_eq(number(model, "fold"), (double)k + 1);
        cr_assert_eq(number(model, "repeat"), 1);
        cr_assert_eq(number(model, "rows"), 30);
        cr_assert_eq(number(model, "trained_rows"), 120);
        cr_assert_eq(number(model, "epochs"), 3);
        cr_assert_eq(strlen(json_string_value(json_object_get(model, "weights_digest"))), 32);
    }
    json_decref(json);
}

Test(cli_cv, mean_and_std_are_those_of_the_models)
{
    json_t *json = validate("--folds", "10"), *models = json_object_get(json, "models");
    const json_t *spread = json_object_get(json_object_get(json, "metrics"), "accuracy");
    double sum = 0, squares = 0, min = 1, max = 0;
    for (size_t k = 0; k < 10; k++) {
        const double value = number(json_array_get(models, k), "accuracy");
        sum += value;
        min = value < min ? value : min;
        max = value > max ? value : max;
    }
    for (size_t k = 0; k < 10; k++) {
        const double off = number(json_array_get(models, k), "accuracy") - sum / 10;
        squares += off * off;
    }
    const double std = number(spread, "std");

    cr_assert_float_eq(number(spread, "mean"), sum / 10, 1e-14);
    cr_assert_float_eq(std * std, squares / 9, 1e-14);
    cr_assert_eq(number(spread, "min"), min);
    cr_assert_eq(number(spread, "max"), max);
    json_decref(json);
}

/* The models of a run without what depends on the clock. */
static json_t *models_of(json_t *json)
{
    json_t *models = json_incref(json_object_get(json, "models"));
    for (size_t k = 0; k < json_array_size(models); k++)
        json_object_del(json_array_get(models, k), "seconds");
    json_decref(json);
    return models;
}

Test(cli_cv, the_numbers_are_the_same_for_any_number_of_threads)
{
    static const char *const threads[] = {"2", "5", "auto"};
    json_t *first = models_of(validate("--threads", "1"));
    for (size_t k = 0; k < 3; k++) {
        json_t *models = models_of(validate("--threads", threads[k]));
        cr_assert(json_equal(first, models), "%s threads", threads[k]);
        json_decref(models);
    }
    json_decref(first);
}

Test(cli_cv, repeats_deal_anew_and_seeds_train_anew)
{
    char *data = iris();
    struct command command = COMMAND_RUN("cv", data, "--json", "--epochs", "2", "--folds", "3",
                                         "--repeats", "2", "--seeds", "2", "--seed", "10");
    command_expect_success(&command);
    json_t *json = command_json(command.out), *models = json_object_get(json, "models");

    cr_assert_eq(json_array_size(models), 12);
    for (size_t a = 0; a < 12; a++) {
        const json_t *model = json_array_get(models, a);
        cr_assert_eq(number(model, "repeat"), (double)(a / 6) + 1);
        cr_assert_eq(number(model, "seed"), (double)(a / 3 % 2) + 10);
        cr_assert_eq(number(model, "fold"), (double)(a % 3) + 1);
        for (size_t b = 0; b < a; b++)
            cr_assert_str_neq(
                json_string_value(json_object_get(model, "weights_digest")),
                json_string_value(json_object_get(json_array_get(models, b), "weights_digest")));
    }
    json_decref(json);
    command_free(&command);
    free(data);
}

Test(cli_cv, a_share_can_be_held_out_instead)
{
    json_t *json = validate("--holdout", "0.2");
    const json_t *model = json_array_get(json_object_get(json, "models"), 0);

    cr_assert_eq(json_array_size(json_object_get(json, "models")), 1);
    cr_assert_null(json_object_get(json, "folds"));
    cr_assert_eq(number(model, "rows"), 30);
    cr_assert(json_is_null(
        json_object_get(json_object_get(json_object_get(json, "metrics"), "loss"), "std")));
    json_decref(json);
}

Test(cli_cv, patience_ends_on_rows_that_are_not_measured)
{
    char *data = iris();
    struct command command =
        COMMAND_RUN("cv", data, "--json", "--folds", "3", "--valid-fraction", "0.2", "--patience",
                    "3", "--epochs", "1000", "--metric", "loss", "--learning-rate", "3");
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    const json_t *model = json_array_get(json_object_get(json, "models"), 0);

    cr_assert_eq(number(model, "rows"), 50);
    cr_assert_eq(number(model, "trained_rows"), 80);
    cr_assert_lt(number(model, "epochs"), 1000);
    cr_assert_gt(number(model, "best_epoch"), 0);
    json_decref(json);
    command_free(&command);
    free(data);
}

Test(cli_cv, the_table_shows_each_model_and_the_mean)
{
    char *data = iris();
    struct command command = COMMAND_RUN("cv", data, "--epochs", "2", "--folds", "3");
    command_expect_success(&command);

    cr_assert_not_null(strstr(command.out, "iris.csv, 150 rows"));
    cr_assert_not_null(strstr(command.out, "folds    3, 1 repeat, 1 seed"));
    cr_assert_not_null(strstr(command.out, "\nmodel "));
    cr_assert_not_null(strstr(command.out, "accuracy"));
    cr_assert_not_null(strstr(command.out, "\nmean "));
    cr_assert_not_null(strstr(command.out, "\nstd "));
    command_free(&command);
    free(data);
}

Test(cli_cv, numbers_have_their_metrics)
{
    struct folder folder = folder_create();
    char *path = folder_path(&folder, "line.csv");
    file_put_text(path, "x,y\n1,1.5\n2,3.5\n3,4.5\n4,6\n5,7.5\n6,9.1\n");
    struct command command = COMMAND_RUN("cv", path, "--json", "--folds", "2");
    command_expect_success(&command);
    json_t *json = command_json(command.out);

    json_expect_keys(json_object_get(json, "metrics"), "loss rmse mae r2");
    cr_assert_str_eq(json_string_value(json_object_get(json, "task")), "regress");
    json_decref(json);
    command_free(&command);
    free(path);
    folder_remove(&folder);
}

Test(cli_cv, a_model_that_fails_shows_in_the_exit_code)
{
    char *data = iris();
    struct command command = COMMAND_RUN("cv", data, "--folds", "3", "--output-activation",
                                         "identity", "--learning-rate", "1e20");
    cr_assert_eq(command.code, NOT_FINITE);
    cr_assert_not_null(strstr(command.err, "a model failed: "), "%s", command.err);
    command_free(&command);
    free(data);
}

Test(cli_cv, a_signal_ends_it)
{
    char *data = iris();
    struct command command = COMMAND_START("cv", data, "--epochs", "1000000000");
    const struct timespec half = {.tv_nsec = 500000000};
    nanosleep(&half, NULL);
    kill(command.process, SIGINT);
    command_wait(&command);

    cr_assert_eq(command.code, 128 + SIGINT);
    cr_assert_not_null(strstr(command.err, "stopped by SIGINT after 0 of 10 models"), "%s",
                       command.err);
    command_free(&command);
    free(data);
}

/* All that is printed but times, freed with json_decref(). */
static json_t *report_of(const struct command *command)
{
    json_t *json = command_json(command->out);
    json_object_del(json, "seconds");
    json_object_set_new(json, "models", models_of(command_json(command->out)));
    return json;
}

Test(cli_cv, what_is_kept_is_not_trained_again)
{
    char *data = iris(), expected[512];
    const struct folder folder = folder_create();
    char *kept = folder_path(&folder, "kept"), *journal = folder_path(&folder, "kept/trials.jsonl");
    size_t size;
    struct command plain = COMMAND_RUN("cv", data, "--epochs", "20", "--json");
    struct command first =
        COMMAND_RUN("cv", data, "--epochs", "20", "--json", "--checkpoint", kept);
    command_expect_success(&first);

    char *text = file_get(journal, &size);
    file_put(journal, text, size / 2); /* as a run that was killed leaves it */
    struct command rest =
        COMMAND_RUN("cv", data, "--epochs", "20", "--json", "--checkpoint", kept, "--resume");
    json_t *a = report_of(&plain), *b = report_of(&first), *c = report_of(&rest);
    cr_assert(json_equal(a, b));
    cr_assert(json_equal(a, c));
    snprintf(expected, sizeof expected, "going on from %s, with 4 of 10 models", kept);
    cr_assert_not_null(strstr(rest.err, expected), "%s", rest.err);

    snprintf(expected, sizeof expected, "--checkpoint: %s holds the models of a run", kept);
    command_expect_failure(COMMAND_RUN("cv", data, "--epochs", "20", "--checkpoint", kept), USAGE,
                           expected);
    command_expect_failure(
        COMMAND_RUN("cv", data, "--epochs", "21", "--checkpoint", kept, "--resume"), INPUT,
        "trials.jsonl:2: was made with epochs 20, not 21");
    json_decref(a);
    json_decref(b);
    json_decref(c);
    command_free(&plain);
    command_free(&first);
    command_free(&rest);
    free(text);
    free(journal);
    free(kept);
    free(data);
    folder_remove(&folder);
}

static void expect_usage(const char *const *options, const char *message)
{
    const char *arguments[16] = {"cv"};
    char *data = iris();
    arguments[1] = data;
    for (size_t k = 0; options[k]; k++)
        arguments[k + 2] = options[k];
    command_expect_failure(command_run(arguments), USAGE, message);
    free(data);
}

#define EXPECT_USAGE(message, ...) expect_usage((const char *const[]){__VA_ARGS__, NULL}, message)

Test(cli_cv, wrong_options_are_usage_errors)
{
    EXPECT_USAGE("--folds: 1 is too few", "--folds", "1");
    EXPECT_USAGE("--folds: \"0\" is not a whole number from 1", "--folds", "0");
    EXPECT_USAGE("--folds: 150 rows cannot be divided into 151 folds", "--folds", "151");
    EXPECT_USAGE("--folds and --holdout cannot be given together", "--folds", "5", "--holdout",
                 "0.1");
    EXPECT_USAGE("--holdout: \"1\" is not a number above 0 and below 1", "--holdout", "1");
    EXPECT_USAGE("is not one row", "--holdout", "0.001");
    EXPECT_USAGE("--repeats: \"x\" is not a whole number", "--repeats", "x");
    EXPECT_USAGE("--seeds: \"0\" is not a whole number", "--seeds", "0");
    EXPECT_USAGE("more than 1000000 models", "--repeats", "1000", "--seeds", "1000");
    EXPECT_USAGE("--patience 5 needs validation rows", "--patience", "5");
    EXPECT_USAGE("--min-delta 0.1 needs validation rows", "--min-delta", "0.1");
    EXPECT_USAGE("unknown option \"--valid\"", "--valid", "d.csv");
    EXPECT_USAGE("unknown option \"--out\"", "--out", "m");
    EXPECT_USAGE("--resume needs --checkpoint DIR", "--resume");
    EXPECT_USAGE("unknown option \"--checkpoint-every\"", "--checkpoint-every", "5");
    EXPECT_USAGE("--metric rmse: the target holds classes", "--metric", "rmse");
    EXPECT_USAGE("did you mean \"species\"", "--target", "specis");
}

/* As `train` takes them: without validation rows the plateau is one of the loss of training. */
Test(cli_cv, a_plateau_may_be_told_what_is_better)
{
    char *data = iris();
    struct command command = COMMAND_RUN("cv", data, "--folds", "2", "--epochs", "4", "--schedule",
                                         "plateau", "--schedule-epochs", "1", "--min-delta", "0.5");
    command_expect_success(&command);
    command_free(&command);
    command = COMMAND_RUN("sweep", data, "--folds", "2", "--epochs", "4", "--schedule", "plateau",
                          "--schedule-epochs", "1", "--vary", "min-delta=0.1,0.5");
    command_expect_success(&command);
    command_free(&command);
    free(data);
}

Test(cli_cv, data_that_cannot_be_learned_is_an_input_error)
{
    struct folder folder = folder_create();
    char *path = folder_path(&folder, "flat.csv");
    file_put_text(path, "y\n1\n2\n3\n");
    command_expect_failure(COMMAND_RUN("cv", path, "--folds", "2"), INPUT, "no column is left");
    free(path);
    folder_remove(&folder);
}
