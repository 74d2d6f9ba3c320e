/* batchprop report: logs of runs, or a model, in; one page of HTML out. */
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/fields/text_list.h"
#include "cli/html/html_model.h"
#include "cli/html/html_report.h"
#include "cli/options/arguments.h"
#include "cli/options/data_options.h"
#include "cli/options/run_options.h"
#include "cli/terminal/gnuplot.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"

#define COMMAND "report"

static const char *const operands[] = {NULL};

static const struct command_help help = {
    .name = COMMAND,
    .summary =
        "Shows runs of training beside each other, from the logs that train --log writes: curves,\n"
        "metrics, confusion, time by phase, options and digests, in one HTML file that opens\n"
        "offline. Plots are drawn by gnuplot. With --model: a model, whose inputs are moved in\n"
        "the page to see its outputs and how sensitive they are, and what it does on --data.",
    .usage = "(RUN.jsonl... | --model MODEL [--data DATA]...) --out FILE.html [OPTION...]",
    .operands = operands,
    .many = true,
    .example =
        "  batchprop report run.jsonl --out report.html    # where the run had --log run.jsonl\n"
        "  batchprop report --model iris.safetensors --data iris.csv --out iris.html\n",
};

struct report_options {
    const char *out, *title;
    const char *model; /* NULL: logs */
    struct text_list data;
    struct data_options reading;
    struct run_options run;
};

static int check_logs(const struct report_options *options, const struct arguments *arguments)
{
    const size_t count = arguments_operand_count(arguments);
    int code = EXIT_DONE;
    if (options->data.count > 0)
        return message_usage(COMMAND, "--data: is for --model MODEL");
    if (count == 0)
        return message_usage(COMMAND, COMMAND ": RUN.jsonl is missing, or --model MODEL");
    if (count > HTML_REPORT_RUNS_MAX)
        return message_usage(COMMAND, COMMAND ": %zu logs are more than the %d that a page holds",
                             count, HTML_REPORT_RUNS_MAX);
    for (size_t run = 0; run < count && code == EXIT_DONE; run++)
        code = output_check_distinct(COMMAND, "--out", options->out,
                                     arguments_operand(arguments, run));
    return code == EXIT_DONE ? gnuplot_check(COMMAND) : code;
}

static int check_model(const struct report_options *options, const struct arguments *arguments)
{
    if (arguments_operand_count(arguments) > 0)
        return message_usage(COMMAND,
                             "--model: logs are shown on a page of their own: leave out \"%s\", or "
                             "give data by --data",
                             arguments_operand(arguments, 0));
    int code = output_check_distinct(COMMAND, "--out", options->out, options->model);
    for (size_t k = 0; k < options->data.count && code == EXIT_DONE; k++)
        code = output_check_distinct(COMMAND, "--out", options->out, options->data.item[k]);
    if (code == EXIT_DONE && options->data.count > 0)
        code = gnuplot_check("--data");
    return code;
}

/* Options that nothing would read. */
static int check_given(const struct report_options *options, const struct option *own)
{
    const struct option *const tables[] = {options->reading.table, options->run.table, own};
    if (options->data.count > 0)
        return EXIT_DONE;
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        for (const struct option *option = tables[t]; option->kind != OPTION_END; option++) {
            if (option->given)
                return message_usage(COMMAND, "--%s: is for --data DATA of --model", option->name);
        }
    }
    return EXIT_DONE;
}

/* What can be checked before files are read. */
static int check(struct report_options *options, const struct arguments *arguments,
                 const struct option *own)
{
    if (!options->out)
        return message_usage(COMMAND, COMMAND ": --out FILE.html is missing");
    int code = check_given(options, own);
    if (code == EXIT_DONE)
        code = output_check("--out", &options->out);
    if (code != EXIT_DONE)
        return code;
    return options->model ? check_model(options, arguments) : check_logs(options, arguments);
}

static int write_page(const struct html_report *report, const char *path)
{
    struct output output;
    int code = output_open(&output, path);
    if (code == EXIT_DONE)
        code = html_report_write(output.stream, report);
    return output_close(&output, code);
}

