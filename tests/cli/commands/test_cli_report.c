/* `batchprop report`: one page from logs, and what it refuses. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

#define FAILED 1
#define USAGE  2
#define INPUT  3
#define IO     4

static char *page, *one, *two;

static void set_up(void)
{
    page = scratch_file("report.html");
    one = scratch_file("one.jsonl");
    two = scratch_file("two.jsonl");
}

TestSuite(cli_report, .init = set_up, .fini = scratch_remove);

/* A log of `epochs` epochs with an option `rate` and a matrix of `classes` classes. */
static void write_log(const char *path, size_t epochs, const char *rate, size_t classes)
{
    FILE *log = fopen(path, "w");
    cr_assert_not_null(log);
    fprintf(log,
            "{\"schema_version\":1,\"event\":\"start\",\"data\":\"iris.csv\",\"samples\":120,"
            "\"metric\":\"accuracy\",\"layers\":[4,16,3],\"options\":{\"learning-rate\":%s,"
            "\"hidden\":[16],\"out\":\"%s\"}}\n",
            rate, path);
    for (size_t e = 1; e <= epochs; e++)
        fprintf(log,
                "{\"event\":\"epoch\",\"epoch\":%zu,\"train_loss\":%g,\"valid_loss\":%g,"
                "\"metric\":%g,\"metrics\":{\"accuracy\":%g,\"f1\":0.5},\"best_epoch\":%zu,"
                "\"learning_rate\":%s,\"samples_per_second\":50000,\"seconds\":%zu,"
                "\"phases\":{\"forward\":%zu,\"gradient\":1}}\n",
                e, 1.0 / (double)e, 1.1 / (double)e, 1 - 0.5 / (double)e, 1 - 0.5 / (double)e, e,
                rate, e, e);
    fprintf(log, "{\"event\":\"end\",\"reason\":\"done\",\"weights_digest\":"
                 "\"0123456789abcdef0123456789abcdef\",\"confusion\":{\"classes\":[");
    for (size_t k = 0; k < classes; k++)
        fprintf(log, "%s\"class %zu\"", k ? "," : "", k);
    fputs("],\"counts\":[", log);
    for (size_t k = 0; k < classes * classes; k++)
        fprintf(log, "%s%zu%s",
                k == 0        ? "["
                : k % classes ? ","
                              : ",[",
                k % 7, k % classes == classes - 1 ? "]" : "");
    fputs("]}}\n", log);
    cr_assert_eq(fclose(log), 0);
}

/* The page of a report that succeeds. */
static char *read_page(struct command command)
{
    command_expect_success(&command);
    cr_assert_str_empty(command.out);
    command_free(&command);
    return file_get(page, NULL);
}

static void expect_words(const char *text, const char *const *words)
{
    for (size_t k = 0; words[k]; k++)
        cr_assert_not_null(strstr(text, words[k]), "\"%s\" is not in the page", words[k]);
}

static size_t count_words(const char *text, const char *word)
{
    size_t count = 0;
    for (; (text = strstr(text, word)) != NULL; text++)
        count++;
    return count;
}

Test(cli_report, one_run_has_its_figures_curves_confusion_phases_options_and_digest)
{
    command_need_gnuplot();
    write_log(one, 5, "0.5", 3);
    char *text = read_page(COMMAND_RUN("report", one, "--out", page));

    expect_words(text,
                 (const char *const[]){
                     "<html lang=\"en\">", "<h1>Training on iris.csv</h1>", "best accuracy",
                     "90.00&nbsp;%", "0123456789abcdef0123456789abcdef",
                     "<figcaption>Loss</figcaption>", "<figcaption>Accuracy</figcaption>",
                     "<figcaption>F1</figcaption>", "1 other metric",
                     "<figcaption>Learning rate</figcaption>", "Time by phase", "Confusion",
                     "class 2", "learning-rate", "Run 1, validation: from 50 % at epoch 1", NULL});
    cr_assert_eq(strncmp(text, "<!DOCTYPE html>", 15), 0);
    cr_assert_eq(folder_count(scratch_folder()), 2);
    free(text);
}

