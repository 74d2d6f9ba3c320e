/* What `batchprop train` says of its data and of what came of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/folder.h"
#include "support/scratch.h"

#define ROWS 60

static char *model, *data, *iris;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    data = folder_path(scratch_folder(), "data.csv");
    iris = source_path("datasets/iris.csv");
}

static void tear_down(void)
{
    scratch_remove();
    free(data);
    free(iris);
}

TestSuite(cli_findings, .init = set_up, .fini = tear_down);

/* Trains and expects `words` in what people see. */
#define EXPECT_WORDS(words, ...) expect_words(words, COMMAND_RUN("train", __VA_ARGS__))

static void expect_words(const char *words, struct command command)
{
    command_expect_success(&command);
    cr_expect_not_null(strstr(command.out, words), "%s\n%s", words, command.out);
    command_free(&command);
}

#define TRAIN_JSON(...) train_json(COMMAND_RUN("train", __VA_ARGS__, "--json", "--out", model))

static json_t *train_json(struct command command)
{
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    return json;
}

/* The text under "advice" of a run, or "" where there is none. */
#define EXPECT_ADVICE(problem, remedy, ...) expect_advice(problem, remedy, TRAIN_JSON(__VA_ARGS__))

static void expect_advice(const char *problem, const char *remedy, json_t *json)
{
    json_t *advice = json_object_get(json, "advice");
    const char *said = json_string_value(json_object_get(advice, "problem"));
    const char *tried = json_string_value(json_object_get(advice, "remedy"));
    cr_expect(said && strstr(said, problem), "%s", said ? said : "no advice");
    cr_expect(tried && strncmp(tried, remedy, strlen(remedy)) == 0, "%s", tried ? tried : "");
    json_decref(json);
}

/* Writes `header` and lines that `format` makes of k, k mod `modulus` and a text. */
static void write_rows(const char *header, const char *format, int modulus)
{
    FILE *file = fopen(data, "w");
    cr_assert_not_null(file);
    fprintf(file, "%s\n", header);
    for (int k = 0; k < ROWS; k++)
        fprintf(file, format, k, k * 7 % modulus);
    cr_assert_eq(fclose(file), 0);
}

/* The reason why the target is classes or numbers, and the number of classes, 0 for numbers. */
static void expect_target(const char *reason, int classes, json_t *json)
{
    json_t *target = json_object_get(json, "target");
    cr_expect_str_eq(json_string_value(json_object_get(target, "reason")), reason);
    cr_expect_eq(json_integer_value(json_object_get(target, "classes")), classes);
    cr_expect_eq(json_array_size(json_object_get(target, "names")), 1);
    json_decref(json);
}

Test(cli_findings, the_target_and_why_it_is_classes_or_numbers)
{
    expect_target("text", 3, TRAIN_JSON(iris));
    write_rows("a,y", "%d.5,%d\n", 4);
    expect_target("integers", 4, TRAIN_JSON(data));
    expect_target("option", 0, TRAIN_JSON(data, "--task", "regress"));
    expect_target("model", 0, TRAIN_JSON(data, "--from", model));
    write_rows("a,y", "%d.5,%d.5\n", 4);
    expect_target("fractions", 0, TRAIN_JSON(data));
}

