/* A table of the cases, and one of what a step is made of. */
#include "cli/bench/bench_ranks_report.h"

#include "cli/bench/bench_head.h"
#include "cli/bench/bench_summary.h"
#include "cli/fields/fields.h"
#include "cli/terminal/ranks.h"

#define MEGABYTE 1e6

static void put_group(struct fields *out, const struct rank_case *one)
{
    fields_whole(out, "ranks", "ranks", one->ranks);
    fields_whole(out, "hosts", "hosts", one->hosts);
}

static void put_speed(struct fields *out, const struct rank_case *one)
{
    const double step = (double)one->info.batch_size / one->samples_per_second.median;
    put_group(out, one);
    fields_whole(out, "batch_size", "batch", one->info.batch_size);
    fields_whole(out, "shards", "shards", one->info.shards);
    summary_put(out, "samples_per_second", one->samples_per_second);
    fields_rate(out, NULL, "samples/s", one->samples_per_second.median);
    fields_rate(out, NULL, "min", one->samples_per_second.min);
    fields_rate(out, NULL, "max", one->samples_per_second.max);
    fields_real(out, "seconds_per_step", step);
    fields_digits(out, NULL, "us/step", 4, step * 1e6);
    summary_put(out, "speed_up", one->speed_up);
    fields_decimals(out, NULL, "speed-up", 2, one->speed_up.median);
    summary_put(out, "efficiency", one->efficiency);
    fields_percent(out, NULL, "efficiency", 0, one->efficiency.median);
}

static void put_parts(struct fields *out, const struct rank_case *one)
{
    fields_whole(out, NULL, "ranks", one->ranks);
    fields_whole(out, NULL, "batch", one->info.batch_size);
    fields_object(out, "part_seconds");
    for (size_t k = 0; k < PART_COUNT; k++) {
        fields_real(out, bench_part_names[k], one->part[k]);
        fields_decimals(out, NULL, bench_part_names[k], 1, one->part[k] * 1e6);
    }
    fields_close(out);
    fields_real(out, "bytes_sent", one->bytes);
    fields_decimals(out, NULL, "MB sent", 3, one->bytes / MEGABYTE);
    fields_decimals(out, NULL, "of parameters", 2,
                    one->bytes / (4.0 * (double)one->info.parameters));
    fields_real(out, "messages_sent", one->messages);
    fields_decimals(out, NULL, "messages", 1, one->messages);
}

typedef void put_case_fn(struct fields *out, const struct rank_case *one);

static void put_table(struct fields *out, const struct rank_runs *runs, enum bench_series series,
                      const char *heading, put_case_fn *put_case)
{
    fields_table(out, NULL, heading);
    for (size_t k = 0; k < runs->count; k++) {
        if (runs->cases[k].series != series)
            continue;
        fields_row(out);
        put_case(out, &runs->cases[k]);
    }
    fields_close(out);
}

static void put_tables(struct fields *out, const struct rank_runs *runs)
{
    const char *parts = "\nParts of a step, us (with the clock running); sent by a rank in a step, "
                        "MB, and in sizes of the parameters\n";
    put_table(out, runs, SERIES_STRONG, "\nStrong scaling: the batch stays\n", put_speed);
    put_table(out, runs, SERIES_STRONG, parts, put_parts);
    put_table(out, runs, SERIES_WEAK, "\nWeak scaling: each rank brings a batch\n", put_speed);
    put_table(out, runs, SERIES_WEAK, parts, put_parts);
}

/* For programs. */
static void put_results(struct fields *out, const struct rank_runs *runs)
{
    fields_table(out, "results", "");
    for (size_t k = 0; k < runs->count; k++) {
        fields_row(out);
        fields_text(out, "series", NULL,
                    runs->cases[k].series == SERIES_STRONG ? "strong" : "weak");
        put_speed(out, &runs->cases[k]);
        put_parts(out, &runs->cases[k]);
    }
    fields_close(out);
}

static void put_ranks(struct fields *out, const struct rank_runs *runs)
{
    const struct rank_case *all = &runs->cases[runs->count - 1];
    fields_whole(out, "ranks", "ranks", all->ranks);
    fields_whole(out, "hosts", NULL, all->hosts);
    fields_more(out, " on %zu host%s", all->hosts, all->hosts == 1 ? "" : "s");
    fields_whole(out, "threads", NULL, runs->fewest_threads);
    fields_whole(out, "most_threads", NULL, runs->most_threads);
    fields_more(out, ", %zu", runs->fewest_threads);
    if (runs->most_threads != runs->fewest_threads)
        fields_more(out, " to %zu", runs->most_threads);
    fields_more(out, " thread%s each", runs->most_threads == 1 ? "" : "s");
    fields_real(out, "latency_seconds", runs->latency);
    fields_real(out, "gigabits_per_second", runs->bandwidth * 8e-9);
    fields_line(out, "messages", "%.3g us one way, then %.3g Gbit/s both ways, of ranks 0 and %zu",
                runs->latency * 1e6, runs->bandwidth * 8e-9, all->ranks - 1);
}

int rank_report_print(const struct rank_runs *runs)
{
    struct fields out = fields_begin(runs->options->json, 10);
    out.output.digits = 9;
    bench_head_put(&out, runs->options, &runs->cases[0].info);
    put_ranks(&out, runs);
    if (out.json)
        put_results(&out, runs);
    else
        put_tables(&out, runs);
    return fields_end(&out);
}
