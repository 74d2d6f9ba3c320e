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
    const char *target;
    const char *weight;
    const char *class_weight;
    bool json;
    struct model_data tried;
};

static int evaluate(struct eval_options *options)
{
    struct model_data *tried = &options->tried;
    bp_evaluation *evaluation = NULL;
    bp_error error;
    bp_run_options run = run_options_get(&tried->run, options->target);
    run.weight = options->weight;
    run.class_weight = options->class_weight;
    int code = model_data_load(tried);
    if (code == EXIT_DONE &&
        bp_evaluation_create(&evaluation, tried->model, tried->data, &run, &error) != BP_OK)
        code = message_error(&error);
    if (code == EXIT_DONE)
        code = eval_report_print(evaluation, options->json);
    bp_evaluation_free(evaluation);
    return code;
}

int command_eval(int argc, char **argv)
{
    struct eval_options options = {0};
    struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "target",
         .value = &options.target,
         .argument = "COLUMN",
         .help = "CSV: the column of the targets, by name or number from 1, if it is not called as "
                 "in training"},
        {.kind = OPTION_TEXT,
         .name = "weight",
         .value = &options.weight,
         .argument = "COLUMN",
         .help = "CSV: the column of the weights of the rows, by name or number from 1 (default: "
                 "the one of the training, where DATA has it)"},
        {.kind = OPTION_TEXT,
         .name = "class-weight",
         .value = &options.class_weight,
         .argument = "WEIGHTS",
         .help = "what the rows of each class count: balanced, for classes that count the same, or "
                 "NAME=WEIGHT,... (default: 1)"},
        {.kind = OPTION_FLAG,
         .name = "json",
         .value = &options.json,
         .help = "print the result as one JSON object"},
        {.kind = OPTION_END},
    };
    int code = model_data_parse(&options.tried, &help, "Evaluating:", table, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    code = evaluate(&options);
    model_data_release(&options.tried);
    return code;
}
