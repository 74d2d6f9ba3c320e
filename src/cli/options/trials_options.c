/* --folds, --holdout, --repeats, --seeds, and the options of `train` that hold for many models. */
#include "cli/options/trials_options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/options/kind_options.h"
#include "cli/options/preset_options.h"
#include "cli/terminal/messages.h"

static void init_table(struct trials_options *options)
{
    const struct option table[] = {
        {.kind = OPTION_WHOLE,
         .name = "folds",
         .value = &options->folds,
         .argument = "K",
         .limit = BP_TRIALS_MAX,
         .help =
             "divide the rows into K parts, each class evenly, and hold out one after the other"},
        {.kind = OPTION_REAL,
         .name = "holdout",
         .value = &options->holdout,
         .argument = "SHARE",
         .high = 1,
         .help = "hold out this share of the rows, such as 0.2, instead of folds"},
        {.kind = OPTION_WHOLE,
         .name = "repeats",
         .value = &options->repeats,
         .argument = "R",
         .limit = BP_TRIALS_MAX,
         .help = "do so R times, with rows divided by the seeds SEED, SEED + 1, ..."},
        {.kind = OPTION_WHOLE,
         .name = "seeds",
         .value = &options->seeds,
         .argument = "N",
         .limit = BP_TRIALS_MAX,
         .help = "train N models on the same rows, from the seeds SEED, SEED + 1, ..."},
        option_json(&options->json),
        {.kind = OPTION_END},
    };
    _Static_assert(sizeof table == sizeof options->table, "the table has room for every row");
    memcpy(options->table, table, sizeof table);
}

/* A model that is done is kept at once. */
static void init_checkpoint(struct checkpoint_options *checkpoint)
{
    checkpoint_options_init(checkpoint);
    option_drop(checkpoint->table, "checkpoint-every");
    option_find_in(checkpoint->table, "checkpoint")->help =
        "keep what has come of each model in this folder, made if it is missing";
    option_find_in(checkpoint->table, "resume")->help =
        "train only those models of which DIR does not have what has come of them";
}

void trials_options_init(struct trials_options *options, const char *command)
{
    *options = (struct trials_options){.folds = 10, .repeats = 1, .seeds = 1};
    init_table(options);
    network_options_init(&options->network);
    training_options_init(&options->training);
    ensemble_options_init(&options->ensemble);
    option_drop(options->ensemble.table, "out-of-fold");
    validation_options_init(&options->validation, &options->training.train);
    init_checkpoint(&options->checkpoint);
    data_options_init(&options->data, command);
    data_options_share(&options->data);
    run_options_init(&options->run);
    struct option *validation = options->validation.table;
    option_drop(validation, "valid");
    option_drop(validation, "valid-labels");
    option_find_in(validation, "valid-fraction")->help =
        "of the rows that a model may see, hold out this share for --patience and the best weights";
    option_find_in(validation, "metric")->help =
        "what tells which model is the best (auto: accuracy for classes, rmse for numbers) and, on "
        "validation rows, which epoch (as of train)";
    option_find_in(options->run.table, "threads")->help =
        "models trained at once, each on one thread; the results are the same for every number";
    kind_options_allow(options->network.table);
    kind_options_allow(options->training.table);
    kind_options_allow(options->validation.table);
    const struct option_group groups[TRIALS_GROUPS] = {
        {"Holding out rows:", options->table},
        {"The networks:", options->network.table},
        {"Training:", options->training.table},
        {"Several networks:", options->ensemble.table},
        {"Validation:", options->validation.table},
        {"Checkpoints:", options->checkpoint.table},
        {"Reading the data:", options->data.table},
        {"Running:", options->run.table},
        {NULL, NULL},
    };
    memcpy(options->groups, groups, sizeof groups);
}

static int check_holdout(const struct trials_options *options, const char *command)
{
    if (options->holdout > 0 && option_is_given(options->table, "folds"))
        return message_usage(command,
                             "--folds and --holdout cannot be given together: rows are held "
                             "out in turns or once");
    if (options->folds < 2)
        return message_usage(command,
                             "--folds: %zu is too few: the rows are divided into at least 2",
                             options->folds);
    const size_t folds = options->holdout > 0 ? 1 : options->folds;
    if (options->repeats > BP_TRIALS_MAX / folds ||
        options->seeds > BP_TRIALS_MAX / folds / options->repeats)
        return message_usage(command,
                             "more than %d models: %zu on the same rows, %zu folds, %zu repeats",
                             BP_TRIALS_MAX, options->seeds, folds, options->repeats);
    return EXIT_DONE;
}

/* --metric also says which model is the best, for which the rows that are held out are there. */
static int check_library(const struct trials_options *options, const char *command)
{
    struct validation_options validation = options->validation;
    const bool validates = validation_options_validates(&validation);
    const bp_model_options model = network_options_get(&options->network);
    bp_train_options train = options->training.train;
    if (!validates) {
        option_find_in(validation.table, "metric")->given = false;
        train.metric = BP_METRIC_AUTO;
    }
    struct option_check check = {
        .model = &model,
        .train = &train,
        .validates = validates,
    };
    if (options->kinds == 1) {
        check.table[0] = options->network.table;
        check.table[1] = options->training.table;
        check.table[2] = validation.table;
    }
    return option_check_library(&check, command);
}

