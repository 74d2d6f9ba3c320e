/* batchprop import: a network of another program becomes a model. */
#include "cli/commands.h"
#include "cli/inspect/import_report.h"
#include "cli/options/arguments.h"
#include "cli/options/data_options.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"

#define COMMAND "import"

static const char *const operands[] = {"FILE", NULL};

static const struct command_help help = {
    .name = COMMAND,
    .summary = "Makes a model of a network that another program has saved: of a safetensors file "
               "of\n"
               "PyTorch (linear layers, NAME.weight and NAME.bias) or of FANN's network files.\n"
               "eval, predict and train --from take it as any other model.",
    .usage = "FILE --out MODEL [OPTION...]",
    .operands = operands,
    .example = "  batchprop import iris-torch.safetensors --activation relu --data iris.csv --out "
               "iris.safetensors\n"
               "  batchprop import xor.net --out xor.safetensors\n",
};

struct import_options {
    const char *out;
    const char *path; /* of the data, or NULL */
    bool json;
    bp_import_options import;
    bp_model_options model;
    struct data_options data;
};

/* Options that say how the columns of data are taken. */
static int check_data_options(const struct import_options *options, const struct option *table)
{
    static const char *const of_data[] = {"scale", "target-scale", "weight", "missing"};
    if (options->path)
        return EXIT_DONE;
    for (size_t k = 0; k < sizeof of_data / sizeof of_data[0]; k++)
        if (option_is_given(table, of_data[k]))
            return message_usage(COMMAND, "--%s: is about columns of data: give --data, too",
                                 of_data[k]);
    for (const struct option *option = options->data.table; option->kind != OPTION_END; option++)
        if (option->given)
            return message_usage(COMMAND, "--%s: is about a file of data: give --data, too",
                                 option->name);
    return EXIT_DONE;
}

static int check_out(struct import_options *options, const char *file)
{
    if (!options->out)
        return message_usage(COMMAND, "--out MODEL is missing: where shall the model go?");
    int code = output_check_distinct(COMMAND, "--out", options->out, file);
    if (code == EXIT_DONE)
        code = output_check_distinct(COMMAND, "--out", options->out, options->path);
    return code == EXIT_DONE ? output_check("--out", &options->out) : code;
}

static int import(struct import_options *options, const char *file)
{
    bp_dataset *dataset = NULL;
    bp_model *model = NULL;
    bp_import_info info;
    bp_error error;
    int code = EXIT_DONE;
    if (options->path)
        code = data_options_read(&options->data, NULL, &options->path, 1, &dataset);
    options->import.dataset = dataset;
    options->import.model = &options->model;
    if (code == EXIT_DONE &&
        bp_model_import(&model, file, &options->import, &info, &error) != BP_OK)
        code = message_error(&error);
    if (code == EXIT_DONE)
        code = output_model(model, options->out);
    if (code == EXIT_DONE)
        code = import_report_print(model, &info, options->json);
    bp_model_free(model);
    bp_dataset_free(dataset);
    return code;
}

/* The text of an option of the import. */
static struct option option_text(const char *name, const char **value, const char *argument,
                                 const char *text)
{
    return (struct option){
        .kind = OPTION_TEXT, .name = name, .value = value, .argument = argument, .help = text};
}

static void fill_table(struct option *table, struct import_options *options)
{
    bp_import_options *import = &options->import;
    static const char *const of_network[] = {"output-activation", "loss", "huber-bend",
                                             "quantile-level", "hidden-delta"};
    option_add(table, (struct option){.kind = OPTION_CHOICE,
                                      .name = "format",
                                      .value = &import->format,
                                      .argument = "NAME",
                                      .choice = BP_CHOICE_IMPORT_FORMAT,
                                      .help = "of FILE; auto finds it by content"});
    option_add(table,
               option_text("activation", &import->activations, "NAMES",
                           "activation of hidden neurons, which safetensors files do not say: one "
                           "name, or one for each hidden layer, by comma, and perhaps one more "
                           "for the outputs, as for train"));
    for (size_t k = 0; k < sizeof of_network / sizeof of_network[0]; k++)
        option_add(table, option_of_library(BP_OPTION_OF_MODEL, of_network[k], &options->model));
    option_add(table, option_text("layers", &import->layers, "LIST",
                                  "names of the layers from the inputs to the outputs, such as "
                                  "fc_in,fc_out for fc_in.weight and fc_out.weight, where the "
                                  "numbers in them and their shapes do not say the order"));
}

static void fill_columns(struct option *table, struct import_options *options)
{
    static const char *const of_columns[] = {"target",  "task",   "scale",  "target-scale",
                                             "scaling", "weight", "missing"};
    bp_import_options *import = &options->import;
    option_add(table, option_text("data", &options->path, "DATA",
                                  "a file such as the network was trained on, of which columns, "
                                  "categories and classes are taken"));
    option_add(table, option_text("inputs", &import->inputs, "LIST",
                                  "without --data: names of the inputs, by which columns of files "
                                  "are found; without them, by their order"));
    option_add(table, option_text("classes", &import->classes, "LIST",
                                  "classes in the order of the output neurons; of one output "
                                  "neuron two, of which it is the probability of the second"));
    for (size_t k = 0; k < sizeof of_columns / sizeof of_columns[0]; k++)
        option_add(table, option_of_library(BP_OPTION_OF_MODEL, of_columns[k], &options->model));
    struct option *target = option_find_in(table, "target");
    target->help = "with --data: the column that is predicted, by name or number from 1; without: "
                   "names of the outputs, by comma, or of the column of classes";
    target->instead = "the last, or y1, y2, ...";
    option_find_in(table, "scaling")->instead = "as FILE has it, or none";
}

int command_import(int argc, char **argv)
{
    struct import_options options = {.import = bp_import_options_default(),
                                     .model = bp_import_model_options_default()};
    struct option network[OPTION_ROWS] = {{.kind = OPTION_END}};
    struct option columns[OPTION_ROWS] = {{.kind = OPTION_END}};
    struct option output[] = {
        option_text("out", &options.out, "MODEL", "the model file to write"),
        option_json(&options.json),
        {.kind = OPTION_END},
    };
    data_options_init(&options.data, COMMAND);
    option_drop(options.data.table, "format");
    fill_table(network, &options);
    fill_columns(columns, &options);
    const struct option_group groups[] = {{"Output:", output},
                                          {"The network:", network},
                                          {"Its inputs and outputs:", columns},
                                          {"Reading DATA:", options.data.table},
                                          {NULL, NULL}};
    struct arguments *arguments = NULL;
    int code = arguments_parse(&arguments, &help, groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    const char *file = arguments_operand(arguments, 0);
    code = check_data_options(&options, columns);
    if (code == EXIT_DONE)
        code = check_out(&options, file);
    if (code == EXIT_DONE)
        code = import(&options, file);
    arguments_free(arguments);
    return code;
}
