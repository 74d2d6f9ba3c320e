/* The options of `train` that describe a network, by what `info` then shows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/folder.h"

#define USAGE 2

struct place {
    struct folder folder;
    char *data, *model;
};

static struct place place_create(void)
{
    struct place place = {.folder = folder_create(), .data = source_path("datasets/iris.csv")};
    place.model = folder_path(&place.folder, "m.safetensors");
    return place;
}

static void place_remove(struct place *place)
{
    folder_remove(&place->folder);
    free(place->data);
    free(place->model);
}

/* Trains for one epoch with up to six more arguments; expects the words in the text of info. */
static void expect_shown(const char *const more[6], const char *const words[6])
{
    struct place place = place_create();
    const char *arguments[16] = {"train", place.data, "--out", place.model, "--epochs", "1"};
    for (size_t k = 0; k < 6 && more[k]; k++)
        arguments[6 + k] = more[k];
    struct command train = command_run(arguments), info = COMMAND_RUN("info", place.model);
    cr_assert_eq(train.code, 0, "%s", train.err);
    command_expect_success(&info);
    for (size_t k = 0; k < 6 && words[k]; k++)
        cr_expect_not_null(strstr(info.out, words[k]), "%s not in %s", words[k], info.out);
    command_free(&train);
    command_free(&info);
    place_remove(&place);
}

#define EXPECT_SHOWN(arguments, words)                                                             \
    expect_shown((const char *const[6])arguments, (const char *const[6])words)
#define LIST(...)                                                                                  \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

Test(cli_network, thresholds_can_be_left_out)
{
    EXPECT_SHOWN(LIST("--thresholds", "off", "--hidden", "16"),
                 LIST("parameters      112", "thresholds      none", "3  logistic"));
    EXPECT_SHOWN(LIST("--thresholds", "on", "--hidden", "16"), LIST("parameters      131"));
}

/* A check of every weight, a run that goes on from the file, and the words for what is no
 * choice. */
Test(cli_network, a_model_without_thresholds_is_checked_and_goes_on_without_them)
{
    struct place place = place_create();
    struct command train = COMMAND_RUN("train", place.data, "--out", place.model, "--thresholds",
                                       "off", "--epochs", "2", "--hidden", "16");
    struct command check = COMMAND_RUN("gradcheck", place.model, place.data, "--parameters", "all");
    struct command more = COMMAND_RUN("train", place.data, "--from", place.model, "--out",
                                      place.model, "--epochs", "1");
    struct command info = COMMAND_RUN("info", place.model, "--json");
    struct command wrong =
        COMMAND_RUN("train", place.data, "--out", place.model, "--thresholds", "none");
    command_expect_success(&train);
    command_expect_success(&check);
    cr_expect_not_null(strstr(check.out, "112 of 112 checked, 0 failed"), "%s", check.out);
    command_expect_success(&more);
    json_t *json = command_json(info.out);
    cr_expect(json_is_false(json_object_get(json, "thresholds")));
    json_decref(json);
    cr_expect_eq(wrong.code, USAGE);
    cr_expect_not_null(strstr(wrong.err, "--thresholds: \"none\""), "%s", wrong.err);
    command_free(&train);
    command_free(&check);
    command_free(&more);
    command_free(&info);
    command_free(&wrong);
    place_remove(&place);
}

Test(cli_network, one_activation_is_that_of_all_hidden_layers)
{
    EXPECT_SHOWN(LIST("--hidden", "5,6", "--activation", "tanh"),
                 LIST("5  tanh", "6  tanh", "3  logistic", "loss            mse"));
}

Test(cli_network, a_list_names_each_hidden_layer)
{
    EXPECT_SHOWN(LIST("--hidden", "5,6", "--activation", "gelu,leaky-relu"),
                 LIST("5  gelu", "6  leaky-relu", "3  logistic"));
}

Test(cli_network, one_more_name_is_that_of_the_outputs)
{
    EXPECT_SHOWN(LIST("--hidden", "5,6", "--activation", "relu,silu,softmax", "--loss", "auto"),
                 LIST("5  relu", "6  silu", "3  softmax", "loss            cross-entropy"));
}

Test(cli_network, elu_and_softplus_go_in_hidden_layers_and_outputs)
{
    EXPECT_SHOWN(LIST("--hidden", "5,6", "--activation", "elu,softplus,elu"),
                 LIST("5  elu", "6  softplus", "3  elu", "loss            mse"));
}

Test(cli_network, the_modern_preset_is_shown_expanded)
{
    EXPECT_SHOWN(LIST("--preset", "modern"),
                 LIST("96  gelu", "3  softmax", "loss            cross-entropy"));
}

Test(cli_network, an_option_beside_a_preset_wins)
{
    EXPECT_SHOWN(LIST("--preset", "modern", "--activation", "tanh", "--loss", "huber"),
                 LIST("32  tanh", "3  softmax", "loss            huber"));
    EXPECT_SHOWN(LIST("--output-activation", "logistic", "--preset", "modern", "--loss",
                      "binary-cross-entropy"),
                 LIST("96  gelu", "3  logistic", "loss            binary-cross-entropy"));
}

Test(cli_network, the_classic_preset_is_the_default)
{
    EXPECT_SHOWN(LIST("--preset", "classic"), LIST("32  logistic", "3  logistic", "mse"));
}