Test(cli_report, the_page_has_the_rules_of_its_style_sheet)
{
    command_need_gnuplot();
    write_log(one, 5, "0.5", 3);
    char *text = read_page(COMMAND_RUN("report", one, "--out", page));
    char *path = source_path("src/cli/html/report.css"), *sheet = file_get(path, NULL);
    size_t rules = 0;

    for (char *line = strtok(sheet, "\n"); line; line = strtok(NULL, "\n")) {
        line += strspn(line, " ");
        if (strncmp(line, "/*", 2) == 0)
            continue;
        cr_assert_not_null(strstr(text, line), "\"%s\" is not in the page", line);
        rules++;
    }
    cr_assert_gt(rules, 100);
    cr_assert_null(strstr(text, "/*"));
    free(sheet);
    free(path);
    free(text);
}

Test(cli_report, several_runs_are_held_beside_each_other)
{
    command_need_gnuplot();
    write_log(one, 5, "0.5", 3);
    write_log(two, 9, "0.25", 3);
    char *text = read_page(COMMAND_RUN("report", one, two, "--out", page, "--title", "A & B"));

    expect_words(text, (const char *const[]){"<h1>A &amp; B</h1>", "2 runs",
                                             "class=\"differs\">learning-rate", "best run",
                                             "same as 1", ">run 2</text>", NULL});
    cr_assert_null(strstr(text, "class=\"differs\">hidden"));
    cr_assert_null(strstr(text, "class=\"differs\">out"));
    free(text);
}

/* The page may not ask for anything: no address but in text, no script. */
Test(cli_report, the_value_that_auto_stands_for_is_shown_as_such)
{
    command_need_gnuplot();
    static const char head[] = "{\"schema_version\":1,\"event\":\"start\",\"options\":{%s},"
                               "\"effective\":{%s}}\n";
    char text[300];
    snprintf(text, sizeof text, head, "\"loss\":\"auto\"",
             "\"learning-rate\":1.0,\"loss\":\"mse\"");
    file_put_text(one, text);
    snprintf(text, sizeof text, head, "\"loss\":\"mse\",\"learning-rate\":0.01", "");
    file_put_text(two, text);
    char *written = read_page(COMMAND_RUN("report", one, two, "--out", page));

    cr_assert_not_null(strstr(written, "<td class=\"differs\">1 (auto)</td>"));
    cr_assert_not_null(strstr(written, "<td class=\"differs\">0.01</td>"));
    cr_assert_not_null(strstr(written, "<td class=\"long\">mse (auto)</td>"));
    cr_assert_null(strstr(written, "class=\"differs\">loss"));
    free(written);
}

Test(cli_report, the_page_is_complete_in_itself)
{
    command_need_gnuplot();
    write_log(one, 5, "0.5", 3);
    char *text = read_page(COMMAND_RUN("report", one, "--out", page));

    static const char *const asking[] = {"http:",   "https:",  "src=",       "url(",
                                         "@import", "<script", "<img",       "<iframe",
                                         "<object", "xlink",   "javascript:"};
    for (size_t k = 0; k < sizeof asking / sizeof asking[0]; k++)
        cr_assert_null(strstr(text, asking[k]), "the page has %s", asking[k]);
    cr_assert_not_null(strstr(text, "default-src 'none'"));
    cr_assert_eq(count_words(text, "href="),
                 count_words(text, "href=\"#") + count_words(text, "href=\"data:,\""));
    free(text);
}

Test(cli_report, ids_are_unique_and_references_lead_somewhere)
{
    command_need_gnuplot();
    write_log(one, 5, "0.5", 3);
    write_log(two, 3, "0.5", 3);
    char *text = read_page(COMMAND_RUN("report", one, two, "--out", page));

    size_t count = 0;
    for (const char *at = text; (at = strstr(at, " id=\"")) != NULL; at++, count++) {
        char attribute[64];
        const size_t length = strcspn(at + 5, "\"") + 6;
        cr_assert(length < sizeof attribute);
        memcpy(attribute, at, length);
        attribute[length] = '\0';
        cr_assert_eq(count_words(text, attribute), 1, "%s", attribute);
    }
    cr_assert_geq(count, 10);
    cr_assert_not_null(strstr(text, "href=\"#dot\""));
    cr_assert_not_null(strstr(text, "<circle id=\"dot\""));
    free(text);
}

