/* The tables for people. */
#include <assert.h>
#include <stdio.h>

#include "cli/bench/bench_report.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/text_table.h"

#define MEGABYTE 1e6

static void print_head(const struct bench_runs *runs)
{
    const bp_bench_options *shape = &runs->options->shape;
    const bp_bench_info *info = &runs->cases[0].info;
    char text[NUMBER_TEXT_SIZE];
    printf("network   ");
    for (size_t l = 0; l <= shape->layers; l++)
        printf("%s%zu", l ? " - " : "", shape->widths[l]);
    printf(", %s parameters", number_group((double)info->parameters, text));
    printf(", %s operations a sample\n", number_group(info->operations, text));
    printf("batch     %s samples", number_group((double)shape->batch_size, text));
    printf(" of %s in memory\n", number_group((double)info->samples, text));
    printf("kernels   %s; %zu usable processor%s\n", bp_choice_name(BP_CHOICE_ISA, (int)info->isa),
           bp_usable_processors(), bp_usable_processors() == 1 ? "" : "s");
    printf("figures   medians of %zu repetition%s of %g s\n", runs->options->repetitions,
           runs->options->repetitions == 1 ? "" : "s", runs->options->seconds);
}

static void add_threads(struct text_table *table, const struct bench_case *one)
{
    text_table_add(table, one->automatic ? "auto: %zu" : "%zu", one->info.threads);
}

static void add_microseconds(struct text_table *table, double seconds)
{
    char text[NUMBER_TEXT_SIZE];
    if (seconds < 1e-3)
        text_table_add(table, "%.3g", seconds * 1e6);
    else
        text_table_add(table, "%s", number_group(seconds * 1e6, text));
}

/* A table of numbers with its heads in place, or NULL. */
#define START_TABLE(heads) start_table((heads), sizeof(heads) / sizeof(heads)[0])

static struct text_table *start_table(const char *const *heads, size_t columns)
{
    static const char right[] = "rrrrrrrrrr";
    assert(columns < sizeof right);
    struct text_table *table = text_table_create(right + sizeof right - 1 - columns);
    for (size_t i = 0; table && i < columns; i++)
        text_table_add(table, "%s", heads[i]);
    return table;
}

/* Prints and frees a table. */
static int finish(struct text_table *table, const char *title)
{
    printf("\n%s\n", title);
    const bool printed = text_table_print(table);
    text_table_free(table);
    return printed ? EXIT_DONE : message_no_memory();
}

static int print_speed(const struct bench_runs *runs, enum bench_series series, const char *title)
{
    static const char *const heads[] = {"threads",  "batch",     "samples/s", "least",
                                        "greatest", "us/step",   "GFLOP/s",   "of peak",
                                        "speed-up", "efficiency"};
    struct text_table *table = START_TABLE(heads);
    if (!table)
        return message_no_memory();
    for (size_t k = 0; k < runs->count; k++) {
        const struct bench_case *one = &runs->cases[k];
        char text[NUMBER_TEXT_SIZE];
        if (one->series != series)
            continue;
        add_threads(table, one);
        text_table_add(table, "%zu", one->info.batch_size);
        text_table_add(table, "%s", number_group(one->samples_per_second.median, text));
        text_table_add(table, "%s", number_group(one->samples_per_second.least, text));
        text_table_add(table, "%s", number_group(one->samples_per_second.greatest, text));
        add_microseconds(table, (double)one->info.batch_size / one->samples_per_second.median);
        text_table_add(table, "%.1f", one->gflops.median);
        text_table_add(table, "%.1f %%", one->share_of_peak.median * 100);
        text_table_add(table, "%.2f", one->speed_up.median);
        text_table_add(table, "%.0f %%", one->efficiency.median * 100);
    }
    return finish(table, title);
}

