/*
 * Every repetition goes through all cases. Ranks that have no part in a case wait where all settle
 * how it went.
 */
#include "cli/bench/bench_ranks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bench/bench_summary.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/progress_bar.h"
#include "cli/terminal/ranks.h"

/* Of the time of a figure. */
#define SHARE_OF_WARM_UP 0.1
#define SHARE_OF_LINK    0.5

const char *const bench_part_names[PART_COUNT] = {"compute", "waiting", "transfer"};

static size_t count_hosts(size_t ranks)
{
    size_t hosts = 0;
    for (size_t r = 0; r < ranks; r++) {
        size_t q = 0;
        while (strcmp(bp_ranks_host(ranks_get(), q), bp_ranks_host(ranks_get(), r)) != 0)
            q++;
        hosts += q == r;
    }
    return hosts;
}

/* ---- cases ---- */

/* As many threads as the library gives this rank when all of them train; the same in all cases. */
static int find_threads(struct rank_runs *runs, size_t *threads)
{
    const struct bench_threads *asked = &runs->options->threads;
    bp_train_options train = bp_train_options_default();
    bp_bench_options options = bp_bench_options_default();
    bp_bench *bench = NULL;
    bp_error error;
    train.ranks = ranks_get();
    options.layers = options.widths[0] = options.widths[1] = options.batch_size = 1;
    options.samples = 1;
    options.backend = runs->options->shape.backend;
    options.threads = asked->counts ? asked->count[0] : 0;
    options.train = &train;
    if (bp_bench_create(&bench, &options, &error) != BP_OK)
        return message_error(&error);
    *threads = bp_bench_get_info(bench).threads;
    bp_bench_free(bench);
    return EXIT_DONE;
}

static int compare_threads(struct rank_runs *runs, size_t threads)
{
    const size_t count = bp_ranks_count(ranks_get());
    size_t *all = calloc(count, sizeof *all);
    const int code = ranks_settle(all ? EXIT_DONE : message_no_memory());
    if (code == EXIT_DONE) {
        bp_ranks_gather(ranks_get(), &threads, all, sizeof threads);
        runs->fewest_threads = runs->most_threads = all[0];
        for (size_t r = 1; r < count; r++) {
            runs->fewest_threads = all[r] < runs->fewest_threads ? all[r] : runs->fewest_threads;
            runs->most_threads = all[r] > runs->most_threads ? all[r] : runs->most_threads;
        }
    }
    free(all);
    return code;
}

static int allocate_case(const struct rank_runs *runs, struct rank_case *made)
{
    made->speed = calloc(runs->options->repetitions, sizeof *made->speed);
    made->step = calloc(made->ranks, sizeof *made->step);
    return made->speed && made->step ? EXIT_DONE : message_no_memory();
}

static int fill_case(const struct rank_runs *runs, struct rank_case *made, size_t threads)
{
    bp_train_options train = runs->options->training.train;
    bp_bench_options shape = runs->options->shape;
    bp_error error;
    if (!made->group)
        return EXIT_DONE;
    train.ranks = made->group;
    shape.train = &train;
    shape.threads = threads;
    if (made->series == SERIES_WEAK)
        shape.batch_size *= made->ranks;
    if (bp_bench_create(&made->bench, &shape, &error) != BP_OK)
        return message_error(&error);
    made->info = bp_bench_get_info(made->bench);
    return EXIT_DONE;
}

static int make_case(struct rank_runs *runs, enum bench_series series, size_t ranks, size_t threads)
{
    struct rank_case *made = &runs->cases[runs->count++];
    bp_error error;
    *made = (struct rank_case){.series = series, .ranks = ranks, .hosts = count_hosts(ranks)};
    if (bp_ranks_first(&made->group, ranks_get(), ranks, &error) != BP_OK)
        return message_error(&error);
    const int code = ranks_settle(allocate_case(runs, made));
    return code == EXIT_DONE ? ranks_settle(fill_case(runs, made, threads)) : code;
}

/* 1, 2, 4, ... ranks, and all. */
static int make_series(struct rank_runs *runs, enum bench_series series, size_t threads)
{
    const size_t all = bp_ranks_count(ranks_get()), first = runs->count;
    int code = EXIT_DONE;
    for (size_t ranks = 1; ranks < all && code == EXIT_DONE; ranks *= 2) {
        code = make_case(runs, series, ranks, threads);
        runs->cases[runs->count - 1].base = first;
    }
    if (code == EXIT_DONE)
        code = make_case(runs, series, all, threads);
    runs->cases[runs->count - 1].base = first;
    return code;
}

static int make_cases(struct rank_runs *runs)
{
    size_t threads = 0;
    runs->cases = calloc(2 * (8 * sizeof(size_t) + 1), sizeof *runs->cases);
    int code = ranks_settle(runs->cases ? EXIT_DONE : message_no_memory());
    if (code == EXIT_DONE)
        code = ranks_settle(find_threads(runs, &threads));
    if (code == EXIT_DONE)
        code = compare_threads(runs, threads);
    if (code == EXIT_DONE && (runs->options->scaling & BENCH_STRONG))
        code = make_series(runs, SERIES_STRONG, threads);
    if (code == EXIT_DONE && (runs->options->scaling & BENCH_WEAK))
        code = make_series(runs, SERIES_WEAK, threads);
    return code;
}

