/* What the command says to a command line that asks for something that does not exist. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support/command.h"

#define USAGE 2

static const char *const commands[] = {"train",     "eval", "predict", "info",  "check",
                                       "gradcheck", "cv",   "sweep",   "bench", "report"};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

Test(cli_usage, no_command_is_an_error_that_shows_the_commands)
{
    struct command command = command_run((const char *const[]){NULL});

    cr_assert_eq(command.code, USAGE);
    cr_assert_str_empty(command.out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        cr_assert_not_null(strstr(command.err, commands[i]), "%s is not shown", commands[i]);
    command_free(&command);
}

Test(cli_usage, an_unknown_command_is_answered_with_the_nearest)
{
    command_expect_failure(COMMAND_RUN("trian"), USAGE,
                           "unknown command \"trian\"; did you mean \"train\"?");
    command_expect_failure(COMMAND_RUN("--versio"), USAGE, "did you mean \"--version\"?");
    command_expect_failure(COMMAND_RUN("bake"), USAGE, "unknown command \"bake\"\n");
}

Test(cli_usage, help_and_version_go_to_stdout)
{
    struct command help = COMMAND_RUN("--help");
    struct command version = COMMAND_RUN("--version");

    command_expect_success(&help);
    command_expect_success(&version);
    cr_assert_not_null(strstr(help.out, "Usage: batchprop"));
    cr_assert_eq(strncmp(version.out, "batchprop 0.", 12), 0);
    command_free(&help);
    command_free(&version);
}

Test(cli_usage, every_command_explains_itself_with_an_example)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        struct command help = COMMAND_RUN(commands[i], "--help");
        char example[64];
        snprintf(example, sizeof example, "Example:\n  batchprop %s ", commands[i]);

        command_expect_success(&help);
        cr_assert_not_null(strstr(help.out, example), "%s: %s", commands[i], help.out);
        command_free(&help);
    }
}

Test(cli_usage, help_shows_defaults_and_the_names_of_choices)
{
    struct command help = COMMAND_RUN("train", "--help");

    cr_assert_not_null(strstr(help.out, "(default: 10)"));
    cr_assert_not_null(strstr(help.out, "standard,"));
    cr_assert_not_null(strstr(help.out, "(default: auto)"));
    cr_assert_not_null(strstr(help.out, "(default: 0)"));
    command_free(&help);
}

Test(cli_usage, an_unknown_option_is_answered_with_the_nearest)
{
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--learning-rat", "1"), USAGE,
                           "unknown option \"--learning-rat\"; did you mean \"--learning-rate\"?");
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--epoch=5"), USAGE,
                           "unknown option \"--epoch\"; did you mean \"--epochs\"?");
    command_expect_failure(COMMAND_RUN("eval", "m", "d.csv", "--jsn"), USAGE,
                           "did you mean \"--json\"?");
    command_expect_failure(COMMAND_RUN("info", "m", "-q"), USAGE, "unknown option \"-q\"");
}

Test(cli_usage, an_option_without_its_value_is_an_error)
{
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--epochs"), USAGE,
                           "--epochs: the value is missing");
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--out", "--json"), USAGE,
                           "--out: the value is missing before \"--json\"");
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--out="), USAGE,
                           "--out: the value is empty");
    command_expect_failure(COMMAND_RUN("info", "m", "--json=yes"), USAGE, "--json: takes no value");
}

Test(cli_usage, a_whole_number_is_digits_in_the_range_that_the_message_names)
{
    static const char *const wrong[] = {"abc",
                                        "-1",
                                        "0",
                                        "1.5",
                                        "12x",
                                        " 5",
                                        "0x10",
                                        "+3",
                                        "1000000001",
                                        "4294967295",
                                        "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        command_expect_failure(COMMAND_RUN("train", "d.csv", "--out", "m", "--epochs", wrong[i]),
                               USAGE, "is not a whole number from 1 to 1000000000");
}

Test(cli_usage, a_number_is_decimal_and_in_the_range_that_the_message_names)
{
    static const char *const wrong[] = {"abc",   "0",     "-1",  "nan", "inf",
                                        "0x1p3", "1e400", "1,5", "1e"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        command_expect_failure(
            COMMAND_RUN("train", "d.csv", "--out", "m", "--learning-rate", wrong[i]), USAGE,
            "is not a number above 0");
}

Test(cli_usage, a_word_that_stands_for_a_number_is_named)
{
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--batch-size", "ful"), USAGE,
                           "--batch-size: \"ful\" is not a whole number from 1 to 4294967295 or "
                           "\"auto\" or \"full\"");
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--threads", "0"), USAGE, "or \"auto\"");
}

Test(cli_usage, an_unknown_choice_is_answered_with_the_nearest)
{
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--activation", "logistik"), USAGE,
                           "did you mean \"logistic\"?");
}

Test(cli_usage, a_wrong_list_of_layers_is_an_error)
{
    static const char *const wrong[] = {"3,,", "a", "3,0", "-1", "8,", ",8", "8 8", "1048577"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        command_expect_failure(COMMAND_RUN("train", "d.csv", "--out", "m", "--hidden", wrong[i]),
                               USAGE, "is not a list of 1 to 63 numbers of neurons");
}

Test(cli_usage, operands_are_all_required_and_no_more)
{
    command_expect_failure(COMMAND_RUN("train"), USAGE, "train: DATA is missing");
    command_expect_failure(COMMAND_RUN("eval", "m"), USAGE, "eval: DATA is missing");
    command_expect_failure(COMMAND_RUN("info"), USAGE, "info: MODEL is missing");
    command_expect_failure(COMMAND_RUN("info", ""), USAGE, "info: MODEL is empty");
    command_expect_failure(COMMAND_RUN("info", "a", "b"), USAGE,
                           "info: \"b\" is one argument too many");
    command_expect_failure(COMMAND_RUN("check", "a", ""), USAGE, "check: argument 2 is empty");
}

Test(cli_usage, train_asks_for_out)
{
    command_expect_failure(COMMAND_RUN("train", "d.csv"), USAGE, "--out MODEL is missing");
}

Test(cli_usage, two_sources_of_validation_rows_are_an_error)
{
    command_expect_failure(
        COMMAND_RUN("train", "d.csv", "--out", "m", "--valid", "v.csv", "--valid-fraction", "0.1"),
        USAGE, "--valid and --valid-fraction cannot be given together");
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--out", "m", "--valid-labels", "v"),
                           USAGE, "--valid-labels needs --valid");
}

Test(cli_usage, the_options_that_programs_rely_on_are_in_the_help_of_train)
{
    static const char *const names[] = {
        "--labels",         "--target",        "--out",
        "--from",           "--hidden",        "--activation",
        "--loss",           "--isa",           "--output-activation",
        "--optimizer",      "--log",           "--batch-size",
        "--epochs",         "--learning-rate", "--seed",
        "--valid",          "--threads",       "--backend",
        "--valid-fraction", "--hidden-delta",  "--json",
        "--scale",          "--task",          "--header",
        "--categorical",    "--format",        "--shard-size",
        "--no-shuffle",     "--valid-labels",  "--weight",
        "--class-weight",   "--metric",        "--patience",
        "--min-delta",      "--no-keep-best"};
    struct command help = COMMAND_RUN("train", "--help");

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        cr_assert_not_null(strstr(help.out, names[i]), "%s is not shown", names[i]);
    command_free(&help);
}

/* What a launcher leaves in the environment of one of two processes. */
Test(cli_usage, ranks_none_is_alone_whoever_started_it)
{
    setenv("SLURM_STEP_NUM_TASKS", "2", 1);
    command_expect_failure(COMMAND_RUN("train", "--help"), 6, "started by srun 2 times");
    command_expect_failure(COMMAND_RUN("train", "--help", "--ranks=none", "--ranks", "auto"), 6,
                           "started by srun 2 times");
    struct command alone = COMMAND_RUN("train", "--ranks", "none", "--help");
    command_expect_success(&alone);
    command_free(&alone);
}

