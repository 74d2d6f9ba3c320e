/* The options of `batchprop train` that say how the weights are changed. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/folder.h"

#define USAGE 2

#define EXPECT_USAGE(message, ...)                                                                 \
    command_expect_failure(                                                                        \
        COMMAND_RUN("train", "data.csv", "--out", "model.safetensors", __VA_ARGS__), USAGE,        \
        message)

/* The digest of a training on iris with options, texts after those that are always there. */
#define DIGEST(digest, ...)                                                                        \
    train_iris(digest, (const char *const[]){"train", NULL, "--out", NULL, "--json", "--epochs",   \
                                             "4", __VA_ARGS__, NULL})

static void train_iris(char digest[33], const char *const *given)
{
    const char *arguments[32];
    size_t count = 0;
    char *iris = source_path("datasets/iris.csv");
    const struct folder folder = folder_create();
    char *model = folder_path(&folder, "model.safetensors");
    for (; given[count] || count < 4; count++)
        arguments[count] = count == 1 ? iris : count == 3 ? model : given[count];
    arguments[count] = NULL;
    struct command command = command_run(arguments);
    cr_assert_eq(command.code, 0, "%s", command.err);
    json_t *json = command_json(command.out);
    snprintf(digest, 33, "%s", json_string_value(json_object_get(json, "weights_digest")));
    json_decref(json);
    command_free(&command);
    folder_remove(&folder);
    free(model);
    free(iris);
}

Test(cli_training, every_option_has_a_line_in_the_help)
{
    static const char *const options[] = {
        "optimizer", "learning-rate", "momentum",     "beta1",           "beta2",
        "rho",       "epsilon",       "schedule",     "schedule-epochs", "schedule-factor",
        "dropout",   "warmup-epochs", "weight-decay", "clip-norm",       "clip-value"};
    struct command help = COMMAND_RUN("train", "--help");
    for (size_t k = 0; k < sizeof options / sizeof options[0]; k++) {
        char line[64];
        snprintf(line, sizeof line, "\n      --%s=", options[k]);
        cr_expect_not_null(strstr(help.out, line), "--%s", options[k]);
    }
    command_free(&help);
}

Test(cli_training, every_wrong_value_is_an_error_that_says_what_is_allowed)
{
    EXPECT_USAGE("--optimizer: ", "--optimizer", "adamm");
    EXPECT_USAGE("did you mean \"adam\"", "--optimizer", "adamm");
    EXPECT_USAGE("--learning-rate: \"0\" is not a number above 0", "--learning-rate", "0");
    EXPECT_USAGE("0 in binary32", "--learning-rate", "1e-60");
    EXPECT_USAGE("--momentum: \"1\" is not a number from 0 to below 1", "--momentum", "1");
    EXPECT_USAGE("--momentum: \"-0.5\" is not a number from 0", "--momentum", "-0.5");
    EXPECT_USAGE("--beta1: \"1.5\" is not a number from 0 to below 1", "--beta1", "1.5");
    EXPECT_USAGE("--beta2: \"x\" is not a number from 0 to below 1", "--beta2", "x");
    EXPECT_USAGE("--rho: \"nan\" is not a number from 0 to below 1", "--rho", "nan");
    EXPECT_USAGE("--epsilon: \"0\" is not a number above 0", "--epsilon", "0");
    EXPECT_USAGE("--schedule: ", "--schedule", "cosin");
    EXPECT_USAGE("did you mean \"cosine\"", "--schedule", "cosin");
    EXPECT_USAGE("--schedule-epochs: \"0\" is not a whole number from 1", "--schedule-epochs", "0");
    EXPECT_USAGE("--schedule-factor: \"1\" is not a number above 0 and below 1",
                 "--schedule-factor", "1");
    EXPECT_USAGE("--warmup-epochs: \"-1\" is not a whole number from 1", "--warmup-epochs", "-1");
    EXPECT_USAGE("more than the 5 epochs", "--epochs", "5", "--warmup-epochs", "6");
    EXPECT_USAGE("--weight-decay: \"-1\" is not a number from 0", "--weight-decay", "-1");
    EXPECT_USAGE("--clip-value: \"-1\" is not a number from 0", "--clip-value", "-1");
    EXPECT_USAGE("--clip-norm: \"-1\" is not a number from 0", "--clip-norm", "-1");
    EXPECT_USAGE("--dropout: \"1\" is not a number from 0 to below 1", "--dropout", "1");
}

