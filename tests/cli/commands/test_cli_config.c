/* Options from a file, and the options as such a file. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/folder.h"

#define USAGE 2
#define INPUT 3
#define IO    4

/* A folder with a configuration in it. */
struct setting {
    struct folder folder;
    char *config;
    char *model;
    char *iris;
};

static struct setting set_up(const char *config)
{
    struct setting setting = {.folder = folder_create(), .iris = source_path("datasets/iris.csv")};
    setting.config = folder_path(&setting.folder, "run.json");
    setting.model = folder_path(&setting.folder, "iris.safetensors");
    file_put_text(setting.config, config);
    return setting;
}

static void tear_down(struct setting *setting)
{
    folder_remove(&setting->folder);
    free(setting->config);
    free(setting->model);
    free(setting->iris);
}

/* Trains with --json and the configuration; gives what is printed. */
static json_t *train(const struct setting *setting, const char *option, const char *value)
{
    struct command command = COMMAND_RUN("train", setting->iris, "--out", setting->model, "--json",
                                         "--config", setting->config, option, value);
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    return json;
}

/* What --print-config prints with the configuration and further arguments. */
static json_t *print_config(const struct setting *setting, const char *option, const char *value)
{
    struct command command =
        COMMAND_RUN("train", "--print-config", "--config", setting->config, option, value);
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    return json;
}

static void expect_rejected(const char *config, const char *message)
{
    struct setting setting = set_up(config);
    command_expect_failure(COMMAND_RUN("train", setting.iris, "--config", setting.config), INPUT,
                           message);
    tear_down(&setting);
}

Test(cli_config, every_kind_of_option_can_come_from_a_file)
{
    struct setting setting =
        set_up("{\"hidden\": [8, \"4\"], \"epochs\": 3, \"batch-size\": \"full\", \"seed\": 7,\n"
               " \"learning-rate\": 0.25, \"no-shuffle\": true, \"scale\": \"minmax\",\n"
               " \"target\": 5, \"threads\": 1}");
    struct command direct =
        COMMAND_RUN("train", setting.iris, "--out", setting.model, "--json", "--hidden", "8,4",
                    "--epochs", "3", "--batch-size", "full", "--seed", "7", "--learning-rate",
                    "0.25", "--no-shuffle", "--scale", "minmax", "--target", "5");
    json_t *by_hand = command_json(direct.out);
    json_t *by_file = train(&setting, NULL, NULL);

    cr_assert_str_eq(json_string_value(json_object_get(by_file, "weights_digest")),
                     json_string_value(json_object_get(by_hand, "weights_digest")));
    cr_assert_eq(json_integer_value(json_object_get(by_file, "epochs")), 3);
    command_free(&direct);
    json_decref(by_hand);
    json_decref(by_file);
    tear_down(&setting);
}

Test(cli_config, the_command_line_wins)
{
    struct setting setting = set_up("{\"epochs\": 3, \"seed\": 7}");
    json_t *json = train(&setting, "--epochs", "5");

    cr_assert_eq(json_integer_value(json_object_get(json, "epochs")), 5);
    cr_assert_eq(json_integer_value(json_object_get(json, "seed")), 7);
    json_decref(json);
    tear_down(&setting);
}

Test(cli_config, a_flag_that_is_false_is_not_given)
{
    struct setting setting = set_up("{\"no-shuffle\": false}");
    json_t *json = print_config(&setting, NULL, NULL);

    cr_assert_null(json_object_get(json, "no-shuffle"));
    cr_assert(json_is_false(json_object_get(json_object_get(json, "defaults"), "no-shuffle")));
    json_decref(json);
    tear_down(&setting);
}

Test(cli_config, what_is_printed_reads_back_to_the_same_run)
{
    struct setting setting = set_up("{\"learning-rate\": 0.1, \"hidden\": [8, 4]}");
    json_t *before = train(&setting, "--epochs", "4");
    json_t *printed = print_config(&setting, "--epochs", "4");
    cr_assert_eq(json_dump_file(printed, setting.config, 0), 0);
    json_t *after = train(&setting, NULL, NULL);
    json_t *again = print_config(&setting, NULL, NULL);

    cr_assert_str_eq(json_string_value(json_object_get(before, "weights_digest")),
                     json_string_value(json_object_get(after, "weights_digest")));
    cr_assert(json_equal(printed, again));
    cr_assert_str_eq(json_string_value(json_object_get(printed, "hidden")), "8,4");
    cr_assert_eq(json_integer_value(json_object_get(printed, "epochs")), 4);
    cr_assert_float_eq(json_real_value(json_object_get(printed, "learning-rate")), 0.1, 0);
    json_decref(before);
    json_decref(printed);
    json_decref(after);
    json_decref(again);
    tear_down(&setting);
}

