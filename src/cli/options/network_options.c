/* --preset, --hidden, --activation, --loss, --target and their kin. */
#include "cli/options/network_options.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"

#define NAME_SIZE 32

void network_options_init(struct network_options *network)
{
    const bp_model_options model = bp_model_options_default();
    *network = (struct network_options){
        .preset = BP_PRESET_CLASSIC,
        .output_activation = (int)model.output_activation,
        .loss = (int)model.loss,
        .init = (int)model.init,
        .init_range = (double)model.init_range,
        .hidden_delta = (int)model.hidden_delta,
        .thresholds = "on",
        .scale = (int)model.scale,
        .task = (int)model.task,
        .missing = (int)model.missing,
    };
    const struct option table[] = {
        {.kind = OPTION_CHOICE,
         .name = "preset",
         .value = &network->preset,
         .argument = "NAME",
         .choice = BP_CHOICE_PRESET,
         .help = "defaults that go together, which options beside it change; modern is ReLU, "
                 "softmax and cross-entropy or identity and squared error, He, Adam with a cosine "
                 "schedule, batches of 64"},
        {.kind = OPTION_TEXT,
         .name = "hidden",
         .value = &network->hidden,
         .argument = "WIDTHS",
         .help = "neurons of each hidden layer, by comma, such as 128,64; none for no hidden layer "
                 "(default: 16)"},
        {.kind = OPTION_TEXT,
         .name = "activation",
         .value = &network->activation,
         .argument = "NAMES",
         .help = "activation of hidden neurons: one name, or one for each hidden layer, by comma, "
                 "and perhaps one more for the outputs: logistic, identity, tanh, relu, "
                 "leaky-relu, gelu, silu (default: logistic)"},
        {.kind = OPTION_CHOICE,
         .name = "output-activation",
         .value = &network->output_activation,
         .argument = "NAME",
         .choice = BP_CHOICE_ACTIVATION,
         .help = "activation of output neurons; auto is softmax for classes and identity for "
                 "numbers"},
        {.kind = OPTION_CHOICE,
         .name = "loss",
         .value = &network->loss,
         .argument = "NAME",
         .choice = BP_CHOICE_LOSS,
         .help = "what training makes small; auto is cross-entropy with softmax outputs, else mse"},
        {.kind = OPTION_CHOICE,
         .name = "init",
         .value = &network->init,
         .argument = "NAME",
         .choice = BP_CHOICE_INIT,
         .help = "how first weights are drawn; auto is he for relu, leaky-relu, gelu and silu, "
                 "else glorot"},
        {.kind = OPTION_REAL,
         .name = "init-range",
         .value = &network->init_range,
         .argument = "X",
         .low = 0.0,
         .high = (double)FLT_MAX,
         .narrow = true,
         .help = "with --init uniform: first weights lie between -X and X"},
        {.kind = OPTION_CHOICE,
         .name = "hidden-delta",
         .value = &network->hidden_delta,
         .argument = "RULE",
         .choice = BP_CHOICE_HIDDEN_DELTA,
         .help = "how the deltas of hidden neurons are formed; as-printed omits the slope"},
        {.kind = OPTION_TEXT,
         .name = "thresholds",
         .value = &network->thresholds,
         .argument = "on|off",
         .help = "whether neurons have thresholds; without them they stay 0, as in section 1 of "
                 "the text"},
        {.kind = OPTION_CHOICE,
         .name = "scale",
         .value = &network->scale,
         .argument = "NAME",
         .choice = BP_CHOICE_SCALE,
         .help = "how input numbers are scaled"},
        {.kind = OPTION_CHOICE,
         .name = "task",
         .value = &network->task,
         .argument = "NAME",
         .choice = BP_CHOICE_TASK,
         .help = "whether the target holds classes or numbers; auto takes text, and integers of "
                 "few different values, as classes"},
        {.kind = OPTION_TEXT,
         .name = "target",
         .value = &network->target,
         .argument = "COLUMN",
         .help = "CSV: the column to predict, by name or number from 1 (default: the last)"},
        {.kind = OPTION_TEXT,
         .name = "weight",
         .value = &network->weight,
         .argument = "COLUMN",
         .help = "CSV: the column that says how much each row counts, by name or number from 1 "
                 "(default: all rows count the same)"},
        {.kind = OPTION_CHOICE,
         .name = "missing",
         .value = &network->missing,
         .argument = "NAME",
         .choice = BP_CHOICE_MISSING,
         .help = "CSV: what a missing value of an input counts as: it is an error, or the mean or "
                 "median of its column; indicator adds an input that says so to the mean"},
        {.kind = OPTION_END},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        network->table[i] = table[i];
}

/* "128,64"; "none" and "0" stand for no hidden layer. */
static int parse_hidden(const char *text, const char *command, bp_model_options *model)
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
    return message_usage(command,
                         "--hidden: \"%s\" is not a list of 1 to %d numbers of neurons such as "
                         "128,64 (each from 1 to %d), nor none",
                         text, BP_LAYERS_MAX - 1, BP_WIDTH_MAX);
}

