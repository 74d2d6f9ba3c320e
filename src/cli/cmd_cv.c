/* batchprop cv: nets trained on all rows but some, and measured on these. */
#include "cli/commands.h"
#include "cli/terminal/messages.h"
#include "cli/trials/cv_report.h"
#include "cli/trials/trials_spread.h"

#define COMMAND "cv"

static const char *const operands[] = {"DATA", NULL};

static const struct command_help help = {
    .name = COMMAND,
    .summary =
        "Cross-validates the network that the options describe: the rows of DATA are dealt to\n"
        "folds, each class evenly; for each fold a net is trained on the others and measured\n"
        "on it. As many nets are trained at once as there are processors.",
    .usage = "DATA... [OPTION...]",
    .operands = operands,
    .many = true,
    .example = "  batchprop cv iris.csv --epochs 100 --folds 10 --repeats 5\n"
               "  batchprop cv houses.csv --target price --holdout 0.2 --seeds 10 --json\n",
};

/* What failed is no result: the first failure decides the exit code. */
static int report_failed(const struct trials_options *options, const struct trials_set *set)
{
    size_t first = 0;
    const size_t failed = trials_count_failed(set->result, set->count, &first);
    if (failed == 0)
        return EXIT_DONE;
    const struct trial_place place = trials_options_place(options, first);
    const int code = message_error_in("a net failed", &set->result[first].error);
    if (failed == set->count)
        return code;
    return message_failure(
        code,
        "%zu of %zu nets failed, first that of repeat %zu, fold %zu; the means are "
        "those of the others",
        failed, set->count, place.repeat + 1, place.fold + 1);
}

/* A metric that the target does not have is a mistake that is found before the work. */
static int check_task(const struct trials_options *options, const bp_dataset *dataset)
{
    const struct trial_parts trial = trials_options_get(options, 0);
    bp_model *model;
    bp_error error;
    if (bp_model_create(&model, dataset, &trial.model, &error) != BP_OK)
        return message_error(&error);
    const bp_task task = bp_model_get_info(model).task;
    bp_model_free(model);
    return trials_options_check_task(options, COMMAND, task);
}

static int validate(const struct trials_options *options, const bp_dataset *dataset)
{
    struct trials_set set;
    int code = check_task(options, dataset);
    if (code == EXIT_DONE)
        code = trials_set_create(&set, trials_options_count(options));
    if (code != EXIT_DONE)
        return code;
    for (size_t k = 0; k < set.count; k++)
        set.trial[k] = trials_options_get(options, k);
    code = trials_set_run(&set, &options->run, dataset);
    size_t first;
    const bool any =
        code == EXIT_DONE && trials_count_failed(set.result, set.count, &first) < set.count;
    if (any)
        code = options->json ? cv_report_print_json(options, &set, dataset)
                             : cv_report_print(options, &set, dataset);
    if (code == EXIT_DONE)
        code = report_failed(options, &set);
    trials_set_free(&set);
    return code;
}

int command_cv(int argc, char **argv)
{
    struct trials_options options;
    struct arguments *arguments = NULL;
    trials_options_init(&options, COMMAND);
    int code = arguments_parse(&arguments, &help, options.groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    options.data_paths = arguments_operands(arguments);
    options.data_count = arguments_operand_count(arguments);
    bp_dataset *dataset = NULL;
    code = trials_options_check(&options, COMMAND);
    if (code == EXIT_DONE)
        code = trials_options_read(&options, &dataset);
    if (code == EXIT_DONE)
        code = validate(&options, dataset);
    bp_dataset_free(dataset);
    arguments_free(arguments);
    return code;
}
