/* `batchprop train --from`: it goes on as the model was trained, unless told otherwise; and the
 * recipe that `info` shows. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/hostile.h"
#include "support/scratch.h"

#define USAGE 2
#define INPUT 3

static char *model, *second, *iris;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    second = scratch_file("n.safetensors");
    iris = source_path("datasets/iris.csv");
}

static void tear_down(void)
{
    scratch_remove();
    free(iris);
}

TestSuite(cli_from, .init = set_up, .fini = tear_down);

/* Trains into `model`, which it may read before. */
#define TRAIN(...)                                                                                 \
    do {                                                                                           \
        struct command trained = COMMAND_RUN("train", iris, "--out", model, __VA_ARGS__);          \
        command_expect_success(&trained);                                                          \
        command_free(&trained);                                                                    \
    } while (0)

/* The digest of a run that goes on from `model` and writes `second`; freed with free(). */
#define GO_ON(...)                                                                                 \
    take_digest(COMMAND_RUN("train", iris, "--from", model, "--out", second, "--json", __VA_ARGS__))

static char *take_digest(struct command command)
{
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    char *digest = strdup(json_string_value(json_object_get(json, "weights_digest")));
    json_decref(json);
    command_free(&command);
    return digest;
}

static void expect_same(char *digest, char *other)
{
    cr_expect_str_eq(digest, other);
    free(digest);
    free(other);
}

/* It went on with gradient descent at a rate of 1, which left nothing of the model. */
Test(cli_from, a_modern_model_goes_on_as_it_was_trained)
{
    TRAIN("--preset", "modern", "--epochs", "150", "--dropout", "0.1");
    expect_same(GO_ON("--seed", "1"),
                GO_ON("--seed", "1", "--optimizer", "adamw", "--learning-rate", "0.005",
                      "--schedule", "cosine", "--batch-size", "64", "--weight-decay", "2",
                      "--epochs", "150", "--dropout", "0.1"));
    struct command eval = COMMAND_RUN("eval", second, iris, "--json");
    json_t *json = command_json(eval.out);
    cr_expect_gt(json_number_value(json_object_get(json, "accuracy")), 0.8);
    json_decref(json);
    command_free(&eval);
}

Test(cli_from, options_win_over_the_recipe_and_a_configuration_does)
{
    char *config = scratch_file("c.json");
    file_put_text(config, "{\"epochs\": 3, \"learning-rate\": 0.01}");
    TRAIN("--optimizer", "adamw", "--epochs", "9", "--weight-decay", "0.1");
    expect_same(GO_ON("--epochs", "3", "--learning-rate", "0.01"), GO_ON("--config", config));
    char *usual = GO_ON("--epochs", "3"), *other = GO_ON("--epochs", "3", "--weight-decay", "0");
    cr_expect_str_neq(usual, other);
    free(usual);
    free(other);
}

/* A learning rate suits one optimizer; what only the old one reads is nobody's. */
Test(cli_from, with_another_optimizer_the_learning_rate_is_its_own)
{
    TRAIN("--optimizer", "adam", "--learning-rate", "0.005", "--beta1", "0.8", "--epochs", "4");
    expect_same(GO_ON("--optimizer", "momentum"),
                GO_ON("--optimizer", "momentum", "--learning-rate", "0.01"));
    expect_same(GO_ON("--optimizer", "irprop"),
                GO_ON("--optimizer", "irprop", "--epochs", "4", "--learning-rate", "auto"));
}

/* What an optimizer reads goes on with it. */
Test(cli_from, the_optimizer_of_the_recipe_reads_what_the_recipe_has_for_it)
{
    TRAIN("--optimizer", "momentum", "--momentum", "0.5", "--schedule", "step", "--schedule-epochs",
          "2", "--epochs", "4");
    expect_same(GO_ON("--epochs", "4"),
                GO_ON("--optimizer", "momentum", "--momentum", "0.5", "--schedule", "step",
                      "--schedule-epochs", "2", "--epochs", "4"));
}

Test(cli_from, a_validation_file_takes_the_place_of_the_rows_held_out)
{
    TRAIN("--valid-fraction", "0.2", "--epochs", "3");
    expect_same(GO_ON("--valid", iris), GO_ON("--valid", iris, "--valid-fraction", "none"));
}

