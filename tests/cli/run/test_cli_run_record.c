/* Reading the logs of runs: what counts, and what is refused where. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "cli/run/run_record.h"
#include "cli/terminal/messages.h"
#include "support/scratch.h"

#define START "{\"schema_version\":1,\"event\":\"start\",\"metric\":\"accuracy\"}\n"

static char *path;
static struct run_record record;

static void set_up(void)
{
    path = scratch_file("run.jsonl");
}

static void tear_down(void)
{
    run_record_free(&record);
    scratch_remove();
}

TestSuite(cli_run_record, .init = set_up, .fini = tear_down);

/* What reading `text` prints to stderr, which goes to a file meanwhile; *code becomes its
 * result. */
static char *read_text(const char *text, int *code)
{
    char *messages = folder_path(scratch_folder(), "messages");
    file_put_text(path, text);
    fflush(stderr);
    const int saved = dup(STDERR_FILENO);
    cr_assert_not_null(freopen(messages, "w", stderr));
    *code = run_record_read(&record, path);
    fflush(stderr);
    cr_assert(dup2(saved, STDERR_FILENO) >= 0);
    close(saved);
    char *printed = file_get(messages, NULL);
    free(messages);
    return printed;
}

static void expect_read(const char *text)
{
    int code = EXIT_FAILED;
    char *printed = read_text(text, &code);
    cr_assert_eq(code, EXIT_DONE, "%s", printed);
    cr_assert_str_empty(printed);
    free(printed);
}

static void expect_refused(const char *text, const char *message)
{
    int code = EXIT_DONE;
    char *printed = read_text(text, &code);
    cr_assert_eq(code, EXIT_INPUT, "%s: %s", text, printed);
    cr_assert_not_null(strstr(printed, message), "\"%s\" is not in: %s", message, printed);
    run_record_free(&record);
    free(printed);
}

Test(cli_run_record, figures_of_epochs_are_kept)
{
    expect_read(START "{\"event\":\"epoch\",\"epoch\":1,\"train_loss\":0.5,\"valid_loss\":0.25,"
                      "\"metric\":0.75,\"metrics\":{\"accuracy\":0.75,\"log_loss\":3},"
                      "\"best_epoch\":1,\"learning_rate\":0.125,\"samples_per_second\":1000,"
                      "\"seconds\":2,\"phases\":{\"gather\":1,\"waiting\":4}}\n");

    const struct run_epoch *epoch = run_record_last(&record);
    cr_assert_eq(epoch->epoch, 1);
    cr_assert_eq(epoch->best, 1);
    cr_assert_eq(epoch->figures[FIGURE_TRAIN_LOSS], 0.5);
    cr_assert_eq(epoch->figures[FIGURE_VALID_LOSS], 0.25);
    cr_assert_eq(epoch->figures[FIGURE_WATCHED], 0.75);
    cr_assert_eq(epoch->figures[FIGURE_LEARNING_RATE], 0.125);
    cr_assert_eq(epoch->figures[FIGURE_SPEED], 1000);
    cr_assert_eq(epoch->figures[FIGURE_SECONDS], 2);
    cr_assert_eq(epoch->figures[FIGURE_METRICS + BP_METRIC_ACCURACY], 0.75);
    cr_assert_eq(epoch->figures[FIGURE_METRICS + BP_METRIC_LOG_LOSS], 3);
    cr_assert(isnan(epoch->figures[FIGURE_METRICS + BP_METRIC_RMSE]));
    cr_assert_eq(epoch->phases[0], 1);
    cr_assert_eq(epoch->phases[6], 4);
    cr_assert_eq(run_record_metric(&record), BP_METRIC_ACCURACY);
}

/* Of BP_METRIC_AUTO, which the log of no run names, an epoch has no figure. */
Test(cli_run_record, a_metric_that_no_epoch_has_is_the_loss)
{
    static const char *const names[] = {"auto", "no metric", "loss"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        char text[128];
        snprintf(text, sizeof text,
                 "{\"schema_version\":1,\"event\":\"start\",\"metric\":\"%s\"}\n", names[k]);
        expect_read(text);
        cr_assert_eq(run_record_metric(&record), BP_METRIC_LOSS, "%s", names[k]);
        run_record_free(&record);
    }
}

