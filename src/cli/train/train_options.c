/* The options of `batchprop train`, in groups. */
#include "cli/train/train_options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/options/kind_options.h"

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

void train_options_init(struct train_options *options)
{
    *options = (struct train_options){0};
    init_files(options);
    network_options_init(&options->network);
    training_options_init(&options->training);
    ensemble_options_init(&options->ensemble);
    validation_options_init(&options->validation, &options->training.train);
    checkpoint_options_init(&options->checkpoint);
    data_options_init(&options->data, TRAIN_COMMAND);
    data_options_share(&options->data);
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

void train_options_release(struct train_options *options)
{
    free(options->data_paths);
    bp_model_free(options->start);
    text_list_free(&options->kept);
    options->data_paths = NULL;
    options->start = NULL;
}
