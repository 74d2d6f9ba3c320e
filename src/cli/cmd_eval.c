/* batchprop eval: how well a model does on labelled data. */
#include <math.h>
#include <stdio.h>

#include "arguments.h"
#include "commands.h"
#include "data_options.h"
#include "json_output.h"
#include "numbers.h"
#include "report.h"
#include "run_options.h"

static const char *const operands[] = {"MODEL", "DATA", NULL};

static const struct command_help help = {
    .name = "eval",
    .summary = "Measures MODEL on the rows of DATA: the loss, and the accuracy for classes or the\n"
               "errors for numbers. Columns are matched by name.",
    .usage = "MODEL DATA [OPTION...]",
    .operands = operands,
    .example = "  batchprop eval iris.safetensors iris.csv\n"
               "  batchprop eval mnist.safetensors t10k-images-idx3-ubyte.gz \\\n"
               "      --labels t10k-labels-idx1-ubyte.gz --json\n",
};

struct eval_options {
    const char *target;
    bool json;
    struct data_options data;
    struct run_options run;
};

static int print_json(const bp_metrics *metrics, bp_task task)
{
    struct json_output json = json_output_begin();
    json_output_add(&json, "samples", json_output_whole(metrics->samples));
    json_output_add(&json, "loss", json_output_real(metrics->loss));
    if (task == BP_TASK_CLASSIFY) {
        json_output_add(&json, "accuracy", json_output_real(metrics->accuracy));
    } else {
        json_output_add(&json, "rmse", json_output_real(metrics->rmse));
        json_output_add(&json, "mae", json_output_real(metrics->mae));
        json_output_add(&json, "r2", json_output_real(metrics->r2));
    }
    return json_output_print(&json);
}

static void print_text(const bp_metrics *metrics, bp_task task)
{
    char samples[NUMBER_TEXT_SIZE], right[NUMBER_TEXT_SIZE];
    number_group((double)metrics->samples, samples);
    printf("samples   %s\nloss      %.6g\n", samples, metrics->loss);
    if (task == BP_TASK_CLASSIFY) {
        number_group(round(metrics->accuracy * (double)metrics->samples), right);
        printf("accuracy  %.2f %% (%s of %s)\n", 100 * metrics->accuracy, right, samples);
        return;
    }
    printf("rmse      %.6g\nmae       %.6g\n", metrics->rmse, metrics->mae);
    if (isfinite(metrics->r2))
        printf("r2        %.6g\n", metrics->r2);
    else
        printf("r2        not defined: the target is constant\n");
}

static int evaluate(const struct eval_options *options, const char *model_path,
                    const char *data_path)
{
    bp_model *model = NULL;
    bp_dataset *data = NULL;
    bp_metrics metrics;
    bp_error error;
    bp_run_options run = run_options_get(&options->run, options->target);
    int code = EXIT_DONE;
    if (bp_model_load(&model, model_path, &error) != BP_OK)
        code = report_error(&error);
    if (code == EXIT_DONE)
        code = data_options_read(&options->data, data_path, options->data.read.labels, &data);
    if (code == EXIT_DONE && bp_evaluate(model, data, &run, &metrics, &error) != BP_OK)
        code = report_error(&error);
    if (code == EXIT_DONE) {
        bp_task task = bp_model_get_info(model).task;
        if (options->json)
            code = print_json(&metrics, task);
        else
            print_text(&metrics, task);
    }
    bp_dataset_free(data);
    bp_model_free(model);
    return code;
}

int command_eval(int argc, char **argv)
{
    struct eval_options options = {0};
    data_options_init(&options.data);
    run_options_init(&options.run);
    struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "target",
         .value = &options.target,
         .argument = "COLUMN",
         .help = "CSV: the column of the targets, by name or number from 1, if it is not called as "
                 "in training"},
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
    code = evaluate(&options, arguments_operand(arguments, 0), arguments_operand(arguments, 1));
    arguments_free(arguments);
    return code;
}
