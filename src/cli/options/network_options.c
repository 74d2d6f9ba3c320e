/* --preset, and what the library knows of a network. */
#include "cli/options/network_options.h"

#include "cli/terminal/messages.h"

void network_options_init(struct network_options *network)
{
    *network =
        (struct network_options){.preset = BP_PRESET_CLASSIC, .model = bp_model_options_default()};
    option_add(network->table,
               (struct option){.kind = OPTION_CHOICE,
                               .name = "preset",
                               .value = &network->preset,
                               .argument = "NAME",
                               .choice = BP_CHOICE_PRESET,
                               .help = "defaults that go together, which options beside it change; "
                                       "modern is GELU, softmax and cross-entropy or identity and "
                                       "squared error, He, AdamW with a cosine schedule and weight "
                                       "decay"});
    option_add_group(network->table, BP_OPTION_OF_MODEL, "The network", &network->model);
    struct option *hidden = option_find_in(network->table, "hidden");
    hidden->value = &network->hidden;
    network->hidden = hidden->field.classic;
    option_find_in(network->table, "activation")->value = &network->activation;
}

/* Both lists, of which the second is counted against the first. */
static int put_lists(const struct network_options *network, const char *command,
                     bp_model_options *model)
{
    bp_error error;
    if ((network->hidden && bp_model_options_set(model, "hidden", network->hidden, &error)) ||
        (network->activation &&
         bp_model_options_set(model, "activation", network->activation, &error)))
        return message_usage(command, "--%s", error.message);
    return EXIT_DONE;
}

int network_options_check(const struct network_options *network, const char *command)
{
    bp_model_options model = network->model;
    model.output_activation = BP_ACTIVATION_AUTO; /* unless the list has one for the outputs */
    int code = put_lists(network, command, &model);
    if (code != EXIT_DONE)
        return code;
    if (model.output_activation != BP_ACTIVATION_AUTO &&
        option_is_given(network->table, "output-activation"))
        return message_usage(command, "--activation has a name for the outputs as well: leave it "
                                      "out, or --output-activation");
    return EXIT_DONE;
}

bp_model_options network_options_get(const struct network_options *network)
{
    bp_model_options model = network->model;
    put_lists(network, "", &model);
    return model;
}
