/* batchprop export: a model as a file for programs that do without batchprop. */
#include "cli/commands.h"
#include "cli/inspect/export_report.h"
#include "cli/options/arguments.h"
#include "cli/options/option_library.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"

static const char *const operands[] = {"MODEL", NULL};

static const struct command_help help = {
    .name = "export",
    .summary =
        "Writes MODEL for programs that do without batchprop: as a graph of ONNX, as a C file "
        "with\n"
        "its header, as a Python module that needs NumPy alone, as a query of SQL, or as a script\n"
        "of JavaScript. Each takes the columns of a row as they are, and gives what predict gives.",
    .usage = "MODEL --out FILE [OPTION...]",
    .operands = operands,
    .example = "  batchprop export iris.safetensors --out iris.onnx\n"
               "  batchprop export iris.safetensors --out iris.c\n",
};

struct export_options {
    const char *out;
    const char *name;
    int format;
    bool raw, embed, json;
    bp_run_options run; /* its `unknown` alone */
};

static int check(struct export_options *options, const char *model)
{
    if (!options->out)
        return message_usage("export", "--out is missing: where the exported model goes");
    const int code = output_check_distinct("export", "--out", options->out, model);
    return code == EXIT_DONE ? output_check("--out", &options->out) : code;
}

static int write_export(const struct export_options *options, const bp_model *model)
{
    bp_export_options full = bp_export_options_default();
    full.format = (bp_export_format)options->format;
    full.raw = options->raw;
    full.embed = options->embed;
    full.unknown = options->run.unknown;
    full.name = options->name;
    const int code = output_export(model, options->out, &full);
    return code == EXIT_DONE ? export_report_print(model, options->out, full.format, options->json)
                             : code;
}

int command_export(int argc, char **argv)
{
    struct export_options options = {.run = bp_run_options_default()};
    struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "out",
         .value = &options.out,
         .argument = "FILE",
         .help = "where the exported model goes; with C the header goes beside it"},
        {.kind = OPTION_CHOICE,
         .name = "format",
         .value = &options.format,
         .argument = "NAME",
         .help = "what is written; auto: by the end of FILE, which is .onnx, .c, .py, .sql or .js",
         .choice = BP_CHOICE_EXPORT_FORMAT},
        {.kind = OPTION_TEXT,
         .name = "name",
         .value = &options.name,
         .argument = "NAME",
         .help = "what functions are called, and in SQL the table: a letter, then letters, digits "
                 "and _ (default: by FILE)"},
        option_of_library(BP_OPTION_OF_RUNNING, "unknown", &options.run),
        {.kind = OPTION_FLAG,
         .name = "raw",
         .value = &options.raw,
         .help = "ONNX: the network alone, from the values of input neurons to those of output "
                 "neurons"},
        {.kind = OPTION_FLAG,
         .name = "embed",
         .value = &options.embed,
         .help = "C: weights as bytes, which compile faster than numbers"},
        option_json(&options.json),
        {.kind = OPTION_END},
    };
    const struct option_group groups[] = {{"Exporting:", table}, {NULL, NULL}};
    struct arguments *arguments = NULL;
    int code = arguments_parse(&arguments, &help, groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    bp_model *model = NULL;
    bp_error error;
    const char *path = arguments_operand(arguments, 0);
    code = check(&options, path);
    if (code == EXIT_DONE && bp_model_load(&model, path, &error))
        code = message_error(&error);
    if (code == EXIT_DONE)
        code = write_export(&options, model);
    bp_model_free(model);
    arguments_free(arguments);
    return code;
}
