/* The tables of `batchprop train`, one function a group of --help. */
#include "train_tables.h"

#include <string.h>

#define SEED_MAX   INT64_MAX /* what JSON's readers can hold as a whole number */
#define EPOCHS_MAX 1000000000
#define BATCH_MAX  4294967295
#define RATE_MAX   1e30

static const char *const operands[] = {"DATA", NULL};

const struct command_help train_help = {
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

/* Copies `rows`, of which the last is OPTION_END, to a table that has room for them. */
#define FILL(table, rows)                                                                          \
    do {                                                                                           \
        _Static_assert(sizeof(table) == sizeof(rows), "the table has room for every row");         \
        memcpy(table, rows, sizeof(rows));                                                         \
    } while (0)

static void fill_network(struct train_options *options)
{
    struct train_choices *choices = &options->choices;
    const struct option rows[] = {
        {.kind = OPTION_TEXT,
         .name = "hidden",
         .value = &choices->hidden,
         .argument = "WIDTHS",
         .help = "neurons of each hidden layer, by comma, such as 128,64; none for no hidden layer "
                 "(default: 16)"},
        {.kind = OPTION_CHOICE,
         .name = "activation",
         .value = &choices->activation,
         .argument = "NAME",
         .choice = BP_CHOICE_ACTIVATION,
         .help = "activation of hidden neurons"},
        {.kind = OPTION_CHOICE,
         .name = "output-activation",
         .value = &choices->output_activation,
         .argument = "NAME",
         .choice = BP_CHOICE_ACTIVATION,
         .help = "activation of output neurons"},
        {.kind = OPTION_CHOICE,
         .name = "loss",
         .value = &choices->loss,
         .argument = "NAME",
         .choice = BP_CHOICE_LOSS,
         .help = "what training makes small"},
        {.kind = OPTION_CHOICE,
         .name = "hidden-delta",
         .value = &choices->hidden_delta,
         .argument = "RULE",
         .choice = BP_CHOICE_HIDDEN_DELTA,
         .help = "how the deltas of hidden neurons are formed; as-printed omits the slope"},
        {.kind = OPTION_CHOICE,
         .name = "scale",
         .value = &choices->scale,
         .argument = "NAME",
         .choice = BP_CHOICE_SCALE,
         .help = "how input numbers are scaled"},
        {.kind = OPTION_CHOICE,
         .name = "task",
         .value = &choices->task,
         .argument = "NAME",
         .choice = BP_CHOICE_TASK,
         .help = "whether the target holds classes or numbers; auto takes text, and integers of "
                 "few different values, as classes"},
        {.kind = OPTION_TEXT,
         .name = "target",
         .value = &options->model.target,
         .argument = "COLUMN",
         .help = "CSV: the column to predict, by name or number from 1 (default: the last)"},
        {.kind = OPTION_END},
    };
    FILL(choices->network, rows);
}

static void fill_training(struct train_options *options)
{
    struct train_choices *choices = &options->choices;
    const struct option rows[] = {
        {.kind = OPTION_WHOLE,
         .name = "epochs",
         .value = &options->train.epochs,
         .argument = "N",
         .limit = EPOCHS_MAX,
         .help = "passes over the samples"},
        {.kind = OPTION_WHOLE,
         .name = "batch-size",
         .value = &options->train.batch_size,
         .argument = "N",
         .limit = BATCH_MAX,
         .word = "full",
         .help = "samples of one update of the weights; full takes all of them"},
        {.kind = OPTION_REAL,
         .name = "learning-rate",
         .value = &options->learning_rate,
         .argument = "RATE",
         .high = RATE_MAX,
         .help = "how far an update goes along the gradient"},
        {.kind = OPTION_CHOICE,
         .name = "optimizer",
         .value = &choices->optimizer,
         .argument = "NAME",
         .choice = BP_CHOICE_OPTIMIZER,
         .help = "how an update uses the gradient"},
        {.kind = OPTION_SEED,
         .name = "seed",
         .value = &options->seed,
         .argument = "N",
         .limit = SEED_MAX,
         .help = "of the first weights, the order of samples and the validation rows"},
        {.kind = OPTION_FLAG,
         .name = "no-shuffle",
         .value = &choices->no_shuffle,
         .help = "keep the order of the samples in every epoch"},
        {.kind = OPTION_WHOLE,
         .name = "shard-size",
         .value = &options->train.shard_size,
         .argument = "N",
         .limit = BATCH_MAX,
         .word = "auto",
         .help = "samples of a shard, the part of a batch that is summed in one chain; changes the "
                 "last bits of the weights"},
        {.kind = OPTION_END},
    };
    FILL(choices->training, rows);
}

static void fill_validation(struct train_options *options)
{
    const struct option rows[] = {
        {.kind = OPTION_TEXT,
         .name = "valid",
         .value = &options->valid,
         .argument = "FILE",
         .help = "samples whose loss is shown after every epoch and that are not trained on"},
        {.kind = OPTION_TEXT,
         .name = "valid-labels",
         .value = &options->valid_labels,
         .argument = "FILE",
         .help = "file of labels that belongs to the file of --valid"},
        {.kind = OPTION_REAL,
         .name = "valid-fraction",
         .value = &options->valid_fraction,
         .argument = "SHARE",
         .high = 1,
         .help = "hold out this share of the rows of DATA for validation, such as 0.1"},
        {.kind = OPTION_END},
    };
    FILL(options->choices.validation, rows);
}

static void fill_output(struct train_options *options)
{
    const struct option rows[] = {
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
    FILL(options->choices.output, rows);
}

void train_tables_init(struct train_options *options, struct option_group groups[TRAIN_GROUPS])
{
    *options = (struct train_options){.model = bp_model_options_default(),
                                      .train = bp_train_options_default()};
    struct train_choices *choices = &options->choices;
    choices->activation = (int)options->model.activation;
    choices->output_activation = (int)options->model.output_activation;
    choices->loss = (int)options->model.loss;
    choices->hidden_delta = (int)options->model.hidden_delta;
    choices->scale = (int)options->model.scale;
    choices->task = (int)options->model.task;
    choices->optimizer = (int)options->train.optimizer;
    choices->no_shuffle = !options->train.shuffle;
    options->learning_rate = (double)options->train.learning_rate;
    options->seed = options->train.seed;
    data_options_init(&options->data);
    run_options_init(&choices->run);
    fill_network(options);
    fill_training(options);
    fill_validation(options);
    fill_output(options);

    const struct option_group all[TRAIN_GROUPS] = {{"The model files:", choices->output},
                                                   {"The network:", choices->network},
                                                   {"Training:", choices->training},
                                                   {"Validation:", choices->validation},
                                                   {"Reading the data:", options->data.table},
                                                   {"Running:", choices->run.table},
                                                   {NULL, NULL}};
    memcpy(groups, all, sizeof all);
}