Test(cli_from, a_network_that_is_described_again_is_the_same_or_refused)
{
    TRAIN("--preset", "modern", "--hidden", "7,5", "--activation", "gelu,relu", "--loss", "auto",
          "--target", "species", "--epochs", "1");
    expect_same(GO_ON("--epochs", "2"),
                GO_ON("--epochs", "2", "--hidden", "7,5", "--activation", "gelu,relu,softmax",
                      "--loss", "cross-entropy", "--target", "5", "--task", "classify", "--scale",
                      "standard", "--init", "auto"));
    static const char *const other[][3] = {
        {"--hidden", "7", "--hidden 7: the model has 7,5, which stays"},
        {"--activation", "relu", "--activation relu: the model has gelu,relu, which stays"},
        {"--activation", "gelu,relu,identity",
         "--output-activation identity: the model has softmax, which stays"},
        {"--loss", "mse", "--loss mse: the model has cross-entropy, which stays"},
        {"--hidden-delta", "as-printed", "--hidden-delta as-printed: the model has chain-rule"},
        {"--scale", "none", "--scale none: the model has standard, which stays"},
        {"--task", "regress", "--task regress: the model has classify, which stays"},
        {"--thresholds", "off", "--thresholds off: the model has on, which stays"},
        {"--preset", "classic", "--preset classic: activation logistic: the model has gelu,relu"},
        {"--target", "petal_width", "--target petal_width: the model has species, which stays"}};
    for (size_t k = 0; k < sizeof other / sizeof other[0]; k++)
        command_expect_failure(
            COMMAND_RUN("train", iris, "--from", model, "--out", second, other[k][0], other[k][1]),
            USAGE, other[k][2]);
}

Test(cli_from, a_preset_that_is_given_wins_over_the_recipe)
{
    TRAIN("--preset", "modern", "--learning-rate", "0.01", "--batch-size", "8", "--epochs", "2");
    expect_same(GO_ON("--preset", "modern"),
                GO_ON("--learning-rate", "auto", "--batch-size", "auto"));
}

Test(cli_from, the_same_rows_are_held_out_for_validation)
{
    char *log = scratch_file("l.jsonl");
    TRAIN("--valid-fraction", "0.2", "--patience", "3", "--metric", "f1", "--epochs", "5",
          "--class-weight", "setosa=2");
    expect_same(GO_ON("--log", log), GO_ON("--valid-fraction", "0.2", "--patience", "3", "--metric",
                                           "f1", "--epochs", "5", "--class-weight", "setosa=2"));
    char *text = file_get(log, NULL);
    cr_expect_not_null(strstr(text, "\"samples\":120,\"valid_samples\":30"), "%s", text);
    free(text);
}

Test(cli_from, what_needs_validation_rows_is_left_out_with_a_word_where_there_are_none)
{
    TRAIN("--valid", iris, "--patience", "3", "--no-keep-best", "--epochs", "5");
    struct command command = COMMAND_RUN("train", iris, "--from", model, "--out", second);
    cr_expect_eq(command.code, 0);
    cr_expect_not_null(strstr(command.err, "--patience 3, --no-keep-best, of the training of "),
                       "%s", command.err);
    cr_expect_not_null(strstr(command.err, "there are no validation rows"));
    command_free(&command);

    TRAIN("--valid-fraction", "0.2", "--patience", "3", "--epochs", "5");
    expect_same(GO_ON("--valid-fraction", "none"),
                GO_ON("--valid-fraction", "none", "--patience", "off"));
}

Test(cli_from, a_model_without_a_recipe_goes_on_with_the_defaults_and_says_so)
{
    TRAIN("--epochs", "1", "--optimizer", "adam");
    hostile_edit(model, "recipe", "other!");
    struct command command =
        COMMAND_RUN("train", iris, "--from", model, "--out", second, "--epochs", "1");
    cr_expect_eq(command.code, 0);
    cr_expect_not_null(strstr(command.err, "does not say how it was trained"), "%s", command.err);
    command_free(&command);
    struct command info = COMMAND_RUN("info", model, "--json");
    json_t *json = command_json(info.out);
    cr_expect(json_is_null(json_object_get(json, "recipe")));
    json_decref(json);
    command_free(&info);
}

Test(cli_from, a_recipe_of_a_later_version_is_shown_as_unknown_and_refused)
{
    TRAIN("--epochs", "1");
    hostile_edit(model, "\\\"shard-size\\\"", "\\\"shard-rise\\\"");
    command_expect_failure(COMMAND_RUN("train", iris, "--from", model, "--out", second), INPUT,
                           "the recipe of the model: \"shard-rise\" is not an option");
    struct command info = COMMAND_RUN("info", model);
    command_expect_success(&info);
    cr_expect_not_null(strstr(info.out, "recipe          cannot be read: "), "%s", info.out);
    command_free(&info);
}

