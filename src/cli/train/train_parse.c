/* Which checks come after which. */
#include "cli/train/train_parse.h"

#include <stdlib.h>

#include "cli/options/kind_options.h"
#include "cli/terminal/messages.h"
#include "cli/train/train_kinds.h"
#include "cli/train/train_outputs.h"
#include "cli/train/train_start.h"

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

/* New networks, or one. */
static int check_new(struct train_options *options)
{
    int code = options->from ? train_start_take_one(options) : EXIT_DONE;
    if (code == EXIT_DONE)
        code = validation_options_check(&options->validation, TRAIN_COMMAND);
    if (code == EXIT_DONE)
        code = kind_options_each(options->groups, &options->network, options->kinds,
                                 train_kinds_check, options);
    return code == EXIT_DONE
               ? ensemble_options_check(&options->ensemble, options->kinds, TRAIN_COMMAND)
               : code;
}

static int check_all(struct train_options *options, const char *config)
{
    int code = kind_options_count(options->groups, TRAIN_COMMAND, &options->kinds);
    if (code != EXIT_DONE)
        return code;
    options->several = ensemble_options_several(&options->ensemble, options->kinds);
    if (options->from)
        code = train_start_read(options);
    if (code == EXIT_DONE)
        code = options->continues ? train_start_take_several(options) : check_new(options);
    if (code == EXIT_DONE)
        code = checkpoint_options_check(&options->checkpoint, TRAIN_COMMAND);
    if (code == EXIT_DONE)
        code = train_outputs_check(options, config);
    return code;
}

int train_parse(struct train_options *options, struct arguments **arguments, int argc, char **argv)
{
    train_options_init(options);
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
    train_kinds_put(options);
    return ARGUMENTS_GO_ON;
}
