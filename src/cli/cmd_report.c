/* batchprop report: logs of runs in, one page of HTML out. */
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/html/html_report.h"
#include "cli/options/arguments.h"
#include "cli/terminal/gnuplot.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"

#define COMMAND "report"

static const char *const operands[] = {"RUN.jsonl", NULL};

static const struct command_help help = {
    .name = COMMAND,
    .summary =
        "Shows runs of training beside each other, from the logs that train --log writes: curves,\n"
        "metrics, confusion, time by phase, options and digests, in one HTML file that opens\n"
        "offline. Plots are drawn by gnuplot.",
    .usage = "RUN.jsonl... --out FILE.html [OPTION...]",
    .operands = operands,
    .many = true,
    .example =
        "  batchprop report run.jsonl --out report.html    # where the run had --log run.jsonl\n",
};

/* What can be checked before logs are read. */
static int check(const struct arguments *arguments, const char **out)
{
    const size_t count = arguments_operand_count(arguments);
    if (!*out)
        return message_usage(COMMAND, COMMAND ": --out FILE.html is missing");
    if (count > HTML_REPORT_RUNS_MAX)
        return message_usage(COMMAND, COMMAND ": %zu logs are more than the %d that a page holds",
                             count, HTML_REPORT_RUNS_MAX);
    int code = output_check("--out", out);
    for (size_t run = 0; run < count && code == EXIT_DONE; run++)
        code = output_check_distinct(COMMAND, "--out", *out, arguments_operand(arguments, run));
    return code == EXIT_DONE ? gnuplot_check(COMMAND) : code;
}

static int write_page(const struct html_report *report, const char *path)
{
    struct output output;
    int code = output_open(&output, path);
    if (code == EXIT_DONE)
        code = html_report_write(output.stream, report);
    return output_close(&output, code);
}

static int make_report(const struct arguments *arguments, const char *title, const char *out)
{
    const size_t count = arguments_operand_count(arguments);
    struct run_record *runs = calloc(count, sizeof *runs);
    int code = runs ? EXIT_DONE : message_no_memory();
    for (size_t run = 0; run < count && code == EXIT_DONE; run++)
        code = run_record_read(&runs[run], arguments_operand(arguments, run));
    if (code == EXIT_DONE)
        code = write_page(&(struct html_report){.title = title, .runs = runs, .count = count}, out);
    for (size_t run = 0; runs && run < count; run++)
        run_record_free(&runs[run]);
    free(runs);
    return code;
}

int command_report(int argc, char **argv)
{
    const char *out = NULL, *title = NULL;
    struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "out",
         .value = &out,
         .argument = "FILE.html",
         .help = "the page to write (- is stdout); required"},
        {.kind = OPTION_TEXT,
         .name = "title",
         .value = &title,
         .argument = "TEXT",
         .help = "heading of the page, instead of one made from the data"},
        {.kind = OPTION_END},
    };
    const struct option_group groups[] = {{"Output:", table}, {NULL, NULL}};
    struct arguments *arguments = NULL;
    int code = arguments_parse(&arguments, &help, groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    code = check(arguments, &out);
    if (code == EXIT_DONE)
        code = make_report(arguments, title, out);
    arguments_free(arguments);
    return code;
}