Test(cli_findings, columns_that_had_better_be_left_out)
{
    static const char *const expected[][2] = {
        {"row-numbers", "--ignore id"}, {"distinct", "--ignore 2"}, {"dates", "--ignore day"}};
    FILE *file = fopen(data, "w");
    cr_assert_not_null(file);
    fputs("id,full name,day,a,y\n", file);
    for (int k = 1; k <= ROWS; k++)
        fprintf(file, "%d,n%d,2024-01-%02d,%d.5,%c\n", k, k, k % 28 + 1, k % 7, k % 3 ? 'u' : 'v');
    cr_assert_eq(fclose(file), 0);

    json_t *json = TRAIN_JSON(data);

    json_t *hints = json_object_get(json, "hints");
    cr_assert_eq(json_array_size(hints), 3);
    for (size_t k = 0; k < 3; k++) {
        json_t *hint = json_array_get(hints, k);
        cr_expect_str_eq(json_string_value(json_object_get(hint, "looks_like")), expected[k][0]);
        cr_expect_str_eq(json_string_value(json_object_get(hint, "option")), expected[k][1]);
    }
    EXPECT_WORDS("hint           column \"id\" looks like the numbers of the rows: --ignore id\n",
                 data, "--out", model);
    struct command checked = COMMAND_RUN("check", data, "--json");
    command_expect_success(&checked);
    json_t *check = command_json(checked.out);
    cr_expect(json_equal(json_object_get(check, "hints"), hints));
    json_decref(check);
    command_free(&checked);
    checked = COMMAND_RUN("check", data);
    cr_expect_not_null(strstr(checked.out, "hint      column \"day\" looks like dates"), "%s",
                       checked.out);
    command_free(&checked);
    json_decref(json);
    json = TRAIN_JSON(data, "--ignore", "id,2,day");
    cr_assert_eq(json_array_size(json_object_get(json, "hints")), 0);
    json_decref(json);
}

Test(cli_findings, a_class_that_is_a_word_for_a_missing_value)
{
    file_put_text(data, "a,c,y\n1,NA,u\n2,p,NA\n3,NA,u\n4,q,?\n");
    json_t *json = TRAIN_JSON(data);
    json_t *hints = json_object_get(json, "hints");
    cr_assert_eq(json_array_size(hints), 1);
    json_t *hint = json_array_get(hints, 0);
    cr_expect_str_eq(json_string_value(json_object_get(hint, "column")), "y");
    cr_expect_str_eq(json_string_value(json_object_get(hint, "looks_like")), "missing");
    cr_expect_str_eq(json_string_value(json_object_get(hint, "option")), "--missing-values '?,NA'");
    json_decref(json);
    EXPECT_WORDS("hint           class \"?\" and others of \"y\" looks like a missing target: "
                 "--missing-values 'p,?,NA'\n",
                 data, "--out", model, "--missing-values", "p", "--missing", "mean");
    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--missing-values", "?,NA"),
                           3, "the cell is empty, and it is a target: leave out its row");
    json = TRAIN_JSON(data, "--target", "a", "--ignore", "y");
    cr_assert_eq(json_array_size(json_object_get(json, "hints")), 0);
    json_decref(json);
}

/* The page has each of them, with the option to try. */
Test(cli_findings, many_columns_are_counted_and_one_alone_is_left_to_be_the_input)
{
    command_need_gnuplot();
    FILE *file = fopen(data, "w");
    cr_assert_not_null(file);
    fputs("id1,2id,id3,id4,id5,id6,id7,y\n", file);
    for (int k = 1; k <= ROWS; k++)
        fprintf(file, "%d,%d,%d,%d,%d,%d,%d,%c\n", k, k, k, k, k, k, k, k % 3 ? 'u' : 'v');
    cr_assert_eq(fclose(file), 0);
    char *log = folder_path(scratch_folder(), "run.jsonl");
    char *page = folder_path(scratch_folder(), "run.html");

    json_t *json = TRAIN_JSON(data, "--epochs", "2", "--log", log);

    const json_t *hints = json_object_get(json, "hints");
    cr_assert_eq(json_array_size(hints), 7);
    cr_expect_str_eq(json_string_value(json_object_get(json_array_get(hints, 1), "option")),
                     "--ignore 2");
    json_decref(json);
    EXPECT_WORDS("and 2 more, which --json lists\n", data, "--epochs", "2", "--out", model);
    json = TRAIN_JSON(data, "--epochs", "2", "--from", model);
    cr_expect_eq(json_array_size(json_object_get(json, "hints")), 0, "the model has them");
    json_decref(json);
    json = TRAIN_JSON(data, "--epochs", "2", "--ignore", "id1,2,id3,id4,id5,id6");
    cr_expect_eq(json_array_size(json_object_get(json, "hints")), 0, "the only input");
    json_decref(json);
    struct command report = COMMAND_RUN("report", log, "--out", page);
    command_expect_success(&report);
    char *html = file_get(page, NULL);
    cr_expect_not_null(strstr(html, "<p>column <bdi>id7</bdi> (row-numbers): try <code>--ignore "
                                    "id7</code></p>"));
    free(html);
    command_free(&report);
    free(page);
    free(log);
}

