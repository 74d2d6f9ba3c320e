/* --hidden, --activation, --loss, --target and their kin. */
#include "network_options.h"

#include <stdio.h>
#include <string.h>

#include "numbers.h"
#include "report.h"

void network_options_init(struct network_options *network)
{
    const bp_model_options model = bp_model_options_default();
    *network = (struct network_options){
        .activation = (int)model.activations[0],
        .output_activation = (int)model.output_activation,
        .loss = (int)model.loss,
        .hidden_delta = (int)model.hidden_delta,
        .scale = (int)model.scale,
        .task = (int)model.task,
    };
    const struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "hidden",
         .value = &network->hidden,
         .argument = "WIDTHS",
         .help = "neurons of each hidden layer, by comma, such as 128,64; none for no hidden layer "
                 "(default: 16)"},
        {.kind = OPTION_CHOICE,
         .name = "activation",
         .value = &network->activation,
         .argument = "NAME",
         .choice = BP_CHOICE_ACTIVATION,
         .help = "activation of hidden neurons"},
        {.kind = OPTION_CHOICE,
         .name = "output-activation",
         .value = &network->output_activation,
         .argument = "NAME",
         .choice = BP_CHOICE_ACTIVATION,
         .help = "activation of output neurons"},
        {.kind = OPTION_CHOICE,
         .name = "loss",
         .value = &network->loss,
         .argument = "NAME",
         .choice = BP_CHOICE_LOSS,
         .help = "what training makes small"},
        {.kind = OPTION_CHOICE,
         .name = "hidden-delta",
         .value = &network->hidden_delta,
         .argument = "RULE",
         .choice = BP_CHOICE_HIDDEN_DELTA,
         .help = "how the deltas of hidden neurons are formed; as-printed omits the slope"},
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
    return report_usage(command,
                        "--hidden: \"%s\" is not a list of 1 to %d numbers of neurons such as "
                        "128,64 (each from 1 to %d), nor none",
                        text, BP_LAYERS_MAX - 1, BP_WIDTH_MAX);
}

int network_options_check(const struct network_options *network, const char *command)
{
    bp_model_options model;
    return network->hidden ? parse_hidden(network->hidden, command, &model) : EXIT_DONE;
}

void network_options_put(const struct network_options *network, bp_model_options *model)
{
    if (network->hidden)
        parse_hidden(network->hidden, "", model);
    for (size_t l = 0; l < BP_LAYERS_MAX; l++)
        model->activations[l] = (bp_activation)network->activation;
    model->output_activation = (bp_activation)network->output_activation;
    model->loss = (bp_loss)network->loss;
    model->hidden_delta = (bp_hidden_delta)network->hidden_delta;
    model->scale = (bp_scale)network->scale;
    model->task = (bp_task)network->task;
    model->target = network->target;
}
