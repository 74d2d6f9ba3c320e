/* batchprop cv: models trained on all rows but some, and measured on these. */
#include "cli/commands.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/ranks.h"
#include "cli/trials/cv_report.h"
#include "cli/trials/trials_run.h"

#define COMMAND "cv"

static const char *const operands[] = {"DATA", NULL};

static const struct command_help help = {
    .name = COMMAND,
    .summary =
        "Cross-validates the network that the options describe: the rows of DATA are divided into\n"
        "folds, each class evenly; for each fold a model is trained on the others and measured\n"
        "on it. As many models are trained at once as there are processors.",
    .usage = "DATA... [OPTION...]",
    .operands = operands,
    .many = true,
    .example = "  batchprop cv iris.csv --preset modern --folds 10 --repeats 5\n"
               "  batchprop cv houses.csv --target price --holdout 0.2 --seeds 10 --json\n",
};

/* What failed is no result: the first failure decides the exit code. */
static int report_failed(const bp_cross_validation *validation)
{
    const bp_cross_validation_info info = bp_cross_validation_get_info(validation);
    bp_cross_validation_model model;
    if (info.failed == 0)
        return EXIT_DONE;
    bp_cross_validation_get_model(validation, info.first_failed, &model, NULL);
    const int code = message_error_in("a model failed", &model.result.error);
    if (info.failed == info.models)
        return code;
    return message_failure(
        code,
        "%zu of %zu models failed, first that of repeat %zu, fold %zu; the means are "
        "those of the others",
        info.failed, info.models, model.repeat + 1, model.fold + 1);
}

static int report(const struct trials_options *options, const bp_cross_validation *validation,
                  const bp_dataset *dataset)
{
    const bp_cross_validation_info info = bp_cross_validation_get_info(validation);
    int code = EXIT_DONE;
    if (info.failed < info.models)
        code = cv_report_print(options, validation, dataset);
    return code == EXIT_DONE ? report_failed(validation) : code;
}

static int validate(struct trials_options *options, const bp_dataset *dataset)
{
    struct trials_request request;
    struct trials_checkpoint checkpoint = {.folder = NULL};
    bp_cross_validation *validation = NULL;
    bp_task task;
    bp_error error;
    int code = trials_options_put(options, &request);
    if (code == EXIT_DONE && trials_find_task(&request, dataset, &task, &error) != BP_OK)
        code = message_error(&error);
    if (code == EXIT_DONE)
        code = trials_options_check_task(options, COMMAND, task);
    if (code == EXIT_DONE)
        code = trials_checkpoint_open(&checkpoint, &options->checkpoint, COMMAND);
    code = ranks_settle(code);
    if (code == EXIT_DONE)
        code = trials_run(&validation, 1, &request, dataset, &checkpoint);
    if (code == EXIT_DONE && ranks_leads())
        code = report(options, validation, dataset);
    bp_cross_validation_free(validation);
    trials_checkpoint_release(&checkpoint);
    trials_request_release(&request);
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
        code = ranks_compare(options.data.from != NULL);
    if (code == EXIT_DONE)
        code = trials_options_read(&options, &dataset);
    code = ranks_settle(code);
    if (code == EXIT_DONE)
        code = validate(&options, dataset);
    bp_dataset_free(dataset);
    arguments_free(arguments);
    return code;
}
