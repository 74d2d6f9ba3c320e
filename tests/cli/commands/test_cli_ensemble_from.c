/* `batchprop train --from` a model of several networks: each goes on as it was trained, unless told
 * otherwise, and counts what it did. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/hostile.h"
#include "support/scratch.h"

#define USAGE 2

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

TestSuite(cli_ensemble_from, .init = set_up, .fini = tear_down);

/* Trains `model`. */
#define TRAIN(...) command_free_good(COMMAND_RUN("train", iris, "--out", model, __VA_ARGS__))
/* Goes on from it. */
#define GO_ON(...)      COMMAND_RUN("train", iris, "--from", model, "--out", second, __VA_ARGS__)
#define GO_ON_JSON(...) take_json(GO_ON("--json", __VA_ARGS__))

#define PRESET "--preset", "ensemble", "--epochs", "4"

static void command_free_good(struct command command)
{
    command_expect_success(&command);
    command_free(&command);
}

static json_t *take_json(struct command command)
{
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    return json;
}

static char *take_digest(json_t *json)
{
    char *digest = strdup(json_string_value(json_object_get(json, "weights_digest")));
    json_decref(json);
    return digest;
}

static void expect_same(char *digest, char *wanted)
{
    cr_expect_str_eq(digest, wanted);
    free(digest);
    free(wanted);
}

