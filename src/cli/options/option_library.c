/* The command knows the library's options by their descriptions and texts alone. */
#include "cli/options/option_library.h"

#include <stdlib.h>
#include <string.h>

#include "cli/terminal/messages.h"

/* A defect of the tables shows wherever the command is started. */
static void fail_table(const char *name, const char *what)
{
    message_failure(EXIT_FAILED, "option \"%s\" %s", name, what);
    abort();
}

static struct option make_option(const bp_option_info *info, void *options)
{
    const bool is_list = info->kind == BP_OPTION_NAMES || info->kind == BP_OPTION_WIDTHS;
    const bool is_text = info->kind == BP_OPTION_TEXT || is_list;
    return (struct option){
        .kind = is_text ? OPTION_TEXT : OPTION_FIELD,
        .name = info->name,
        .value = info->kind == BP_OPTION_TEXT ? (char *)options + info->offset : options,
        .argument = info->argument,
        .help = info->help,
        .instead = is_list ? info->classic : info->instead,
        .word = info->word,
        .high_word = info->high_word,
        .choice = info->choice,
        .names = info->allowed,
        .field = {info->owner, info->kind, info->classic, info->modern},
    };
}

struct option option_of_library(bp_option_owner owner, const char *name, void *options)
{
    bp_option_info info;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (info.owner == owner && strcmp(info.name, name) == 0)
            return make_option(&info, options);
    }
    fail_table(name, "is not in the library");
    return (struct option){.kind = OPTION_END};
}

bool option_is_read(const bp_option_info *info, const bp_train_options *train)
{
    const int value =
        info->reader == BP_CHOICE_SCHEDULE ? (int)train->schedule : (int)train->optimizer;
    return info->readers == 0 || (info->readers >> value & 1) != 0;
}

void option_add(struct option *table, struct option option)
{
    const size_t count = option_count(table);
    if (count + 1 >= OPTION_ROWS)
        fail_table(option.name, "has no room in its table: raise OPTION_ROWS");
    table[count] = option;
    table[count + 1].kind = OPTION_END;
}

void option_add_group(struct option *table, bp_option_owner owner, const char *group, void *options)
{
    bp_option_info info;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (info.owner == owner && strcmp(info.group, group) == 0)
            option_add(table, make_option(&info, options));
    }
}

int option_check_library(const struct option_check *check, const char *command)
{
    const char *given[OPTION_TABLES_MAX * OPTION_ROWS];
    size_t count = 0;
    bp_error error;
    for (size_t t = 0; t < OPTION_TABLES_MAX && check->table[t]; t++) {
        for (const struct option *option = check->table[t]; option->kind != OPTION_END; option++) {
            if (option->given)
                given[count++] = option->name;
        }
    }
    if (bp_options_check(check->model, check->train, check->validates, given, count, &error))
        return message_usage(command, "--%s", error.message);
    return EXIT_DONE;
}