Test(cli_findings, a_number_that_all_rows_have_is_no_problem)
{
    file_put_text(data, "a,y\n1,3.5\n2,3.5\n3,3.5\n");
    struct command command = COMMAND_RUN("train", data, "--out", model);
    cr_expect_null(strstr(command.out, "problem"), "%s", command.out);
    command_free(&command);
}

Test(cli_findings, texts_that_are_to_be_changed_in_the_file)
{
    FILE *file = fopen(data, "w");
    cr_assert_not_null(file);
    fputs("share,color,y\n", file);
    for (int k = 1; k <= ROWS; k++)
        fprintf(file, "%d%%,%s,%d.5\n", k % 5, k % 3 ? "red" : "Red", k);
    cr_assert_eq(fclose(file), 0);
    json_t *json = TRAIN_JSON(data);
    json_t *hint = json_array_get(json_object_get(json, "hints"), 1);
    cr_expect_str_eq(json_string_value(json_object_get(hint, "looks_like")), "spellings");
    cr_expect(json_is_null(json_object_get(hint, "option")));
    json_decref(json);
    EXPECT_WORDS("column \"share\" has numbers with other signs (such as % or $), each a text "
                 "without order: write plain numbers\n",
                 data, "--out", model);
    EXPECT_WORDS("column \"color\" has texts that differ in capitals or blanks alone", data,
                 "--out", model);
}

Test(cli_findings, the_figures_are_those_of_eval_and_the_baseline_is_beside_them)
{
    json_t *json = TRAIN_JSON(iris, "--epochs", "100");
    struct command eval = COMMAND_RUN("eval", model, iris, "--json");
    json_t *metrics = command_json(eval.out), *train = json_object_get(json, "train");
    json_t *baseline = json_object_get(train, "baseline");
    static const char *const keys[] = {"loss", "accuracy", "balanced_accuracy", "f1", "log_loss"};

    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
        cr_expect(json_equal(json_object_get(train, keys[k]), json_object_get(metrics, keys[k])),
                  "%s", keys[k]);
    cr_expect_eq(json_number_value(json_object_get(baseline, "accuracy")), 50.0 / 150);
    cr_expect_str_eq(json_string_value(json_object_get(baseline, "class")), "setosa");
    cr_expect(json_is_null(json_object_get(json, "valid")));
    cr_expect(json_is_null(json_object_get(json, "advice")));
    json_decref(metrics);
    json_decref(json);
    command_free(&eval);
}

static double get_number(const json_t *json, const char *set, const char *key)
{
    const json_t *value = json_object_get(json_object_get(json, set), key);
    cr_assert(json_is_real(value), "%s of %s", key, set);
    return json_real_value(value);
}

/* People see the figures of --json in lines of their own. */
Test(cli_findings, the_lines_of_classes_have_accuracy_and_f1)
{
    char line[256];
    json_t *json = TRAIN_JSON(iris, "--epochs", "9", "--valid-fraction", "0.2");
    snprintf(
        line, sizeof line,
        "\nvalidation     loss %.6g, accuracy %.2f %%, macro f1 %.4f; always \"setosa\": 33.33 "
        "%%\n",
        get_number(json, "valid", "loss"), 100 * get_number(json, "valid", "accuracy"),
        get_number(json, "valid", "f1"));
    EXPECT_WORDS(line, iris, "--epochs", "9", "--valid-fraction", "0.2", "--out", model);
    json_decref(json);

    write_rows("a,y", "%d.5,%d\n", 2);
    json = TRAIN_JSON(data, "--epochs", "3");
    snprintf(line, sizeof line,
             "\ntraining       loss %.6g, accuracy %.2f %%, f1 %.4f; always \"0\": 50.00 %%\n",
             get_number(json, "train", "loss"), 100 * get_number(json, "train", "accuracy"),
             get_number(json, "train", "f1"));
    EXPECT_WORDS(line, data, "--epochs", "3", "--out", model);
    json_decref(json);
}

