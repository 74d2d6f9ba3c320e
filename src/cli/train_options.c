/* Checks of the options of `batchprop train`, one by one and against each other. */
#include "train_options.h"

#include <stdio.h>
#include <string.h>

#include "numbers.h"
#include "output.h"
#include "report.h"
#include "train_tables.h"

#define COMMAND "train"

/* "128,64"; "none" and "0" stand for no hidden layer. */
static int parse_hidden(const char *text, bp_model_options *model)
{
    model->hidden_count = 0;
    if (strcmp(text, "none") == 0 || strcmp(text, "0") == 0)
        return EXIT_DONE;
    const char *item = text;
    for (;;) {
        size_t length = strcspn(item, ",");
        char width[16];
        uint64_t neurons = 0;
        if (length >= sizeof width || model->hidden_count == BP_LAYERS_MAX - 1)
            break;
        snprintf(width, sizeof width, "%.*s", (int)length, item);
        if (!number_parse_whole(width, 1, BP_WIDTH_MAX, &neurons))
            break;
        model->hidden[model->hidden_count++] = (size_t)neurons;
        if (item[length] == '\0')
            return EXIT_DONE;
        item += length + 1;
    }
    return report_usage(COMMAND,
                        "--hidden: \"%s\" is not a list of 1 to %d numbers of neurons such as "
                        "128,64 (each from 1 to %d), nor none",
                        text, BP_LAYERS_MAX - 1, BP_WIDTH_MAX);
}

/* A network that comes from a file cannot be described again. */
static int check_from(const struct train_options *options)
{
    if (!options->from)
        return EXIT_DONE;
    for (const struct option *option = options->choices.network; option->kind != OPTION_END;
         option++) {
        if (option->given)
            return report_usage(COMMAND,
                                "--%s cannot be given with --from: the network, and what its "
                                "inputs and outputs mean, come from %s",
                                option->name, options->from);
    }
    return EXIT_DONE;
}

static int check_validation(const struct train_options *options)
{
    if (options->valid && options->valid_fraction > 0)
        return report_usage(COMMAND, "--valid and --valid-fraction cannot be given together: the "
                                     "validation rows come from a file or from DATA");
    if (options->valid_labels && !options->valid)
        return report_usage(COMMAND, "--valid-labels needs --valid, the file that the labels "
                                     "belong to");
    return EXIT_DONE;
}

/* Neither the model nor the log may replace a file that this run reads or writes. */
static int check_distinct(const struct train_options *options)
{
    const char *const inputs[] = {options->data_path, options->data.read.labels, options->valid,
                                  options->valid_labels};
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

static void take_choices(struct train_options *options)
{
    const struct train_choices *choices = &options->choices;
    options->model.activation = (bp_activation)choices->activation;
    options->model.output_activation = (bp_activation)choices->output_activation;
    options->model.loss = (bp_loss)choices->loss;
    options->model.hidden_delta = (bp_hidden_delta)choices->hidden_delta;
    options->model.scale = (bp_scale)choices->scale;
    options->model.task = (bp_task)choices->task;
    options->model.seed = options->seed;
    options->train.optimizer = (bp_optimizer)choices->optimizer;
    options->train.learning_rate = (float)options->learning_rate;
    options->train.shuffle = !choices->no_shuffle;
    options->train.seed = options->seed;
    options->train.threads = choices->run.threads;
    options->data.read.threads = choices->run.threads;
    options->train.backend = (bp_backend)choices->run.backend;
    options->train.isa = (bp_isa)choices->run.isa;
}

static int check_all(struct train_options *options)
{
    int code = check_from(options);
    if (code == EXIT_DONE && options->choices.hidden)
        code = parse_hidden(options->choices.hidden, &options->model);
    if (code == EXIT_DONE)
        code = check_validation(options);
    if (code == EXIT_DONE)
        code = check_outputs(options);
    return code;
}

int train_options_parse(struct train_options *options, struct arguments **arguments, int argc,
                        char **argv)
{
    struct option_group groups[TRAIN_GROUPS];
    train_tables_init(options, groups);
    int code = arguments_parse(arguments, &train_help, groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    options->data_path = arguments_operand(*arguments, 0);
    code = check_all(options);
    if (code != EXIT_DONE) {
        arguments_free(*arguments);
        *arguments = NULL;
        return code;
    }
    take_choices(options);
    return ARGUMENTS_GO_ON;
}