Test(cli_report, elements_are_closed_in_order)
{
    command_need_gnuplot();
    write_log(one, 40, "0.5", 40);
    write_log(two, 1, "0.25", 2);
    char *text = read_page(COMMAND_RUN("report", one, two, "--out", page));

    static const char *const empty[] = {"meta", "link", "br"};
    char open[32][16];
    size_t depth = 0;
    for (char *at = strstr(text, "<html"); (at = strchr(at, '<')) != NULL; at++) {
        char name[16] = "";
        const char *end = strchr(at, '>');
        const bool closes = at[1] == '/';
        for (size_t k = 0; k + 1 < sizeof name && isalnum((unsigned char)at[1 + closes + k]); k++)
            name[k] = at[1 + closes + k];
        bool single = end[-1] == '/';
        for (size_t k = 0; k < sizeof empty / sizeof empty[0]; k++)
            single = single || strcmp(name, empty[k]) == 0;
        if (single)
            continue;
        if (!closes) {
            cr_assert_lt(depth, 32);
            strcpy(open[depth++], name);
            continue;
        }
        cr_assert_gt(depth, 0);
        cr_assert_str_eq(open[--depth], name);
    }
    cr_assert_eq(depth, 0);
    free(text);
}

Test(cli_report, text_of_a_log_stays_text)
{
    command_need_gnuplot();
    file_put_text(one, "{\"schema_version\":1,\"event\":\"start\",\"data\":\"</title><script>a()\","
                       "\"version\":\"<b>\",\"time\":\"\\\"'><i>\",\"metric\":\"<u>\","
                       "\"options\":{\"<s>\":\"<big>\",\"q\":{\"<tt>\":\"<em>\"}}}\n"
                       "{\"event\":\"epoch\",\"epoch\":1,\"train_loss\":1}\n"
                       "{\"event\":\"end\",\"reason\":\"<a href=x>\",\"weights_digest\":\"<hr>\","
                       "\"threads\":1,\"threads_reason\":\"<li>\",\"backend\":\"<ol>\",\"isa\":"
                       "\"<ul onload=x>\",\"confusion\":{\"classes\":[\"<ins>\"],\"counts\":"
                       "[[1]]}}\n");
    char *text = read_page(COMMAND_RUN("report", one, "--out", page));

    static const char *const elements[] = {"<script", "<b>",  "<i>",        "<u>",   "<s>",
                                           "<big>",   "<tt>", "<em",        "<a h",  "<hr>",
                                           "<li>a",   "<ol>", "<ul onload", "<ins>", "'><i>"};
    for (size_t k = 0; k < sizeof elements / sizeof elements[0]; k++)
        cr_assert_null(strstr(text, elements[k]), "%s", elements[k]);
    expect_words(text, (const char *const[]){"&lt;script&gt;a()", "&lt;big&gt;", "&lt;ins&gt;",
                                             "&lt;ul onload=x&gt;", NULL});
    free(text);
}

Test(cli_report, a_run_without_epochs_or_with_one_alone_is_shown)
{
    command_need_gnuplot();
    write_log(one, 0, "1", 2);
    char *text = read_page(COMMAND_RUN("report", one, "--out", page));
    cr_assert_not_null(strstr(text, "No epoch was finished"));
    free(text);

    write_log(one, 1, "1", 2);
    text = read_page(COMMAND_RUN("report", one, "--out", page));
    cr_assert_not_null(strstr(text, "<figcaption>Loss</figcaption>"));
    free(text);
}

Test(cli_report, numbers_of_any_size_and_gaps_are_drawn)
{
    command_need_gnuplot();
    file_put_text(one, "{\"schema_version\":1,\"event\":\"start\",\"metric\":\"rmse\"}\n"
                       "{\"event\":\"epoch\",\"epoch\":1,\"train_loss\":1e308,\"valid_loss\":1}\n"
                       "{\"event\":\"epoch\",\"epoch\":2,\"train_loss\":-1e308}\n"
                       "{\"event\":\"epoch\",\"epoch\":3,\"train_loss\":1e-320}\n"
                       "{\"event\":\"epoch\",\"epoch\":4,\"train_loss\":null,\"seconds\":1e308}\n"
                       "{\"event\":\"epoch\",\"epoch\":9007199254740992,\"train_loss\":1e150,"
                       "\"best_epoch\":9007199254740992,\"metrics\":{\"rmse\":1e308}}\n");
    char *text = read_page(COMMAND_RUN("report", one, "--out", page));

    cr_assert_not_null(strstr(text, "<figcaption>Loss</figcaption>"));
    cr_assert_null(strstr(text, "<figcaption>Root"));
    free(text);
}

