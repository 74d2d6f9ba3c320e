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
               "values, constant columns and classes, what training would predict, and columns\n"
               "that had perhaps better be left out.",
    .usage = "DATA... [OPTION...]",
    .many = true,
    .operands = operands,
    .example = "  batchprop check iris.csv\n"
               "  batchprop check houses.csv --target price --task regress\n",
};

struct check_options {
    bp_model_options model; /* of which the options of the data are asked for */
    bool json;
    struct data_options data;
};

static int check(const struct check_options *options, const char *const *paths, size_t count)
{
    bp_dataset *dataset = NULL;
    int code = data_options_read(&options->data, NULL, paths, count, &dataset);
    if (code != EXIT_DONE)
        return code;
    code = data_report_print(dataset, &options->model, options->json);
    bp_dataset_free(dataset);
    return code;
}

int command_check(int argc, char **argv)
{
    struct check_options options = {.model = bp_model_options_default()};
    bp_model_options *model = &options.model;
    data_options_init(&options.data, "check");
    struct option table[] = {
        option_of_library(BP_OPTION_OF_MODEL, "target", model),
        option_of_library(BP_OPTION_OF_MODEL, "weight", model),
        option_of_library(BP_OPTION_OF_MODEL, "task", model),
        option_of_library(BP_OPTION_OF_MODEL, "missing", model),
        option_json(&options.json),
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