Test(cli_training, an_option_that_nothing_reads_is_an_error_that_says_what_it_is_for)
{
    EXPECT_USAGE("--momentum 0.5 has no effect with optimizer sgd: it is for momentum, nesterov",
                 "--momentum", "0.5");
    EXPECT_USAGE("--beta1 0.5 has no effect with optimizer rmsprop: it is for adam, adamw",
                 "--optimizer", "rmsprop", "--beta1", "0.5");
    EXPECT_USAGE("--beta2 0.5 has no effect", "--beta2", "0.5");
    EXPECT_USAGE("--rho 0.5 has no effect with optimizer adam: it is for rmsprop", "--optimizer",
                 "adam", "--rho", "0.5");
    EXPECT_USAGE(
        "--epsilon 0.5 has no effect with optimizer sgd: it is for rmsprop, adam, adamw, adagrad",
        "--epsilon", "0.5");
    EXPECT_USAGE("--schedule-epochs 3 has no effect with schedule cosine: it is for step",
                 "--schedule", "cosine", "--schedule-epochs", "3");
    EXPECT_USAGE("--schedule-factor 0.5 has no effect with schedule constant: it is for step, "
                 "exponential",
                 "--schedule-factor", "0.5");
    EXPECT_USAGE("--schedule step has no effect with optimizer irprop", "--optimizer", "irprop",
                 "--schedule", "step");
    EXPECT_USAGE("--warmup-epochs 1 has no effect", "--optimizer", "irprop", "--warmup-epochs",
                 "1");
    EXPECT_USAGE("--clip-value 1 has no effect", "--optimizer", "irprop", "--clip-value", "1");
    EXPECT_USAGE("--clip-norm 1 has no effect", "--optimizer", "irprop", "--clip-norm", "1");
}

Test(cli_training, every_option_changes_the_weights)
{
    char plain[33], changed[33];
    DIGEST(plain, "--optimizer", "momentum");
    DIGEST(changed, "--optimizer", "momentum", "--momentum", "0.5");
    cr_expect_str_neq(plain, changed, "--momentum");
    DIGEST(changed, "--optimizer", "nesterov");
    cr_expect_str_neq(plain, changed, "--optimizer");
    DIGEST(plain, "--optimizer", "rmsprop");
    DIGEST(changed, "--optimizer", "rmsprop", "--rho", "0.5");
    cr_expect_str_neq(plain, changed, "--rho");
    DIGEST(plain, "--optimizer", "adamw");
    DIGEST(changed, "--optimizer", "adamw", "--beta1", "0.5");
    cr_expect_str_neq(plain, changed, "--beta1");
    DIGEST(changed, "--optimizer", "adamw", "--beta2", "0.5");
    cr_expect_str_neq(plain, changed, "--beta2");
    DIGEST(changed, "--optimizer", "adamw", "--epsilon", "0.1");
    cr_expect_str_neq(plain, changed, "--epsilon");
    DIGEST(plain, "--optimizer", "adagrad");
    DIGEST(changed, "--optimizer", "adagrad", "--epsilon", "1e-10", "--learning-rate", "0.01");
    cr_expect_str_eq(plain, changed, "what adagrad takes where nothing is given");
    DIGEST(changed, "--optimizer", "adagrad", "--epsilon", "0.1");
    cr_expect_str_neq(plain, changed, "--epsilon of adagrad");
    DIGEST(changed, "--optimizer", "adamw", "--weight-decay", "0.1");
    cr_expect_str_neq(plain, changed, "--weight-decay");
    DIGEST(plain, "--schedule", "step", "--schedule-epochs", "1");
    DIGEST(changed, "--schedule", "step", "--schedule-epochs", "2");
    cr_expect_str_neq(plain, changed, "--schedule-epochs");
    DIGEST(changed, "--schedule", "step", "--schedule-epochs", "1", "--schedule-factor", "0.75");
    cr_expect_str_neq(plain, changed, "--schedule-factor");
    DIGEST(plain, "--seed", "1");
    DIGEST(changed, "--schedule", "cosine");
    cr_expect_str_neq(plain, changed, "--schedule");
    DIGEST(changed, "--warmup-epochs", "2");
    cr_expect_str_neq(plain, changed, "--warmup-epochs");
    DIGEST(changed, "--clip-value", "0.01");
    cr_expect_str_neq(plain, changed, "--clip-value");
    DIGEST(changed, "--clip-norm", "0.1");
    cr_expect_str_neq(plain, changed, "--clip-norm");
    DIGEST(changed, "--dropout", "0.1");
    cr_expect_str_neq(plain, changed, "--dropout");
}