Test(cli_report, a_long_run_is_thinned_out)
{
    command_need_gnuplot();
    write_log(one, 20000, "0.5", 2);
    char *text = read_page(COMMAND_RUN("report", one, "--out", page));

    cr_assert_lt(strlen(text), 400000);
    free(text);
}

Test(cli_report, of_many_classes_the_most_frequent_confusions_are_listed)
{
    command_need_gnuplot();
    write_log(one, 2, "0.5", 50);
    char *text = read_page(COMMAND_RUN("report", one, "--out", page));

    cr_assert_not_null(strstr(text, "the most frequent confusions among 50 classes"));
    cr_assert_eq(count_words(text, "<td class=\"cell"), 0);
    free(text);
}

/* Two runs, of which one has a matrix. */
Test(cli_report, after_a_refit_the_page_says_why_there_is_no_confusion_matrix)
{
    command_need_gnuplot();
    char *iris = source_path("datasets/iris.csv"), *model = scratch_file("model");
    struct command trained = COMMAND_RUN("train", iris, "--out", model, "--epochs", "2",
                                         "--valid-fraction", "0.2", "--refit", "--log", one);
    command_expect_success(&trained);
    command_free(&trained);
    char *text = read_page(COMMAND_RUN("report", one, "--out", page));
    expect_words(text, (const char *const[]){"<h2>Confusion</h2>", "no matrix after a refit",
                                             "<bdi>validation, before the refit</bdi>", NULL});
    cr_expect_eq(count_words(text, "class=\"confusion\""), 0);
    free(text);
    write_log(two, 5, "0.5", 3);
    text = read_page(COMMAND_RUN("report", one, two, "--out", page));
    expect_words(text, (const char *const[]){"no matrix after a refit", NULL});
    cr_expect_eq(count_words(text, "class=\"confusion\""), 1);
    cr_expect_eq(count_words(text, "<h2>Confusion</h2>"), 1);
    free(text);
    free(iris);
}

Test(cli_report, a_log_that_is_none_ends_with_3_and_leaves_the_old_page)
{
    command_need_gnuplot();
    file_put_text(page, "old");
    file_put_text(one, "a,b\n");

    command_expect_failure(COMMAND_RUN("report", one, "--out", page), INPUT, "one.jsonl:1: ");
    char *text = file_get(page, NULL);
    cr_assert_str_eq(text, "old");
    cr_assert_eq(folder_count(scratch_folder()), 2);
    free(text);
}

Test(cli_report, what_it_cannot_do_is_refused)
{
    write_log(one, 1, "1", 2);

    command_expect_failure(COMMAND_RUN("report", "--out", page), USAGE, "RUN.jsonl is missing");
    command_expect_failure(COMMAND_RUN("report", one), USAGE, "--out FILE.html is missing");
    command_expect_failure(COMMAND_RUN("report", one, "", "--out", page), USAGE, "is empty");
    command_expect_failure(COMMAND_RUN("report", one, "--out", one), USAGE, "would overwrite");
    command_expect_failure(COMMAND_RUN("report", one, "--out", "/no/such/folder/a.html"), IO,
                           "--out: ");
    command_expect_failure(COMMAND_RUN("report", one, "--out", page, "--titel", "x"), USAGE,
                           "did you mean \"--title\"?");
    command_need_gnuplot();
    command_expect_failure(COMMAND_RUN("report", two, "--out", page), IO, "cannot open");
    command_expect_failure(COMMAND_RUN("report", scratch_folder()->path, "--out", page), IO,
                           "cannot read");
}

/* A model of a table with two hostile names. */
static char *train_model(char **table)
{
    char *model = scratch_file("m.safetensors");
    *table = scratch_file("t.csv");
    file_put_text(*table, "a,</script><b>,kind\n1,3,x\n2,5,y\n3,8,x\n4,1,y\n5,2,x\n6,7,y\n");
    struct command command =
        COMMAND_RUN("train", *table, "--epochs", "2", "--hidden", "2", "--out", model);
    cr_assert_eq(command.code, 0, "%s", command.err);
    command_free(&command);
    return model;
}

