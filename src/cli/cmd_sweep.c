/* batchprop sweep: cross-validation over every combination of some values of options. */
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"
#include "cli/terminal/ranks.h"
#include "cli/trials/sweep_report.h"
#include "cli/trials/trials_run.h"

#define COMMAND "sweep"

static const char *const operands[] = {"DATA", NULL};

static const struct command_help help = {
    .name = COMMAND,
    .summary =
        "Cross-validates networks over every combination of some values of options, as many\n"
        "models at once as there are processors, and shows which combination is the best.",
    .usage = "DATA... --vary NAME=VALUE,... [OPTION...]",
    .operands = operands,
    .many = true,
    .example =
        "  batchprop sweep iris.csv --vary learning-rate=1,0.1 --vary 'hidden=16;32;32,16' \\\n"
        "      --folds 5\n",
};

struct sweep_options {
    struct text_list vary;
    const char *csv; /* or NULL */
    struct trials_options trials;
    struct option table[3];
    struct option_group groups[TRIALS_GROUPS + 1];
};

static void init(struct sweep_options *options)
{
    *options = (struct sweep_options){.csv = NULL};
    trials_options_init(&options->trials, COMMAND);
    const struct option table[] = {
        {.kind = OPTION_LIST,
         .name = "vary",
         .value = &options->vary,
         .argument = "NAME=VALUES",
         .help =
             "values of an option of the networks, the training or the validation, by comma, or "
             "by semicolon where they hold commas; once for each option that varies"},
        {.kind = OPTION_TEXT,
         .name = "csv",
         .value = &options->csv,
         .argument = "FILE",
         .help = "write the combinations with all metrics as CSV"},
        {.kind = OPTION_END},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        options->table[i] = table[i];
    options->groups[0] = (struct option_group){"Sweeping:", options->table};
    for (size_t g = 0; g < TRIALS_GROUPS; g++)
        options->groups[g + 1] = options->trials.groups[g];
}

static int fill_requests(struct sweep_grid *grid, struct trials_request *requests)
{
    for (size_t c = 0; c < grid->combinations; c++) {
        int code = sweep_grid_apply(grid, c, COMMAND);
        if (code == EXIT_DONE)
            code = trials_options_put(grid->options, &requests[c]);
        if (code != EXIT_DONE)
            return code;
    }
    *grid->options = grid->given;
    return EXIT_DONE;
}

/* A metric that the target does not have is a mistake that is found before the work, if the first
 * combination can be a model at all. */
static int check_task(const struct sweep *sweep, const struct trials_request *first)
{
    bp_task task;
    if (trials_find_task(first, sweep->dataset, &task, NULL) != BP_OK)
        return EXIT_DONE;
    return trials_options_check_task(sweep->grid->options, COMMAND, task);
}

/* The task of the first combination that got so far that it is known. */
static bp_task find_task(const struct sweep *sweep)
{
    bp_task task = BP_TASK_AUTO;
    for (size_t k = 0; task == BP_TASK_AUTO && k < sweep->grid->combinations; k++)
        task = bp_cross_validation_get_info(sweep->validation[k]).task;
    return task;
}

static int report(struct sweep *sweep, const struct sweep_options *options)
{
    sweep->task = find_task(sweep);
    sweep->metric = trials_options_metric(sweep->grid->options, sweep->task);
    int code = sweep_sort(sweep);
    if (code != EXIT_DONE)
        return code;
    const struct sweep_entry *best = &sweep->entry[0];
    if (best->info.failed == best->info.models)
        code = message_error_in("every combination failed", &best->failed.result.error);
    if (code == EXIT_DONE && options->csv)
        code = sweep_csv_write(sweep, options->csv);
    if (code == EXIT_DONE)
        code = sweep_report_print(sweep);
    free(sweep->entry);
    return code;
}

static int run(struct sweep_options *options, struct sweep_grid *grid, const bp_dataset *dataset)
{
    struct trials_request *requests = calloc(grid->combinations, sizeof *requests);
    struct sweep sweep = {.grid = grid,
                          .dataset = dataset,
                          .validation = calloc(grid->combinations, sizeof *sweep.validation)};
    struct trials_checkpoint checkpoint = {.folder = NULL};
    int code = requests && sweep.validation ? EXIT_DONE : message_no_memory();
    if (code == EXIT_DONE)
        code = fill_requests(grid, requests);
    if (code == EXIT_DONE)
        code = check_task(&sweep, requests);
    if (code == EXIT_DONE)
        code = trials_checkpoint_open(&checkpoint, &options->trials.checkpoint, COMMAND);
    code = ranks_settle(code);
    if (code == EXIT_DONE)
        code = trials_run(sweep.validation, grid->combinations, requests, dataset, &checkpoint);
    if (code == EXIT_DONE && ranks_leads())
        code = report(&sweep, options);
    for (size_t k = 0; sweep.validation && k < grid->combinations; k++)
        bp_cross_validation_free(sweep.validation[k]);
    for (size_t k = 0; requests && k < grid->combinations; k++)
        trials_request_release(&requests[k]);
    trials_checkpoint_release(&checkpoint);
    free(sweep.validation);
    free(requests);
    return code;
}

static int check(struct sweep_options *options, struct sweep_grid *grid, const char *config)
{
    int code = sweep_grid_init(grid, &options->trials, &options->vary, COMMAND);
    if (code == EXIT_DONE)
        code = sweep_grid_apply(grid, 0, COMMAND);
    options->trials = grid->given;
    if (code == EXIT_DONE &&
        grid->combinations > BP_TRIALS_MAX / trials_options_count(grid->options))
        code =
            message_usage(COMMAND, "%zu combinations of %zu models each are more than %d models",
                          grid->combinations, trials_options_count(grid->options), BP_TRIALS_MAX);
    for (size_t k = 0; k < options->trials.data_count && code == EXIT_DONE && options->csv; k++)
        code = output_check_distinct(COMMAND, "--csv", options->csv, options->trials.data_paths[k]);
    if (code == EXIT_DONE && options->csv)
        code = output_check_distinct(COMMAND, "--csv", options->csv, config);
    if (code == EXIT_DONE && options->csv)
        code = output_check("--csv", &options->csv);
    return code;
}

int command_sweep(int argc, char **argv)
{
    struct sweep_options options;
    struct arguments *arguments = NULL;
    init(&options);
    int code = arguments_parse(&arguments, &help, options.groups, argc, argv);
    if (code == ARGUMENTS_GO_ON) {
        struct sweep_grid grid;
        bp_dataset *dataset = NULL;
        options.trials.data_paths = arguments_operands(arguments);
        options.trials.data_count = arguments_operand_count(arguments);
        code = check(&options, &grid, arguments_config(arguments));
        if (code == EXIT_DONE)
            code = ranks_compare(options.trials.data.from != NULL);
        if (code == EXIT_DONE)
            code = trials_options_read(&options.trials, &dataset);
        grid.given = options.trials;
        code = ranks_settle(code);
        if (code == EXIT_DONE)
            code = run(&options, &grid, dataset);
        bp_dataset_free(dataset);
        sweep_grid_free(&grid);
    }
    arguments_free(arguments);
    text_list_free(&options.vary);
    return code;
}
