/* The options of `batchprop bench`, and what of them fits together. */
#include "cli/bench/bench_options.h"

#include <string.h>

#include "cli/bench/bench_lists.h"
#include "cli/options/option_library.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/ranks.h"

#define COMMAND "bench"

#define REPETITIONS_MAX 1000
#define SECONDS_MAX     3600.0
#define COUNT_MAX       4294967295

static const char *const operands[] = {NULL};

static const struct command_help help = {
    .name = COMMAND,
    .summary =
        "Measures training steps of a network with synthetic data in memory: speed, share of what\n"
        "the processors can do at most, and how it scales with threads. Repetitions go through\n"
        "all numbers of threads in turn, so that their ratios hold on a busy machine too.",
    .usage = "[OPTION...]",
    .operands = operands,
    .example = "  batchprop bench --layers 784-1024-1024-10 --batch-size 1024 --threads 1,2,auto\n"
               "  batchprop bench --scaling both --plot scaling.svg\n",
};

/* Values of options that become something else. */
struct raw {
    const char *layers;
    const char *threads;
    const char *simulated;
    const char *simulated_ranks;
    const char *network;
    const char *scaling;
};

/* One thread, twice as many as long as there are processors, all processors, auto. The serial
 * backend has one. Over ranks the library says how many each has. */
static void choose_threads(struct bench_options *options)
{
    options->threads.automatic = true;
    options->threads.counts = 0;
    if (bp_ranks_count(ranks_get()) > 1)
        return;
    const bool serial = options->shape.backend == BP_BACKEND_SERIAL;
    const size_t usable = serial ? 1 : bp_usable_processors();
    const size_t all = usable < BENCH_THREADS_MAX ? usable : BENCH_THREADS_MAX;
    for (size_t threads = 1; threads < all; threads *= 2)
        options->threads.count[options->threads.counts++] = threads;
    options->threads.count[options->threads.counts++] = all;
}

static int take_simulated_ranks(struct bench_options *options, const struct raw *raw)
{
    int code = EXIT_DONE;
    if (raw->network && !raw->simulated_ranks)
        return message_usage(COMMAND, "--network goes with --simulate-ranks");
    if (raw->simulated_ranks)
        code = bench_lists_threads("--simulate-ranks", raw->simulated_ranks, false,
                                   &options->simulated_ranks);
    if (code == EXIT_DONE && options->simulated_ranks.counts > 0 &&
        options->simulated_ranks.count[0] < 2)
        return message_usage(COMMAND, "--simulate-ranks: numbers from 2 on; one rank is measured");
    return code == EXIT_DONE ? bench_lists_network(raw->network, &options->links) : code;
}

static int take(struct bench_options *options, struct raw *raw)
{
    int code = EXIT_DONE;
    options->shape.backend = options->run.backend;
    options->shape.isa = options->run.isa;
    options->shape.model = &options->model;
    options->shape.train = &options->training.train;
    choose_threads(options);
    code = bench_network_take(options, raw->layers);
    if (code == EXIT_DONE && raw->threads)
        code = bench_lists_threads("--threads", raw->threads, true, &options->threads);
    if (code == EXIT_DONE && raw->simulated)
        code =
            bench_lists_threads("--simulate-threads", raw->simulated, false, &options->simulated);
    if (code == EXIT_DONE)
        code = take_simulated_ranks(options, raw);
    if (code == EXIT_DONE)
        code = bench_lists_scaling(raw->scaling, &options->scaling);
    return code == EXIT_DONE ? bench_options_check(options) : code;
}

