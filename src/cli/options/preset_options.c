/* Options are found by their names, so that this holds for every command that has them. */
#include "cli/options/preset_options.h"

#include <string.h>

#define VALUE_SIZE 64

/* Puts a text of the library's into the option of that name, unless it was given. */
static void put(const struct option_group *groups, const char *name, const char *text)
{
    const struct option *option = option_find(groups, name);
    bp_error error;
    if (option && !option->given)
        option_set(option, text, &error);
}

static void put_preset(const struct option_group *groups, bool modern)
{
    for (; groups->title; groups++) {
        for (const struct option *option = groups->options; option->kind != OPTION_END; option++) {
            bp_error error;
            if (option->field.modern && !option->given)
                option_set(option, modern ? option->field.modern : option->field.classic, &error);
        }
    }
}

void preset_options_resolve(const struct option_group *groups)
{
    const struct option *preset = option_find(groups, "preset");
    const struct option *optimizer = option_find(groups, "optimizer");
    if (!preset || !optimizer)
        return;
    const bool modern = *(const int *)preset->value == (int)BP_PRESET_MODERN;
    put_preset(groups, modern);
    char name[VALUE_SIZE];
    option_field_get(optimizer, name, sizeof name);
    if (strcmp(name, "irprop") == 0) {
        put(groups, "schedule", "constant");
        put(groups, "batch-size", "full");
    }
    /* Another optimizer has a rate of its own. */
    if (strcmp(name, modern ? optimizer->field.modern : optimizer->field.classic) != 0)
        put(groups, "learning-rate", "auto");
}
