/* The command `batchprop`: finds the subcommand, and makes sure that all output was written. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/suggestion.h"
#include "batchprop/batchprop.h"
#include "cli/commands.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/ranks.h"
#include "cli/terminal/results.h"
#include "cli/terminal/stop_signal.h"

struct command {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv);
    bool shared; /* by ranks */
};

static const struct command commands[] = {
    {"train", "train a network on a data file and write a model file", command_train, true},
    {"eval", "measure a model on labelled data", command_eval, false},
    {"predict", "write the predictions of a model as CSV", command_predict, false},
    {"info", "show what a model file holds", command_info, false},
    {"export", "write a model as ONNX, C, Python, SQL or JavaScript", command_export, false},
    {"import", "make a model of a network that another program has saved", command_import, false},
    {"check", "show what a data file holds and how training would take it", command_check, false},
    {"gradcheck", "compare the gradient with central differences", command_gradcheck, false},
    {"report", "show runs of training beside each other, as one HTML page", command_report, false},
    {"cv", "measure a kind of network by cross-validation", command_cv, true},
    {"sweep", "cross-validate over values of options and show the best", command_sweep, true},
    {"bench", "measure how fast training is and how it scales with threads", command_bench, true},
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static void print_help(FILE *stream)
{
    fputs("batchprop trains feed-forward networks by batch backpropagation on every core, to the\n"
          "same bits on any number of threads.\n\n"
          "Usage: batchprop COMMAND [ARGUMENT...]\n\nCommands:\n",
          stream);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(stream, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\nOptions:\n"
          "  --help     show this help and end; batchprop COMMAND --help shows that of a command\n"
          "  --version  show the version and end\n\n"
          "Example:\n"
          "  batchprop train iris.csv --out iris.safetensors\n"
          "  batchprop eval iris.safetensors iris.csv\n",
          stream);
}

/* For completions of shells, as option_help_list(). */
static void print_list(FILE *stream)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(stream, "%s\t-\t-\t%s\n", commands[i].name, commands[i].summary);
    fputs("--help\t-\t-\tshow the commands and end\n"
          "--version\t-\t-\tshow the version and end\n",
          stream);
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static int report_unknown(const char *word)
{
    const char *names[COMMAND_COUNT + 2] = {"--help", "--version"};
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i + 2] = commands[i].name;
    const char *what = word[0] == '-' ? "option" : "command";
    char suggestion[BP_SUGGESTION_SIZE];
    bp_suggestion_write("", bp_nearest_name(word, names, COMMAND_COUNT + 2), suggestion);
    return message_usage(NULL, "unknown %s \"%s\"%s", what, word, suggestion);
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    const bool is_help = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
    const bool is_list = strcmp(word, "--complete") == 0;
    if (is_help || is_list || strcmp(word, "--version") == 0) {
        if (argc > 2)
            return message_usage(NULL, "\"%s\" is one argument too many", argv[2]);
        if (is_help)
            print_help(stdout);
        else if (is_list)
            print_list(stdout);
        else
            printf("batchprop %s\n", bp_version());
        return EXIT_DONE;
    }
    const struct command *command = find_command(word);
    return command ? command->run(argc - 1, argv + 1) : report_unknown(word);
}

/* Rank 0 does alone what is not shared, and says so; the others wait for it. */
static int run_leading(int argc, char **argv)
{
    const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;
    const bool shared = command && command->shared;
    const int code = ranks_compare((unsigned)(command ? command - commands : (int)COMMAND_COUNT));
    if (code != EXIT_DONE)
        return code;
    if (command && !shared && bp_ranks_count(ranks_get()) > 1)
        message_note("%s works in one of the %zu processes alone: start it without a launcher",
                     command->name, bp_ranks_count(ranks_get()));
    return ranks_leads() || shared ? run(argc, argv) : EXIT_DONE;
}

static bool has_returned;

/* Where its own memory or threads run out, the runtime of OpenMP says so and ends the process by
 * exit(), with 1. Nothing in src/ calls exit(), nor is another library known that does; launched
 * ranks are left alone, for which MPI may. */
static void end_by_library(void)
{
    if (!has_returned && bp_ranks_count(ranks_get()) == 1)
        _exit(EXIT_RESOURCES);
}

int main(int argc, char **argv)
{
    stop_signal_begin();
    atexit(end_by_library); /* where it cannot be registered, the status is 1 */
    results_begin();
    int code = ranks_begin(argc, argv);
    has_returned = code != EXIT_DONE;
    if (has_returned)
        return code;
    code = ranks_settle(run_leading(argc, argv));
    code = results_finish(code);
    ranks_end();
    has_returned = true;
    return code;
}