static void init_measured(struct bench_options *options, struct raw *raw)
{
    const struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "layers",
         .value = &raw->layers,
         .argument = "WIDTHS",
         .help = "inputs, neurons of each hidden layer, outputs"},
        {.kind = OPTION_WHOLE,
         .name = "samples",
         .value = &options->shape.samples,
         .argument = "N",
         .limit = COUNT_MAX,
         .word = "auto",
         .help = "samples in memory; auto: the batches that hold 4096, or one"},
        {.kind = OPTION_TEXT,
         .name = "threads",
         .value = &raw->threads,
         .argument = "LIST",
         .help = "numbers of threads, such as 1,2,auto; default: 1, 2, 4, ... up to all usable "
                 "processors, and auto"},
        {.kind = OPTION_TEXT,
         .name = "simulate-threads",
         .value = &raw->simulated,
         .argument = "LIST",
         .help = "say what steps would take with so many threads on as many processors, such as "
                 "1,2,4,8,16,32,64,128, from the parts of each thread measured here"},
        {.kind = OPTION_TEXT,
         .name = "simulate-ranks",
         .value = &raw->simulated_ranks,
         .argument = "LIST",
         .help = "predict steps over so many processes on as many machines, such as "
                 "2,4,8,16,32,64,128,256, from what one of them computes, measured here"},
        {.kind = OPTION_TEXT,
         .name = "network",
         .value = &raw->network,
         .argument = "GBITS[,US]",
         .help = "Gbit/s between these machines, and the microseconds of a message (2); default: "
                 "10,25 and 25,15 and 100,2 and 400,2"},
        {.kind = OPTION_TEXT,
         .name = "scaling",
         .value = &raw->scaling,
         .argument = "strong|weak|both",
         .help = "whether the batch stays (strong) or each thread brings one (weak)"},
        {.kind = OPTION_FLAG,
         .name = "free-order",
         .value = &options->free_order,
         .help = "also measure with one shard a thread: what the fixed order of sums costs"},
        {.kind = OPTION_WHOLE,
         .name = "repetitions",
         .value = &options->repetitions,
         .argument = "N",
         .limit = REPETITIONS_MAX,
         .help = "of which the median counts"},
        {.kind = OPTION_REAL,
         .name = "seconds",
         .value = &options->seconds,
         .argument = "S",
         .high = SECONDS_MAX,
         .help = "for each figure in each repetition"},
        {.kind = OPTION_END},
    };
    _Static_assert(sizeof table == sizeof options->measured, "the table has room for every row");
    memcpy(options->measured, table, sizeof table);
}

static int parse(struct bench_options *options, struct arguments **arguments, int argc, char **argv)
{
    struct option running[] = {
        option_of_library(BP_OPTION_OF_RUNNING, "backend", &options->run),
        option_of_library(BP_OPTION_OF_RUNNING, "isa", &options->run),
        {.kind = OPTION_END},
    };
    struct option output[] = {
        option_json(&options->json),
        {.kind = OPTION_TEXT,
         .name = "plot",
         .value = &options->plot,
         .argument = "FILE.svg",
         .help = "draw speed-up and phases over the threads, or what --simulate-ranks predicts, "
                 "through gnuplot"},
        {.kind = OPTION_END},
    };
    const struct option_group groups[] = {{"Measuring:", options->measured},
                                          {"The network:", options->network.table},
                                          {"Training:", options->training.table},
                                          {"Running:", running},
                                          {"Output:", output},
                                          {NULL, NULL}};
    return arguments_parse(arguments, &help, groups, argc, argv);
}

int bench_options_parse(struct bench_options *options, struct arguments **arguments, int argc,
                        char **argv)
{
    *options = (struct bench_options){.shape = bp_bench_options_default(),
                                      .run = bp_run_options_default(),
                                      .repetitions = 5,
                                      .seconds = 0.5};
    struct raw raw = {.layers = "784-128-10", .scaling = "strong"};
    bench_network_init(options);
    init_measured(options, &raw);
    int code = parse(options, arguments, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    code = take(options, &raw);
    if (code == EXIT_DONE)
        return ARGUMENTS_GO_ON;
    arguments_free(*arguments);
    *arguments = NULL;
    return code;
}