static int print_phases(const struct bench_runs *runs)
{
    static const char *const heads[] = {"threads",  "batch",  "gather", "forward", "delta",
                                        "gradient", "reduce", "update", "waiting", "us/step"};
    struct text_table *table = START_TABLE(heads);
    if (!table)
        return message_no_memory();
    for (size_t k = 0; k < runs->count; k++) {
        const struct bench_case *one = &runs->cases[k];
        const bp_phases *p = &one->phases;
        const double parts[] = {p->gather, p->forward, p->delta,  p->gradient,
                                p->reduce, p->update,  p->waiting};
        const size_t count = sizeof parts / sizeof parts[0];
        if (one->series != runs->cases[0].series)
            continue;
        double sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += parts[i];
        add_threads(table, one);
        text_table_add(table, "%zu", one->info.batch_size);
        for (size_t i = 0; i < count; i++)
            text_table_add(table, "%.1f", sum > 0 ? parts[i] / sum * 100 : 0.0);
        add_microseconds(table, sum);
    }
    return finish(table, "Parts of a step, % of the time of its threads (with the clock running)");
}

static int print_memory(const struct bench_runs *runs)
{
    static const char *const heads[] = {"threads",   "batch",      "data",     "parameters",
                                        "gradients", "workspaces", "together", "limit"};
    struct text_table *table = START_TABLE(heads);
    if (!table)
        return message_no_memory();
    for (size_t k = 0; k < runs->count; k++) {
        const struct bench_case *one = &runs->cases[k];
        const bp_bench_info *info = &one->info;
        if (one->series != runs->cases[0].series)
            continue;
        const size_t all =
            info->data_bytes + info->parameter_bytes + info->gradient_bytes + info->workspace_bytes;
        add_threads(table, one);
        text_table_add(table, "%zu", info->batch_size);
        text_table_add(table, "%.3f", (double)info->data_bytes / MEGABYTE);
        text_table_add(table, "%.3f", (double)info->parameter_bytes / MEGABYTE);
        text_table_add(table, "%.3f", (double)info->gradient_bytes / MEGABYTE);
        text_table_add(table, "%.3f", (double)info->workspace_bytes / MEGABYTE);
        text_table_add(table, "%.3f", (double)all / MEGABYTE);
        text_table_add(table, "%.3f", (double)info->memory_limit / MEGABYTE);
    }
    return finish(table, "Memory, MB (limit: data + (threads + 4) x parameters + L2 caches)");
}

static int print_free_order(const struct bench_runs *runs)
{
    static const char *const heads[] = {"threads",      "shards",    "samples/s",
                                        "free: shards", "samples/s", "fixed takes longer by"};
    struct text_table *table = START_TABLE(heads);
    if (!table)
        return message_no_memory();
    for (size_t k = 0; k < runs->count; k++) {
        const struct bench_case *one = &runs->cases[k];
        char text[NUMBER_TEXT_SIZE];
        if (one->series != SERIES_FREE)
            continue;
        const struct bench_case *fixed = &runs->cases[one->base];
        add_threads(table, one);
        text_table_add(table, "%zu", fixed->info.shards);
        text_table_add(table, "%s", number_group(fixed->samples_per_second.median, text));
        text_table_add(table, "%zu", one->info.shards);
        text_table_add(table, "%s", number_group(one->samples_per_second.median, text));
        text_table_add(table, "%.1f %%", (one->speed_up.median - 1) * 100);
    }
    return finish(table, "Sums in a fixed order against one shard a thread");
}

/* The case of auto, and why it has its threads. */
static void print_automatic(const struct bench_runs *runs)
{
    for (size_t k = 0; k < runs->count; k++) {
        const struct bench_case *one = &runs->cases[k];
        if (!one->automatic)
            continue;
        printf("auto: %zu (%s)", one->info.threads, one->info.threads_reason);
        if (runs->has_best)
            printf("; %.2f of the best fixed number, %zu", runs->auto_over_best.median,
                   runs->cases[runs->best].info.threads);
        putchar('\n');
    }
}

int bench_report_print_text(const struct bench_runs *runs)
{
    const struct bench_options *options = runs->options;
    int code = EXIT_DONE;
    print_head(runs);
    if (options->scaling & BENCH_STRONG) {
        code = print_speed(runs, SERIES_STRONG, "Strong scaling: the batch stays");
        print_automatic(runs);
    }
    if (code == EXIT_DONE && (options->scaling & BENCH_WEAK))
        code = print_speed(runs, SERIES_WEAK, "Weak scaling: each thread brings a batch");
    if (code == EXIT_DONE && options->free_order)
        code = print_free_order(runs);
    if (code == EXIT_DONE)
        code = print_phases(runs);
    return code == EXIT_DONE ? print_memory(runs) : code;
}
