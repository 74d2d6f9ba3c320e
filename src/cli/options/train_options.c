/* The options of `batchprop train`: their groups, and checks of one against the other. */
#include "cli/options/train_options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/options/kind_options.h"
#include "cli/options/recipe_options.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"

#define COMMAND "train"

static const char *const operands[] = {"DATA", NULL};

static const struct command_help help = {
    .name = "train",
    .summary = "Trains a network on DATA (CSV, IDX, FANN or NPY, plain, gzip or zstd; - is stdin; "
               "several\n"
               "files of the same columns count as one) and writes it to MODEL.\n"
               "The weights depend on the data, the options and the seed alone.",
    .usage = "DATA... --out MODEL [OPTION...]",
    .many = true,
    .operands = operands,
    .example =
        "  batchprop train iris.csv --preset modern --out iris.safetensors\n"
        "  batchprop train train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz \\\n"
        "      --preset modern --hidden 512,512 --valid-fraction 0.1 --out mnist.safetensors\n",
};

static void init_files(struct train_options *options)
{
    const struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "out",
         .value = &options->out,
         .argument = "MODEL",
         .help = "the model file to write (safetensors; - is stdout); required"},
        {.kind = OPTION_TEXT,
         .name = "from",
         .value = &options->from,
         .argument = "MODEL",
         .help = "start from the network and weights of this model file"},
        {.kind = OPTION_TEXT,
         .name = "log",
         .value = &options->log,
         .argument = "FILE",
         .help = "write one line of JSON for every epoch; batchprop report makes a page of it"},
        {.kind = OPTION_TEXT,
         .name = "tensorboard",
         .value = &options->tensorboard,
         .argument = "DIR",
         .help = "write the same figures as events for TensorBoard"},
        option_json(&options->json),
        {.kind = OPTION_END},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        options->files[i] = table[i];
}

static void init(struct train_options *options)
{
    *options = (struct train_options){0};
    init_files(options);
    network_options_init(&options->network);
    training_options_init(&options->training);
    ensemble_options_init(&options->ensemble);
    validation_options_init(&options->validation, &options->training.train);
    checkpoint_options_init(&options->checkpoint);
    data_options_init(&options->data, COMMAND);
    run_options_init(&options->run);
    kind_options_allow(options->network.table);
    kind_options_allow(options->training.table);
    kind_options_allow(options->validation.table);
    const struct option_group groups[TRAIN_GROUPS] = {
        {"The model files:", options->files},
        {"The network:", options->network.table},
        {"Training:", options->training.table},
        {"Several networks:", options->ensemble.table},
        {"Validation and weights:", options->validation.table},
        {"Checkpoints:", options->checkpoint.table},
        {"Reading the data:", options->data.table},
        {"Running:", options->run.table},
        {NULL, NULL},
    };
    memcpy(options->groups, groups, sizeof groups);
}

/* Training goes on from one network. */
static int check_start(const struct train_options *options)
{
    const size_t networks = bp_model_members(options->start);
    if (networks > 1)
        return message_usage(COMMAND,
                             "--from %s: the model has %zu networks, and training goes on from "
                             "one: train them anew (batchprop info %s says how)",
                             options->from, networks, options->from);
    if (options->several)
        return message_usage(COMMAND,
                             "--from %s: several networks begin with new weights: leave out "
                             "--from, or --members and the like",
                             options->from);
    return EXIT_DONE;
}

/* They suit the outputs that the model had. */
static void drop_factors(const struct train_options *options)
{
    bp_error error;
    if (!bp_model_get_info(options->start).has_factors)
        return;
    bp_model_set_factors(options->start, NULL, &error); /* which needs no memory */
    message_note("--from %s: its factors of classes are left out, which were fitted to the network "
                 "as it was: the class with the greatest output is predicted",
                 options->from);
}

/* Reads the model of --from and goes on as it was trained, unless told otherwise. */
static int take_recipe(struct train_options *options)
{
    bp_error error;
    if (bp_model_load(&options->start, options->from, &error) != BP_OK)
        return message_error(&error);
    int code = check_start(options);
    if (code != EXIT_DONE)
        return code;
    drop_factors(options);
    const struct recipe_options recipe = {.command = COMMAND,
                                          .path = options->from,
                                          .model = options->start,
                                          .network = &options->network,
                                          .training = &options->training,
                                          .validation = &options->validation,
                                          .kept = &options->kept};
    code = recipe_options_take(&recipe);
    if (code == EXIT_DONE)
        code = network_options_check(&options->network, COMMAND);
    return code == EXIT_DONE ? recipe_options_check(&recipe) : code;
}

/* No file that is written may replace one that this run reads. */
static int check_input(const struct train_options *options, const char *input)
{
    const char *left = options->ensemble.out_of_fold;
    int code = output_check_distinct(COMMAND, "--out", options->out, input);
    if (code == EXIT_DONE && left)
        code = output_check_distinct(COMMAND, "--out-of-fold", left, input);
    if (code != EXIT_DONE || !options->log)
        return code;
    return output_check_distinct(COMMAND, "--log", options->log, input);
}

