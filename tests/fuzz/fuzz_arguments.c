/* Command lines of train, a word a line, and the lists of bench and sweep. */
#include <stdlib.h>
#include <string.h>

#include "cli/bench/bench_lists.h"
#include "cli/options/arguments.h"
#include "cli/options/kind_options.h"
#include "cli/terminal/messages.h"
#include "cli/train/train_options.h"
#include "cli/trials/sweep_grid.h"
#include "fuzz/fuzz.h"

#define WORDS_MAX 24

static const char *const operands[] = {"DATA", NULL};

static const struct command_help help = {
    .name = TRAIN_COMMAND, .operands = operands, .many = true, .usage = ""};

/* The words of a text; those that name files to be read now, or print, are left out. */
static int split(char *text, char **words)
{
    int count = 0;
    words[count++] = "train";
    for (char *word = strtok(text, "\n"); word && count < WORDS_MAX; word = strtok(NULL, "\n")) {
        if (!strstr(word, "config") && strncmp(word, "-", 1) != 0)
            words[count++] = word;
        else if (strncmp(word, "--", 2) == 0 && !strstr(word, "config") && !strstr(word, "help"))
            words[count++] = word;
    }
    words[count] = NULL;
    return count;
}

static void parse_train(char *text)
{
    static struct train_options options;
    struct arguments *arguments = NULL;
    char *words[WORDS_MAX + 1];
    const int count = split(text, words);
    train_options_init(&options);
    if (arguments_parse(&arguments, &help, options.groups, count, words) == ARGUMENTS_GO_ON) {
        kind_options_count(options.groups, TRAIN_COMMAND, &options.kinds);
        arguments_free(arguments);
    }
    train_options_release(&options);
}

static void parse_lists(char *text)
{
    bp_bench_options shape = bp_bench_options_default();
    struct bench_links links;
    struct bench_threads threads;
    unsigned scaling;
    bench_lists_network(text, &links);
    bench_lists_layers(text, &shape);
    bench_lists_threads("--threads", text, true, &threads);
    bench_lists_scaling(text, &scaling);
}

static void parse_grid(char *text)
{
    static struct trials_options options;
    struct text_list vary = {0};
    struct sweep_grid grid;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        FUZZ_REQUIRE(text_list_take(&vary, strdup(line)));
    trials_options_init(&options, "sweep");
    if (sweep_grid_init(&grid, &options, &vary, "sweep") == EXIT_DONE) {
        for (size_t number = 0; number < grid.combinations && number < 4; number++)
            sweep_grid_apply(&grid, number, "sweep");
        sweep_grid_apply(&grid, grid.combinations - 1, "sweep");
    }
    sweep_grid_free(&grid);
    text_list_free(&vary);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const unsigned form = fuzz_byte(&input) % 3;
    char *text = fuzz_text(&input);
    message_hold();
    if (form == 0)
        parse_train(text);
    else if (form == 1)
        parse_lists(text);
    else
        parse_grid(text);
    free(text);
    return 0;
}
