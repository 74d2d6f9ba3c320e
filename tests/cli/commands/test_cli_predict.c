/* `batchprop predict`: what comes out for classes and for numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

static char *model, *data, *out;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    data = scratch_file("data.csv");
    out = scratch_file("out.csv");
}

TestSuite(cli_predict, .init = set_up, .fini = scratch_remove);

#define TRAIN(...) expect_and_free(COMMAND_RUN("train", data, "--out", model, __VA_ARGS__))

static void expect_and_free(struct command command)
{
    command_expect_success(&command);
    command_free(&command);
}

/* Line `index` of a text, NUL in the place of its line feed; the text is changed. */
static char *take_line(char *text, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        text = strchr(text, '\n');
        cr_assert_not_null(text);
        text++;
    }
    char *end = strchr(text, '\n');
    cr_assert_not_null(end);
    *end = '\0';
    return text;
}

static const char two_classes[] = "a,b,kind\n0,1,low\n0,2,low\n9,1,high\n8,2,high\n";

Test(cli_predict, classes_come_with_the_value_of_every_output)
{
    file_put_text(data, two_classes);
    TRAIN("--epochs", "300");
    struct command command = COMMAND_RUN("predict", model, data);

    command_expect_success(&command);
    char *row = take_line(command.out, 3);
    double high, low;
    cr_assert_eq(sscanf(row, "high,%lf,%lf", &high, &low), 2, "%s", row);
    cr_assert_lt(low, high);
    cr_assert_str_eq(take_line(command.out, 0), "kind,output_high,output_low");
    command_free(&command);
}

Test(cli_predict, data_needs_no_targets_and_columns_are_matched_by_name)
{
    file_put_text(data, two_classes);
    TRAIN("--epochs", "300");
    struct command with = COMMAND_RUN("predict", model, data);
    file_put_text(data, "b,other,a\n1,x,0\n2,x,0\n1,x,9\n2,x,8\n");
    struct command without = COMMAND_RUN("predict", model, data);

    command_expect_success(&without);
    cr_assert_str_eq(with.out, without.out);
    command_free(&with);
    command_free(&without);
}

Test(cli_predict, names_are_quoted_where_csv_asks_for_it)
{
    file_put_text(data, "a,kind\n0,\"x, \"\"y\"\"\"\n1,plain\n");
    TRAIN("--epochs", "1");
    struct command command = COMMAND_RUN("predict", model, data);

    command_expect_success(&command);
    cr_assert_str_eq(take_line(command.out, 0), "kind,output_plain,\"output_x, \"\"y\"\"\"");
    command_free(&command);
}

Test(cli_predict, predictions_can_be_read_back)
{
    file_put_text(data, "a,kind\n0,\"x, \"\"y\"\"\"\n1,plain\n");
    TRAIN("--epochs", "1");
    expect_and_free(COMMAND_RUN("predict", model, data, "--out", out));
    struct command check = COMMAND_RUN("check", out, "--json");
    json_t *json = command_json(check.out);

    cr_assert_eq(json_integer_value(json_object_get(json, "rows")), 2);
    cr_assert_eq(json_array_size(json_object_get(json, "columns")), 3);
    json_decref(json);
    command_free(&check);
}

Test(cli_predict, numbers_come_in_their_own_units)
{
    file_put_text(data, "a,price\n0,1000.5\n1,1100.5\n2,1200.5\n3,1300.5\n");
    TRAIN("--output-activation", "identity", "--hidden", "none", "--epochs", "500",
          "--learning-rate", "0.1");
    struct command command = COMMAND_RUN("predict", model, data);

    command_expect_success(&command);
    double second = strtod(take_line(command.out, 2), NULL);
    /* 500 updates shrink the distance to the line, below 500 at first, far under one part. */
    cr_assert_lt(fabs(second - 1100.5), 1);
    cr_assert_str_eq(take_line(command.out, 0), "price");
    command_free(&command);
}

Test(cli_predict, out_holds_what_stdout_would)
{
    file_put_text(data, two_classes);
    TRAIN("--epochs", "5");
    struct command command = COMMAND_RUN("predict", model, data);
    expect_and_free(COMMAND_RUN("predict", model, data, "--out", out));
    char *text = file_get(out, NULL);

    cr_assert_str_eq(text, command.out);
    cr_assert_eq(folder_count(scratch_folder()), 3);
    free(text);
    command_free(&command);
}

Test(cli_predict, out_replaces_the_target_of_a_link_and_keeps_its_mode)
{
    file_put_text(data, two_classes);
    TRAIN("--epochs", "5");
    file_put_text(out, "old");
    cr_assert_eq(chmod(out, 0640), 0);
    char *link_path = folder_path(scratch_folder(), "link");
    cr_assert_eq(symlink("out.csv", link_path), 0);
    expect_and_free(COMMAND_RUN("predict", model, data, "--out", link_path));

    struct stat status;
    cr_assert_eq(lstat(link_path, &status), 0);
    cr_assert(S_ISLNK(status.st_mode));
    cr_assert_eq(stat(out, &status), 0);
    cr_assert_eq(status.st_mode & 07777, 0640);
    cr_assert_gt(status.st_size, 3);
    free(link_path);
}

Test(cli_predict, threads_do_not_change_a_prediction)
{
    file_put_text(data, two_classes);
    TRAIN("--epochs", "5");
    struct command one = COMMAND_RUN("predict", model, data, "--threads", "1");
    struct command three =
        COMMAND_RUN("predict", model, data, "--threads", "3", "--isa", "portable");

    command_expect_success(&three);
    cr_assert_str_eq(one.out, three.out);
    command_free(&one);
    command_free(&three);
}

