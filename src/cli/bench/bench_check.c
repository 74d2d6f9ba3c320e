/* Which options of `batchprop bench` go together, in a process alone and over ranks. */
#include "cli/bench/bench_options.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"
#include "cli/terminal/ranks.h"

#define COMMAND "bench"

#define COUNT_MAX 4294967295

/* What there is without ranks alone. */
static int check_alone(const struct bench_options *options)
{
    if (options->shape.backend == BP_BACKEND_SERIAL && options->threads.counts > 0 &&
        options->threads.count[options->threads.counts - 1] > 1)
        return message_usage(COMMAND,
                             "--threads: %zu threads with the serial backend: it has one; choose "
                             "pthreads or openmp",
                             options->threads.count[options->threads.counts - 1]);
    if (options->threads.counts == 0 && (options->scaling & BENCH_WEAK))
        return message_usage(COMMAND, "--scaling: a batch that grows with the threads needs a "
                                      "number of them: give one in --threads beside auto");
    if (options->threads.counts == 0 && options->free_order)
        return message_usage(COMMAND, "--free-order needs a number of threads in --threads beside "
                                      "auto");
    if (options->free_order && !(options->scaling & BENCH_STRONG))
        return message_usage(COMMAND, "--free-order goes with --scaling strong or both");
    if (options->simulated.counts > 0 && !(options->scaling & BENCH_STRONG))
        return message_usage(COMMAND, "--simulate-threads goes with --scaling strong or both");
    if (options->simulated_ranks.counts > 0 && !(options->scaling & BENCH_STRONG))
        return message_usage(COMMAND, "--simulate-ranks goes with --scaling strong or both");
    return EXIT_DONE;
}

/* Over ranks a case is a number of ranks, all with as many threads. */
static int check_ranks(const struct bench_options *options)
{
    if (options->threads.counts + options->threads.automatic != 1)
        return message_usage(COMMAND, "--threads: over ranks give one number, of the threads of "
                                      "each, or auto");
    if (options->free_order)
        return message_usage(COMMAND, "--free-order is for a process alone");
    if (options->simulated.counts > 0)
        return message_usage(COMMAND, "--simulate-threads is for a process alone");
    if (options->simulated_ranks.counts > 0)
        return message_usage(COMMAND, "--simulate-ranks is for a process alone");
    return EXIT_DONE;
}

/* In how many parts batches grow with --scaling weak, at most. */
static size_t find_most(const struct bench_options *options)
{
    const size_t ranks = bp_ranks_count(ranks_get());
    if (ranks > 1)
        return ranks;
    return options->threads.counts ? options->threads.count[options->threads.counts - 1] : 1;
}

static int check_samples(const struct bench_options *options)
{
    const bp_bench_options *shape = &options->shape;
    if (shape->samples && shape->samples < shape->batch_size)
        return message_usage(COMMAND, "--samples: %zu are fewer than a batch of %zu",
                             shape->samples, shape->batch_size);
    const size_t most = find_most(options);
    const size_t room = shape->samples ? shape->samples : COUNT_MAX;
    if ((options->scaling & BENCH_WEAK) && shape->batch_size > room / most)
        return message_usage(COMMAND,
                             "--scaling: batches of %zu on each of %zu %s are more than "
                             "%zu samples",
                             shape->batch_size, most,
                             bp_ranks_count(ranks_get()) > 1 ? "ranks" : "threads", room);
    return EXIT_DONE;
}

int bench_options_check(struct bench_options *options)
{
    const bool alone = bp_ranks_count(ranks_get()) == 1;
    int code = alone ? check_alone(options) : check_ranks(options);
    if (code == EXIT_DONE)
        code = check_samples(options);
    if (code != EXIT_DONE || !options->plot || !ranks_leads())
        return code;
    return output_check("--plot", &options->plot);
}
