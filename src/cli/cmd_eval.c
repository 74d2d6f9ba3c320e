/* batchprop eval: how well a model does on labelled data. */
#include "cli/commands.h"
#include "cli/inspect/eval_report.h"
#include "cli/options/arguments.h"
#include "cli/options/data_options.h"
#include "cli/options/run_options.h"
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
    struct data_options data;
    struct run_options run;
};

static int evaluate(const struct eval_options *options, const char *model_path,
                    const char *const *data_paths, size_t count)
{
    bp_model *model = NULL;
    bp_dataset *data = NULL;
    bp_evaluation *evaluation = NULL;
    bp_error error;
    bp_run_options run = run_options_get(&options->run, options->target);
    run.weight = options->weight;
    run.class_weight = options->class_weight;
    int code = EXIT_DONE;
    if (bp_model_load(&model, model_path, &error) != BP_OK)
        code = message_error(&error);
    if (code == EXIT_DONE)
        code = data_options_read(&options->data, model, data_paths, count, &data);
    if (code == EXIT_DONE && bp_evaluation_create(&evaluation, model, data, &run, &error) != BP_OK)
        code = message_error(&error);
    if (code == EXIT_DONE)
        code = eval_report_print(evaluation, options->json);
    bp_evaluation_free(evaluation);
    bp_dataset_free(data);
    bp_model_free(model);
    return code;
}

int command_eval(int argc, char **argv)
{
    struct eval_options options = {0};
    data_options_init(&options.data, "eval");
    run_options_init(&options.run);
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
    const struct option_group groups[] = {{"Evaluating:", table},
                                          {"Reading the data:", options.data.table},
                                          {"Running:", options.run.table},
                                          {NULL, NULL}};
    struct arguments *arguments = NULL;
    int code = arguments_parse(&arguments, &help, groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    options.data.read.threads = options.run.threads;
    code = evaluate(&options, arguments_operand(arguments, 0), arguments_operands(arguments) + 1,
                    arguments_operand_count(arguments) - 1);
    arguments_free(arguments);
    return code;
}