/* "relu,relu,softmax" to at most BP_LAYERS_MAX activations. */
static int parse_names(const char *text, const char *command, bp_activation *activations,
                       size_t *count)
{
    *count = 0;
    for (const char *item = text;; item++) {
        const size_t length = strcspn(item, ",");
        char name[NAME_SIZE];
        int value;
        bp_error error;
        if (*count == BP_LAYERS_MAX)
            return message_usage(command, "--activation: more than %d names", BP_LAYERS_MAX);
        snprintf(name, sizeof name, "%.*s", (int)(length < NAME_SIZE ? length : NAME_SIZE), item);
        if (bp_choice_value(BP_CHOICE_ACTIVATION, name, &value, &error))
            return message_usage(command, "--activation: %s", error.message);
        activations[(*count)++] = (bp_activation)value;
        item += length;
        if (*item == '\0')
            return EXIT_DONE;
    }
}

/* One name for all hidden layers, one for each, or one more for the outputs. */
static int put_activations(const struct network_options *network, const char *command,
                           bp_model_options *model)
{
    bp_activation names[BP_LAYERS_MAX];
    size_t count;
    const int code = parse_names(network->activation, command, names, &count);
    if (code != EXIT_DONE)
        return code;
    const size_t hidden = model->hidden_count;
    const bool with_outputs = count > 1 && count == hidden + 1;
    if (count != 1 && count != hidden && !with_outputs)
        return message_usage(command,
                             "--activation: %zu names for %zu hidden layer%s: give one for all of "
                             "them, one for each, or one more for the outputs",
                             count, hidden, hidden == 1 ? "" : "s");
    if (with_outputs && option_is_given(network->table, "output-activation"))
        return message_usage(command, "--activation has a name for the outputs as well: leave it "
                                      "out, or --output-activation");
    if (hidden == 0 && option_is_given(network->table, "activation"))
        return message_usage(command, "--activation has no effect with --hidden none: give "
                                      "--output-activation for the outputs");
    for (size_t l = 0; l < hidden; l++)
        model->activations[l] = names[count == 1 ? 0 : l];
    if (with_outputs)
        model->output_activation = names[hidden];
    return EXIT_DONE;
}

/* Both lists, behind what the preset says. */
static int put_lists(const struct network_options *network, const char *command,
                     bp_model_options *model)
{
    int code = network->hidden ? parse_hidden(network->hidden, command, model) : EXIT_DONE;
    if (code == EXIT_DONE && network->activation)
        code = put_activations(network, command, model);
    return code;
}

int network_options_check(const struct network_options *network, const char *command)
{
    bp_model_options model = bp_model_options_default();
    const int code = put_lists(network, command, &model);
    if (strcmp(network->thresholds, "on") != 0 && strcmp(network->thresholds, "off") != 0)
        return message_usage(command, "--thresholds: \"%s\" is neither on nor off",
                             network->thresholds);
    if (code == EXIT_DONE && option_is_given(network->table, "init-range") &&
        network->init != BP_INIT_UNIFORM)
        return message_usage(command, "--init-range is for --init uniform, not %s",
                             bp_choice_name(BP_CHOICE_INIT, network->init));
    return code;
}

void network_options_put(const struct network_options *network, bp_model_options *model)
{
    bp_preset_apply((bp_preset)network->preset, model, NULL, NULL);
    if (option_is_given(network->table, "output-activation"))
        model->output_activation = (bp_activation)network->output_activation;
    if (option_is_given(network->table, "loss"))
        model->loss = (bp_loss)network->loss;
    if (option_is_given(network->table, "init"))
        model->init = (bp_init)network->init;
    put_lists(network, "", model);
    model->init_range = (float)network->init_range;
    model->hidden_delta = (bp_hidden_delta)network->hidden_delta;
    model->thresholds = strcmp(network->thresholds, "on") == 0;
    model->scale = (bp_scale)network->scale;
    model->task = (bp_task)network->task;
    model->target = network->target;
    model->weight = network->weight;
    model->missing = (bp_missing)network->missing;
}

bool network_options_has_hidden(const struct network_options *network)
{
    bp_model_options model = bp_model_options_default();
    put_lists(network, "", &model);
    return model.hidden_count > 0;
}

bool network_options_has_preset(const struct network_options *network)
{
    return option_is_given(network->table, "preset");
}
