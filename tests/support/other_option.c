/* Values that an option may have, by its row. */
#include "support/other_option.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/training.h"

/* Values for the options whose kind does not say what another one is. */
static const char *const texts[][2] = {
    {"class-weight", "balanced"},  {"target", "sepal_length"},
    {"weight", "petal_width"},     {"hidden", "17"},
    {"activation", "tanh"},        {"output-activation", "identity"},
    {"task", "regress"},           {"loss", "mae"},
    {"scaling", "sepal_width=1:2"}};

const char *other_option_text(const bp_option_info *info, const char *now,
                              char text[OTHER_OPTION_SIZE])
{
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        if (strcmp(info->name, texts[k][0]) == 0)
            return texts[k][1];
    }
    const char *name = bp_choice_name(info->choice, 0);
    switch (info->kind) {
    case BP_OPTION_FLAG:
        return strcmp(now, "true") == 0 ? "false" : "true";
    case BP_OPTION_SWITCH:
        return strcmp(now, "on") == 0 ? "off" : "on";
    case BP_OPTION_WHOLE:
    case BP_OPTION_SEED:
        return strcmp(now, "5") == 0 ? "4" : "5";
    case BP_OPTION_REAL:
        return "0.123";
    case BP_OPTION_CHOICE:
        snprintf(text, OTHER_OPTION_SIZE, "%s",
                 strcmp(now, name) == 0 ? bp_choice_name(info->choice, 1) : name);
        return text;
    case BP_OPTION_NAMES:
    case BP_OPTION_WIDTHS:
    case BP_OPTION_SIGN:
    case BP_OPTION_TEXT:
        break;
    }
    cr_assert_fail("give --%s another value in this test", info->name);
    return NULL;
}

bp_train_options other_option_training(const bp_option_info *info)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    int value = 0;
    while (info->readers && !(info->readers >> value & 1))
        value++;
    if (info->readers && info->owner == BP_OPTION_OF_TRAINING)
        cr_assert_eq(bp_train_options_set(
                         &options, info->reader == BP_CHOICE_OPTIMIZER ? "optimizer" : "schedule",
                         bp_choice_name(info->reader, value), NULL),
                     BP_OK);
    if (strcmp(info->name, "epochs") == 0)
        options.schedule = BP_SCHEDULE_COSINE; /* whose rate depends on them */
    return options;
}

bp_model_options other_option_model(const bp_option_info *info)
{
    bp_model_options model = bp_model_options_default();
    int value = 0;
    while (info->readers && !(info->readers >> value & 1))
        value++;
    if (info->readers && info->owner == BP_OPTION_OF_MODEL && info->reader == BP_CHOICE_LOSS)
        model.loss = (bp_loss)value;
    if (strcmp(info->name, "target-scale") == 0) /* of numbers */
        model.target = "petal_width";
    return model;
}
