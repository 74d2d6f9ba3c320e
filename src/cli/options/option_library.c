/* The command knows the library's options by their descriptions and texts alone. */
#include "cli/options/option_library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/terminal/messages.h"

#define VALUE_SIZE 128
#define NAMES_SIZE 256

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
        .choice = info->choice,
        .names = info->allowed,
        .field = {info->owner, info->kind, info->classic, info->modern, info->reader, info->readers,
                  info->of_validation},
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

/* The option of a table by which it is chosen what reads others. */
static const struct option *find_reader(const struct option *table, bp_choice choice)
{
    while (table->kind != OPTION_END &&
           (table->field.kind != BP_OPTION_CHOICE || table->choice != choice))
        table++;
    return table;
}

static int check_reader(const struct option *option, const struct option *reader,
                        const char *command)
{
    char now[VALUE_SIZE], text[VALUE_SIZE], names[NAMES_SIZE] = "";
    size_t length = 0;
    const char *name;
    option_field_get(reader, now, sizeof now);
    option_field_get(option, text, sizeof text);
    for (int value = 0; (name = bp_choice_name(reader->choice, value)); value++) {
        if (!(option->field.readers >> value & 1))
            continue;
        if (strcmp(name, now) == 0)
            return EXIT_DONE;
        if (length < sizeof names)
            length += (size_t)snprintf(names + length, sizeof names - length, "%s%s",
                                       length ? ", " : "", name);
    }
    /* To ask for the choice that is no choice is no mistake. */
    if (option->field.kind == BP_OPTION_CHOICE && strcmp(text, option->field.classic) == 0)
        return EXIT_DONE;
    return message_usage(command, "--%s has no effect with --%s %s: it is for %s", option->name,
                         reader->name, now, names);
}

int option_check_readers(const struct option *table, const char *command)
{
    int code = EXIT_DONE;
    for (const struct option *option = table; option->kind != OPTION_END && code == EXIT_DONE;
         option++) {
        if (option->given && option->field.readers)
            code = check_reader(option, find_reader(table, option->field.reader), command);
    }
    return code;
}