Test(cli_training, the_defaults_are_those_that_the_help_names)
{
    static const char *const pairs[][2] = {
        {"sgd", "1"},      {"momentum", "0.01"}, {"nesterov", "0.01"}, {"rmsprop", "0.01"},
        {"adam", "0.005"}, {"adamw", "0.005"},   {"irprop", "0.0125"}};
    for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
        char implied[33], given[33];
        DIGEST(implied, "--optimizer", pairs[k][0]);
        DIGEST(given, "--optimizer", pairs[k][0], "--learning-rate", pairs[k][1]);
        cr_expect_str_eq(implied, given, "%s", pairs[k][0]);
    }
    char implied[33], given[33];
    DIGEST(implied, "--optimizer", "irprop");
    DIGEST(given, "--optimizer", "irprop", "--batch-size", "full");
    cr_expect_str_eq(implied, given);
}

Test(cli_training, irprop_with_small_batches_is_an_error)
{
    char *iris = source_path("datasets/iris.csv");
    struct command command = COMMAND_RUN("train", iris, "--out", "/tmp/unused.safetensors",
                                         "--optimizer", "irprop", "--batch-size", "10");
    cr_assert_eq(command.code, USAGE, "%d: %s", command.code, command.err);
    cr_assert_not_null(strstr(command.err, "--batch-size 10 has no effect with optimizer irprop"),
                       "%s", command.err);
    command_free(&command);
    free(iris);
}

Test(cli_training, options_without_effect_and_numbers_lost_in_binary32_are_rejected)
{
    static const char *const given[][6] = {
        {"--epsilon", "1e-300", NULL, NULL, "--epsilon: \"1e-300\" is 0 in binary32"},
        {"--clip-norm", "1e-300", NULL, NULL, "--clip-norm: \"1e-300\" is 0 in binary32"},
        {"--init-range", "1e-300", NULL, NULL, "--init-range: \"1e-300\" is 0 in binary32"},
        {"--dropout", "0.999999999999", NULL, NULL, "is 1 in binary32"},
        {"--optimizer", "irprop", "--batch-size", "8",
         "--batch-size 8 has no effect with optimizer irprop"},
        {"--hidden", "none", "--dropout", "0.5", "--dropout 0.5 has no effect with hidden none"},
        {"--hidden", "none", "--activation", "relu", "--activation has no effect with hidden none"},
    };
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
        command_expect_failure(COMMAND_RUN("train", "none.csv", "--out", "none.safetensors",
                                           given[i][0], given[i][1], given[i][2], given[i][3]),
                               2, given[i][4]);
}