/* Numbers that do not vary have no r2. */
Test(cli_findings, the_lines_of_numbers_have_rmse_mae_and_r2)
{
    char line[256];
    write_rows("a,y", "%d,%d.25\n", 10);
    json_t *json = TRAIN_JSON(data, "--epochs", "30");
    const json_t *train = json_object_get(json, "train");
    snprintf(line, sizeof line,
             "\ntraining       loss %.6g, rmse %.6g, mae %.6g, r2 %.4f; the mean: rmse %.6g, mae "
             "%.6g\n",
             get_number(json, "train", "loss"), get_number(json, "train", "rmse"),
             get_number(json, "train", "mae"), get_number(json, "train", "r2"),
             get_number(train, "baseline", "rmse"), get_number(train, "baseline", "mae"));
    EXPECT_WORDS(line, data, "--epochs", "30", "--out", model);
    json_decref(json);

    write_rows("a,y", "%d,300.5\n", 10);
    struct command command = COMMAND_RUN("train", data, "--out", model);
    cr_assert_eq(command.code, 0, "%s", command.err);
    cr_expect_not_null(strstr(command.out, "; the mean: rmse 0, mae 0\n"), "%s", command.out);
    cr_expect_null(strstr(command.out, "r2"));
    command_free(&command);
}

Test(cli_findings, after_a_refit_the_figures_of_validation_are_those_before_it)
{
    json_t *json = TRAIN_JSON(iris, "--epochs", "9", "--valid-fraction", "0.2", "--refit");
    cr_expect_eq(get_number(json, "valid", "loss"),
                 json_real_value(json_object_get(json, "valid_loss")));
    cr_expect_eq(json_integer_value(json_object_get(json_object_get(json, "train"), "samples")),
                 150);
    cr_expect_eq(json_integer_value(json_object_get(json_object_get(json, "valid"), "samples")),
                 30);
    json_decref(json);
}

Test(cli_findings, a_run_no_better_than_one_answer_says_what_to_try)
{
    EXPECT_ADVICE("all training rows are predicted as \"", "--preset modern or fewer --hidden",
                  iris, "--hidden", "16,16,16,16", "--epochs", "5");
    EXPECT_ADVICE("all training rows are predicted as \"", "--learning-rate 1: with 1000", iris,
                  "--learning-rate", "1000", "--epochs", "20");
    EXPECT_ADVICE("on the training rows, and 33.33 % if all were predicted as \"setosa\"",
                  "--epochs 300: 5 updates", iris, "--preset", "modern", "--optimizer", "adam",
                  "--learning-rate", "0.002", "--hidden", "16", "--epochs", "1", "--batch-size",
                  "32");
    write_rows("a,y", "%d,%d.25\n", 10);
    EXPECT_ADVICE("if all were predicted as the mean", "--learning-rate 0.005: with 50", data,
                  "--preset", "modern", "--optimizer", "adam", "--hidden", "16", "--learning-rate",
                  "50", "--epochs", "20");
}

Test(cli_findings, rare_classes_are_told_to_count_more)
{
    write_rows("a,y", "%d,%d\n", 12);
    char *text = file_get(data, NULL);
    FILE *file = fopen(data, "w");
    cr_assert_not_null(file);
    size_t row = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), row++)
        fprintf(file, "%.*s,%s\n", (int)(strchr(line, ',') - line), line,
                row == 0   ? "y"
                : row % 12 ? "no"
                           : "yes");
    cr_assert_eq(fclose(file), 0);
    free(text);

    EXPECT_ADVICE("all training rows are predicted as \"no\"",
                  "--class-weight balanced: \"no\" has", data, "--epochs", "20");
}