Test(cli_usage, an_unknown_launch_is_answered_with_the_nearest)
{
    command_expect_failure(COMMAND_RUN("info", "--ranks", "mpl"), USAGE,
                           "--ranks: unknown launch \"mpl\"; did you mean \"mpi\"?");
    command_expect_failure(COMMAND_RUN("info", "--ranks"), USAGE, "--ranks: the value is missing");
}

/* Those that are not rows of the library's table: tests/options/ goes through these. */
Test(cli_usage, what_is_no_number_in_its_range_is_refused_by_the_options_of_every_command)
{
    static const char *const options[][2] = {{"cv", "folds"},
                                             {"cv", "repeats"},
                                             {"cv", "seeds"},
                                             {"cv", "holdout"},
                                             {"bench", "seconds"},
                                             {"bench", "repetitions"},
                                             {"bench", "samples"},
                                             {"bench", "layers"},
                                             {"bench", "threads"},
                                             {"gradcheck", "samples"},
                                             {"gradcheck", "parameters"},
                                             {"train", "valid-fraction"},
                                             {"train", "checkpoint-every"}};
    static const char *const values[] = {"", "0", "-1", "0x10", " 5", "18446744073709551616x"};
    char *iris = source_path("datasets/iris.csv");
    for (size_t k = 0; k < sizeof options / sizeof options[0]; k++) {
        for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
            char option[80];
            snprintf(option, sizeof option, "--%s=%s", options[k][1], values[v]);
            const bool bench = strcmp(options[k][0], "bench") == 0;
            const bool train = strcmp(options[k][0], "train") == 0;
            struct command command = bench   ? COMMAND_RUN("bench", option)
                                     : train ? COMMAND_RUN("train", iris, "--out", "/nowhere/m",
                                                           "--checkpoint", "/nowhere/c", option)
                                             : COMMAND_RUN(options[k][0], iris, iris, option);
            cr_expect_eq(command.code, 2, "%s %s: %d, %s", options[k][0], option, command.code,
                         command.err);
            cr_expect_not_null(strstr(command.err, options[k][1]), "%s: %s", option, command.err);
            command_free(&command);
        }
    }
    free(iris);
}