/* More rows than one run of a thread has. */
Test(cli_predict, many_rows_are_written_in_order_by_any_number_of_threads)
{
    file_put_text(data, "id,a,b\nx,0,1\ny,1,3\nz,2,1\n");
    TRAIN("--id", "id", "--output-activation", "identity", "--hidden", "2", "--epochs", "5");
    FILE *file = fopen(data, "w");
    cr_assert_not_null(file);
    fputs("id,a\n", file);
    for (int x = 0; x < 100000; x++)
        fprintf(file, "\"row, %d\",%d.25\n", x, x % 1000);
    cr_assert_eq(fclose(file), 0);
    struct command one = COMMAND_RUN("predict", model, data, "--id", "id", "--threads", "1");
    struct command five = COMMAND_RUN("predict", model, data, "--id", "id", "--threads", "5");

    command_expect_success(&one);
    command_expect_success(&five);
    cr_assert(strcmp(one.out, five.out) == 0);
    const char *line = strchr(one.out, '\n') + 1;
    for (int x = 0; x < 100000; x++) {
        char wanted[32];
        const int length = snprintf(wanted, sizeof wanted, "\"row, %d\",", x);
        cr_assert(strncmp(line, wanted, (size_t)length) == 0, "line %d", x);
        line = strchr(line, '\n') + 1;
    }
    cr_assert_eq(*line, '\0');
    command_free(&one);
    command_free(&five);
}

Test(cli_predict, times_name_the_phases_on_stderr_and_change_no_output)
{
    file_put_text(data, two_classes);
    TRAIN("--epochs", "5");
    struct command plain = COMMAND_RUN("predict", model, data);
    struct command timed = COMMAND_RUN("predict", model, data, "--times");
    struct command eval = COMMAND_RUN("eval", model, data, "--times");

    command_expect_success(&plain);
    cr_assert_eq(timed.code, 0, "%s", timed.err);
    cr_assert_eq(eval.code, 0, "%s", eval.err);
    cr_assert_str_eq(plain.out, timed.out);
    double read, work, write;
    cr_assert_eq(sscanf(timed.err, "batchprop: seconds: read %lf, predict %lf, write %lf", &read,
                        &work, &write),
                 3, "%s", timed.err);
    cr_assert(read >= 0 && work >= 0 && write >= 0 && read + work + write < 60);
    cr_assert_eq(sscanf(eval.err, "batchprop: seconds: read %lf, evaluate %lf", &read, &work), 2,
                 "%s", eval.err);
    command_free(&plain);
    command_free(&timed);
    command_free(&eval);
}

Test(cli_predict, one_network_has_no_spread)
{
    file_put_text(data, two_classes);
    TRAIN("--epochs", "1");
    command_expect_failure(COMMAND_RUN("predict", model, data, "--spread"), 2,
                           "the model has one network");
}

Test(cli_predict, a_spreadsheet_takes_no_formula_from_the_file)
{
    file_put_text(data, "a,id,\"@kind\"\n0,-5,=1+1\n1,+x,low\n");
    TRAIN("--epochs", "1", "--target", "@kind", "--id", "id");
    struct command exact = COMMAND_RUN("predict", model, data);
    struct command guarded = COMMAND_RUN("predict", model, data, "--spreadsheet");

    command_expect_success(&exact);
    command_expect_success(&guarded);
    cr_assert_eq(strncmp(take_line(exact.out, 0), "id,@kind,", 9), 0, "%s", exact.out);
    cr_assert_str_eq(take_line(guarded.out, 0), "\"id\",\"'@kind\",\"output_=1+1\",\"output_low\"");
    char *first = guarded.out + strlen(guarded.out) + 1;
    char *second = strchr(first, '\n') + 1;
    cr_assert_eq(strncmp(first, "\"-5\",\"'=1+1\",", 13) == 0 ||
                     strncmp(first, "\"-5\",\"low\",", 11) == 0,
                 1, "%s", first);
    cr_assert_eq(strncmp(second, "\"'+x\",", 6), 0, "%s", second);
    cr_assert_not_null(strstr(first, "\"'=1+1\""), "%s", first);
    command_free(&exact);
    command_free(&guarded);
    file_put_text(data, "a,id,\"@kind\"\n0,\uFF1D1,low\n");
    struct command wide = COMMAND_RUN("predict", model, data, "--spreadsheet");
    command_expect_success(&wide);
    cr_assert_not_null(strstr(wide.out, "\n\"'\uFF1D1\","), "%s", wide.out);
    command_free(&wide);
    command_expect_failure(COMMAND_RUN("predict", model, data, "--spreadsheet", "--json"), 2,
                           "--spreadsheet: is for CSV");
}

/* Names of columns, classes, options and files. */
Test(cli_predict, what_steers_a_terminal_is_shown_by_messages_and_reports)
{
    file_put_text(data, "a\x1b[2J,kind\n0,\x1b[31mred\n1,\xe2\x80\xae"
                        "blue\n");
    TRAIN("--epochs", "1");
    struct command command = COMMAND_RUN("info", model);
    command_expect_success(&command);
    cr_assert_null(strchr(command.out, '\x1b'), "%s", command.out);
    cr_assert_null(strstr(command.out, "\xe2\x80\xae"), "%s", command.out);
    cr_assert_not_null(strstr(command.out, "\\x1b[2J"), "%s", command.out);
    cr_assert_not_null(strstr(command.out, "\\u{202e}blue"), "%s", command.out);
    command_free(&command);
    command_expect_failure(COMMAND_RUN("info", "no\x1b]0;x\xc2\x9b"), 4, "no?]0;x\\u{9b}: ");
    command_expect_failure(COMMAND_RUN("\x1b[1m"), 2, "unknown command \"\\x1b[1m\"");
}
