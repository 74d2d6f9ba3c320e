/* `batchprop cv` and `sweep` of several networks in a model. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

#define USAGE 2

static char *iris, *model;

static void set_up(void)
{
    iris = source_path("datasets/iris.csv");
    model = scratch_file("m.safetensors");
}

static void tear_down(void)
{
    scratch_remove();
    free(iris);
}

TestSuite(cli_ensemble_trials, .init = set_up, .fini = tear_down);

/* The JSON of a command that must succeed. */
static json_t *take_json(struct command command)
{
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    return json;
}

#define CV(...) take_json(COMMAND_RUN("cv", iris, "--json", "--folds", "3", __VA_ARGS__))

static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static const char *get_digest(const json_t *json, size_t model_index)
{
    const json_t *one = json_array_get(json_object_get(json, "models"), model_index);
    return json_string_value(json_object_get(one, "weights_digest"));
}

Test(cli_ensemble_trials, each_model_of_cv_is_an_ensemble)
{
    json_t *json = CV("--hidden", "2;none", "--epochs", "3;5", "--member-rows", "folds",
                      "--member-folds", "4", "--member-weights", "out-of-fold");
    cr_expect_eq(number(json, "networks"), 8);
    cr_expect_eq(number(json, "kinds"), 2);
    for (size_t k = 0; k < 3; k++) {
        const json_t *one = json_array_get(json_object_get(json, "models"), k);
        cr_expect_eq(number(one, "epochs"), 4 * 3 + 4 * 5);
        cr_expect_eq(number(one, "rows"), 50);
        cr_expect_eq(number(one, "trained_rows"), 100);
    }
    cr_expect_str_neq(get_digest(json, 0), get_digest(json, 1));
    json_decref(json);
}

Test(cli_ensemble_trials, threads_change_no_number)
{
    json_t *one = CV("--preset", "ensemble", "--epochs", "3", "--threads", "1");
    json_t *two = CV("--preset", "ensemble", "--epochs", "3", "--threads", "2");
    cr_expect_eq(number(one, "networks"), 25);
    cr_expect(json_equal(json_object_get(one, "metrics"), json_object_get(two, "metrics")));
    for (size_t k = 0; k < 3; k++)
        cr_expect_str_eq(get_digest(one, k), get_digest(two, k));
    json_decref(two);
    json_decref(one);
}

/* On all rows but those held out, it is what train makes of them. */
Test(cli_ensemble_trials, one_member_is_the_model_of_a_plain_cv)
{
    json_t *plain = CV("--epochs", "4", "--preset", "modern");
    json_t *member = CV("--epochs", "4", "--preset", "modern", "--members", "1");
    cr_expect(json_equal(json_object_get(plain, "metrics"), json_object_get(member, "metrics")));
    for (size_t k = 0; k < 3; k++)
        cr_expect_str_eq(get_digest(plain, k), get_digest(member, k));
    json_decref(member);
    json_decref(plain);
}

Test(cli_ensemble_trials, the_table_says_how_many_networks_a_model_has)
{
    struct command command =
        COMMAND_RUN("cv", iris, "--folds", "2", "--epochs", "1", "--hidden", "2;3;4");
    command_expect_success(&command);
    cr_expect_not_null(strstr(command.out, "networks 3 in a model, of 3 kinds"), "%s", command.out);
    command_free(&command);
}

Test(cli_ensemble_trials, decide_counts_in_the_figures)
{
    json_t *greatest = CV("--preset", "modern", "--epochs", "2", "--member-rows", "folds");
    json_t *f1 =
        CV("--preset", "modern", "--epochs", "2", "--member-rows", "folds", "--decide", "f1");
    const json_t *a = json_object_get(greatest, "metrics"), *b = json_object_get(f1, "metrics");
    cr_expect(json_equal(json_object_get(a, "loss"), json_object_get(b, "loss")));
    cr_expect_not(json_equal(json_object_get(a, "accuracy"), json_object_get(b, "accuracy")));
    json_decref(f1);
    json_decref(greatest);
}

Test(cli_ensemble_trials, wrong_options_are_usage_errors)
{
    command_expect_failure(COMMAND_RUN("cv", iris, "--hidden", "2;3", "--dropout", "0;0;0"), USAGE,
                           "--hidden has 2 alternatives and --dropout has 3");
    command_expect_failure(COMMAND_RUN("cv", iris, "--decide", "f1"), USAGE,
                           "--decide f1 needs rows that members leave out");
    command_expect_failure(COMMAND_RUN("cv", iris, "--hidden", "2;3", "--members", "1"), USAGE,
                           "there are 2 kinds");
    command_expect_failure(COMMAND_RUN("cv", iris, "--out-of-fold", model), USAGE,
                           "unknown option \"--out-of-fold\"");
    command_expect_failure(COMMAND_RUN("sweep", iris, "--vary", "member-folds=3,5"), USAGE,
                           "--member-folds 3 has no effect");
    command_expect_failure(COMMAND_RUN("cv", iris, "--hidden", "2;x"), USAGE,
                           "--hidden: \"x\" is not a list");
}

/* Of a sweep over a preset and over an option of ensembles: what cv says of each. */
Test(cli_ensemble_trials, a_sweep_varies_ensembles)
{
    json_t *sweep = take_json(COMMAND_RUN("sweep", iris, "--json", "--folds", "3", "--hidden",
                                          "2;none", "--epochs", "3", "--member-rows", "folds",
                                          "--vary", "learning-rate=1,3"));
    const json_t *combinations = json_object_get(sweep, "combinations");
    cr_assert_eq(json_array_size(combinations), 2);
    for (size_t k = 0; k < 2; k++) {
        const json_t *entry = json_array_get(combinations, k);
        const char *rate =
            json_string_value(json_object_get(json_object_get(entry, "options"), "learning-rate"));
        json_t *cv = CV("--hidden", "2;none", "--epochs", "3", "--member-rows", "folds",
                        "--learning-rate", rate);
        cr_expect(json_equal(json_object_get(entry, "metrics"), json_object_get(cv, "metrics")));
        json_decref(cv);
    }
    json_decref(sweep);
    sweep = take_json(COMMAND_RUN("sweep", iris, "--json", "--folds", "2", "--epochs", "2",
                                  "--vary", "preset=modern,ensemble", "--vary", "members=auto"));
    cr_expect_eq(json_array_size(json_object_get(sweep, "combinations")), 2);
    json_decref(sweep);
}

/* Of alternatives for the metric the first one is the first column. */
Test(cli_ensemble_trials, the_first_kind_says_what_is_best)
{
    struct command command = COMMAND_RUN("cv", iris, "--folds", "2", "--epochs", "2", "--metric",
                                         "log-loss;f1", "--hidden", "2;3");
    command_expect_success(&command);
    const char *first = strstr(command.out, "log-loss"), *second = strstr(command.out, "f1");
    cr_assert(first && second, "%s", command.out);
    cr_expect_lt(first, second);
    command_free(&command);
}

Test(cli_ensemble_trials, the_best_command_can_be_run)
{
    json_t *sweep = take_json(COMMAND_RUN(
        "sweep", iris, "--json", "--folds", "2", "--hidden", "2;none", "--epochs", "2",
        "--member-rows", "folds", "--member-weights", "out-of-fold", "--vary", "decide=f1"));
    const char *best = json_string_value(json_object_get(sweep, "best"));
    cr_expect_not_null(strstr(best, "--hidden '2;none'"), "%s", best);
    cr_expect_not_null(strstr(best, "--member-rows folds"), "%s", best);
    cr_expect_not_null(strstr(best, "--decide f1"), "%s", best);
    json_decref(sweep);
}
