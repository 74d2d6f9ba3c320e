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

/* Whether training can go on from one network, or from several. */
static int check_start(const struct train_options *options)
{
    const size_t networks = bp_model_members(options->start);
    if (networks > 1 && options->kinds > 1)
        return message_usage(COMMAND,
                             "--from %s: the kinds of its networks stay: give each option one "
                             "value, which is for all of them, and no --preset ensemble",
                             options->from);
    if (networks == 1 && options->several)
        return message_usage(COMMAND,
                             "--from %s: the model has one network, and several begin with new "
                             "weights: leave out --from, or --members and the like",
                             options->from);
    return EXIT_DONE;
}

/* They suit the outputs that the model had. */
static void drop_factors(const struct train_options *options)
{
    const bool several = bp_model_members(options->start) > 1;
    bp_error error;
    if (!bp_model_get_info(options->start).has_factors)
        return;
    bp_model_set_factors(options->start, NULL, &error); /* which needs no memory */
    if (options->ensemble.options.decide != BP_DECISION_GREATEST)
        return;
    message_note("--from %s: its factors of classes are left out, which were fitted to the "
                 "network%s as %s: the class with the greatest output is predicted",
                 options->from, several ? "s" : "", several ? "they were" : "it was");
}

static struct recipe_options get_recipe(struct train_options *options, size_t kind)
{
    return (struct recipe_options){.command = COMMAND,
                                   .path = options->from,
                                   .model = options->start,
                                   .kind = kind,
                                   .network = &options->network,
                                   .training = &options->training,
                                   .validation = &options->validation,
                                   .kept = &options->kept};
}

/* Goes on as the networks of a kind were trained, unless told otherwise. */
static int take_recipe(struct train_options *options, size_t kind)
{
    const struct recipe_options recipe = get_recipe(options, kind);
    int code = recipe_options_take(&recipe);
    if (code == EXIT_DONE)
        code = network_options_check(&options->network, COMMAND);
    return code == EXIT_DONE ? recipe_options_check(&recipe) : code;
}

/* Reads the model of --from. */
static int read_start(struct train_options *options)
{
    bp_error error;
    if (bp_model_load(&options->start, options->from, &error) != BP_OK)
        return message_error(&error);
    const int code = check_start(options);
    if (code == EXIT_DONE)
        drop_factors(options);
    options->continues = bp_model_members(options->start) > 1;
    options->several = options->several || options->continues;
    return code;
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
    options->kind[kind].used = true;
    return EXIT_DONE;
}

/* ---- going on from several networks ---- */

/* What is given is for the kinds that have networks; the others stay as they were. */
static int take_kind(struct train_options *options, size_t k)
{
    struct train_kind *kind = &options->kind[k];
    bp_error error;
    kind->model = bp_model_options_default();
    kind->train = bp_train_options_default();
    if (!kind->used)
        return bp_model_get_kind(options->start, k, &kind->model, &kind->train, &error) == BP_OK
                   ? EXIT_DONE
                   : message_error_in(options->from, &error);
    int code = take_recipe(options, k);
    if (code == EXIT_DONE)
        code = validation_options_check(&options->validation, COMMAND);
    return code == EXIT_DONE ? check_kind(options, k) : code;
}

/* Each kind as it was; the first that has networks is left in the variables. */
static int check_kinds(struct train_options *options)
{
    const struct network_options network = options->network;
    const bp_train_options train = options->training.train;
    int code = EXIT_DONE;
    options->kinds = bp_model_kinds(options->start);
    for (size_t k = 0; k < options->kinds; k++)
        options->kind[k].used = false;
    for (size_t m = 0; m < bp_model_members(options->start); m++)
        options->kind[bp_model_member_kind(options->start, m)].used = true;
    for (size_t k = options->kinds; k-- > 0 && code == EXIT_DONE;) {
        options->network = network;
        options->training.train = train;
        code = take_kind(options, k);
    }
    return code;
}

/* Rows are those of the training before, and weights stay, unless told otherwise. */
static void take_ensemble(struct train_options *options, const bp_ensemble_options *said)
{
    bp_ensemble_options *ensemble = &options->ensemble.options;
    const struct option *table = options->ensemble.table;
    if (!option_is_given(table, "member-rows"))
        ensemble->member_rows = said->member_rows;
    if (!option_is_given(table, "member-folds") && ensemble->member_rows == said->member_rows)
        ensemble->member_folds = said->member_folds;
    if (!option_is_given(table, "member-weights"))
        ensemble->member_weights = said->member_weights;
    ensemble->seed = options->training.train.seed;
}

static int check_continue(struct train_options *options)
{
    bp_ensemble_options said = bp_ensemble_options_default();
    bp_error error;
    bp_status status = bp_ensemble_continue_options(options->start, &said, &error);
    if (status == BP_ERROR_ARGUMENT)
        return message_usage(COMMAND, "--from %s: %s", options->from, error.message);
    if (status != BP_OK)
        return message_error_in(options->from, &error);
    const int code = check_kinds(options);
    if (code != EXIT_DONE)
        return code;
    take_ensemble(options, &said);
    status = bp_ensemble_check_continue(options->start, &options->ensemble.options, &error);
    if (status == BP_ERROR_ARGUMENT)
        return message_usage(COMMAND, "--%s", error.message);
    if (status != BP_OK)
        return message_error_in(options->from, &error);
    return ensemble_options_check_rows(&options->ensemble, COMMAND);
}

/* New networks, or one. */
static int check_new(struct train_options *options)
{
    int code = options->from ? take_recipe(options, 0) : EXIT_DONE;
    if (code == EXIT_DONE)
        code = validation_options_check(&options->validation, COMMAND);
    if (code == EXIT_DONE)
        code = kind_options_each(options->groups, &options->network, options->kinds, check_kind,
                                 options);
    return code == EXIT_DONE ? ensemble_options_check(&options->ensemble, options->kinds, COMMAND)
                             : code;
}

static int check_all(struct train_options *options, const char *config)
{
    int code = kind_options_count(options->groups, COMMAND, &options->kinds);
    if (code != EXIT_DONE)
        return code;
    options->several = ensemble_options_several(&options->ensemble, options->kinds);
    if (options->from)
        code = read_start(options);
    if (code == EXIT_DONE)
        code = options->continues ? check_continue(options) : check_new(options);
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
    size_t first = 0;
    while (!options->kind[first].used)
        first++;
    for (size_t k = 0; k < options->kinds; k++)
        put_kind(options, &options->kind[k]);
    options->model = options->kind[first].model;
    options->train = options->kind[first].train;
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
