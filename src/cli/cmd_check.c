/* batchprop check: what is in a data file. */
#include "cli/commands.h"
#include "cli/inspect/data_report.h"
#include "cli/options/arguments.h"
#include "cli/options/data_options.h"
#include "cli/terminal/messages.h"

static const char *const operands[] = {"DATA", NULL};

static const struct command_help help = {
    .name = "check",
    .summary = "Reads DATA as training would and shows its rows, columns, types, ranges, missing\n"
               "values, constant columns and classes, and what training would predict.",
    .usage = "DATA... [OPTION...]",
    .many = true,
    .operands = operands,
    .example = "  batchprop check iris.csv\n"
               "  batchprop check houses.csv --target price --task regress\n",
};

struct check_options {
    const char *target;
    const char *weight;
    int task;
    int missing;
    bool json;
    struct data_options data;
};

static int check(const struct check_options *options, const char *const *paths, size_t count)
{
    bp_dataset *dataset = NULL;
    int code = data_options_read(&options->data, NULL, paths, count, &dataset);
    if (code != EXIT_DONE)
        return code;
    bp_model_options model = bp_model_options_default();
    model.target = options->target;
    model.weight = options->weight;
    model.task = (bp_task)options->task;
    model.missing = (bp_missing)options->missing;
    code = data_report_print(dataset, &model, options->json);
    bp_dataset_free(dataset);
    return code;
}

int command_check(int argc, char **argv)
{
    const bp_model_options defaults = bp_model_options_default();
    struct check_options options = {.task = (int)defaults.task, .missing = (int)defaults.missing};
    data_options_init(&options.data, "check");
    struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "target",
         .value = &options.target,
         .argument = "COLUMN",
         .help = "CSV: the column to predict, by name or number from 1 (default: the last)"},
        {.kind = OPTION_TEXT,
         .name = "weight",
         .value = &options.weight,
         .argument = "COLUMN",
         .help = "CSV: the column of the weights of the rows, by name or number from 1"},
        {.kind = OPTION_CHOICE,
         .name = "task",
         .value = &options.task,
         .argument = "NAME",
         .choice = BP_CHOICE_TASK,
         .help = "whether the target holds classes or numbers"},
        {.kind = OPTION_CHOICE,
         .name = "missing",
         .value = &options.missing,
         .argument = "NAME",
         .choice = BP_CHOICE_MISSING,
         .help = "what training would do with missing values of inputs"},
        {.kind = OPTION_FLAG,
         .name = "json",
         .value = &options.json,
         .help = "print the result as one JSON object"},
        {.kind = OPTION_END},
    };
    const struct option_group groups[] = {
        {"Checking:", table}, {"Reading the data:", options.data.table}, {NULL, NULL}};
    struct arguments *arguments = NULL;
    int code = arguments_parse(&arguments, &help, groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    code = check(&options, arguments_operands(arguments), arguments_operand_count(arguments));
    arguments_free(arguments);
    return code;
}
