/* batchprop predict: the model's answer for every row, as CSV or JSON. */
#include "cli/commands.h"
#include "cli/inspect/model_data.h"
#include "cli/inspect/prediction.h"
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
    const char *out; /* NULL: printed as the result */
    bool json;
    bool spread;
    bool spreadsheet;
    struct model_data tried;
};

static int write_prediction(const struct prediction *prediction,
                            const struct predict_options *options)
{
    struct output output;
    int code = output_open(&output, options->out);
    if (code == EXIT_DONE)
        code = options->json
                   ? prediction_write_json(prediction, output.stream)
                   : prediction_write_csv(prediction, &options->tried.run.options, output.stream);
    return output_close(&output, code);
}

/* No file that is read may be replaced. */
static int check_out(struct predict_options *options)
{
    const struct arguments *arguments = options->tried.arguments;
    int code = EXIT_DONE;
    for (size_t k = 0; code == EXIT_DONE && k < arguments_operand_count(arguments); k++)
        code = output_check_distinct("predict", "--out", options->out,
                                     arguments_operands(arguments)[k]);
    return code == EXIT_DONE ? output_check("--out", &options->out) : code;
}

/* One network cannot disagree. */
static int check_spread(const struct predict_options *options)
{
    if (!options->spread || bp_model_members(options->tried.model) > 1)
        return EXIT_DONE;
    return message_usage("predict",
                         "--spread: the model has one network: it takes one of several, as train "
                         "--preset ensemble makes");
}

/* What reads JSON takes no text for a formula. */
static int check_spreadsheet(const struct predict_options *options)
{
    if (!options->spreadsheet || !options->json)
        return EXIT_DONE;
    return message_usage("predict", "--spreadsheet: is for CSV: leave out --json");
}

static int predict(struct predict_options *options)
{
    int code = check_spreadsheet(options);
    if (code == EXIT_DONE && options->out)
        code = check_out(options);
    if (code == EXIT_DONE)
        code = model_data_load(&options->tried);
    struct prediction prediction = {.model = options->tried.model,
                                    .data = options->tried.data,
                                    .spreadsheet = options->spreadsheet};
    if (code == EXIT_DONE)
        code = check_spread(options);
    if (code == EXIT_DONE)
        code = prediction_make(&prediction, &options->tried.run.options, options->spread);
    if (code == EXIT_DONE)
        code = model_data_note_unknown(&options->tried, prediction.unknown);
    model_data_end_phase(&options->tried, "predict");
    if (code == EXIT_DONE)
        code = write_prediction(&prediction, options);
    model_data_end_phase(&options->tried, "write");
    if (code == EXIT_DONE)
        model_data_note_times(&options->tried);
    prediction_release(&prediction);
    return code;
}

int command_predict(int argc, char **argv)
{
    struct predict_options options = {0};
    struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "out",
         .value = &options.out,
         .argument = "FILE",
         .help = "where the predictions go (default: the standard output)"},
        option_of_library(BP_OPTION_OF_RUNNING, "unknown", &options.tried.run.options),
        {.kind = OPTION_FLAG,
         .name = "spread",
         .value = &options.spread,
         .help = "of a model of several networks: write how far they disagree, too: the standard "
                 "deviation of each number, or of the probability of the class, over them"},
        {.kind = OPTION_FLAG,
         .name = "spreadsheet",
         .value = &options.spreadsheet,
         .help = "write CSV that a spreadsheet takes no formula from: texts that begin with = + - "
                 "@, a tab or an end of line get an apostrophe before them"},
        {.kind = OPTION_FLAG,
         .name = "json",
         .value = &options.json,
         .help = "write one JSON object instead of CSV"},
        model_data_times_option(&options.tried),
        {.kind = OPTION_END},
    };
    int code = model_data_parse(&options.tried, &help, "Predicting:", table, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    code = predict(&options);
    model_data_release(&options.tried);
    return code;
}
