/*
 * Splits a command line with popt, which also lays out --help. Values are converted by option.c,
 * because popt's own conversions accept hexadecimal numbers, spaces and overflow.
 */
#include "cli/options/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggestion.h"
#include "cli/fields/text_list.h"
#include "cli/options/config.h"
#include "cli/options/option_table.h"
#include "cli/options/preset_options.h"
#include "cli/terminal/messages.h"

struct arguments {
    const struct command_help *help;
    struct option_table table;
    const char **argv;     /* ends with NULL */
    char *title;           /* "batchprop train": argv[0], which popt prints as the program's name */
    struct text_list kept; /* the values of options */
    const char *config;    /* --config */
    bool print_config;
    int launch;                  /* --ranks, which is looked at before: see ranks_begin() */
    struct option own[4];        /* these three */
    struct option_group *groups; /* those of the subcommand, and `own` */
    poptContext context;
    const char **operands; /* in the context */
};

void arguments_free(struct arguments *arguments)
{
    if (!arguments)
        return;
    poptFreeContext(arguments->context);
    text_list_free(&arguments->kept);
    free(arguments->groups);
    free(arguments->title);
    free(arguments->argv);
    option_table_free(&arguments->table);
    free(arguments);
}

/* The groups of the subcommand and the options that all of them have. False: no memory. */
static bool add_own_options(struct arguments *arguments, const struct option_group *groups)
{
    const struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "config",
         .value = &arguments->config,
         .argument = "FILE",
         .help = "take options from a file of JSON, whose keys are their names; those of the "
                 "command line win"},
        {.kind = OPTION_FLAG,
         .name = "print-config",
         .value = &arguments->print_config,
         .help = "print the options as such a file and end"},
        {.kind = OPTION_CHOICE,
         .name = "ranks",
         .value = &arguments->launch,
         .argument = "NAME",
         .choice = BP_CHOICE_LAUNCH,
         .help = "whether a launcher such as mpirun has started this as one of several processes"},
        {.kind = OPTION_END},
    };
    memcpy(arguments->own, table, sizeof table);
    size_t count = 0;
    while (groups[count].title)
        count++;
    arguments->groups = calloc(count + 2, sizeof *arguments->groups);
    if (!arguments->groups)
        return false;
    memcpy(arguments->groups, groups, count * sizeof *groups);
    arguments->groups[count] =
        (struct option_group){"Configuration and processes:", arguments->own};
    return true;
}

static struct arguments *create_arguments(const struct command_help *help,
                                          const struct option_group *groups, int argc, char **argv)
{
    struct arguments *arguments = calloc(1, sizeof *arguments);
    if (!arguments || !add_own_options(arguments, groups) ||
        !option_table_init(&arguments->table, arguments->groups))
        goto fail;
    size_t title_size = strlen(help->name) + sizeof "batchprop ";
    arguments->help = help;
    arguments->title = malloc(title_size);
    arguments->argv = calloc((size_t)argc + 1, sizeof *arguments->argv);
    if (!arguments->title || !arguments->argv)
        goto fail;
    snprintf(arguments->title, title_size, "batchprop %s", help->name);
    for (int i = 0; i < argc; i++)
        arguments->argv[i] = i == 0 ? arguments->title : argv[i];
    arguments->context = poptGetContext("batchprop", argc, arguments->argv, arguments->table.root,
                                        POPT_CONTEXT_NO_EXEC);
    if (!arguments->context)
        goto fail;
    poptSetOtherOptionHelp(arguments->context, help->usage);
    return arguments;
fail:
    arguments_free(arguments);
    return NULL;
}

static int print_help(const struct arguments *arguments)
{
    printf("%s\n\n", arguments->help->summary);
    poptPrintHelp(arguments->context, stdout, 0);
    printf("\nExample:\n%s", arguments->help->example);
    return EXIT_DONE;
}

static int report_unknown(const struct arguments *arguments, const char *given)
{
    const char *command = arguments->help->name;
    const char *names[128] = {"help"};
    size_t count = 1;
    for (size_t k = 0; k < arguments->table.count && count < 128; k++)
        names[count++] = arguments->table.options[k]->name;

    int shown = (int)strcspn(given, "=");
    char word[64];
    snprintf(word, sizeof word, "%.*s", shown, given);
    char suggestion[BP_SUGGESTION_SIZE];
    bp_suggestion_write("--", bp_nearest_name(word + strspn(word, "-"), names, count), suggestion);
    return message_usage(command, "%s: unknown option \"%.*s\"%s", command, shown, given,
                         suggestion);
}

