/* Options are found by their names, so that this holds for every command that has them. */
#include "cli/options/preset_options.h"

/* Puts in what the preset has beside the optimizer, unless the option was given. */
static void put_default(struct option *option, bp_preset preset, bp_optimizer optimizer)
{
    const char *text = bp_preset_text(preset, optimizer, option->field.owner, option->name);
    bp_error error;
    if (text && !option->given)
        option_set(option, text, &error);
}

void preset_options_resolve(const struct option_group *groups)
{
    const struct option *preset = option_find(groups, "preset");
    struct option *optimizer = option_find(groups, "optimizer");
    if (!preset || !optimizer)
        return;
    const bp_preset which = (bp_preset)(*(const int *)preset->value);
    put_default(optimizer, which, BP_OPTIMIZER_SGD);
    const bp_optimizer chosen = ((const bp_train_options *)optimizer->value)->optimizer;
    for (; groups->title; groups++) {
        for (struct option *option = groups->options; option->kind != OPTION_END; option++)
            put_default(option, which, chosen);
    }
}