struct kind_check {
    const struct trials_options *options;
    const char *command;
};

static int check_kind(void *arg, size_t kind)
{
    (void)kind;
    const struct kind_check *check = arg;
    const int code = network_options_check(&check->options->network, check->command);
    return code == EXIT_DONE ? check_library(check->options, check->command) : code;
}

static int check_kinds(struct trials_options *options, const char *command)
{
    struct kind_check check = {options, command};
    preset_options_resolve(options->groups);
    int code = kind_options_count(options->groups, command, &options->kinds);
    if (code != EXIT_DONE)
        return code;
    options->several = ensemble_options_several(&options->ensemble, options->kinds);
    code =
        kind_options_each(options->groups, &options->network, options->kinds, check_kind, &check);
    return code == EXIT_DONE ? ensemble_options_check(&options->ensemble, options->kinds, command)
                             : code;
}

int trials_options_check(struct trials_options *options, const char *command)
{
    int code = check_holdout(options, command);
    if (code == EXIT_DONE)
        code = validation_options_check(&options->validation, command);
    if (code == EXIT_DONE)
        code = checkpoint_options_check(&options->checkpoint, command);
    return code == EXIT_DONE ? check_kinds(options, command) : code;
}

int trials_options_check_task(const struct trials_options *options, const char *command,
                              bp_task task)
{
    const bp_metric metric = trials_options_metric(options, task);
    const bool is_number =
        metric == BP_METRIC_RMSE || metric == BP_METRIC_MAE || metric == BP_METRIC_R2;
    if (metric == BP_METRIC_LOSS || is_number == (task == BP_TASK_REGRESS))
        return EXIT_DONE;
    return message_usage(command, "--metric %s: the target holds %s, which do not have it: %s",
                         bp_choice_name(BP_CHOICE_METRIC, (int)metric),
                         is_number ? "classes" : "numbers",
                         is_number ? "take accuracy, f1 or log-loss" : "take rmse, mae or r2");
}

int trials_options_read(struct trials_options *options, bp_dataset **out)
{
    struct data_options *data = &options->data;
    data->read.threads = options->run.options.threads;
    int code = data_options_read(data, NULL, options->data_paths, options->data_count, out);
    if (code == EXIT_DONE)
        code = data_options_weigh(options->network.model.weight, false, out);
    if (code != EXIT_DONE || options->holdout > 0)
        return code;
    const size_t rows = bp_dataset_get_info(*out).rows;
    if (options->folds > rows)
        return message_usage(data->command, "--folds: %zu rows cannot be divided into %zu folds",
                             rows, options->folds);
    return EXIT_DONE;
}

size_t trials_options_count(const struct trials_options *options)
{
    return options->repeats * options->seeds * (options->holdout > 0 ? 1 : options->folds);
}

struct kind_put {
    const struct trials_options *options;
    struct trials_request *request;
};

static int put_kind(void *arg, size_t k)
{
    const struct kind_put *put = arg;
    const struct trials_options *options = put->options;
    struct trials_kind *kind = &put->request->kind[k];
    bp_member_kind *member = &put->request->member[k];
    kind->model = network_options_get(&options->network);
    kind->train = options->training.train;
    kind->train.isa = options->run.options.isa;
    if (!validation_options_validates(&options->validation))
        kind->train.metric = BP_METRIC_AUTO;
    *member = bp_member_kind_default();
    member->model = &kind->model;
    member->train = &kind->train;
    return EXIT_DONE;
}

int trials_options_put(struct trials_options *options, struct trials_request *request)
{
    struct kind_put put = {options, request};
    *request = (struct trials_request){.kind = calloc(options->kinds, sizeof *request->kind),
                                       .member = calloc(options->kinds, sizeof *request->member),
                                       .ensemble = options->ensemble.options,
                                       .validation = bp_cross_validation_options_default()};
    if (!request->kind || !request->member)
        return message_no_memory();
    kind_options_each(options->groups, &options->network, options->kinds, put_kind, &put);
    request->ensemble.seed = request->kind[0].train.seed;
    bp_cross_validation_options *validation = &request->validation;
    validation->model = &request->kind[0].model;
    validation->train = &request->kind[0].train;
    if (options->several) {
        validation->kinds = request->member;
        validation->kind_count = options->kinds;
        validation->ensemble = &request->ensemble;
    }
    validation->folds = options->folds;
    validation->holdout = options->holdout;
    validation->repeats = options->repeats;
    validation->seeds = options->seeds;
    validation->valid_fraction = options->validation.valid_fraction;
    validation->threads = options->run.options.threads;
    validation->backend = options->run.options.backend;
    return EXIT_DONE;
}

void trials_request_release(struct trials_request *request)
{
    free(request->kind);
    free(request->member);
}

bp_metric trials_options_metric(const struct trials_options *options, bp_task task)
{
    if (options->training.train.metric != BP_METRIC_AUTO)
        return options->training.train.metric;
    return task == BP_TASK_REGRESS ? BP_METRIC_RMSE : BP_METRIC_ACCURACY;
}