/* ---- measuring ---- */

static void add_parts(struct rank_case *one)
{
    double longest = 0.0, compute = 0.0, seconds = 0.0;
    const struct rank_step *step = one->step;
    for (size_t r = 0; r < one->ranks; r++) {
        const double own = step[r].seconds - step[r].transfer;
        longest = fmax(longest, own);
        compute += own / (double)one->ranks;
        seconds += step[r].seconds / (double)one->ranks;
        one->bytes = fmax(one->bytes, step[r].bytes);
        one->messages = fmax(one->messages, step[r].messages);
    }
    one->part[PART_COMPUTE] = compute;
    one->part[PART_WAITING] = longest - compute;
    one->part[PART_TRANSFER] = seconds - longest;
}

/* Warms up, and takes the parts: with the clock in the way, so that no other figure comes from
 * this run. */
static int measure_parts(struct rank_case *one, double seconds)
{
    bp_bench_result result = {0};
    bp_error error;
    if (!one->group)
        return EXIT_DONE;
    bp_status status = bp_bench_run(one->bench, seconds * SHARE_OF_WARM_UP, false, &result, &error);
    if (status == BP_OK)
        status = bp_bench_run(one->bench, seconds, true, &result, &error);
    if (status != BP_OK)
        return message_error(&error);
    const double steps = (double)result.steps;
    const struct rank_step own = {.seconds = result.seconds / steps,
                                  .transfer = result.transfer / steps,
                                  .bytes = result.bytes_sent,
                                  .messages = result.messages_sent};
    bp_ranks_gather(one->group, &own, one->step, sizeof own);
    add_parts(one);
    return EXIT_DONE;
}

static int measure_speed(struct rank_case *one, size_t repetition, double seconds)
{
    bp_bench_result result = {0};
    bp_error error;
    if (one->group && bp_bench_run(one->bench, seconds, false, &result, &error) != BP_OK)
        return message_error(&error);
    one->speed[repetition] = result.samples_per_second;
    return EXIT_DONE;
}

static int measure_link(struct rank_runs *runs)
{
    bp_error error;
    if (bp_bench_link(ranks_get(), runs->options->seconds * SHARE_OF_LINK, &runs->latency,
                      &runs->bandwidth, &error) != BP_OK)
        return message_error(&error);
    return EXIT_DONE;
}

static void show(struct progress_bar *bar, const struct rank_runs *runs, size_t repetition,
                 size_t k)
{
    const struct rank_case *now = &runs->cases[k];
    char text[128];
    snprintf(text, sizeof text, "%s %zu of %zu: %zu rank%s%s", repetition ? "repetition" : "parts",
             repetition ? repetition : k + 1, repetition ? runs->options->repetitions : runs->count,
             now->ranks, now->ranks == 1 ? "" : "s",
             now->series == SERIES_WEAK ? ", batch grows" : "");
    progress_bar_say(bar, text);
}

static int measure_all(struct rank_runs *runs)
{
    const struct bench_options *options = runs->options;
    struct progress_bar bar = {0};
    if (ranks_leads())
        bar = progress_bar_start();
    int code = ranks_settle(measure_link(runs));
    for (size_t k = 0; k < runs->count && code == EXIT_DONE; k++) {
        show(&bar, runs, 0, k);
        code = ranks_settle(measure_parts(&runs->cases[k], options->seconds));
    }
    for (size_t r = 0; r < options->repetitions && code == EXIT_DONE; r++) {
        for (size_t k = 0; k < runs->count && code == EXIT_DONE; k++) {
            show(&bar, runs, r + 1, k);
            code = ranks_settle(measure_speed(&runs->cases[k], r, options->seconds));
        }
    }
    progress_bar_clear(&bar);
    return code;
}

static int summarize(struct rank_runs *runs)
{
    const size_t count = runs->options->repetitions;
    double *scratch = calloc(count, sizeof *scratch);
    if (!scratch)
        return message_no_memory();
    for (size_t k = 0; k < runs->count; k++) {
        struct rank_case *one = &runs->cases[k];
        const double *base = runs->cases[one->base].speed;
        one->samples_per_second = summary_of_ratio(1, one->speed, NULL, count, scratch);
        one->speed_up = summary_of_ratio(1, one->speed, base, count, scratch);
        one->efficiency =
            summary_of_ratio(1 / (double)one->ranks, one->speed, base, count, scratch);
    }
    free(scratch);
    return EXIT_DONE;
}

int rank_runs_make(struct rank_runs *runs, const struct bench_options *options)
{
    *runs = (struct rank_runs){.options = options};
    int code = make_cases(runs);
    if (code == EXIT_DONE)
        code = measure_all(runs);
    return code == EXIT_DONE ? ranks_settle(ranks_leads() ? summarize(runs) : EXIT_DONE) : code;
}

void rank_runs_free(struct rank_runs *runs)
{
    for (size_t k = 0; k < runs->count; k++) {
        bp_bench_free(runs->cases[k].bench);
        free(runs->cases[k].speed);
        free(runs->cases[k].step);
        bp_ranks_close(runs->cases[k].group);
    }
    free(runs->cases);
}