Test(cli_report, a_model_has_a_page_with_its_script_facts_and_no_more_without_data)
{
    char *table, *model = train_model(&table);
    cr_assert_eq(setenv("PATH", scratch_folder()->path, 1), 0); /* gnuplot is not needed */
    char *text =
        read_page(COMMAND_RUN("report", "--model", model, "--out", page, "--title", "<i>&"));
    expect_words(text, (const char *const[]){"<h1>&lt;i&gt;&amp;</h1>", "Predicts <bdi>kind</bdi>",
                                             "from 2 columns", "2-2-2", "; script-src 'nonce-",
                                             "const model = (() =>", "const ranges = [null, null]",
                                             "\\u003c/script>\\u003cb>", NULL});
    cr_assert_eq(count_words(text, "<script"), 2); /* one in a comment of the script */
    cr_assert_eq(count_words(text, "</script>"), 1);
    cr_assert_null(strstr(text, "worse by"));
    cr_assert_null(strstr(text, "<svg class=\"plot\""));
    free(text);
}

Test(cli_report, data_add_ranges_importances_and_calibration)
{
    command_need_gnuplot();
    char *table, *model = train_model(&table);
    char *text = read_page(COMMAND_RUN("report", "--model", model, "--data", table, "--out", page));
    expect_words(text,
                 (const char *const[]){"<h1>Model m.safetensors</h1>", "6 rows of the data",
                                       "const ranges = [[1, 6], [1, 8]]", "worse by",
                                       "&lt;/script&gt;&lt;b&gt;", "over 5 orders",
                                       "How sure, and how right", "<svg class=\"plot\"", NULL});
    char *again = read_page(
        COMMAND_RUN("report", "--model", model, "--data", table, "--out", page, "--threads", "2"));
    cr_assert_str_eq(again, text);
    free(again);
    free(text);
}

Test(cli_report, of_numbers_the_page_has_pairs_and_residuals)
{
    command_need_gnuplot();
    char *model = scratch_file("m.safetensors");
    file_put_text(one, "a,b,y,z\n1,3,0.5,1\n2,5,1.25,2\n3,8,2.5,5\n4,1,3.75,3\n5,2,4.5,9\n");
    struct command command = COMMAND_RUN("train", one, "--epochs", "2", "--hidden", "2", "--target",
                                         "y,z", "--task", "regress", "--out", model);
    cr_assert_eq(command.code, 0, "%s", command.err);
    command_free(&command);
    char *text = read_page(COMMAND_RUN("report", "--model", model, "--data", one, "--out", page));
    expect_words(text, (const char *const[]){"<bdi>y</bdi>: predicted over observed",
                                             "<bdi>z</bdi>: residuals", NULL});
    cr_assert_eq(count_words(text, "<svg class=\"plot\""), 4);
    free(text);
}

Test(cli_report, a_model_and_logs_do_not_go_together_and_data_need_a_model)
{
    char *table, *model = train_model(&table);
    write_log(one, 1, "1", 2);
    file_put_text(two, "a,b\n1,2\n");

    command_expect_failure(COMMAND_RUN("report", one, "--model", model, "--out", page), USAGE,
                           "logs are shown on a page of their own");
    command_expect_failure(COMMAND_RUN("report", one, "--data", table, "--out", page), USAGE,
                           "--data: is for --model MODEL");
    command_expect_failure(COMMAND_RUN("report", "--model", model, "--threads", "2", "--out", page),
                           USAGE, "--threads: is for --data DATA");
    command_expect_failure(COMMAND_RUN("report", one, "--unknown", "ignore", "--out", page), USAGE,
                           "--unknown: is for --data DATA");
    command_expect_failure(COMMAND_RUN("report", "--model", model, "--out", model), USAGE,
                           "would overwrite");
    command_expect_failure(COMMAND_RUN("report", "--model", page, "--out", two), IO, "cannot");
    command_expect_failure(COMMAND_RUN("report", "--model", table, "--out", page), INPUT, "t.csv");
    command_need_gnuplot();
    command_expect_failure(COMMAND_RUN("report", "--model", model, "--data", table, "--out", table),
                           USAGE, "would overwrite");
    command_expect_failure(COMMAND_RUN("report", "--model", model, "--data", two, "--out", page),
                           INPUT, "column \"</script><b>\" is missing");
    cr_assert_eq(setenv("PATH", scratch_folder()->path, 1), 0);
    command_expect_failure(COMMAND_RUN("report", "--model", model, "--data", table, "--out", page),
                           FAILED, "--data: gnuplot was not found; install it");
}

