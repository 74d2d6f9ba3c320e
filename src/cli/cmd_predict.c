/* batchprop predict: the model's answer for every row, as CSV or JSON. */
#include "cli/commands.h"
#include "cli/inspect/prediction.h"
#include "cli/options/arguments.h"
#include "cli/options/data_options.h"
#include "cli/options/run_options.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"

static const char *const operands[] = {"MODEL", "DATA", NULL};

static const struct command_help help = {
    .name = "predict",
    .summary =
        "Writes a CSV file with one line for each row of DATA: its id if it has one; for classes\n"
        "the one that is predicted and the probability of each (the value of each output\n"
        "neuron where the output layer is not softmax); for numbers the predicted targets in\n"
        "their own units. DATA is read as the training data were and needs no targets.",
    .usage = "MODEL DATA... [OPTION...]",
    .many = true,
    .operands = operands,
    .example = "  batchprop predict iris.safetensors new-flowers.csv --out species.csv\n",
};

struct predict_options {
    const char *out; /* NULL: stdout */
    bool json;
    struct data_options data;
    struct run_options run;
};

static int write_prediction(const struct prediction *prediction,
                            const struct predict_options *options)
{
    struct output output;
    int code = output_open(&output, options->out);
    if (code == EXIT_DONE)
        code = options->json ? prediction_write_json(prediction, output.stream)
                             : prediction_write_csv(prediction, output.stream);
    return output_close(&output, code);
}

/* No file that is read may be replaced. */
static int check_out(const struct predict_options *options, const char *const *paths, size_t count)
{
    int code = EXIT_DONE;
    for (size_t k = 0; code == EXIT_DONE && k < count; k++)
        code = output_check_distinct("predict", "--out", options->out, paths[k]);
    return code == EXIT_DONE ? output_check("--out", options->out) : code;
}

/* The first path is that of the model. */
static int predict(const struct predict_options *options, const char *const *paths, size_t count)
{
    struct prediction prediction = {0};
    bp_error error;
    const bp_run_options run = run_options_get(&options->run, NULL);
    int code = options->out ? check_out(options, paths, count) : EXIT_DONE;
    if (code == EXIT_DONE && bp_model_load(&prediction.model, paths[0], &error) != BP_OK)
        code = message_error(&error);
    if (code == EXIT_DONE)
        code = data_options_read(&options->data, prediction.model, paths + 1, count - 1,
                                 &prediction.data);
    if (code == EXIT_DONE)
        code = prediction_make(&prediction, &run);
    if (code == EXIT_DONE)
        code = write_prediction(&prediction, options);
    prediction_release(&prediction);
    return code;
}

int command_predict(int argc, char **argv)
{
    struct predict_options options = {0};
    data_options_init(&options.data, "predict");
    run_options_init(&options.run);
    struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "out",
         .value = &options.out,
         .argument = "FILE",
         .help = "where the predictions go (default: the standard output)"},
        {.kind = OPTION_FLAG,
         .name = "json",
         .value = &options.json,
         .help = "write one JSON object in the place of CSV"},
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
    code = predict(&options, arguments_operands(arguments), arguments_operand_count(arguments));
    arguments_free(arguments);
    return code;
}