Test(cli_config, numbers_are_printed_as_short_as_they_can_be)
{
    struct command command = COMMAND_RUN("train", "--learning-rate", "0.3", "--print-config");
    command_expect_success(&command);
    cr_assert_not_null(strstr(command.out, "\"learning-rate\": 0.3,"), "%s", command.out);
    command_free(&command);
}

Test(cli_config, every_command_prints_its_options)
{
    static const char *const commands[] = {"train", "cv", "sweep", "eval", "predict", "bench"};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        struct command command = COMMAND_RUN(commands[i], "--print-config", "--isa", "portable");
        command_expect_success(&command);
        json_t *json = command_json(command.out);
        cr_assert_str_eq(json_string_value(json_object_get(json, "isa")), "portable");
        cr_assert(json_is_object(json_object_get(json, "defaults")));
        cr_assert_null(json_object_get(json, "config"));
        json_decref(json);
        command_free(&command);
    }
}

Test(cli_config, an_option_that_can_be_given_several_times_takes_an_array)
{
    struct setting setting = set_up("{\"vary\": [\"epochs=1,2\", \"hidden=4;8,4\"], \"folds\": 3}");
    struct command command =
        COMMAND_RUN("sweep", setting.iris, "--config", setting.config, "--json");
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    cr_assert_eq(json_array_size(json_object_get(json, "combinations")), 4);
    cr_assert_eq(json_integer_value(json_object_get(json, "folds")), 3);
    json_decref(json);
    command_free(&command);
    tear_down(&setting);
}

Test(cli_config, defaults_that_are_not_the_same_are_an_error)
{
    expect_rejected("{\"defaults\": {\"epochs\": 21}}",
                    "the default of \"epochs\" is not what \"defaults\" says");
    expect_rejected("{\"defaults\": {\"epoch\": 20}}", "did you mean \"epochs\"?");
    expect_rejected("{\"defaults\": 1}", "\"defaults\" is a number, and must be an object");
}

Test(cli_config, an_unknown_key_is_answered_with_the_nearest)
{
    expect_rejected("{\"epoch\": 3}",
                    "run.json: \"epoch\" is not an option of train; did you mean \"epochs\"?");
    expect_rejected("{\"zzzzzz\": 3}", "run.json: \"zzzzzz\" is not an option of train\n");
    expect_rejected("{\"config\": \"b.json\"}", "\"config\" belongs to the command line");
    expect_rejected("{\"print-config\": true}", "\"print-config\" belongs to the command line");
    expect_rejected("{\"ranks\": \"none\"}", "\"ranks\" belongs to the command line");
    expect_rejected("{\"help\": true}", "\"help\" is not an option of train");
}

Test(cli_config, a_value_of_the_wrong_type_is_an_error_with_its_key)
{
    expect_rejected("{\"schedule-epochs\": \"3\"}",
                    "run.json: \"schedule-epochs\" is text, and must be a number");
    expect_rejected("{\"batch-size\": true}",
                    "\"batch-size\" is true, and must be a number, \"auto\" or \"full\"");
    expect_rejected("{\"batch-size\": \"ful\"}", "\"ful\" is not a whole number from 1 to "
                                                 "4294967295 or \"auto\" or \"full\"");
    expect_rejected("{\"valid-fraction\": true}", "must be a number or \"none\"");
    expect_rejected("{\"no-shuffle\": 1}", "\"no-shuffle\" is a number, and must be true or false");
    expect_rejected("{\"loss\": [\"mse\"]}", "\"loss\" is an array, and must be text");
    expect_rejected("{\"learning-rate\": null}",
                    "\"learning-rate\" is null, and must be a number or \"auto\"");
    expect_rejected("{\"thresholds\": false}",
                    "\"thresholds\" is false, and must be \"on\" or \"off\"");
    expect_rejected("{\"clip-value\": \"off\"}", "\"clip-value\" is text, and must be a number");
    expect_rejected("{\"learning-rate\": \"fast\"}", "\"learning-rate\": \"fast\" is not a number");
    expect_rejected("{\"hidden\": [[1]]}", "\"hidden\" is an array, and must be text, a number or");
    expect_rejected("{\"hidden\": []}", "\"hidden\" is an array");
    expect_rejected("{\"hidden\": {\"a\": 1}}", "\"hidden\" is an object");
}