Test(cli_run_record, null_and_a_missing_key_are_no_figures)
{
    expect_read(START "{\"event\":\"epoch\",\"epoch\":1,\"train_loss\":null,\"metrics\":null,"
                      "\"phases\":null}\n");

    for (size_t f = 0; f < RUN_FIGURES; f++)
        cr_assert(isnan(run_record_last(&record)->figures[f]));
    cr_assert_eq(run_record_last(&record)->phases[0], 0);
}

Test(cli_run_record, of_an_epoch_that_was_trained_again_the_later_line_counts)
{
    expect_read(START "{\"event\":\"epoch\",\"epoch\":1,\"train_loss\":1}\n"
                      "{\"event\":\"epoch\",\"epoch\":2,\"train_loss\":2}\n"
                      "{\"event\":\"epoch\",\"epoch\":3,\"train_loss\":3}\n"
                      "{\"event\":\"end\",\"reason\":\"stopped by SIGINT\"}\n"
                      "{\"event\":\"resume\"}\n"
                      "{\"event\":\"epoch\",\"epoch\":2,\"train_loss\":20}\n"
                      "{\"event\":\"epoch\",\"epoch\":3,\"train_loss\":30,\"best_epoch\":2}\n");

    cr_assert_eq(record.count, 3);
    for (size_t k = 0; k < 3; k++)
        cr_assert_eq(record.epochs[k].epoch, k + 1);
    cr_assert_eq(record.epochs[1].figures[FIGURE_TRAIN_LOSS], 20);
    cr_assert_eq(record.epochs[2].figures[FIGURE_TRAIN_LOSS], 30);
    cr_assert_eq(run_record_best(&record), &record.epochs[1]);
    cr_assert_eq(record.resumes, 1);
    cr_assert_null(record.end, "the end of the interrupted run is not that of the run");
}

Test(cli_run_record, a_last_line_that_a_killed_run_left_half_written_is_left_out)
{
    expect_read(START "{\"event\":\"epoch\",\"epoch\":1}\n{\"event\":\"epo");

    cr_assert(record.torn);
    cr_assert_eq(record.count, 1);
}

Test(cli_run_record, kinds_of_lines_that_are_not_known_are_left_out)
{
    expect_read(START "{\"event\":\"tomorrow\",\"epoch\":\"x\"}\n");

    cr_assert_eq(record.count, 0);
    cr_assert_null(run_record_last(&record));
    cr_assert_null(run_record_best(&record));
}

Test(cli_run_record, what_is_no_log_is_refused_with_file_and_line)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "run.jsonl: the log of a run is empty"},
        {"{}\n", "run.jsonl:1: no log of a run"},
        {"{\"event\":\"epoch\",\"epoch\":1}\n", "run.jsonl:1: no log of a run"},
        {"[1]\n", "run.jsonl:1: the line is no JSON object"},
        {"a,b\n1,2\n", "run.jsonl:1: not JSON, which train --log writes: "},
        {"{\"event\":\"start\"}\n", "run.jsonl:1: \"schema_version\" is not a version"},
        {"{\"event\":\"start\",\"schema_version\":2}\n", "run.jsonl:1: schema_version 2 is newer"},
        {START "\n", "run.jsonl:2: the line is empty"},
        {START "{\"event\":\"epoch\",\"epoch\":1\n{}\n",
         "run.jsonl:2: not JSON, which train --log writes: "},
        {START "{\"a\":1,\"a\":1}\n", "run.jsonl:2: not JSON, which train --log writes: a key is"},
        {START "{\"epoch\":1}\n", "run.jsonl:2: \"event\" is not a text"},
        {START START, "run.jsonl:2: a second run begins"},
        {START "{\"event\":\"epoch\"}\n", "run.jsonl:2: \"epoch\" is not a number from 1"},
        {START "{\"event\":\"epoch\",\"epoch\":0}\n", "\"epoch\" is not a number from 1"},
        {START "{\"event\":\"epoch\",\"epoch\":1.5}\n", "\"epoch\" is not a number from 1"},
        {START "{\"event\":\"epoch\",\"epoch\":9007199254740993}\n", "\"epoch\" is not a number"},
        {START "{\"event\":\"epoch\",\"epoch\":1,\"best_epoch\":-1}\n", "\"best_epoch\" is not"},
        {START "{\"event\":\"epoch\",\"epoch\":1,\"train_loss\":\"x\"}\n", "\"train_loss\" is not"},
        {START "{\"event\":\"epoch\",\"epoch\":1,\"metrics\":[]}\n",
         "\"metrics\" is not an object"},
        {START "{\"event\":\"epoch\",\"epoch\":1,\"metrics\":{\"f1\":{}}}\n", "\"f1\" is not"},
        {START "{\"event\":\"epoch\",\"epoch\":1,\"phases\":3}\n", "\"phases\" is not an object"},
        {START "{\"event\":\"epoch\",\"epoch\":1,\"phases\":{\"delta\":-1}}\n", "\"delta\" is not"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        expect_refused(cases[k].text, cases[k].message);
}

