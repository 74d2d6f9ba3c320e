/* --preset, and what the library knows of a network. */
#include "cli/options/network_options.h"

#include "cli/fields/alternatives.h"
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
                               .help =
                                   "defaults that go together, which options beside it change; "
                                   "modern is GELU, softmax and cross-entropy or identity and "
                                   "squared error, He, AdamW with a cosine schedule and weight "
                                   "decay; quick is modern with --hidden 64,64 --epochs few "
                                   "--beta2 0.98; ensemble is five such networks of each of five "
                                   "kinds in one model, with --hidden "
                                   "'auto;none;128;96,96,96;96,96' --activation "
                                   "'gelu;gelu;gelu;gelu;silu' --dropout 'auto;auto;0;0;0' "
                                   "--weight-decay 'auto;auto;auto;0.02;0.02' --member-rows "
                                   "folds --member-weights out-of-fold"});
    option_add_group(network->table, BP_OPTION_OF_MODEL, "The network", &network->model);
    struct option *hidden = option_find_in(network->table, "hidden");
    hidden->value = &network->hidden;
    network->hidden = hidden->field.classic;
    option_find_in(network->table, "activation")->value = &network->activation;
}

static int put_list(const struct network_options *network, const char *command, const char *name,
                    const char *text, bp_model_options *model)
{
    char part[ALTERNATIVE_SIZE];
    bp_error error;
    if (!text)
        return EXIT_DONE;
    if (!alternatives_take(text, network->kind, part))
        return message_usage(command, "--%s: the value is longer than %d characters", name,
                             ALTERNATIVE_SIZE - 1);
    if (bp_model_options_set(model, name, part, &error))
        return message_usage(command, "--%s", error.message);
    return EXIT_DONE;
}

/* Both lists, of which the second is counted against the first. */
static int put_lists(const struct network_options *network, const char *command,
                     bp_model_options *model)
{
    const int code = put_list(network, command, "hidden", network->hidden, model);
    return code == EXIT_DONE ? put_list(network, command, "activation", network->activation, model)
                             : code;
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