static int report_runs(const struct report_options *options, const struct arguments *arguments)
{
    const size_t count = arguments_operand_count(arguments);
    struct run_record *runs = calloc(count, sizeof *runs);
    int code = runs ? EXIT_DONE : message_no_memory();
    for (size_t run = 0; run < count && code == EXIT_DONE; run++)
        code = run_record_read(&runs[run], arguments_operand(arguments, run));
    if (code == EXIT_DONE)
        code =
            write_page(&(struct html_report){.title = options->title, .runs = runs, .count = count},
                       options->out);
    for (size_t run = 0; runs && run < count; run++)
        run_record_free(&runs[run]);
    free(runs);
    return code;
}

static int write_model_page(const struct html_model *page, const char *path)
{
    struct output output;
    int code = output_open(&output, path);
    if (code == EXIT_DONE)
        code = html_model_write(output.stream, page);
    return output_close(&output, code);
}

static int report_model(const struct report_options *options)
{
    bp_model *model = NULL;
    bp_dataset *data = NULL;
    bp_metrics metrics;
    bp_error error;
    if (bp_model_load(&model, options->model, &error) != BP_OK)
        return message_error(&error);
    int code = EXIT_DONE;
    if (options->data.count > 0)
        code = data_options_read(&options->reading, model, (const char *const *)options->data.item,
                                 options->data.count, &data);
    if (code == EXIT_DONE && data &&
        bp_evaluate(model, data, &options->run.options, &metrics, &error) != BP_OK)
        code = message_error(&error);
    if (code == EXIT_DONE)
        code = write_model_page(&(struct html_model){.title = options->title,
                                                     .path = options->model,
                                                     .model = model,
                                                     .data = data,
                                                     .options = &options->run.options,
                                                     .metrics = data ? &metrics : NULL},
                                options->out);
    bp_dataset_free(data);
    bp_model_free(model);
    return code;
}

int command_report(int argc, char **argv)
{
    struct report_options options = {0};
    data_options_init(&options.reading, COMMAND);
    run_options_init(&options.run);
    struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "out",
         .value = &options.out,
         .argument = "FILE.html",
         .help = "the page to write (- is stdout); required"},
        {.kind = OPTION_TEXT,
         .name = "title",
         .value = &options.title,
         .argument = "TEXT",
         .help = "heading of the page, instead of one made from the data"},
        {.kind = OPTION_TEXT,
         .name = "model",
         .value = &options.model,
         .argument = "MODEL",
         .help = "the model that the page shows, in place of logs"},
        {.kind = OPTION_LIST,
         .name = "data",
         .value = &options.data,
         .argument = "DATA",
         .help = "rows with targets, read as the training data were, on which the model is "
                 "measured; may be given several times"},
        {.kind = OPTION_END},
    };
    struct option measuring[] = {
        option_of_library(BP_OPTION_OF_RUNNING, "target", &options.run.options),
        option_of_library(BP_OPTION_OF_RUNNING, "weight", &options.run.options),
        option_of_library(BP_OPTION_OF_RUNNING, "class-weight", &options.run.options),
        option_of_library(BP_OPTION_OF_RUNNING, "unknown", &options.run.options),
        {.kind = OPTION_END},
    };
    const struct option_group groups[] = {{"Output:", table},
                                          {"Measuring a model on data:", measuring},
                                          {"Reading the data:", options.reading.table},
                                          {"Running:", options.run.table},
                                          {NULL, NULL}};
    struct arguments *arguments = NULL;
    int code = arguments_parse(&arguments, &help, groups, argc, argv);
    if (code == ARGUMENTS_GO_ON) {
        options.reading.read.threads = options.run.options.threads;
        code = check(&options, arguments, measuring);
        if (code == EXIT_DONE)
            code = options.model ? report_model(&options) : report_runs(&options, arguments);
        arguments_free(arguments);
    }
    text_list_free(&options.data);
    return code;
}
