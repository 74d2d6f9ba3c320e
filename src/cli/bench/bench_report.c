/* Measurements as lists of fields: an object a case for programs, some tables of the cases for
 * people. */
#include "cli/bench/bench_report.h"

#include "cli/bench/bench_head.h"
#include "cli/bench/bench_rates.h"
#include "cli/bench/bench_simulation_report.h"
#include "cli/bench/bench_summary.h"
#include "cli/fields/fields.h"
#include "cli/fields/phases.h"
#include "cli/terminal/numbers.h"

#define MEGABYTE 1e6

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* ---- the fields of a case ---- */

static void put_threads(struct fields *out, const struct bench_case *one)
{
    fields_line(out, "threads", one->automatic ? "auto: %zu" : "%zu", one->info.threads);
    fields_flag(out, "auto", one->automatic);
    fields_whole(out, "threads", NULL, one->info.threads);
    fields_text(out, "threads_reason", NULL, one->info.threads_reason);
    fields_choice(out, "plan", "plan", BP_CHOICE_PLAN, (int)one->info.plan);
    fields_choice(out, "backend", NULL, BP_CHOICE_BACKEND, (int)one->info.backend);
}

/* For people. */
static void put_microseconds(struct fields *out, double seconds)
{
    if (seconds < 1e-3)
        fields_digits(out, NULL, "us/step", 3, seconds * 1e6);
    else
        fields_rate(out, NULL, "us/step", seconds * 1e6);
}

static void put_speed(struct fields *out, const struct bench_runs *runs,
                      const struct bench_case *one)
{
    const double step = (double)one->info.batch_size / one->samples_per_second.median;
    fields_whole(out, "batch_size", "batch", one->info.batch_size);
    summary_put(out, "samples_per_second", one->samples_per_second);
    fields_rate(out, NULL, "samples/s", one->samples_per_second.median);
    fields_rate(out, NULL, "min", one->samples_per_second.min);
    fields_rate(out, NULL, "max", one->samples_per_second.max);
    fields_real(out, "seconds_per_step", step);
    put_microseconds(out, step);
    summary_put(out, "gflops", one->gflops);
    fields_decimals(out, NULL, "GFLOP/s", 1, one->gflops.median);
    fields_whole(out, "peak_failed", NULL, one->peak_failed);
    summary_put(out, "peak_gflops", one->peak_gflops);
    summary_put(out, "share_of_peak", one->share_of_peak);
    fields_percent(out, NULL, "of peak", 1, one->share_of_peak.median);
    fields_whole(out, "base_threads", NULL, runs->cases[one->base].info.threads);
    summary_put(out, "speed_up", one->speed_up);
    fields_decimals(out, NULL, "speed-up", 2, one->speed_up.median);
    summary_put(out, "efficiency", one->efficiency);
    fields_percent(out, NULL, "efficiency", 0, one->efficiency.median);
}

static void put_phases(struct fields *out, const struct bench_runs *runs,
                       const struct bench_case *one)
{
    (void)runs;
    double seconds[PHASES];
    const double sum = phases_list(&one->phases, seconds);
    fields_whole(out, NULL, "batch", one->info.batch_size);
    fields_object(out, "phase_seconds");
    for (size_t i = 0; i < PHASES; i++) {
        fields_real(out, phase_names[i], seconds[i]);
        fields_decimals(out, NULL, phase_names[i], 1, sum > 0 ? seconds[i] / sum * 100 : 0.0);
    }
    fields_close(out);
    put_microseconds(out, sum);
}

static void put_bytes(struct fields *out, const char *name, size_t bytes)
{
    fields_whole(out, name, NULL, bytes);
    fields_decimals(out, NULL, name, 3, (double)bytes / MEGABYTE);
}

static void put_memory(struct fields *out, const struct bench_runs *runs,
                       const struct bench_case *one)
{
    (void)runs;
    const bp_bench_info *info = &one->info;
    const size_t all =
        info->data_bytes + info->parameter_bytes + info->gradient_bytes + info->workspace_bytes;
    fields_whole(out, NULL, "batch", info->batch_size);
    fields_object(out, "memory_bytes");
    put_bytes(out, "data", info->data_bytes);
    put_bytes(out, "parameters", info->parameter_bytes);
    put_bytes(out, "gradients", info->gradient_bytes);
    put_bytes(out, "workspaces", info->workspace_bytes);
    fields_decimals(out, NULL, "together", 3, (double)all / MEGABYTE);
    put_bytes(out, "limit", info->memory_limit);
    fields_close(out);
}

/* For people. */
static void put_free_order(struct fields *out, const struct bench_runs *runs,
                           const struct bench_case *one)
{
    const struct bench_case *fixed = &runs->cases[one->base];
    fields_whole(out, NULL, "shards", fixed->info.shards);
    fields_rate(out, NULL, "samples/s", fixed->samples_per_second.median);
    fields_whole(out, NULL, "free: shards", one->info.shards);
    fields_rate(out, NULL, "samples/s", one->samples_per_second.median);
    /* One shard a thread may be what the fixed order has. */
    if (one->info.shards == fixed->info.shards)
        fields_line(out, "fixed takes longer by", "the same step");
    else
        fields_percent(out, NULL, "fixed takes longer by", 1, one->speed_up.median - 1);
}