static int report_popt(const struct arguments *arguments, int failure)
{
    const char *command = arguments->help->name;
    const char *given = poptBadOption(arguments->context, POPT_BADOPTION_NOALIAS);
    int shown = (int)strcspn(given, "=");
    switch (failure) {
    case POPT_ERROR_BADOPT:
        return report_unknown(arguments, given);
    case POPT_ERROR_NOARG:
        return message_usage(command, "%.*s: the value is missing", shown, given);
    case POPT_ERROR_UNWANTEDARG:
        return message_usage(command, "%.*s: takes no value", shown, given);
    case POPT_ERROR_MALLOC:
        return message_no_memory();
    default:
        return message_usage(command, "%s: %s", given, poptStrerror(failure));
    }
}

/* Whether `text`, the value of an option, is the name of an option standing alone in the command
 * line: "--out --json" is a forgotten value, "--out=--json" is meant. */
static bool is_next_option(const struct arguments *arguments, const char *text)
{
    if (strncmp(text, "--", 2) != 0)
        return false;
    bool known = strcmp(text, "--help") == 0;
    for (size_t k = 0; k < arguments->table.count; k++)
        known = known || strcmp(text + 2, arguments->table.options[k]->name) == 0;
    bool alone = false;
    for (size_t i = 1; arguments->argv[i]; i++)
        alone = alone || strcmp(arguments->argv[i], text) == 0;
    return known && alone;
}

/* Handles option k of the table, which popt has just met. */
static int take_option(struct arguments *arguments, size_t k)
{
    const char *command = arguments->help->name;
    struct option *option = arguments->table.options[k];
    option->given = true;
    if (option_form(option) == OPTION_FLAG)
        return option_convert(option, command, "true");
    char *text = poptGetOptArg(arguments->context);
    if (!text_list_take(&arguments->kept, text))
        return message_no_memory();
    if (is_next_option(arguments, text))
        return message_usage(command, "--%s: the value is missing before \"%s\"", option->name,
                             text);
    return option_convert(option, command, text);
}

static int take_operands(struct arguments *arguments)
{
    static const char *none[] = {NULL};
    const struct command_help *help = arguments->help;
    arguments->operands = poptGetArgs(arguments->context);
    if (!arguments->operands)
        arguments->operands = none;
    size_t count = 0;
    for (; help->operands[count]; count++) {
        const char *operand = arguments->operands[count];
        if (!operand || operand[0] == '\0')
            return message_usage(help->name, "%s: %s is %s", help->name, help->operands[count],
                                 operand ? "empty" : "missing");
    }
    for (; help->many && arguments->operands[count]; count++) {
        if (arguments->operands[count][0] == '\0')
            return message_usage(help->name, "%s: argument %zu is empty", help->name, count + 1);
    }
    if (arguments->operands[count])
        return message_usage(help->name, "%s: \"%s\" is one argument too many", help->name,
                             arguments->operands[count]);
    return EXIT_DONE;
}

/* What is left to do when the command line is parsed. */
static int finish(struct arguments *arguments, const struct option_group *groups)
{
    int code = EXIT_DONE;
    if (arguments->config)
        code = config_read(arguments->config, arguments->help->name, groups, &arguments->kept);
    preset_options_resolve(groups);
    if (code == EXIT_DONE && !arguments->print_config)
        code = take_operands(arguments);
    return code;
}

int arguments_parse(struct arguments **out, const struct command_help *help,
                    const struct option_group *groups, int argc, char **argv)
{
    struct arguments *arguments = create_arguments(help, groups, argc, argv);
    if (!arguments)
        return message_no_memory();
    int code = EXIT_DONE;
    int met = 0;
    while (code == EXIT_DONE && (met = poptGetNextOpt(arguments->context)) != -1) {
        if (met == OPTION_TABLE_HELP) {
            code = print_help(arguments);
            arguments_free(arguments);
            return code;
        }
        code = met < 0 ? report_popt(arguments, met) : take_option(arguments, (size_t)met - 1);
    }
    if (code == EXIT_DONE)
        code = finish(arguments, groups);
    bool ends = code != EXIT_DONE || arguments->print_config;
    if (ends) {
        if (code == EXIT_DONE)
            code = config_print(groups);
        arguments_free(arguments);
        return code;
    }
    *out = arguments;
    return ARGUMENTS_GO_ON;
}

const char *arguments_operand(const struct arguments *arguments, size_t index)
{
    return arguments->operands[index];
}

const char *const *arguments_operands(const struct arguments *arguments)
{
    return arguments->operands;
}

const char *arguments_config(const struct arguments *arguments)
{
    return arguments->config;
}

size_t arguments_operand_count(const struct arguments *arguments)
{
    size_t count = 0;
    while (arguments->operands[count])
        count++;
    return count;
}
