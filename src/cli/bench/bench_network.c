/* Of the options of train those that have a meaning for steps alone. */
#include "cli/bench/bench_options.h"

#include <stdio.h>
#include <string.h>

#include "cli/bench/bench_lists.h"
#include "cli/fields/alternatives.h"
#include "cli/options/option_library.h"
#include "cli/terminal/messages.h"

#define COMMAND "bench"

#define FULL_SAMPLES 4096 /* of --batch-size full, where --samples is auto */

/* What depends on data, or on how long a training lasts: options of train without a meaning here.
 */
static const char *const of_data[] = {"scale",  "target-scale", "scaling",
                                      "target", "weight",       "missing"};
static const char *const of_time[] = {"epochs", "schedule", "schedule-epochs", "schedule-factor",
                                      "warmup-epochs"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The options of train that have a meaning here. */
void bench_network_init(struct bench_options *options)
{
    network_options_init(&options->network);
    training_options_init(&options->training);
    struct option *network = options->network.table, *training = options->training.table;
    for (size_t k = 0; k < COUNT(of_data); k++)
        option_drop(network, of_data[k]);
    for (size_t k = 0; k < COUNT(of_time); k++)
        option_drop(training, of_time[k]);
    option_find_in(network, "hidden")->instead = "the hidden layers of --layers";
    option_find_in(network, "task")->help =
        "whether outputs are classes or numbers; auto takes several as classes";
    option_find_in(training, "learning-rate")->instead = "0.0001, with which nothing diverges";
    option_find_in(training, "seed")->help = "of the first weights and the order of samples";
    option_find_in(training, "no-shuffle")->help = "take the samples in the order of memory";
}

/* --hidden takes the place of the hidden layers of --layers, which the network's options get in
 * its form. */
static int take_layers(struct bench_options *options, const char *layers)
{
    bp_bench_options *shape = &options->shape;
    struct network_options *network = &options->network;
    const bool given = option_is_given(network->table, "hidden");
    const int code = bench_lists_layers(layers, shape);
    if (code != EXIT_DONE)
        return code;
    if (given && shape->layers > 1 && option_is_given(options->measured, "layers"))
        return message_usage(COMMAND,
                             "--hidden and --layers %s both have hidden layers: leave out one of "
                             "them, or give inputs and outputs alone: --layers %zu-%zu",
                             layers, shape->widths[0], shape->widths[shape->layers]);
    if (given)
        return EXIT_DONE;
    size_t length = 0;
    snprintf(options->hidden, sizeof options->hidden, "none");
    for (size_t l = 1; l < shape->layers; l++)
        length += (size_t)snprintf(options->hidden + length, sizeof options->hidden - length,
                                   "%s%zu", l > 1 ? "," : "", shape->widths[l]);
    network->hidden = options->hidden;
    return EXIT_DONE;
}

/* The widths of all layers are now in the model's options. */
static int take_hidden(struct bench_options *options)
{
    bp_bench_options *shape = &options->shape;
    const bp_model_options *model = &options->model;
    const size_t outputs = shape->widths[shape->layers];
    if (model->hidden_count == 1 && model->hidden[0] == 0)
        return message_usage(COMMAND, "--hidden: auto depends on the activation: give the widths "
                                      "to be measured, such as 96,96");
    for (size_t l = 0; l < model->hidden_count; l++)
        shape->widths[l + 1] = model->hidden[l];
    shape->layers = model->hidden_count + 1;
    shape->widths[shape->layers] = outputs;
    return EXIT_DONE;
}

/* Lists of several kinds of networks. */
static int check_alternatives(const struct bench_options *options)
{
    const char *const lists[][2] = {{"hidden", options->network.hidden},
                                    {"activation", options->network.activation}};
    for (size_t k = 0; k < COUNT(lists); k++) {
        if (lists[k][1] && alternatives_count(lists[k][1]) > 1)
            return message_usage(COMMAND, "--%s: \"%s\" is for several networks: measure one",
                                 lists[k][0], lists[k][1]);
    }
    return EXIT_DONE;
}

static int take_network(struct bench_options *options, const char *layers)
{
    if (options->network.preset == BP_PRESET_ENSEMBLE)
        return message_usage(COMMAND, "--preset ensemble is for several networks: each is measured "
                                      "alone, with --preset modern");
    int code = take_layers(options, layers);
    if (code == EXIT_DONE)
        code = check_alternatives(options);
    if (code == EXIT_DONE)
        code = network_options_check(&options->network, COMMAND);
    if (code != EXIT_DONE)
        return code;
    options->model = network_options_get(&options->network);
    options->model.seed = options->training.train.seed;
    const struct option_check check = {
        .model = &options->model,
        .train = &options->training.train,
        .table = {options->network.table, options->training.table},
    };
    code = option_check_library(&check, COMMAND);
    return code == EXIT_DONE ? take_hidden(options) : code;
}

/* All samples where that is asked for, and with optimizers that take no other batch. */
static void take_batch(struct bench_options *options)
{
    const bp_train_options *train = &options->training.train;
    bp_bench_options *shape = &options->shape;
    bp_option_info info;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (info.owner == BP_OPTION_OF_TRAINING && strcmp(info.name, "batch-size") == 0)
            break;
    }
    const size_t all = shape->samples ? shape->samples : FULL_SAMPLES;
    if (train->batch_size == BP_BATCH_FULL || !option_is_read(&info, train))
        shape->batch_size = all;
    else if (train->batch_size)
        shape->batch_size = train->batch_size;
    shape->shard_size = train->shard_size;
}

int bench_network_take(struct bench_options *options, const char *layers)
{
    const int code = take_network(options, layers);
    if (code == EXIT_DONE)
        take_batch(options);
    return code;
}