/* Noise: what is learned of the training rows does not hold for others. */
Test(cli_findings, rows_learned_by_heart_are_no_success)
{
    FILE *file = fopen(data, "w");
    cr_assert_not_null(file);
    fputs("a,b,y\n", file);
    unsigned state = 1;
    for (int k = 0; k < ROWS; k++) {
        double number[3];
        for (size_t c = 0; c < 3; c++) {
            state = state * 1664525u + 1013904223u;
            number[c] = (double)(state >> 8) / (1 << 24);
        }
        fprintf(file, "%.6f,%.6f,%.6f\n", number[0], number[1], number[2]);
    }
    cr_assert_eq(fclose(file), 0);

    EXPECT_ADVICE("on the validation rows, and", "--weight-decay, --dropout or fewer --hidden",
                  data, "--preset", "modern", "--hidden", "128,128", "--optimizer", "adam",
                  "--learning-rate", "0.002", "--epochs", "500", "--valid-fraction", "0.3",
                  "--no-keep-best");
}

Test(cli_findings, the_log_and_the_page_say_the_same)
{
    command_need_gnuplot();
    char *log = folder_path(scratch_folder(), "run.jsonl");
    char *page = folder_path(scratch_folder(), "run.html");
    json_t *json = TRAIN_JSON(iris, "--hidden", "16,16,16,16", "--epochs", "5", "--log", log,
                              "--valid-fraction", "0.2");
    char *text = file_get(log, NULL), *first = strtok(text, "\n"), *last = first;
    for (char *line = first; line; line = strtok(NULL, "\n"))
        last = line;
    json_t *start = command_json(first), *end = command_json(last);
    struct command report = COMMAND_RUN("report", log, "--out", page);

    command_expect_success(&report);
    cr_expect(json_equal(json_object_get(start, "target"), json_object_get(json, "target")));
    cr_expect(json_equal(json_object_get(start, "hints"), json_object_get(json, "hints")));
    cr_expect(json_equal(json_object_get(end, "train"), json_object_get(json, "train")));
    cr_expect(json_equal(json_object_get(end, "valid"), json_object_get(json, "valid")));
    cr_expect(json_equal(json_object_get(end, "advice"), json_object_get(json, "advice")));
    char *html = file_get(page, NULL);
    cr_expect_not_null(strstr(html, "<h2>Quality</h2>"));
    cr_expect_not_null(strstr(html, "all validation rows are predicted as"));
    cr_expect_not_null(
        strstr(html, "<dt>target</dt><dd><bdi>species</bdi>: 3 classes (text)</dd>"));
    cr_expect_not_null(strstr(html, "<td><bdi>validation, always \xe2\x80\x9csetosa\xe2\x80\x9d"
                                    "</bdi></td><td class=\"n\"></td>"));
    cr_expect_not_null(strstr(html, "<td><bdi>training</bdi></td><td class=\"n\">120</td>"));
    cr_expect_not_null(strstr(html, "<td><bdi>validation</bdi></td><td class=\"n\">30</td>"));
    free(html);
    command_free(&report);
    json_decref(start);
    json_decref(end);
    json_decref(json);
    free(text);
    free(page);
    free(log);
}

/* The r2 of the mean is 0 but for rounding, and 0 on the page. */
Test(cli_findings, the_page_has_the_mean_beside_numbers)
{
    command_need_gnuplot();
    char *log = folder_path(scratch_folder(), "run.jsonl");
    char *page = folder_path(scratch_folder(), "run.html");
    write_rows("a,y", "%d,%d.1\n", 10);
    json_t *json = TRAIN_JSON(data, "--epochs", "2", "--log", log);
    const json_t *train = json_object_get(json, "train");
    cr_assert_neq(get_number(train, "baseline", "r2"), 0, "of no use: it is not rounded");
    char row[256];
    snprintf(row, sizeof row,
             "<td><bdi>training, always the mean</bdi></td><td class=\"n\"></td>"
             "<td class=\"n\">%.4g</td><td class=\"n\">%.4g</td><td class=\"n\">%.4g</td>"
             "<td class=\"n\">0</td>",
             get_number(train, "baseline", "loss"), get_number(train, "baseline", "rmse"),
             get_number(train, "baseline", "mae"));

    struct command report = COMMAND_RUN("report", log, "--out", page);

    command_expect_success(&report);
    char *html = file_get(page, NULL);
    cr_expect_not_null(strstr(html, row), "%s\n%s", row, strstr(html, "always the mean"));
    free(html);
    command_free(&report);
    json_decref(json);
    free(page);
    free(log);
}
