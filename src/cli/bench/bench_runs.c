/*
 * Every repetition goes through all cases, and each is measured between two looks at the peak of
 * its own threads: what a busy machine does to one figure of a ratio it does to the other.
 */
#include "cli/bench/bench_runs.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/fields/phases.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/progress_bar.h"

/* Of the time of a figure; the peak is steady. */
#define SHARE_OF_PEAK    0.1
#define SHARE_OF_WARM_UP 0.1

static int make_case(struct bench_runs *runs, enum bench_series series, size_t threads)
{
    const struct bench_options *options = runs->options;
    struct bench_case *made = &runs->cases[runs->count++];
    bp_bench_options shape = options->shape;
    bp_error error;
    shape.threads = threads;
    if (series == SERIES_WEAK)
        shape.batch_size *= threads;
    if (series == SERIES_FREE)
        shape.shard_size = (shape.batch_size + threads - 1) / threads;
    *made = (struct bench_case){
        .series = series,
        .automatic = threads == 0,
        .speed = calloc(options->repetitions, sizeof *made->speed),
        .peak = calloc(options->repetitions, sizeof *made->peak),
    };
    if (!made->speed || !made->peak)
        return message_no_memory();
    if (bp_bench_create(&made->bench, &shape, &error) != BP_OK)
        return message_error(&error);
    made->info = bp_bench_get_info(made->bench);
    made->work = bp_bench_get_work(made->bench);
    return EXIT_DONE;
}

/* A case for each fixed number of threads; SERIES_FREE goes by those of SERIES_STRONG. */
static int make_series(struct bench_runs *runs, enum bench_series series)
{
    const struct bench_options *options = runs->options;
    const size_t first = runs->count;
    int code = EXIT_DONE;
    for (size_t k = 0; k < options->threads.counts && code == EXIT_DONE; k++) {
        code = make_case(runs, series, options->threads.count[k]);
        runs->cases[first + k].base = series == SERIES_FREE ? k : first;
    }
    return code;
}

/* SERIES_STRONG comes first, which bases of SERIES_FREE rely on. */
static int make_cases(struct bench_runs *runs)
{
    const struct bench_options *options = runs->options;
    const size_t most = SERIES_COUNT * options->threads.counts + 1;
    runs->cases = calloc(most, sizeof *runs->cases);
    if (!runs->cases)
        return message_no_memory();
    int code = EXIT_DONE;
    if (options->scaling & BENCH_STRONG) {
        code = make_series(runs, SERIES_STRONG);
        if (code == EXIT_DONE && options->threads.automatic)
            code = make_case(runs, SERIES_STRONG, 0);
    }
    if (code == EXIT_DONE && (options->scaling & BENCH_WEAK))
        code = make_series(runs, SERIES_WEAK);
    if (code == EXIT_DONE && options->free_order)
        code = make_series(runs, SERIES_FREE);
    return code;
}

static bp_status measure_case(struct bench_case *measured, size_t repetition, double seconds,
                              bp_error *error)
{
    double before = 0, after = 0;
    bp_bench_result result = {0};
    bp_status status = bp_bench_peak(measured->bench, seconds * SHARE_OF_PEAK / 2, &before, error);
    if (status == BP_OK)
        status = bp_bench_run(measured->bench, seconds, false, &result, error);
    if (status == BP_OK)
        status = bp_bench_peak(measured->bench, seconds * SHARE_OF_PEAK / 2, &after, error);
    measured->speed[repetition] = result.samples_per_second;
    measured->peak[repetition] = (before + after) / 2;
    return status;
}

/* Warms up, and takes the phases: with the clock in the way, so that no other figure comes from
 * this run. */
static bp_status measure_phases(struct bench_case *measured, double seconds, bp_error *error)
{
    double before = 0, after = 0;
    bp_bench_result result = {0};
    bp_status status =
        bp_bench_run(measured->bench, seconds * SHARE_OF_WARM_UP, false, &result, error);
    if (status == BP_OK)
        status = bp_bench_peak(measured->bench, seconds * SHARE_OF_PEAK / 2, &before, error);
    if (status == BP_OK)
        status = bp_bench_run(measured->bench, seconds, true, &result, error);
    if (status == BP_OK)
        status = bp_bench_peak(measured->bench, seconds * SHARE_OF_PEAK / 2, &after, error);
    if (status != BP_OK)
        return status;
    measured->phases_peak = (before + after) / 2;
    const bp_phases *sums = &result.phases;
    double parts[PHASES];
    const double all = phases_list(sums, parts);
    const double share = all > 0 ? result.seconds / (double)result.steps / all : 0;
    measured->phases = (bp_phases){
        .gather = sums->gather * share,
        .forward = sums->forward * share,
        .delta = sums->delta * share,
        .gradient = sums->gradient * share,
        .reduce = sums->reduce * share,
        .update = sums->update * share,
        .waiting = sums->waiting * share,
    };
    return BP_OK;
}

static void show(struct progress_bar *bar, const struct bench_runs *runs, size_t repetition,
                 size_t k)
{
    const struct bench_case *now = &runs->cases[k];
    static const char *const series[] = {"", ", batch grows", ", free order"};
    char text[128];
    snprintf(text, sizeof text, "%s %zu of %zu: %zu thread%s%s%s",
             repetition ? "repetition" : "phases", repetition ? repetition : k + 1,
             repetition ? runs->options->repetitions : runs->count, now->info.threads,
             now->info.threads == 1 ? "" : "s", now->automatic ? " (auto)" : "",
             series[now->series]);
    progress_bar_say(bar, text);
}

static int measure_all(struct bench_runs *runs)
{
    const struct bench_options *options = runs->options;
    struct progress_bar bar = progress_bar_start();
    bp_error error;
    bp_status status = BP_OK;
    for (size_t k = 0; k < runs->count && status == BP_OK; k++) {
        show(&bar, runs, 0, k);
        status = measure_phases(&runs->cases[k], options->seconds, &error);
    }
    for (size_t r = 0; r < options->repetitions && status == BP_OK; r++) {
        for (size_t k = 0; k < runs->count && status == BP_OK; k++) {
            show(&bar, runs, r + 1, k);
            status = measure_case(&runs->cases[k], r, options->seconds, &error);
        }
    }
    progress_bar_clear(&bar);
    return status == BP_OK ? EXIT_DONE : message_error(&error);
}

int bench_runs_make(struct bench_runs *runs, const struct bench_options *options)
{
    *runs = (struct bench_runs){.options = options};
    int code = make_cases(runs);
    return code == EXIT_DONE ? measure_all(runs) : code;
}

void bench_runs_free(struct bench_runs *runs)
{
    for (size_t k = 0; k < runs->count; k++) {
        bp_bench_free(runs->cases[k].bench);
        free(runs->cases[k].speed);
        free(runs->cases[k].peak);
    }
    free(runs->cases);
}