Test(cli_config, a_value_out_of_range_is_an_error_with_its_key)
{
    expect_rejected("{\"epochs\": 0}", "run.json: \"epochs\": \"0\" is not a whole number from 1");
    expect_rejected("{\"epochs\": 2.5}", "\"2.5\" is not a whole number");
    expect_rejected("{\"seed\": -1}", "\"-1\" is not a whole number from 0");
    expect_rejected("{\"learning-rate\": -0.5}", "\"-0.5\" is not a number above 0");
    expect_rejected("{\"loss\": \"msee\"}", "run.json: \"loss\": ");
    expect_rejected("{\"hidden\": \"\"}", "\"hidden\": the value is empty");
}

Test(cli_config, a_file_that_is_no_object_is_an_error_with_its_place)
{
    expect_rejected("{\"epochs\": 3,\n \"seed\" 7}", "run.json:2:9: ");
    expect_rejected("{\"epochs\": 3, \"epochs\": 4}",
                    "run.json:1:15: not JSON: a key is there twice");
    expect_rejected("[1]", "it holds an array, and must hold an object");
    expect_rejected("", "run.json:1:1: not JSON: a value is missing");
    expect_rejected("{} {}", "run.json:1:4: ");
}

Test(cli_config, a_file_that_cannot_be_read_is_an_error)
{
    struct folder folder = folder_create();
    char *missing = folder_path(&folder, "missing.json");
    command_expect_failure(COMMAND_RUN("train", "--config", missing, "d.csv"), IO,
                           "No such file or directory");
    command_expect_failure(COMMAND_RUN("train", "--config", folder.path, "d.csv"), IO,
                           "cannot read");
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--config"), USAGE,
                           "--config: the value is missing");
    free(missing);
    folder_remove(&folder);
}

Test(cli_config, conflicts_are_those_of_the_command_line)
{
    struct setting setting = set_up("{\"valid\": \"v.csv\", \"valid-fraction\": 0.1}");
    command_expect_failure(
        COMMAND_RUN("train", setting.iris, "--out", setting.model, "--config", setting.config),
        USAGE, "--valid and --valid-fraction cannot be given together");
    tear_down(&setting);
}

Test(cli_config, zeros_are_printed)
{
    struct setting setting = set_up("{\"clip-value\": 0}");
    json_t *printed = print_config(&setting, "--dropout", "0");
    json_t *defaults = json_object_get(printed, "defaults");
    static const char *const given[] = {"clip-value", "dropout"};
    static const char *const left[] = {"clip-norm", "weight-decay", "min-delta"};
    for (size_t k = 0; k < 2; k++)
        cr_expect(json_is_number(json_object_get(printed, given[k])), "%s", given[k]);
    for (size_t k = 0; k < 3; k++)
        cr_expect(json_is_number(json_object_get(defaults, left[k])), "%s", left[k]);
    cr_assert_eq(json_number_value(json_object_get(printed, "dropout")), 0);
    cr_assert_null(json_object_get(defaults, "epsilon"), "a rate of auto has no number");
    json_decref(printed);
    tear_down(&setting);
}

Test(cli_config, the_values_of_a_preset_are_printed_and_read_back)
{
    struct setting setting = set_up("{\"preset\": \"modern\"}");
    json_t *printed = print_config(&setting, NULL, NULL);
    json_t *defaults = json_object_get(printed, "defaults");
    const char *const names[][2] = {{"optimizer", "adamw"},
                                    {"schedule", "cosine"},
                                    {"output-activation", "auto"},
                                    {"activation", "gelu"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        cr_assert_str_eq(json_string_value(json_object_get(defaults, names[i][0])), names[i][1]);
    cr_assert_str_eq(json_string_value(json_object_get(defaults, "batch-size")), "auto");
    cr_assert_null(json_object_get(defaults, "weight-decay"), "a decay of auto has no number");
    cr_assert_float_eq(json_real_value(json_object_get(defaults, "momentum")), 0.9, 0);
    cr_assert_eq(json_dump_file(printed, setting.config, 0), 0);
    json_t *again = print_config(&setting, NULL, NULL);
    cr_assert(json_equal(printed, again));
    json_decref(printed);
    json_decref(again);
    tear_down(&setting);
}

Test(cli_config, a_value_that_the_command_line_replaces_is_checked)
{
    struct setting setting = set_up("{\"epochs\": \"many\"}");
    command_expect_failure(
        COMMAND_RUN("train", setting.iris, "--config", setting.config, "--epochs", "3"), INPUT,
        "\"epochs\": \"many\" is not a whole number from 1 to 1000000000 or \"auto\" or \"few\"");
    tear_down(&setting);
}

Test(cli_config, the_model_does_not_replace_the_configuration)
{
    struct setting setting = set_up("{\"epochs\": 3}");
    command_expect_failure(
        COMMAND_RUN("train", setting.iris, "--config", setting.config, "--out", setting.config),
        USAGE, "--out");
    tear_down(&setting);
}