/* The digest says which weights were drawn. */
static char *find_digest(const char *init, const char *range)
{
    struct place place = place_create();
    const char *arguments[] = {
        "train", place.data, "--out",  place.model, "--epochs",
        "1",     "--json",   "--init", init,        range ? "--init-range" : NULL,
        range,   NULL};
    struct command train = command_run(arguments);
    cr_assert_eq(train.code, 0, "%s", train.err);
    json_t *json = command_json(train.out);
    char *digest = strdup(json_string_value(json_object_get(json, "weights_digest")));
    json_decref(json);
    command_free(&train);
    place_remove(&place);
    return digest;
}

Test(cli_network, the_initialization_is_drawn_as_asked)
{
    char *plain = find_digest("auto", NULL), *glorot = find_digest("glorot", NULL);
    char *he = find_digest("he", NULL), *lecun = find_digest("lecun", NULL);
    char *wide = find_digest("uniform", NULL), *narrow = find_digest("uniform", "0.1");
    cr_expect_str_eq(plain, glorot, "auto for logistic neurons");
    cr_expect_str_neq(glorot, he);
    cr_expect_str_neq(he, lecun);
    cr_expect_str_neq(lecun, wide);
    cr_expect_str_neq(wide, narrow);
    free(plain);
    free(glorot);
    free(he);
    free(lecun);
    free(wide);
    free(narrow);
}

Test(cli_network, a_wrong_name_is_answered_with_the_nearest)
{
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--out", "m", "--activation", "rely"),
                           USAGE, "did you mean \"relu\"?");
    command_expect_failure(
        COMMAND_RUN("train", "d.csv", "--out", "m", "--activation", "relu,,relu"), USAGE,
        "--activation: unknown activation \"\"");
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--out", "m", "--loss", "msee"), USAGE,
                           "did you mean \"mse\"?");
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--out", "m", "--preset", "modren"), USAGE,
                           "did you mean \"modern\"?");
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--out", "m", "--init", "heh"), USAGE,
                           "did you mean \"he\"?");
    command_expect_failure(
        COMMAND_RUN("train", "d.csv", "--out", "m", "--output-activation", "sotfmax"), USAGE,
        "did you mean \"softmax\"?");
}

Test(cli_network, a_list_of_another_length_than_the_layers_is_an_error)
{
    command_expect_failure(
        COMMAND_RUN("train", "d.csv", "--out", "m", "--activation", "relu,relu,relu"), USAGE,
        "3 names for 1 hidden layer");
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--out", "m", "--hidden", "4,4,4",
                                       "--activation", "relu,relu"),
                           USAGE, "2 names for 3 hidden layers");
}

Test(cli_network, two_activations_for_the_outputs_are_an_error)
{
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--out", "m", "--activation",
                                       "relu,softmax", "--output-activation", "identity"),
                           USAGE, "leave it out, or --output-activation");
}

Test(cli_network, a_range_without_uniform_weights_or_below_zero_is_an_error)
{
    command_expect_failure(COMMAND_RUN("train", "d.csv", "--out", "m", "--init-range", "0.3"),
                           USAGE,
                           "--init-range 0.3 has no effect with init auto: it is for uniform");
    command_expect_failure(
        COMMAND_RUN("train", "d.csv", "--out", "m", "--init", "uniform", "--init-range", "0"),
        USAGE, "--init-range");
}

Test(cli_network, what_does_not_go_together_is_told_what_to_use)
{
    struct place place = place_create();
    command_expect_failure(
        COMMAND_RUN("train", place.data, "--out", place.model, "--loss", "cross-entropy"), USAGE,
        "give output activation softmax");
    command_expect_failure(
        COMMAND_RUN("train", place.data, "--out", place.model, "--activation", "softmax"), USAGE,
        "softmax is an activation of output neurons");
    command_expect_failure(COMMAND_RUN("train", place.data, "--out", place.model, "--loss",
                                       "poisson", "--output-activation", "identity"),
                           USAGE, "loss poisson is for counts");
    place_remove(&place);
}

/* Counts stay what they are, and predictions are rates. */
Test(cli_network, poisson_regression_predicts_rates)
{
    struct place place = place_create();
    char *counts = folder_path(&place.folder, "counts.csv");
    file_put_text(counts, "x,y\n0,1\n0,0\n0,2\n0,1\n1,7\n1,9\n1,8\n1,8\n");
    struct command train =
        COMMAND_RUN("train", counts, "--out", place.model, "--hidden", "none", "--loss", "poisson",
                    "--output-activation", "identity", "--learning-rate", "0.1", "--epochs", "300");
    cr_assert_eq(train.code, 0, "%s", train.err);
    struct command eval = COMMAND_RUN("eval", place.model, counts, "--json");
    command_expect_success(&eval);
    json_t *json = command_json(eval.out);
    /* The rates are the means 1 and 8 of the two groups, sqrt(mean of squares) 0.707. */
    cr_expect_float_eq(json_real_value(json_object_get(json, "rmse")), sqrt(0.5), 1e-3);
    json_decref(json);
    file_put_text(counts, "x,y\n0,1\n0,-1\n1,7\n1,9\n");
    command_expect_failure(COMMAND_RUN("train", counts, "--out", place.model, "--loss", "poisson",
                                       "--output-activation", "identity"),
                           3, "goes down to -1: the Poisson loss is for counts from 0");
    command_free(&train);
    command_free(&eval);
    free(counts);
    place_remove(&place);
}
