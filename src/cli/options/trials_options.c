/* --folds, --holdout, --repeats, --seeds, and the options of `train` that hold for many models. */
#include "cli/options/trials_options.h"

#include <string.h>

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

/* Takes an option out of a table; it cannot be asked for then. */
static void drop_option(struct option *table, const char *name)
{
    for (table = option_find_in(table, name); table->kind != OPTION_END; table++)
        table[0] = table[1];
}

void trials_options_init(struct trials_options *options, const char *command)
{
    *options = (struct trials_options){.folds = 10, .repeats = 1, .seeds = 1};
    init_table(options);
    network_options_init(&options->network);
    training_options_init(&options->training);
    validation_options_init(&options->validation, &options->training.train);
    data_options_init(&options->data, command);
    run_options_init(&options->run);
    struct option *validation = options->validation.table;
    drop_option(validation, "valid");
    drop_option(validation, "valid-labels");
    option_find_in(validation, "valid-fraction")->help =
        "of the rows that a model may see, hold out this share for --patience and the best weights";
    option_find_in(validation, "metric")->help =
        "what tells which model is the best (auto: accuracy for classes, rmse for numbers) and, on "
        "validation rows, which epoch (as of train)";
    option_find_in(options->run.table, "threads")->help =
        "models trained at once, each on one thread; the results are the same for every number";
    const struct option_group groups[TRIALS_GROUPS] = {
        {"Holding out rows:", options->table},
        {"The networks:", options->network.table},
        {"Training:", options->training.table},
        {"Validation:", options->validation.table},
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
    const struct option_check check = {
        .model = &model,
        .train = &train,
        .validates = validates,
        .table = {options->network.table, options->training.table, validation.table},
    };
    return option_check_library(&check, command);
}

/* Of several networks in a model the rows that are left out say how good it is. */
static int check_preset(const struct trials_options *options, const char *command)
{
    if (options->network.preset != BP_PRESET_ENSEMBLE)
        return EXIT_DONE;
    return message_usage(command,
                         "--preset ensemble is for batchprop train, which tells how good the model "
                         "is on rows that its networks left out: %s trains single networks",
                         command);
}

int trials_options_check(struct trials_options *options, const char *command)
{
    int code = check_preset(options, command);
    if (code == EXIT_DONE)
        code = check_holdout(options, command);
    if (code == EXIT_DONE)
        code = network_options_check(&options->network, command);
    preset_options_resolve(options->groups);
    if (code == EXIT_DONE)
        code = validation_options_check(&options->validation, command);
    if (code == EXIT_DONE)
        code = check_library(options, command);
    return code;
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

void trials_options_put(const struct trials_options *options, struct trials_request *request)
{
    *request = (struct trials_request){.model = network_options_get(&options->network),
                                       .train = options->training.train,
                                       .validation = bp_cross_validation_options_default()};
    bp_cross_validation_options *validation = &request->validation;
    if (!validation_options_validates(&options->validation))
        request->train.metric = BP_METRIC_AUTO;
    request->train.isa = options->run.options.isa;
    validation->model = &request->model;
    validation->train = &request->train;
    validation->folds = options->folds;
    validation->holdout = options->holdout;
    validation->repeats = options->repeats;
    validation->seeds = options->seeds;
    validation->valid_fraction = options->validation.valid_fraction;
    validation->threads = options->run.options.threads;
    validation->backend = options->run.options.backend;
}

bp_metric trials_options_metric(const struct trials_options *options, bp_task task)
{
    if (options->training.train.metric != BP_METRIC_AUTO)
        return options->training.train.metric;
    return task == BP_TASK_REGRESS ? BP_METRIC_RMSE : BP_METRIC_ACCURACY;
}