Test(cli_run_record, every_truncation_of_a_log_is_read_or_refused)
{
    static const char text[] = START "{\"event\":\"epoch\",\"epoch\":1,\"metrics\":{\"r2\":-1e9}}\n"
                                     "{\"event\":\"end\",\"reason\":\"done\"}\n";
    for (size_t length = 0; length < sizeof text; length++) {
        int code = EXIT_DONE;
        char part[sizeof text];
        memcpy(part, text, length);
        part[length] = '\0';
        char *printed = read_text(part, &code);
        cr_assert_eq(code, length < sizeof START - 2 ? EXIT_INPUT : EXIT_DONE, "%zu: %s", length,
                     printed);
        run_record_free(&record);
        free(printed);
    }
}

Test(cli_run_record, epochs_in_any_order_are_sorted)
{
    const size_t count = 2000;
    FILE *stream = fopen(path, "w");
    cr_assert_not_null(stream);
    fputs(START, stream);
    for (size_t k = count; k > 0; k--)
        fprintf(stream, "{\"event\":\"epoch\",\"epoch\":%zu,\"seconds\":%zu}\n", k, k);
    cr_assert_eq(fclose(stream), 0);

    cr_assert_eq(run_record_read(&record, path), EXIT_DONE);
    cr_assert_eq(record.count, count);
    for (size_t k = 0; k < count; k++) {
        cr_assert_eq(record.epochs[k].epoch, k + 1);
        cr_assert_eq(record.epochs[k].figures[FIGURE_SECONDS], (double)(k + 1));
    }
}

/* ---- several networks ---- */

#define SEVERAL                                                                                    \
    "{\"schema_version\":1,\"event\":\"start\",\"metric\":\"accuracy\",\"networks\":2}\n"
#define EPOCH_OF(member, epoch, loss)                                                              \
    "{\"event\":\"epoch\",\"member\":" #member ",\"epoch\":" #epoch ",\"train_loss\":" #loss "}\n"

Test(cli_run_record, epochs_of_several_networks_are_told_apart)
{
    expect_read(SEVERAL EPOCH_OF(2, 1, 0.5) EPOCH_OF(1, 1, 0.25) EPOCH_OF(2, 2, 0.125)
                    EPOCH_OF(1, 2, 0.75) EPOCH_OF(2, 2, 0.375));
    cr_assert_eq(run_record_networks(&record), 2);
    cr_assert_eq(record.count, 4);
    const struct run_record first = run_record_member(&record, 1);
    const struct run_record second = run_record_member(&record, 2);
    cr_assert_eq(first.count, 2);
    cr_assert_eq(second.count, 2);
    cr_expect_eq(first.epochs[0].figures[FIGURE_TRAIN_LOSS], 0.25);
    cr_expect_eq(first.epochs[1].figures[FIGURE_TRAIN_LOSS], 0.75);
    cr_expect_eq(second.epochs[0].figures[FIGURE_TRAIN_LOSS], 0.5);
    cr_expect_eq(run_record_last(&second)->figures[FIGURE_TRAIN_LOSS], 0.375);
    cr_expect_eq(run_record_member(&record, 3).count, 0);
}

Test(cli_run_record, a_number_of_networks_that_cannot_be_is_none)
{
    expect_read("{\"schema_version\":1,\"event\":\"start\",\"networks\":65}\n");
    cr_expect_eq(run_record_networks(&record), 0);
    run_record_free(&record);
    expect_read("{\"schema_version\":1,\"event\":\"start\",\"networks\":-1}\n");
    cr_expect_eq(run_record_networks(&record), 0);
}
