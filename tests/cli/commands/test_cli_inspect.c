/* `batchprop info`, `check` and `gradcheck`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/npy_bytes.h"
#include "support/scratch.h"

static char *model, *data, *iris;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    data = scratch_file("data.csv");
    iris = source_path("datasets/iris.csv");
}

static void tear_down(void)
{
    scratch_remove();
    free(iris);
}

TestSuite(cli_inspect, .init = set_up, .fini = tear_down);

#define TRAIN(path, ...)                                                                           \
    expect_and_free(COMMAND_RUN("train", path, "--out", model, "--epochs", "2", __VA_ARGS__))

static void expect_and_free(struct command command)
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

static const char *get_text(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    cr_assert_not_null(text, "%s is no text", key);
    return text;
}

Test(cli_inspect, info_json_describes_layers_and_columns)
{
    TRAIN(iris, "--hidden", "7,5", "--seed", "9");
    json_t *json = take_json(COMMAND_RUN("info", model, "--json"));

    json_expect_keys(
        json,
        "schema_version layers parameters loss loss_parameter hidden_delta thresholds task scale "
        "missing weight reading columns seed numerics weights_digest recipe");
    const json_t *layers = json_object_get(json, "layers");
    const json_t *columns = json_object_get(json, "columns");
    cr_assert_eq(json_array_size(layers), 3);
    json_expect_keys(json_array_get(layers, 0), "inputs neurons activation");
    cr_assert_eq(json_array_size(columns), 5);
    json_expect_keys(json_array_get(columns, 0), "name role kind neurons origin shift scale");
    json_expect_keys(json_array_get(columns, 4), "name role kind neurons categories");
    cr_assert_str_eq(get_text(json_array_get(columns, 4), "role"), "target");
    cr_assert_eq(json_integer_value(json_object_get(json, "parameters")), 4 * 7 + 7 + 40 + 18);
    cr_assert_eq(json_integer_value(json_object_get(json, "seed")), 9);
    json_decref(json);
}

static const char with_gaps[] = "key;note;size;w;kind\n"
                                "1;x;1,5;1;a\n2;x;;2;b\n3;y;2,5;1;a\n";

#define TRAIN_WITH_GAPS()                                                                          \
    do {                                                                                           \
        file_put_text(data, with_gaps);                                                            \
        TRAIN(data, "--decimal-comma", "--separator", ";", "--missing", "indicator", "--ignore",   \
              "note", "--id", "key", "--weight", "w");                                             \
    } while (0)

Test(cli_inspect, info_json_has_what_the_model_remembers_of_its_files)
{
    TRAIN_WITH_GAPS();
    json_t *json = take_json(COMMAND_RUN("info", model, "--json"));

    const json_t *reading = json_object_get(json, "reading");
    const json_t *size = json_array_get(json_object_get(json, "columns"), 0);
    json_expect_keys(reading, "header separator decimal missing_values categorical ignore id");
    cr_assert_str_eq(get_text(reading, "header"), "yes");
    cr_assert_str_eq(get_text(reading, "separator"), ";");
    cr_assert_str_eq(get_text(reading, "decimal"), ",");
    cr_assert_str_eq(get_text(reading, "ignore"), "note");
    cr_assert_str_eq(get_text(reading, "id"), "key");
    cr_assert(json_is_null(json_object_get(reading, "categorical")));
    cr_assert_str_eq(get_text(json, "missing"), "indicator");
    cr_assert_str_eq(get_text(json, "weight"), "w");
    json_expect_keys(size, "name role kind neurons origin shift scale fill indicator");
    cr_assert_eq(json_real_value(json_object_get(size, "fill")), 2.0);
    cr_assert(json_is_true(json_object_get(size, "indicator")));
    json_decref(json);
}

Test(cli_inspect, info_shows_people_what_the_model_remembers_of_its_files)
{
    TRAIN_WITH_GAPS();
    struct command command = COMMAND_RUN("info", model);

    command_expect_success(&command);
    static const char *const lines[] = {
        "\nmissing cells   indicator\n",  "\nweight column   w\n", "\nid column       key\n",
        "\nignored         note\n",       "\nseparator       ;\n", "\ndecimal sign    ,\n",
        ", missing: 2 and an indicator\n"};
    for (size_t k = 0; k < sizeof lines / sizeof lines[0]; k++)
        cr_expect_not_null(strstr(command.out, lines[k]), "%s not in %s", lines[k], command.out);
    command_free(&command);
}

Test(cli_inspect, info_shows_people_the_same)
{
    TRAIN(iris, "--hidden", "7");
    struct command command = COMMAND_RUN("info", model);

    command_expect_success(&command);
    cr_assert_not_null(strstr(command.out, "setosa, versicolor, virginica"));
    cr_assert_not_null(strstr(command.out, "    1       4        7  logistic\n"));
    command_free(&command);
}

Test(cli_inspect, info_shows_twenty_columns_and_how_many_more_there_are)
{
    char text[1024] = "";
    for (int line = 0; line < 3; line++) {
        for (int c = 0; c < 25; c++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%d,", (c * line) % 7);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%c\n", "xyx"[line]);
    }
    file_put_text(data, text);
    TRAIN(data, "--header", "no");
    struct command command = COMMAND_RUN("info", model);

    command_expect_success(&command);
    cr_assert_not_null(strstr(command.out, "... and 5 more input columns"), "%s", command.out);
    cr_assert_not_null(strstr(command.out, "target"));
    command_free(&command);
}

Test(cli_inspect, check_json_describes_every_column)
{
    file_put_text(data, "n,same,word,y\n1.5,7,u,no\n2,7,v,yes\n-3,7,u,no\n");
    json_t *json = take_json(COMMAND_RUN("check", data, "--json"));

    json_expect_keys(json, "schema_version format has_header rows columns constant_columns "
                           "missing_cells task classes problem hints");
    const json_t *columns = json_object_get(json, "columns");
    cr_assert_eq(json_array_size(columns), 4);
    const json_t *number = json_array_get(columns, 0);
    json_expect_keys(number, "name kind role distinct missing constant min max mean std");
    cr_assert_eq(json_number_value(json_object_get(number, "min")), -3);
    cr_assert_str_eq(get_text(number, "kind"), "number");
    cr_assert_str_eq(get_text(json_array_get(columns, 1), "kind"), "integer");
    cr_assert(json_is_true(json_object_get(json_array_get(columns, 1), "constant")));
    cr_assert_str_eq(get_text(json_array_get(columns, 2), "kind"), "category");
    cr_assert_str_eq(get_text(json_array_get(columns, 3), "role"), "target");
    cr_assert_eq(json_integer_value(json_object_get(json, "constant_columns")), 1);
    json_decref(json);
}

Test(cli_inspect, check_counts_the_classes)
{
    file_put_text(data, "a,y\n1,no\n2,yes\n3,no\n");
    json_t *json = take_json(COMMAND_RUN("check", data, "--json"));

    const json_t *classes = json_object_get(json, "classes");
    cr_assert_eq(json_array_size(classes), 2);
    cr_assert_str_eq(get_text(json_array_get(classes, 0), "name"), "no");
    cr_assert_eq(json_integer_value(json_object_get(json_array_get(classes, 0), "count")), 2);
    json_decref(json);
}

Test(cli_inspect, check_says_what_training_would_do)
{
    file_put_text(data, "a,b,y\n1,no,2.5\n2,yes,3\n3,no,4\n");
    struct command last = COMMAND_RUN("check", data);
    struct command chosen = COMMAND_RUN("check", data, "--target", "b");

    cr_assert_not_null(strstr(last.out, "would learn the numbers of \"y\""), "%s", last.out);
    cr_assert_not_null(strstr(chosen.out, "would learn the classes of \"b\""), "%s", chosen.out);
    command_free(&last);
    command_free(&chosen);
}

Test(cli_inspect, check_describes_data_that_training_would_refuse)
{
    file_put_text(data, "a,y\n1,u\n2,\n");
    struct command text = COMMAND_RUN("check", data);
    json_t *json = take_json(COMMAND_RUN("check", data, "--json"));

    command_expect_success(&text);
    cr_assert_not_null(strstr(text.out, "would refuse it: "), "%s", text.out);
    cr_assert(json_is_null(json_object_get(json, "task")));
    cr_assert(json_is_string(json_object_get(json, "problem")));
    json_decref(json);
    command_free(&text);
}

Test(cli_inspect, check_finds_the_role_of_each_column)
{
    file_put_text(data, "w,k,a,t,b,u,c\n1,x,5,1,7,2,9\n2,y,6,3,8,5,2\n");
    json_t *json = take_json(
        COMMAND_RUN("check", data, "--json", "--id", "k", "--target", "u,t", "--weight", "w"));
    static const char *const roles[] = {"weight", "id",     "input", "target",
                                        "input",  "target", "input"};

    for (size_t c = 0; c < 7; c++)
        cr_assert_str_eq(get_text(json_array_get(json_object_get(json, "columns"), c), "role"),
                         roles[c], "column %zu", c);
    json_decref(json);
}

/* Processor time in seconds of `check` on two rows of `columns` columns, half of them targets. */
static double time_check(size_t columns)
{
    char *targets = malloc(columns * 8), *end = targets;
    FILE *file = fopen(data, "w");
    for (size_t row = 0; row < 3; row++)
        for (size_t c = 0; c < columns; c++)
            fprintf(file, row == 0 ? "c%zu%c" : "%zu%c", row == 0 ? c : (row + c) % 7,
                    c + 1 < columns ? ',' : '\n');
    cr_assert_eq(fclose(file), 0);
    struct rusage before, after;
    getrusage(RUSAGE_CHILDREN, &before);
    for (size_t c = 0; c < columns; c += 2)
        end += sprintf(end, "%sc%zu", c > 0 ? "," : "", c);
    expect_and_free(COMMAND_RUN("check", data, "--target", targets));
    free(targets);
    getrusage(RUSAGE_CHILDREN, &after);
    return (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
           1e-6 * (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec);
}

/* Eight times the columns: 8 times the work, or 64 times if each column searches all of them. */
Test(cli_inspect, the_time_of_check_grows_with_the_columns_and_not_with_their_square)
{
    const double few = time_check(4000), many = time_check(32000);

    cr_assert_lt(many, 24 * few + 0.1, "%g s and %g s", few, many);
}

Test(cli_inspect, check_does_not_pass_control_characters_to_the_terminal)
{
    file_put_text(data, "a\033[31m,y\n1,u\n2,v\n");
    struct command command = COMMAND_RUN("check", data);

    cr_assert_null(strchr(command.out, '\033'), "%s", command.out);
    command_free(&command);
}

/* Samples in data.csv, whatever its name says, and targets beside them. */
static char *put_arrays(void)
{
    static const float samples[] = {1, 2, 3, 4, 5, 6}, targets[] = {1, 2.5F, 0};
    struct npy_bytes file = npy_floats("3, 2", 6, samples), labels = npy_floats("3,", 3, targets);
    char *labels_path = folder_path(scratch_folder(), "labels.npy");
    file_put(data, file.data, file.size);
    file_put(labels_path, labels.data, labels.size);
    return labels_path;
}

Test(cli_inspect, check_says_how_much_stays_in_a_numpy_file)
{
    char *labels = put_arrays();
    struct command command = COMMAND_RUN("check", data, "--labels", labels);

    command_expect_success(&command);
    cr_assert_not_null(strstr(command.out, "format    npy\n"), "%s", command.out);
    cr_assert_not_null(strstr(command.out, ", and 152 that stay in the file\n"), "%s", command.out);
    cr_assert_not_null(strstr(command.out, "would learn the numbers of \"y1\""));
    command_free(&command);
    free(labels);
}

Test(cli_inspect, a_model_of_numpy_files_is_checked_like_any_other)
{
    char *labels = put_arrays();
    TRAIN(data, "--labels", labels);
    json_t *json = take_json(COMMAND_RUN("gradcheck", model, data, "--labels", labels, "--json"));

    cr_assert(json_is_true(json_object_get(json, "passed")));
    cr_assert_eq(json_integer_value(json_object_get(json, "samples")), 3);
    json_decref(json);
    free(labels);
}

Test(cli_inspect, gradcheck_passes_for_the_chain_rule)
{
    TRAIN(iris, "--hidden", "6,4");
    json_t *json = take_json(
        COMMAND_RUN("gradcheck", model, iris, "--samples", "9", "--parameters", "all", "--json"));

    json_expect_keys(
        json, "schema_version passed samples unknown parameters failed worst_ratio "
              "skipped worst_relative worst_layer worst_neuron worst_input analytic numeric");
    cr_assert(json_is_true(json_object_get(json, "passed")));
    cr_assert_eq(json_integer_value(json_object_get(json, "samples")), 9);
    cr_assert_eq(json_integer_value(json_object_get(json, "parameters")), 30 + 28 + 15);
    json_decref(json);
}

Test(cli_inspect, gradcheck_passes_with_more_inputs_than_a_panel_holds)
{
    char *digits = source_path("datasets/digits-test.csv");
    TRAIN(digits, "--hidden", "20");
    json_t *json = take_json(COMMAND_RUN("gradcheck", model, digits, "--samples", "5", "--json"));

    cr_assert(json_is_true(json_object_get(json, "passed")));
    json_decref(json);
    free(digits);
}

Test(cli_inspect, gradcheck_ends_with_1_for_the_rule_as_printed)
{
    TRAIN(iris, "--hidden-delta", "as-printed");
    struct command command = COMMAND_RUN("gradcheck", model, iris);

    cr_assert_eq(command.code, 1);
    cr_assert_str_empty(command.err);
    cr_assert_not_null(strstr(command.out, "as-printed is not the slope"), "%s", command.out);
    command_free(&command);
}