static int check_distinct(const struct train_options *options, const char *config)
{
    const char *const others[] = {config, options->data.read.labels, options->validation.valid,
                                  options->validation.valid_labels};
    int code = EXIT_DONE;
    for (size_t i = 0; i < options->data_count && code == EXIT_DONE; i++)
        code = check_input(options, options->data_paths[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0] && code == EXIT_DONE; i++)
        code = check_input(options, others[i]);
    if (code == EXIT_DONE && options->log)
        code = output_check_distinct(COMMAND, "--log", options->log, options->from);
    if (code == EXIT_DONE && options->log)
        code = output_check_distinct(COMMAND, "--log", options->log, options->out);
    if (code == EXIT_DONE && options->ensemble.out_of_fold)
        code = output_check_distinct(COMMAND, "--out-of-fold", options->ensemble.out_of_fold,
                                     options->out);
    return code;
}

static int check_outputs(struct train_options *options, const char *config)
{
    if (!options->out)
        return message_usage(COMMAND, "--out MODEL is missing: where shall the trained model go?");
    int code = check_distinct(options, config);
    if (code == EXIT_DONE)
        code = output_check("--out", &options->out);
    if (code == EXIT_DONE && options->ensemble.out_of_fold)
        code = output_check("--out-of-fold", &options->ensemble.out_of_fold);
    if (code == EXIT_DONE && options->log)
        code = output_check_log("--log", &options->log);
    return code;
}

/* Of several kinds one need not read what is given for another. */
static int check_library(const struct train_options *options)
{
    const bp_model_options model = network_options_get(&options->network);
    struct option_check check = {
        .model = &model,
        .train = &options->training.train,
        .validates = validation_options_validates(&options->validation),
    };
    if (options->kinds == 1) {
        check.table[0] = options->network.table;
        check.table[1] = options->training.table;
        check.table[2] = options->validation.table;
    }
    return option_check_library(&check, COMMAND);
}

/* Every kind of networks alone. */
static int check_kind(void *arg, size_t kind)
{
    struct train_options *options = arg;
    int code = network_options_check(&options->network, COMMAND);
    if (code == EXIT_DONE)
        code = check_library(options);
    if (code != EXIT_DONE)
        return code;
    options->kind[kind].model = network_options_get(&options->network);
    options->kind[kind].train = options->training.train;
    return EXIT_DONE;
}

/* What is for one network alone. */
static int check_several(const struct train_options *options)
{
    if (options->several && options->tensorboard)
        return message_usage(COMMAND, "--tensorboard shows one network: for several, --log has the "
                                      "same figures, and batchprop report shows them");
    return EXIT_DONE;
}

static int check_all(struct train_options *options, const char *config)
{
    int code = kind_options_count(options->groups, COMMAND, &options->kinds);
    if (code != EXIT_DONE)
        return code;
    options->several = ensemble_options_several(&options->ensemble, options->kinds);
    code = check_several(options);
    if (code != EXIT_DONE)
        return code;
    if (options->from)
        code = take_recipe(options);
    if (code == EXIT_DONE)
        code = validation_options_check(&options->validation, COMMAND);
    if (code == EXIT_DONE)
        code = kind_options_each(options->groups, &options->network, options->kinds, check_kind,
                                 options);
    if (code == EXIT_DONE)
        code = ensemble_options_check(&options->ensemble, options->kinds, COMMAND);
    if (code == EXIT_DONE)
        code = checkpoint_options_check(&options->checkpoint, COMMAND);
    if (code == EXIT_DONE)
        code = check_outputs(options, config);
    return code;
}

/* What is the same for all kinds. */
static void put_kind(const struct train_options *options, struct train_kind *kind)
{
    const bp_run_options *run = &options->run.options;
    kind->model.seed = kind->train.seed;
    kind->train.time_phases = options->log != NULL;
    kind->train.threads = run->threads;
    kind->train.backend = run->backend;
    kind->train.isa = run->isa;
}

static void put_all(struct train_options *options)
{
    const bp_run_options *run = &options->run.options;
    bp_ensemble_options *ensemble = &options->ensemble.options;
    for (size_t k = 0; k < options->kinds; k++)
        put_kind(options, &options->kind[k]);
    options->model = options->kind[0].model;
    options->train = options->kind[0].train;
    options->data.read.threads = run->threads;
    ensemble->seed = options->train.seed;
    ensemble->threads = run->threads;
    ensemble->backend = run->backend;
}

static int take_operands(struct train_options *options, const struct arguments *arguments)
{
    options->data_count = arguments_operand_count(arguments);
    options->data_paths = calloc(options->data_count, sizeof *options->data_paths);
    if (!options->data_paths)
        return message_no_memory();
    for (size_t i = 0; i < options->data_count; i++)
        options->data_paths[i] = arguments_operand(arguments, i);
    return EXIT_DONE;
}

int train_options_parse(struct train_options *options, struct arguments **arguments, int argc,
                        char **argv)
{
    init(options);
    int code = arguments_parse(arguments, &help, options->groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    code = take_operands(options, *arguments);
    if (code == EXIT_DONE)
        code = check_all(options, arguments_config(*arguments));
    if (code != EXIT_DONE) {
        train_options_release(options);
        arguments_free(*arguments);
        *arguments = NULL;
        return code;
    }
    put_all(options);
    return ARGUMENTS_GO_ON;
}

void train_options_release(struct train_options *options)
{
    free(options->data_paths);
    bp_model_free(options->start);
    text_list_free(&options->kept);
    options->data_paths = NULL;
    options->start = NULL;
}
