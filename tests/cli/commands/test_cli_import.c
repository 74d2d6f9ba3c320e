/* `batchprop import`: a network of another program, and what can be done with it. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/hostile.h"
#include "support/scratch.h"
#include "support/tensor_bytes.h"

#define USAGE 2
#define INPUT 3
#define IO    4

static char *file, *model, *iris;

/* Of the width of iris. */
static void set_up(void)
{
    static struct tensor_bytes tensors;
    file = scratch_file("torch.safetensors");
    model = scratch_file("m.safetensors");
    iris = source_path("datasets/iris.csv");
    tensors = (struct tensor_bytes){0};
    tensor_add_layer(&tensors, "net.0", 5, 4);
    tensor_add_layer(&tensors, "net.2", 3, 5);
    tensor_end(&tensors);
    file_put(file, tensors.file, tensors.file_size);
}

static void tear_down(void)
{
    scratch_remove();
    free(iris);
}

TestSuite(cli_import, .init = set_up, .fini = tear_down);

static json_t *run_json(struct command command)
{
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    return json;
}

static const char *text(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

static void expect_text(struct command command, const char *part)
{
    command_expect_success(&command);
    cr_expect(strstr(command.out, part), "%s", command.out);
    command_free(&command);
}

Test(cli_import, what_is_imported_is_said_and_is_what_the_model_has)
{
    json_t *made =
        run_json(COMMAND_RUN("import", file, "--out", model, "--activation", "relu", "--json"));
    json_t *shown = run_json(COMMAND_RUN("info", model, "--json"));
    json_expect_keys(made, "schema_version format widths parameters activations loss task rounded "
                           "by_shapes split reordered weights_digest");
    cr_expect_str_eq(text(made, "format"), "safetensors");
    cr_expect_str_eq(text(made, "weights_digest"), text(shown, "weights_digest"));
    cr_expect_eq(json_integer_value(json_object_get(made, "parameters")), 43);
    json_decref(made);
    json_decref(shown);
    expect_text(
        COMMAND_RUN("import", file, "--out", model, "--activation", "tanh", "--classes", "b,a,c"),
        "classes         sorted, and the output neurons with them");
}

Test(cli_import, an_imported_model_is_used_and_trained_further)
{
    struct command imported = COMMAND_RUN("import", file, "--out", model, "--activation", "relu",
                                          "--data", iris, "--scale", "standard");
    command_expect_success(&imported);
    command_free(&imported);
    expect_text(COMMAND_RUN("predict", model, iris), "species,probability_setosa");
    json_t *before = run_json(COMMAND_RUN("eval", model, iris, "--json"));
    struct command trained =
        COMMAND_RUN("train", iris, "--from", model, "--optimizer", "adam", "--learning-rate",
                    "0.05", "--epochs", "30", "--threads", "1", "--out", model);
    cr_expect_eq(trained.code, 0);
    cr_expect(strstr(trained.err, "does not say how it was trained"), "%s", trained.err);
    command_free(&trained);
    json_t *after = run_json(COMMAND_RUN("eval", model, iris, "--json"));
    cr_expect_lt(json_real_value(json_object_get(after, "loss")),
                 json_real_value(json_object_get(before, "loss")) / 2);
    json_decref(before);
    json_decref(after);
}

/* Rows without names, of which the model finds the inputs by their order. */
Test(cli_import, numbers_are_predicted_without_names)
{
    char *rows = scratch_file("rows.csv");
    static struct tensor_bytes tensors;
    tensors = (struct tensor_bytes){0};
    tensor_add_layer(&tensors, "fc", 1, 2);
    tensor_end(&tensors);
    file_put(file, tensors.file, tensors.file_size);
    file_put_text(rows, "1,2\n3,0\n");
    struct command imported = COMMAND_RUN("import", file, "--out", model, "--scaling", "x1=1:2");
    command_expect_success(&imported);
    command_free(&imported);
    /* 0.1 (x - 1) 2 + 0.2 y - 0.3 */
    struct command predicted = COMMAND_RUN("predict", model, rows);
    command_expect_success(&predicted);
    double first = 9, second = 9;
    cr_expect_eq(sscanf(predicted.out, "y1\n%lf\n%lf\n", &first, &second), 2, "%s", predicted.out);
    cr_expect_float_eq(first, 0.1, 1e-6);
    cr_expect_float_eq(second, 0.1, 1e-6);
    command_free(&predicted);
}

Test(cli_import, what_is_missing_or_does_not_fit_is_said)
{
    const char *zip = scratch_file("m.pt");
    file_put_text(zip, "PK\3\4archive/data.pkl");
    command_expect_failure(COMMAND_RUN("import", file, "--activation", "relu"), USAGE,
                           "--out MODEL is missing");
    command_expect_failure(COMMAND_RUN("import", file, "--out", model), USAGE,
                           "does not say that of its 1 hidden layer, such as \"net.0.weight\"");
    command_expect_failure(COMMAND_RUN("import", file, "--out", file, "--activation", "relu"),
                           USAGE, "--out");
    command_expect_failure(
        COMMAND_RUN("import", file, "--out", model, "--activation", "relu", "--scale", "minmax"),
        USAGE, "--scale: is about columns of data: give --data, too");
    command_expect_failure(
        COMMAND_RUN("import", file, "--out", model, "--activation", "relu", "--header", "no"),
        USAGE, "--header: is about a file of data: give --data, too");
    command_expect_failure(COMMAND_RUN("import", file, "--out", model, "--activation", "relu",
                                       "--data", iris, "--target", "petal_width"),
                           USAGE,
                           "\"net.0.weight\" reads 4 numbers, and the columns of the data "
                           "are 6 input neurons");
    command_expect_failure(COMMAND_RUN("import", zip, "--out", model), INPUT,
                           "as PyTorch saves models");
    command_expect_failure(COMMAND_RUN("import", iris, "--out", model), INPUT,
                           "is neither a safetensors file nor a network that FANN has saved");
    command_expect_failure(COMMAND_RUN("import", file, "--out", model, "--format", "fann"), INPUT,
                           "is no network of FANN");
    command_expect_failure(COMMAND_RUN("import", scratch_file("none"), "--out", model), IO, "none");
}