/* Runs the command line that `info` shows for `model`, on iris, into `second`. */
static void paste(const char *expected)
{
    struct command info = COMMAND_RUN("info", model);
    command_expect_success(&info);
    const char *line = strstr(info.out, "\nrecipe ");
    cr_assert_not_null(line, "%s", info.out);
    line = strstr(line, "batchprop train DATA --out MODEL");
    cr_assert_not_null(line, "%s", info.out);
    line += strlen("batchprop train DATA --out MODEL");
    const size_t length = strcspn(line, "\n");
    cr_expect_eq(strlen(expected), length, "%s", line);
    cr_expect_eq(strncmp(line, expected, length), 0, "%s", line);
    char text[2048];
    snprintf(text, sizeof text, "'%s' train '%s' --out '%s'%.*s >/dev/null",
             getenv("BATCHPROP_COMMAND"), iris, second, (int)length, line);
    cr_expect_eq(system(text), 0, "%s", text);
    command_free(&info);
}

static char *digest_of(const char *file)
{
    return take_digest(COMMAND_RUN("info", file, "--json"));
}

Test(cli_from, the_command_line_that_info_shows_trains_the_same_model)
{
    TRAIN("--epochs", "3");
    paste(" --hidden 32 --epochs 3"); /* widths are those of the model */
    expect_same(digest_of(model), digest_of(second));

    TRAIN("--preset", "modern", "--valid-fraction", "0.2", "--patience", "4", "--target", "species",
          "--class-weight", "setosa=2,virginica=3", "--hidden", "9,4", "--ignore", "sepal_width",
          "--no-shuffle", "--seed", "7", "--missing-values", "it's");
    paste(" --preset modern --valid-fraction 0.2 --hidden 9,4 --target species --seed 7 "
          "--no-shuffle --patience 4 --class-weight setosa=2,virginica=3 "
          "--missing-values 'it'\\''s' --ignore sepal_width");
    expect_same(digest_of(model), digest_of(second));

    TRAIN("--preset", "modern", "--hidden", "none", "--optimizer", "irprop", "--epochs", "4");
    paste(" --preset modern --hidden none --epochs 4 --optimizer irprop");
    expect_same(digest_of(model), digest_of(second));
}

/* A text may begin as an option does, and be of any length. */
Test(cli_from, the_command_line_that_info_shows_has_texts_as_they_are)
{
    char words[1024] = "-", expected[1200];
    for (size_t k = 0; k < 120; k++)
        sprintf(words + strlen(words), ",none%03zu", k);
    snprintf(expected, sizeof expected, " --hidden 5 --epochs 1 --missing-values=%s", words);
    char *option = expected + strlen(" --hidden 5 --epochs 1 ");
    TRAIN("--hidden", "5", "--epochs", "1", option);
    paste(expected);
    expect_same(digest_of(model), digest_of(second));
}

Test(cli_from, the_recipe_of_info_json_is_a_configuration)
{
    char *config = scratch_file("c.json");
    TRAIN("--preset", "modern", "--valid-fraction", "0.2", "--patience", "4", "--epochs", "6",
          "--thresholds", "off", "--ignore", "sepal_width", "--no-shuffle");
    struct command info = COMMAND_RUN("info", model, "--json");
    json_t *json = command_json(info.out);
    const json_t *recipe = json_object_get(json, "recipe");
    cr_expect_str_eq(json_string_value(json_object_get(recipe, "optimizer")), "adamw");
    cr_expect_eq(json_integer_value(json_object_get(recipe, "epochs")), 6);
    cr_expect(json_is_true(json_object_get(recipe, "no-shuffle")));
    cr_expect_null(json_object_get(recipe, "momentum"));
    cr_assert_eq(json_dump_file(recipe, config, 0), 0);
    expect_same(
        take_digest(COMMAND_RUN("train", iris, "--out", second, "--config", config, "--json")),
        digest_of(model));
    json_decref(json);
    command_free(&info);
}

Test(cli_from, what_auto_stood_for_is_shown)
{
    TRAIN("--epochs", "1");
    struct command info = COMMAND_RUN("info", model);
    cr_expect_not_null(strstr(info.out, "\nauto            batch-size 64, learning-rate 1\n"), "%s",
                       info.out);
    command_free(&info);
}