/* ---- for people: tables of a series ---- */

typedef void put_case_fn(struct fields *out, const struct bench_runs *runs,
                         const struct bench_case *one);

static void put_table(struct fields *out, const struct bench_runs *runs, enum bench_series series,
                      const char *heading, put_case_fn *put_case)
{
    fields_table(out, NULL, heading);
    for (size_t k = 0; k < runs->count; k++) {
        if (runs->cases[k].series != series)
            continue;
        fields_row(out);
        put_threads(out, &runs->cases[k]);
        put_case(out, runs, &runs->cases[k]);
    }
    fields_close(out);
}

/* The case of auto, and why it has its threads. */
static void say_automatic(struct fields *out, const struct bench_runs *runs)
{
    for (size_t k = 0; k < runs->count; k++) {
        const struct bench_case *one = &runs->cases[k];
        if (!one->automatic)
            continue;
        fields_say(out, "auto: %zu (%s)", one->info.threads, one->info.threads_reason);
        if (runs->has_best)
            fields_say(out, "; %.2f of the best fixed number, %zu", runs->auto_over_best.median,
                       runs->cases[runs->best].info.threads);
        fields_say(out, "\n");
    }
}

/* Which peaks were measured too low, where there are any. */
static void say_failed_peaks(struct fields *out, const struct bench_runs *runs,
                             enum bench_series series)
{
    for (size_t k = 0; k < runs->count; k++) {
        const struct bench_case *one = &runs->cases[k];
        if (one->series == series && one->peak_failed > 0)
            fields_say(
                out,
                "%zu thread%s: in %zu of %zu repetitions the measurement of the peak failed: "
                "the step did more than the peak beside it; they do not count\n",
                one->info.threads, plural(one->info.threads), one->peak_failed,
                runs->options->repetitions);
    }
}

static void put_tables(struct fields *out, const struct bench_runs *runs)
{
    const struct bench_options *options = runs->options;
    const enum bench_series first = runs->cases[0].series;
    if (options->scaling & BENCH_STRONG) {
        put_table(out, runs, SERIES_STRONG, "\nStrong scaling: the batch stays\n", put_speed);
        say_automatic(out, runs);
        say_failed_peaks(out, runs, SERIES_STRONG);
    }
    if (options->scaling & BENCH_WEAK) {
        put_table(out, runs, SERIES_WEAK, "\nWeak scaling: each thread brings a batch\n",
                  put_speed);
        say_failed_peaks(out, runs, SERIES_WEAK);
    }
    if (options->free_order)
        put_table(out, runs, SERIES_FREE, "\nSums in a fixed order against one shard a thread\n",
                  put_free_order);
    put_table(out, runs, first,
              "\nParts of a step, % of the time of its threads (with the clock running)\n",
              put_phases);
    put_table(out, runs, first,
              "\nRates of the parts: GFLOP/s and share of peak; GB/s of what has to be read and "
              "written\n",
              bench_rates_put);
    put_table(out, runs, first,
              "\nMemory, MB (limit: data + (threads + 4) x parameters + L2 caches)\n", put_memory);
}

/* ---- for programs ---- */

static void put_results(struct fields *out, const struct bench_runs *runs)
{
    static const char *const series[] = {"strong", "weak", "free"};
    fields_table(out, "results", "");
    for (size_t k = 0; k < runs->count; k++) {
        const struct bench_case *one = &runs->cases[k];
        fields_row(out);
        fields_text(out, "series", NULL, series[one->series]);
        put_threads(out, one);
        fields_whole(out, "shards", NULL, one->info.shards);
        put_speed(out, runs, one);
        put_phases(out, runs, one);
        bench_rates_put(out, runs, one);
        put_memory(out, runs, one);
    }
    fields_close(out);
    if (!runs->has_best) {
        fields_null(out, "auto_over_best");
        return;
    }
    fields_object(out, "auto_over_best");
    summary_put(out, "ratio", runs->auto_over_best);
    fields_whole(out, "best_threads", NULL, runs->cases[runs->best].info.threads);
    fields_close(out);
}

int bench_report_print(const struct bench_runs *runs, const struct bench_simulation *simulation,
                       const struct rank_model *model)
{
    struct fields out = fields_begin(runs->options->json, 10);
    out.output.digits = 9;
    out.none = "failed"; /* a share of a peak that was not measured well */
    bench_head_put(&out, runs->options, &runs->cases[0].info);
    if (out.json)
        put_results(&out, runs);
    else
        put_tables(&out, runs);
    bench_simulation_put(&out, simulation, runs);
    rank_model_put(&out, model, runs);
    return fields_end(&out);
}
