/* The command line of a subcommand: its options, its operands (DATA, MODEL), --help and
 * --complete. */
#ifndef BP_CLI_OPTIONS_ARGUMENTS_H
#define BP_CLI_OPTIONS_ARGUMENTS_H

#include "cli/options/option.h"

struct command_help {
    const char *name;            /* "train" */
    const char *summary;         /* what it does, lines of at most 79 characters */
    const char *usage;           /* after the name: "DATA --out MODEL [OPTION...]" */
    const char *const *operands; /* names of the operands, all required; ends with NULL */
    bool many;                   /* the last operand may be given several times */
    const char *example;         /* complete lines, indented by two */
};

/* Keeps the operands and the values of OPTION_TEXT alive. */
struct arguments;

/* What arguments_parse() returns if the subcommand shall go on; every other value is the exit code:
 * EXIT_DONE after --help or --complete, EXIT_USAGE after a message. */
#define ARGUMENTS_GO_ON (-1)

/* Parses argv[1] ... argv[argc - 1] (argv[0] is the name of the subcommand) into the variables of
 * `groups`. The last of several values for one option counts. `*out` is set only if the subcommand
 * shall go on. */
int arguments_parse(struct arguments **out, const struct command_help *help,
                    const struct option_group *groups, int argc, char **argv);

/* Operand `index` of those that `help` names; with `many`, further ones follow the last. */
const char *arguments_operand(const struct arguments *arguments, size_t index);

/* All of them, as many as were given. */
const char *const *arguments_operands(const struct arguments *arguments);

/* How many operands were given. */
size_t arguments_operand_count(const struct arguments *arguments);

/* The file of --config, or NULL. */
const char *arguments_config(const struct arguments *arguments);

void arguments_free(struct arguments *arguments);

#endif
