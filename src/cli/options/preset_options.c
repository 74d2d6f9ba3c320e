/* Options are found by their names, so that this holds for every command that has them. */
#include "cli/options/preset_options.h"

static void put_choice(const struct option_group *groups, const char *name, int value)
{
    const struct option *option = option_find(groups, name);
    if (option && !option->given)
        *(int *)option->value = value;
}

static void put_model(const struct option_group *groups, const bp_model_options *model)
{
    put_choice(groups, "output-activation", (int)model->output_activation);
    put_choice(groups, "loss", (int)model->loss);
    put_choice(groups, "init", (int)model->init);
    const struct option *option = option_find(groups, "activation");
    if (option && !option->given)
        *(const char **)option->value =
            bp_choice_name(BP_CHOICE_ACTIVATION, (int)model->activations[0]);
}

static void put_train(const struct option_group *groups, const bp_train_options *train)
{
    put_choice(groups, "optimizer", (int)train->optimizer);
    const struct option *optimizer = option_find(groups, "optimizer");
    const bool irprop = optimizer && *(const int *)optimizer->value == BP_OPTIMIZER_IRPROP;
    put_choice(groups, "schedule", irprop ? (int)BP_SCHEDULE_CONSTANT : (int)train->schedule);
    const struct option *batch = option_find(groups, "batch-size");
    if (batch && !batch->given)
        *(size_t *)batch->value = irprop ? 0 : train->batch_size;
    /* Another optimizer has a rate of its own, which 0 takes. */
    const bool own = optimizer && *(const int *)optimizer->value == (int)train->optimizer;
    const struct option *rate = option_find(groups, "learning-rate");
    if (rate && !rate->given)
        *(double *)rate->value = own ? (double)train->learning_rate : 0.0;
}

void preset_options_resolve(const struct option_group *groups)
{
    const struct option *preset = option_find(groups, "preset");
    if (!preset)
        return;
    bp_model_options model = bp_model_options_default();
    bp_train_options train = bp_train_options_default();
    bp_preset_apply((bp_preset)(*(const int *)preset->value), &model, &train, NULL);
    put_model(groups, &model);
    put_train(groups, &train);
}
