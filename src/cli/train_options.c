/* The options of `batchprop train`: their groups, and checks of one against the other. */
#include "train_options.h"

#include <string.h>

#include "output.h"
#include "report.h"

#define COMMAND "train"

static const char *const operands[] = {"DATA", NULL};

static const struct command_help help = {
    .name = "train",
    .summary =
        "Trains a network on DATA (CSV, IDX, FANN or NPY, plain or gzip) and writes it to MODEL.\n"
        "The weights depend on the data, the options and the seed alone.",
    .usage = "DATA --out MODEL [OPTION...]",
    .operands = operands,
    .example =
        "  batchprop train iris.csv --out iris.safetensors --hidden 16 --epochs 100\n"
        "  batchprop train train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz \\\n"
        "      --hidden 128 --out mnist.safetensors --log mnist.jsonl\n",
};

static void init_files(struct train_options *options)
{
    const struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "out",
         .value = &options->out,
         .argument = "MODEL",
         .help = "the model file to write (safetensors); required"},
        {.kind = OPTION_TEXT,
         .name = "from",
         .value = &options->from,
         .argument = "MODEL",
         .help = "start from the network and weights of this model file"},
        {.kind = OPTION_TEXT,
         .name = "log",
         .value = &options->log,
         .argument = "FILE",
         .help = "write one line of JSON for every epoch"},
        {.kind = OPTION_FLAG,
         .name = "json",
         .value = &options->json,
         .help = "print the result as one JSON object"},
        {.kind = OPTION_END},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        options->files[i] = table[i];
}

static void init(struct train_options *options)
{
    *options = (struct train_options){.model = bp_model_options_default(),
                                      .train = bp_train_options_default()};
    init_files(options);
    network_options_init(&options->network);
    training_options_init(&options->training);
    validation_options_init(&options->validation);
    data_options_init(&options->data);
    run_options_init(&options->run);
    const struct option_group groups[TRAIN_GROUPS] = {
        {"The model files:", options->files},
        {"The network:", options->network.table},
        {"Training:", options->training.table},
        {"Validation:", options->validation.table},
        {"Reading the data:", options->data.table},
        {"Running:", options->run.table},
        {NULL, NULL},
    };
    memcpy(options->groups, groups, sizeof groups);
}

/* A network that comes from a file cannot be described again. */
static int check_from(const struct train_options *options)
{
    if (!options->from)
        return EXIT_DONE;
    for (const struct option *option = options->network.table; option->kind != OPTION_END;
         option++) {
        if (option->given)
            return report_usage(COMMAND,
                                "--%s cannot be given with --from: the network, and what its "
                                "inputs and outputs mean, come from %s",
                                option->name, options->from);
    }
    return EXIT_DONE;
}

/* Neither the model nor the log may replace a file that this run reads or writes. */
static int check_distinct(const struct train_options *options)
{
    const char *const inputs[] = {options->data_path, options->data.read.labels,
                                  options->validation.valid, options->validation.valid_labels};
    int code = EXIT_DONE;
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0] && code == EXIT_DONE; i++) {
        code = output_check_distinct(COMMAND, "--out", options->out, inputs[i]);
        if (code == EXIT_DONE && options->log)
            code = output_check_distinct(COMMAND, "--log", options->log, inputs[i]);
    }
    if (code == EXIT_DONE && options->log)
        code = output_check_distinct(COMMAND, "--log", options->log, options->from);
    if (code == EXIT_DONE && options->log)
        code = output_check_distinct(COMMAND, "--log", options->log, options->out);
    return code;
}

static int check_outputs(const struct train_options *options)
{
    if (!options->out)
        return report_usage(COMMAND, "--out MODEL is missing: where shall the trained model go?");
    int code = check_distinct(options);
    if (code == EXIT_DONE)
        code = output_check("--out", options->out);
    if (code == EXIT_DONE && options->log)
        code = output_check("--log", options->log);
    return code;
}

static int check_all(const struct train_options *options)
{
    int code = check_from(options);
    if (code == EXIT_DONE)
        code = network_options_check(&options->network, COMMAND);
    if (code == EXIT_DONE)
        code = training_options_check(&options->training, COMMAND);
    if (code == EXIT_DONE)
        code = validation_options_check(&options->validation, COMMAND);
    if (code == EXIT_DONE)
        code = check_outputs(options);
    return code;
}

static void put_all(struct train_options *options)
{
    network_options_put(&options->network, &options->model);
    options->model.seed = options->training.seed;
    training_options_put(&options->training, &options->train);
    validation_options_put(&options->validation, &options->train);
    options->train.threads = options->run.threads;
    options->train.backend = (bp_backend)options->run.backend;
    options->train.isa = (bp_isa)options->run.isa;
    options->data.read.threads = options->run.threads;
}

int train_options_parse(struct train_options *options, struct arguments **arguments, int argc,
                        char **argv)
{
    init(options);
    int code = arguments_parse(arguments, &help, options->groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    options->data_path = arguments_operand(*arguments, 0);
    code = check_all(options);
    if (code != EXIT_DONE) {
        arguments_free(*arguments);
        *arguments = NULL;
        return code;
    }
    put_all(options);
    return ARGUMENTS_GO_ON;
}
