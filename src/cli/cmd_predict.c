/* batchprop predict: a CSV file with the model's answer for every row. */
#include <stdio.h>
#include <stdlib.h>

#include "arguments.h"
#include "commands.h"
#include "csv_output.h"
#include "data_options.h"
#include "output.h"
#include "report.h"
#include "run_options.h"

static const char *const operands[] = {"MODEL", "DATA", NULL};

static const struct command_help help = {
    .name = "predict",
    .summary = "Writes a CSV file with one line for each row of DATA: for classes the one that is\n"
               "predicted and the value of every output neuron, for numbers the predicted targets\n"
               "in their own units. DATA needs no targets.",
    .usage = "MODEL DATA [OPTION...]",
    .operands = operands,
    .example = "  batchprop predict iris.safetensors new-flowers.csv --out species.csv\n",
};

struct predict_options {
    const char *out; /* NULL: stdout */
    struct data_options data;
    struct run_options run;
};

struct prediction {
    bp_model *model;
    bp_dataset *data;
    bp_model_info info;
    size_t rows;
    size_t width;   /* output neurons */
    float *outputs; /* rows x width */
};

static int predict_rows(struct prediction *prediction, const struct predict_options *options)
{
    prediction->info = bp_model_get_info(prediction->model);
    prediction->width = prediction->info.widths[prediction->info.layers];
    prediction->rows = bp_dataset_get_info(prediction->data).rows;
    prediction->outputs = calloc(prediction->rows, prediction->width * sizeof *prediction->outputs);
    if (!prediction->outputs)
        return report_no_memory();
    bp_run_options run = run_options_get(&options->run, NULL);
    bp_error error;
    if (bp_predict(prediction->model, prediction->data, &run, prediction->outputs, &error) != BP_OK)
        return report_error(&error);
    return EXIT_DONE;
}

static size_t find_greatest(const float *values, size_t count)
{
    size_t greatest = 0;
    for (size_t j = 1; j < count; j++) {
        if (values[j] > values[greatest])
            greatest = j;
    }
    return greatest;
}

/* "prediction,output(setosa),output(versicolor)": the outputs are no probabilities. */
static int write_classes(const struct prediction *prediction, FILE *stream)
{
    bp_model_column target;
    bp_error error;
    if (bp_model_get_column(prediction->model, prediction->info.input_columns, &target, &error) !=
        BP_OK)
        return report_error(&error);
    fputs("prediction", stream);
    for (size_t j = 0; j < prediction->width; j++) {
        char name[512];
        snprintf(name, sizeof name, "output(%s)", target.categories[j]);
        fputc(',', stream);
        csv_output_text(stream, name);
    }
    fputc('\n', stream);
    for (size_t x = 0; x < prediction->rows; x++) {
        const float *outputs = prediction->outputs + x * prediction->width;
        csv_output_text(stream, target.categories[find_greatest(outputs, prediction->width)]);
        for (size_t j = 0; j < prediction->width; j++) {
            fputc(',', stream);
            csv_output_number(stream, outputs[j]);
        }
        fputc('\n', stream);
    }
    return EXIT_DONE;
}

/* One column for each target, called as in training. */
static int write_numbers(const struct prediction *prediction, FILE *stream)
{
    for (size_t j = 0; j < prediction->info.target_columns; j++) {
        bp_model_column target;
        bp_error error;
        if (bp_model_get_column(prediction->model, prediction->info.input_columns + j, &target,
                                &error) != BP_OK)
            return report_error(&error);
        if (j > 0)
            fputc(',', stream);
        csv_output_text(stream, target.name);
    }
    fputc('\n', stream);
    for (size_t x = 0; x < prediction->rows; x++) {
        for (size_t j = 0; j < prediction->width; j++) {
            if (j > 0)
                fputc(',', stream);
            csv_output_number(stream, prediction->outputs[x * prediction->width + j]);
        }
        fputc('\n', stream);
    }
    return EXIT_DONE;
}

static int write_predictions(const struct prediction *prediction, const char *path)
{
    struct output output;
    int code = output_open(&output, path);
    if (code == EXIT_DONE && prediction->info.task == BP_TASK_CLASSIFY)
        code = write_classes(prediction, output.stream);
    else if (code == EXIT_DONE)
        code = write_numbers(prediction, output.stream);
    if (code == EXIT_DONE)
        code = output_commit(&output);
    output_abandon(&output);
    return code;
}

static int predict(const struct predict_options *options, const char *model_path,
                   const char *data_path)
{
    struct prediction prediction = {0};
    bp_error error;
    int code = EXIT_DONE;
    if (options->out) {
        code = output_check_distinct("predict", "--out", options->out, model_path);
        if (code == EXIT_DONE)
            code = output_check_distinct("predict", "--out", options->out, data_path);
        if (code == EXIT_DONE)
            code = output_check("--out", options->out);
    }
    if (code == EXIT_DONE && bp_model_load(&prediction.model, model_path, &error) != BP_OK)
        code = report_error(&error);
    if (code == EXIT_DONE)
        code = data_options_read(&options->data, data_path, options->data.read.labels,
                                 &prediction.data);
    if (code == EXIT_DONE)
        code = predict_rows(&prediction, options);
    if (code == EXIT_DONE)
        code = write_predictions(&prediction, options->out);
    free(prediction.outputs);
    bp_dataset_free(prediction.data);
    bp_model_free(prediction.model);
    return code;
}

int command_predict(int argc, char **argv)
{
    struct predict_options options = {0};
    data_options_init(&options.data);
    run_options_init(&options.run);
    struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "out",
         .value = &options.out,
         .argument = "FILE",
         .help = "where the predictions go (default: the standard output)"},
        {.kind = OPTION_END},
    };
    const struct option_group groups[] = {{"Predicting:", table},
                                          {"Reading the data:", options.data.table},
                                          {"Running:", options.run.table},
                                          {NULL, NULL}};
    struct arguments *arguments = NULL;
    int code = arguments_parse(&arguments, &help, groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    options.data.read.threads = options.run.threads;
    code = predict(&options, arguments_operand(arguments, 0), arguments_operand(arguments, 1));
    arguments_free(arguments);
    return code;
}