Test(cli_report, a_page_holds_64_runs_and_no_more)
{
    command_need_gnuplot();
    const char *arguments[3 + 65 + 1] = {"report", "--out", page};
    write_log(one, 2, "1", 2);
    for (size_t k = 0; k < 65; k++)
        arguments[3 + k] = one;

    command_expect_failure(command_run(arguments), USAGE, "65 logs are more than the 64");
    arguments[3 + 64] = NULL;
    char *text = read_page(command_run(arguments));
    cr_assert_not_null(strstr(text, ">run 64</text>"));
    free(text);
}

Test(cli_report, without_gnuplot_the_message_says_what_to_install)
{
    write_log(one, 1, "1", 2);
    cr_assert_eq(setenv("PATH", scratch_folder()->path, 1), 0);

    command_expect_failure(COMMAND_RUN("report", one, "--out", page), FAILED,
                           "report: gnuplot was not found; install it");
    cr_assert_eq(folder_count(scratch_folder()), 1);
}

Test(cli_report, a_gnuplot_that_draws_nothing_leaves_no_page)
{
    char *program = folder_path(scratch_folder(), "gnuplot");
    file_put_text(program, "#!/bin/sh\necho nothing\n");
    cr_assert_eq(chmod(program, 0755), 0);
    cr_assert_eq(setenv("PATH", scratch_folder()->path, 1), 0);
    write_log(one, 1, "1", 2);

    command_expect_failure(COMMAND_RUN("report", one, "--out", page), FAILED,
                           "gnuplot drew nothing");
    cr_assert_eq(folder_count(scratch_folder()), 2);
    free(program);
}

/* ---- several networks ---- */

static void train_several(const char *log)
{
    char *iris = source_path("datasets/iris.csv"), *model = scratch_file("m.safetensors");
    struct command command =
        COMMAND_RUN("train", iris, "--out", model, "--json", "--hidden", "2;none", "--epochs", "6",
                    "--member-rows", "folds", "--member-folds", "2", "--member-weights",
                    "out-of-fold", "--log", log);
    command_expect_success(&command);
    command_free(&command);
    free(iris);
}

Test(cli_report, several_networks_have_a_table_of_kinds_and_a_curve_each)
{
    command_need_gnuplot();
    train_several(one);
    char *text = read_page(COMMAND_RUN("report", one, "--out", page));
    expect_words(text, (const char *const[]){"<h2>Kinds of networks</h2>", "1: hidden 2</th>",
                                             "2: hidden none</th>", "<summary>4 networks</summary>",
                                             "accuracy, rows left out", "<bdi>left out</bdi>",
                                             "<bdi>left out, cross-fitted</bdi>",
                                             "</span>kind 2: hidden none</li>", NULL});
    cr_expect_eq(count_words(text, "Kind 1: from "), 2 * 3); /* loss, learning rate, speed */
    cr_expect_eq(count_words(text, "Kind 2: from "), 2 * 3);
    free(text);
}

Test(cli_report, several_networks_stand_beside_one)
{
    command_need_gnuplot();
    train_several(one);
    write_log(two, 5, "0.5", 3);
    char *text = read_page(COMMAND_RUN("report", one, two, "--out", page));
    expect_words(text, (const char *const[]){"2 runs", "<h2>Kinds of networks</h2>", "Run 1: from ",
                                             "Run 2: from ", NULL});
    free(text);
}

/* What stands in a log need not be what train writes. */
Test(cli_report, kinds_and_networks_of_other_types_are_left_out)
{
    command_need_gnuplot();
    file_put_text(
        one,
        "{\"schema_version\":1,\"event\":\"start\",\"networks\":3,\"kinds\":[7,{\"options\":[1]},"
        "{\"options\":{\"<b>\":3}}]}\n"
        "{\"event\":\"epoch\",\"member\":3,\"epoch\":1,\"train_loss\":1}\n"
        "{\"event\":\"end\",\"kinds\":[null,[],{\"weight\":\"x\",\"out_of_fold\":5}],"
        "\"members\":[1,{\"error\":\"<i>\"}],\"out_of_fold\":[]}\n");
    char *text = read_page(COMMAND_RUN("report", one, "--out", page));
    cr_expect_null(strstr(text, "<b>"));
    cr_expect_null(strstr(text, "<i>"));
    free(text);
}