static const char *get_text(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

/* The members that a model file has. */
static json_t *take_members(const char *path)
{
    json_t *info = take_json(COMMAND_RUN("info", path, "--json"));
    json_t *members = json_incref(json_object_get(info, "members"));
    json_decref(info);
    return members;
}

Test(cli_ensemble_from, networks_keep_weights_and_seeds_and_get_other_parameters)
{
    TRAIN(PRESET);
    json_t *json = GO_ON_JSON("--threads", "1");
    json_t *before = take_members(model), *after = take_members(second);
    cr_expect_str_eq(get_text(json, "weights"), "kept");
    cr_assert_gt(json_array_size(before), 1);
    cr_assert_eq(json_array_size(after), json_array_size(before));
    for (size_t m = 0; m < json_array_size(before); m++) {
        const json_t *a = json_array_get(before, m), *b = json_array_get(after, m);
        cr_expect(json_equal(json_object_get(a, "weight"), json_object_get(b, "weight")));
        cr_expect(json_equal(json_object_get(a, "seed"), json_object_get(b, "seed")));
        cr_expect_str_neq(get_text(a, "weights_digest"), get_text(b, "weights_digest"));
    }
    json_decref(before);
    json_decref(after);
    expect_same(take_digest(GO_ON_JSON("--threads", "2", "--isa", "portable")), take_digest(json));
}

/* Given once, an option is for every kind; the recipe says the rest. */
Test(cli_ensemble_from, options_are_those_of_the_kinds_and_what_is_given)
{
    TRAIN("--hidden", "2;3,4", "--epochs", "3;5", "--optimizer", "sgd;adam", "--seed", "9");
    json_t *json = GO_ON_JSON("--batch-size", "16");
    const json_t *members = json_object_get(json, "members");
    cr_assert_eq(json_array_size(members), 2);
    for (size_t m = 0; m < 2; m++)
        cr_expect_eq(json_integer_value(json_object_get(json_array_get(members, m), "epochs")),
                     m ? 5 : 3);
    cr_expect_eq(json_integer_value(json_object_get(json, "seed")), 9);
    const json_t *kinds = json_object_get(json, "kinds");
    json_expect_keys(json_object_get(json_array_get(kinds, 0), "options"),
                     "hidden epochs optimizer");
    json_decref(json);
    struct command info = COMMAND_RUN("info", second);
    command_expect_success(&info);
    cr_expect_not_null(strstr(info.out, "--hidden '2;3,4' --epochs '3;5' --batch-size 16 "
                                        "--optimizer 'sgd;adam' --seed 9"),
                       "%s", info.out);
    command_free(&info);
}

/* Of its five kinds those without networks are not told, nor told what to do. */
Test(cli_ensemble_from, kinds_without_networks_are_left_alone)
{
    TRAIN(PRESET);
    struct command command = GO_ON("--dropout", "0.2");
    command_expect_success(&command);
    cr_expect_null(strstr(command.out, "  none"), "%s", command.out);
    cr_expect_null(strstr(command.out, " of 25"), "%s", command.out);
    command_free(&command);
    TRAIN("--hidden", "none;5");
    command_expect_failure(GO_ON("--dropout", "0.2"), USAGE,
                           "--dropout 0.2 has no effect with hidden none");
}

Test(cli_ensemble_from, a_member_alone_goes_on_like_a_network_of_its_own)
{
    TRAIN("--hidden", "3;5", "--epochs", "2");
    json_t *json = GO_ON_JSON("--epochs", "3");
    char *digest =
        strdup(get_text(json_array_get(json_object_get(json, "members"), 0), "weights_digest"));
    json_decref(json);
    TRAIN("--hidden", "3", "--epochs", "2");
    expect_same(take_digest(GO_ON_JSON("--epochs", "3")), digest);
}

Test(cli_ensemble_from, rows_left_out_before_say_how_good_it_is_and_others_do_not)
{
    char *left = scratch_file("left.csv");
    TRAIN(PRESET, "--valid-fraction", "0.2");
    json_t *json = GO_ON_JSON("--out-of-fold", left);
    cr_expect_eq(
        json_integer_value(json_object_get(json_object_get(json, "out_of_fold"), "samples")), 120);
    json_decref(json);
    cr_expect_eq(access(left, R_OK), 0);
    struct command command = GO_ON("--valid-fraction", "none");
    cr_expect_eq(command.code, 0);
    cr_expect_not_null(strstr(command.err, "no figures out of fold: the networks were trained on "
                                           "other rows before"),
                       "%s", command.err);
    cr_expect_null(strstr(command.out, "out of fold"), "%s", command.out);
    cr_expect_not_null(strstr(command.out, "training  "), "%s", command.out);
    command_free(&command);
    command_expect_failure(GO_ON("--valid-fraction", "none", "--member-weights", "out-of-fold"),
                           USAGE,
                           "member-weights out-of-fold needs rows that networks have not seen: the "
                           "networks were trained on other rows before");
    remove(left);
    command = GO_ON("--seed", "2", "--out-of-fold", left);
    cr_expect_eq(command.code, 1);
    cr_expect_not_null(strstr(command.err, "--out-of-fold: the networks left out other rows "
                                           "before"),
                       "%s", command.err);
    cr_expect_neq(access(left, R_OK), 0);
    command_free(&command);
}

Test(cli_ensemble_from, weights_and_factors_are_fitted_anew_where_that_is_asked)
{
    TRAIN(PRESET, "--decide", "f1");
    struct command command = GO_ON("--epochs", "1", "--json");
    cr_expect_eq(command.code, 0);
    json_t *json = command_json(command.out);
    cr_expect_str_eq(get_text(json, "decide"), "greatest");
    json_decref(json);
    cr_expect_not_null(strstr(command.err, "its factors of classes are left out, which were fitted "
                                           "to the networks as they were"),
                       "%s", command.err);
    command_free(&command);
    json = GO_ON_JSON("--epochs", "1", "--decide", "f1", "--member-weights", "out-of-fold");
    cr_expect_str_eq(get_text(json, "decide"), "f1");
    cr_expect_str_eq(get_text(json, "weights"), "out-of-fold");
    json_decref(json);
    json = GO_ON_JSON("--epochs", "1", "--decide", "f1", "--member-weights", "equal");
    cr_expect_str_eq(get_text(json, "weights"), "equal");
    json_decref(json);
}

Test(cli_ensemble_from, what_does_not_suit_the_model_is_refused)
{
    static const struct {
        const char *option, *value, *message;
    } wrong[] = {
        {"--members", "3", "--members 3: the model has 4, which stay: leave the option out"},
        {"--hidden", "3;4", "the kinds of its networks stay: give each option one value"},
        {"--preset", "ensemble", "and no --preset ensemble"},
        {"--hidden", "7", "--hidden 7: the model has 2, which stays"},
        {"--target", "petal_width", "--target petal_width: the model has species"},
        {"--decide", "f1", "--decide f1 needs rows that members leave out"},
        {"--member-weights", "out-of-fold", "--member-weights out-of-fold needs rows that members"},
        {"--out-of-fold", "left.csv", "--out-of-fold needs rows that networks leave out"},
        {"--member-folds", "3", "--member-folds 3 has no effect with member-rows all"},
    };
    TRAIN("--hidden", "2;3", "--members", "4");
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++)
        command_expect_failure(GO_ON(wrong[k].option, wrong[k].value), USAGE, wrong[k].message);
    json_decref(GO_ON_JSON("--members", "4"));
    TRAIN("--epochs", "1");
    command_expect_failure(GO_ON("--members", "2"), USAGE,
                           "the model has one network, and several begin with new weights");
}

