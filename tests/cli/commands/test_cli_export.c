/* export: what it prints, and what it refuses. What the files do is tested in tests/export/. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "support/command.h"
#include "support/scratch.h"

static char *model, *out;

static void set_up(void)
{
    char *data = scratch_file("d.csv");
    model = scratch_file("m.safetensors");
    out = scratch_file("iris.c");
    file_put_text(data, "x,y,class\n1,2,a\n2,1,b\n3,0,a\n4,7,b\n");
    struct command command =
        COMMAND_RUN("train", data, "--out", model, "--epochs", "1", "--hidden", "2");
    command_expect_success(&command);
    command_free(&command);
}

TestSuite(cli_export, .init = set_up, .fini = scratch_remove);

Test(cli_export, files_sizes_and_the_next_step_are_printed)
{
    size_t size;
    char line[512];
    struct command command = COMMAND_RUN("export", model, "--out", out);
    command_expect_success(&command);
    free(file_get(out, &size));
    snprintf(line, sizeof line, "%s, %zu bytes\n", out, size);
    cr_expect(strstr(command.out, line) != NULL, "%s", command.out);
    cr_expect(strstr(command.out, "iris.h, ") != NULL, "%s", command.out);
    snprintf(line, sizeof line, "\n  cc -O3 -march=native -DSELF_TEST %s ", out);
    cr_expect(strstr(command.out, line) != NULL, "%s", command.out);
    command_free(&command);
}

Test(cli_export, json_says_the_same)
{
    struct command command = COMMAND_RUN("export", model, "--out", out, "--json");
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    json_expect_keys(json, "schema_version format file file_bytes header header_bytes "
                           "weights_digest");
    cr_expect_str_eq(json_string_value(json_object_get(json, "format")), "c");
    json_decref(json);
    command_free(&command);
}

Test(cli_export, the_standard_output_takes_a_format_of_one_file)
{
    struct command command = COMMAND_RUN("export", model, "--out", "-", "--format", "sql");
    cr_expect_eq(command.code, 0);
    cr_expect(strncmp(command.out, "-- model: a network 2-2-2", 25) == 0, "%.60s", command.out);
    command_free(&command);
    command_expect_failure(COMMAND_RUN("export", model, "--out", "-", "--format", "c"), 2,
                           "ends in .c, and its header in .h");
}

Test(cli_export, a_name_is_given_or_that_of_the_file)
{
    struct command command = COMMAND_RUN("export", model, "--out", out, "--name", "flowers");
    command_expect_success(&command);
    char *text = file_get(out, NULL);
    cr_expect(strstr(text, "int flowers_predict(") != NULL);
    cr_expect(strstr(text, "#include \"iris.h\"\n") != NULL, "the header has the name of its file");
    free(text);
    command_free(&command);
}

Test(cli_export, what_is_missing_or_contradicts_is_said)
{
    command_expect_failure(COMMAND_RUN("export", model), 2, "--out is missing");
    command_expect_failure(COMMAND_RUN("export", model, "--out", model), 2, "--out");
    command_expect_failure(COMMAND_RUN("export", model, "--out", scratch_file("m.txt")), 2,
                           "the end of the name says no format");
    command_expect_failure(COMMAND_RUN("export", model, "--out", out, "--raw"), 2,
                           "raw is an option of the format onnx");
    command_expect_failure(COMMAND_RUN("export", scratch_file("none.st"), "--out", out), 4,
                           "none.st");
}
