/* Splits a command line into options and operands. Values are converted by option.c. */
#include "cli/options/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggestion.h"
#include "cli/fields/text_list.h"
#include "cli/options/config.h"
#include "cli/options/option_help.h"
#include "cli/options/preset_options.h"
#include "cli/terminal/messages.h"

struct arguments {
    const struct command_help *help;
    char **argv;           /* what is left of it; ends with NULL */
    struct text_list kept; /* the values of --config */
    const char *config;    /* --config */
    bool print_config;
    int launch;                  /* --ranks, which is looked at before: see ranks_begin() */
    struct option own[4];        /* these three */
    struct option_group *groups; /* those of the subcommand, and `own` */
    const char **operands;       /* ends with NULL */
    size_t operand_count;
};

void arguments_free(struct arguments *arguments)
{
    if (!arguments)
        return;
    text_list_free(&arguments->kept);
    free(arguments->groups);
    free(arguments->operands);
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
    if (!arguments)
        return NULL;
    arguments->help = help;
    arguments->argv = argv + 1;
    arguments->operands = calloc((size_t)argc + 1, sizeof *arguments->operands);
    if (!arguments->operands || !add_own_options(arguments, groups)) {
        arguments_free(arguments);
        return NULL;
    }
    return arguments;
}

static int print_help(const struct arguments *arguments)
{
    const struct command_help *help = arguments->help;
    printf("%s\n\nUsage: batchprop %s %s\n", help->summary, help->name, help->usage);
    option_help_print(arguments->groups, stdout);
    printf("\nExample:\n%s", help->example);
    return EXIT_DONE;
}

/* "--complete" alone: completions of shells ask for it. */
static bool asks_for_list(int argc, char **argv)
{
    return argc == 2 && strcmp(argv[1], "--complete") == 0;
}

static int report_unknown(const struct arguments *arguments, const char *given)
{
    const char *command = arguments->help->name;
    const char *names[128] = {"help"};
    size_t count = 1;
    for (const struct option_group *group = arguments->groups; group->title; group++) {
        for (size_t k = 0; group->options[k].kind != OPTION_END && count < 128; k++)
            names[count++] = group->options[k].name;
    }
    int shown = (int)strcspn(given, "=");
    char word[64];
    snprintf(word, sizeof word, "%.*s", shown, given);
    char suggestion[BP_SUGGESTION_SIZE];
    bp_suggestion_write("--", bp_nearest_name(word + strspn(word, "-"), names, count), suggestion);
    return message_usage(command, "%s: unknown option \"%.*s\"%s", command, shown, given,
                         suggestion);
}

/* Whether `text`, the value of an option, is the name of an option standing alone in the command
 * line: "--out --json" is a forgotten value, "--out=--json" is meant. */
static bool is_next_option(const struct arguments *arguments, const char *text)
{
    return strncmp(text, "--", 2) == 0 &&
           (strcmp(text, "--help") == 0 || option_find(arguments->groups, text + 2));
}

/* Takes "--NAME", "--NAME=VALUE", or "--NAME" and the word after it. */
static int take_option(struct arguments *arguments, const char *given)
{
    const char *command = arguments->help->name;
    const char *value = strchr(given, '=');
    char name[64];
    const size_t length = value ? (size_t)(value - given) - 2 : strlen(given) - 2;
    snprintf(name, sizeof name, "%.*s", length < sizeof name ? (int)length : 0, given + 2);
    struct option *option = option_find(arguments->groups, name);
    if (!option)
        return report_unknown(arguments, given);
    option->given = true;
    if (option_form(option) == OPTION_FLAG)
        return value ? message_usage(command, "--%s: takes no value", name)
                     : option_convert(option, command, "true");
    if (value)
        return option_convert(option, command, value + 1);
    const char *next = *arguments->argv;
    if (!next)
        return message_usage(command, "--%s: the value is missing", name);
    arguments->argv++;
    if (is_next_option(arguments, next))
        return message_usage(command, "--%s: the value is missing before \"%s\"", name, next);
    return option_convert(option, command, next);
}

/* Takes the words up to the end or --help; after "--" all are operands. */
static int take_words(struct arguments *arguments, bool *helps)
{
    bool any = true; /* of them may be an option */
    while (*arguments->argv) {
        const char *word = *arguments->argv++;
        *helps = any && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0);
        if (*helps)
            return EXIT_DONE;
        if (any && strcmp(word, "--") == 0)
            any = false;
        else if (any && word[0] == '-' && word[1] != '\0') {
            const int code =
                word[1] == '-' ? take_option(arguments, word) : report_unknown(arguments, word);
            if (code != EXIT_DONE)
                return code;
        } else
            arguments->operands[arguments->operand_count++] = word;
    }
    return EXIT_DONE;
}

static int check_operands(const struct arguments *arguments)
{
    const struct command_help *help = arguments->help;
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
        code = check_operands(arguments);
    return code;
}

int arguments_parse(struct arguments **out, const struct command_help *help,
                    const struct option_group *groups, int argc, char **argv)
{
    struct arguments *arguments = create_arguments(help, groups, argc, argv);
    if (!arguments)
        return message_no_memory();
    if (asks_for_list(argc, argv)) {
        option_help_list(arguments->groups, stdout);
        arguments_free(arguments);
        return EXIT_DONE;
    }
    bool helps = false;
    int code = take_words(arguments, &helps);
    if (helps) {
        code = print_help(arguments);
        arguments_free(arguments);
        return code;
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
    return arguments->operand_count;
}
