/* batchprop eval: how well a model does on labelled data. */
#include "cli/commands.h"
#include "cli/inspect/eval_report.h"
#include "cli/inspect/model_data.h"
#include "cli/terminal/messages.h"

static const char *const operands[] = {"MODEL", "DATA", NULL};

static const struct command_help help = {
    .name = "eval",
    .summary =
        "Measures MODEL on the rows of DATA: the loss; for classes accuracy, precision, recall,\n"
        "F1, log loss and the confusion matrix; for numbers RMSE, MAE and R2. Columns are\n"
        "matched by name.",
    .usage = "MODEL DATA... [OPTION...]",
    .many = true,
    .operands = operands,
    .example = "  batchprop eval iris.safetensors iris.csv\n"
               "  batchprop eval mnist.safetensors t10k-images-idx3-ubyte.gz \\\n"
               "      --labels t10k-labels-idx1-ubyte.gz --json\n",
};

struct eval_options {
    bool json;
    struct model_data tried;
};

static int evaluate(struct eval_options *options)
{
    struct model_data *tried = &options->tried;
    bp_evaluation *evaluation = NULL;
    bp_error error;
    int code = model_data_load(tried);
    if (code == EXIT_DONE && bp_evaluation_create(&evaluation, tried->model, tried->data,
                                                  &tried->run.options, &error) != BP_OK)
        code = message_error(&error);
    if (code == EXIT_DONE)
        code = model_data_note_unknown(tried, bp_evaluation_get_metrics(evaluation).unknown);
    model_data_end_phase(tried, "evaluate");
    if (code == EXIT_DONE)
        code = eval_report_print(evaluation, options->json);
    if (code == EXIT_DONE)
        model_data_note_times(tried);
    bp_evaluation_free(evaluation);
    return code;
}

int command_eval(int argc, char **argv)
{
    struct eval_options options = {0};
    bp_run_options *run = &options.tried.run.options;
    struct option table[] = {
        option_of_library(BP_OPTION_OF_RUNNING, "target", run),
        option_of_library(BP_OPTION_OF_RUNNING, "weight", run),
        option_of_library(BP_OPTION_OF_RUNNING, "class-weight", run),
        option_of_library(BP_OPTION_OF_RUNNING, "unknown", run),
        option_json(&options.json),
        model_data_times_option(&options.tried),
        {.kind = OPTION_END},
    };
    int code = model_data_parse(&options.tried, &help, "Evaluating:", table, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    code = evaluate(&options);
    model_data_release(&options.tried);
    return code;
}
