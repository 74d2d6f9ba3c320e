/* One alternative holds for every kind; else there is one for each. */
#include "cli/options/kind_options.h"

#include "cli/fields/alternatives.h"
#include "cli/options/preset_options.h"
#include "cli/terminal/messages.h"

void kind_options_allow(struct option *table)
{
    for (; table->kind != OPTION_END; table++) {
        const bool of_library = table->kind == OPTION_FIELD || table->kind == OPTION_TEXT;
        const bp_option_kind kind = table->field.kind;
        table->varies = of_library && table->field.classic && kind != BP_OPTION_TEXT &&
                        kind != BP_OPTION_SEED && kind != BP_OPTION_FLAG;
    }
}

/* "--hidden has 5 (of --preset)" */
static const char *get_origin(const struct option *option)
{
    return option->given ? "" : " (of --preset)";
}

int kind_options_count(const struct option_group *groups, const char *command, size_t *kinds)
{
    const struct option *first = NULL;
    *kinds = 1;
    for (; groups->title; groups++) {
        for (const struct option *option = groups->options; option->kind != OPTION_END; option++) {
            if (!option->alternatives)
                continue;
            const size_t count = alternatives_count(option->alternatives);
            if (!first) {
                first = option;
                *kinds = count;
            } else if (count != *kinds) {
                return message_usage(command,
                                     "--%s%s has %zu alternatives and --%s%s has %zu: give each "
                                     "option one value, or one for each kind of networks",
                                     first->name, get_origin(first), *kinds, option->name,
                                     get_origin(option), count);
            }
        }
    }
    if (*kinds <= BP_KINDS_MAX)
        return EXIT_DONE;
    return message_usage(command, "--%s has %zu alternatives: there may be %d kinds of networks",
                         first->name, *kinds, BP_KINDS_MAX);
}

/* They have been checked, all of them. */
static void choose(const struct option_group *groups, size_t kind)
{
    bp_error error;
    for (; groups->title; groups++) {
        for (const struct option *option = groups->options; option->kind != OPTION_END; option++) {
            if (option->alternatives && option->kind != OPTION_TEXT)
                option_choose(option, kind, &error);
        }
    }
}

/* The preset looks at the optimizer, which may vary. */
static void choose_kind(const struct option_group *groups, struct network_options *network,
                        size_t kind)
{
    network->kind = kind;
    choose(groups, kind);
    preset_options_resolve(groups);
    choose(groups, kind);
}

int kind_options_each(const struct option_group *groups, struct network_options *network,
                      size_t kinds, kind_options_visit *visit, void *arg)
{
    if (kinds == 1)
        return visit(arg, 0);
    int code = EXIT_DONE;
    for (size_t k = 0; k < kinds && code == EXIT_DONE; k++) {
        choose_kind(groups, network, k);
        code = visit(arg, k);
    }
    choose_kind(groups, network, 0);
    return code;
}