/* It may be the file that is read. */
Test(cli_ensemble_from, the_model_may_be_replaced)
{
    TRAIN("--members", "2");
    char *digest = take_digest(GO_ON_JSON("--epochs", "2"));
    expect_same(take_digest(take_json(COMMAND_RUN("train", iris, "--from", model, "--out", model,
                                                  "--epochs", "2", "--json"))),
                digest);
}

Test(cli_ensemble_from, the_log_and_the_page_are_as_of_new_networks)
{
    char *log = scratch_file("log.jsonl"), *page = scratch_file("page.html");
    command_need_gnuplot();
    TRAIN(PRESET);
    command_free_good(GO_ON("--log", log));
    char *text = file_get(log, NULL);
    cr_expect_not_null(strstr(text, "\"event\":\"member\""));
    cr_expect_not_null(strstr(text, "\"weights\":\"kept\""));
    free(text);
    command_free_good(COMMAND_RUN("report", log, "--out", page));
}

/* ---- checkpoints ---- */

Test(cli_ensemble_from, complete_networks_are_not_trained_again)
{
    char *folder = scratch_file("c");
    TRAIN("--hidden", "2;3");
    char *digest = take_digest(GO_ON_JSON("--epochs", "3", "--checkpoint", folder));
    struct command again = GO_ON("--json", "--epochs", "3", "--checkpoint", folder, "--resume");
    cr_expect_eq(again.code, 0);
    cr_expect_not_null(strstr(again.err, "with checkpoints of 2 of 2 networks"), "%s", again.err);
    expect_same(take_digest(command_json(again.out)), digest);
    command_free(&again);
}

/* The first has few epochs, the second so many that it is still trained. */
Test(cli_ensemble_from, a_signal_leaves_the_model_of_the_networks_that_were_complete)
{
    char *log = scratch_file("log.jsonl"), *text = NULL;
    TRAIN("--hidden", "2;3", "--epochs", "2;10000000", "--patience", "1", "--valid-fraction",
          "0.5");
    const char *const words[] = {"train", iris, "--from",     model, "--out", second,
                                 "--log", log,  "--patience", "off", NULL};
    struct command command = command_start(words);
    const struct timespec moment = {.tv_nsec = 20000000};
    for (size_t tries = 0; tries < 1000; tries++) {
        nanosleep(&moment, NULL);
        if (access(log, R_OK) != 0)
            continue;
        free(text);
        text = file_get(log, NULL);
        if (strstr(text, "\"event\":\"member\""))
            break;
    }
    cr_assert_eq(kill(command.process, SIGINT), 0);
    command_wait(&command);
    cr_expect_eq(command.code, 128 + SIGINT, "%s", command.err);
    cr_expect_not_null(strstr(command.err, "stopped by SIGINT after 1 of 2 networks; "), "%s",
                       command.err);
    command_free(&command);
    free(text);
}
