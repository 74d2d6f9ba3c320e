/* batchprop info: what a model file holds. */
#include "cli/commands.h"
#include "cli/inspect/model_report.h"
#include "cli/options/arguments.h"
#include "cli/terminal/messages.h"

static const char *const operands[] = {"MODEL", NULL};

static const struct command_help help = {
    .name = "info",
    .summary = "Shows what MODEL holds: its layers, what its inputs and outputs mean, its digest.",
    .usage = "MODEL [OPTION...]",
    .operands = operands,
    .example = "  batchprop info iris.safetensors\n",
};

int command_info(int argc, char **argv)
{
    bool as_json = false;
    struct option table[] = {
        option_json(&as_json),
        {.kind = OPTION_END},
    };
    const struct option_group groups[] = {{"Showing:", table}, {NULL, NULL}};
    struct arguments *arguments = NULL;
    int code = arguments_parse(&arguments, &help, groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    bp_model *model = NULL;
    bp_error error;
    if (bp_model_load(&model, arguments_operand(arguments, 0), &error) == BP_OK)
        code = model_report_print(model, as_json);
    else
        code = message_error(&error);
    bp_model_free(model);
    arguments_free(arguments);
    return code;
}
