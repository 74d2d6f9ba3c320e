/* The groups hold the texts of one kind at a time. */
#include "cli/train/train_kinds.h"

#include "cli/options/option_library.h"
#include "cli/terminal/messages.h"

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
    return option_check_library(&check, TRAIN_COMMAND);
}

int train_kinds_check(void *arg, size_t kind)
{
    struct train_options *options = arg;
    int code = network_options_check(&options->network, TRAIN_COMMAND);
    if (code == EXIT_DONE)
        code = check_library(options);
    if (code != EXIT_DONE)
        return code;
    options->kind[kind].model = network_options_get(&options->network);
    options->kind[kind].train = options->training.train;
    options->kind[kind].used = true;
    return EXIT_DONE;
}

static void put_kind(const struct train_options *options, struct train_kind *kind)
{
    const bp_run_options *run = &options->run.options;
    kind->model.seed = kind->train.seed;
    kind->train.time_phases = options->log != NULL;
    kind->train.threads = run->threads;
    kind->train.backend = run->backend;
    kind->train.isa = run->isa;
}

void train_kinds_put(struct train_options *options)
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
