/* Speed-up on the left, parts of a step on the right. */
#include "cli/bench/bench_ranks_plot.h"

#include "cli/bench/bench_script.h"

static const char *const colours[PART_COUNT] = {"#0072b2", "#f0e442", "#d55e00"};

static void put_series(FILE *script, const struct rank_runs *runs, enum bench_series series,
                       const char *name)
{
    fprintf(script, "$%s << END\n", name);
    for (size_t k = 0; k < runs->count; k++) {
        const struct rank_case *one = &runs->cases[k];
        if (one->series == series)
            bench_script_put_row(script, one->ranks, &one->speed_up);
    }
    fputs("END\n", script);
}

/* Of the first series; returns how many rows there are. */
static size_t put_parts(FILE *script, const struct rank_runs *runs)
{
    size_t rows = 0;
    fputs("$parts << END\n", script);
    for (size_t k = 0; k < runs->count && runs->cases[k].series == runs->cases[0].series; k++) {
        fprintf(script, "%zu", runs->cases[k].ranks);
        for (size_t p = 0; p < PART_COUNT; p++)
            fprintf(script, " %.6g", runs->cases[k].part[p] * 1e3);
        fputc('\n', script);
        rows++;
    }
    fputs("END\n", script);
    return rows;
}

static void write_title(FILE *script, const struct rank_runs *runs)
{
    bench_script_begin_title(script, runs->options, &runs->cases[0].info);
    fprintf(script, "%zu thread%s a rank, %.3g us and %.3g Gbit/s between them\"\n",
            runs->most_threads, runs->most_threads == 1 ? "" : "s", runs->latency * 1e6,
            runs->bandwidth * 8e-9);
}

static void write_speed_up(FILE *script, const struct rank_runs *runs)
{
    const size_t most = runs->cases[runs->count - 1].ranks;
    fprintf(script,
            "set xlabel \"ranks\"\nset ylabel \"speed-up over 1 rank\"\n"
            "set key top left reverse Left opaque\nset grid\nset logscale xy 2\n"
            "set xrange [0.8:%g]\nset yrange [*:%g]\n"
            "plot x with lines dashtype 2 linewidth 2 linecolor \"#999999\" title \"ideal\"",
            (double)most * 1.25, (double)most * 3);
    if (runs->options->scaling & BENCH_STRONG)
        bench_script_put_curve(script, "$strong", CURVE_STRONG, COLOUR_STRONG, "the batch stays");
    if (runs->options->scaling & BENCH_WEAK)
        bench_script_put_curve(script, "$weak", CURVE_WEAK, COLOUR_WEAK,
                               "each rank brings a batch");
    fputc('\n', script);
}

static void write_script(FILE *script, const void *what)
{
    const struct rank_runs *runs = what;
    put_series(script, runs, SERIES_STRONG, "strong");
    put_series(script, runs, SERIES_WEAK, "weak");
    const size_t rows = put_parts(script, runs);
    write_title(script, runs);
    write_speed_up(script, runs);
    bench_script_put_bars(script, &(struct bench_bars){.block = "$parts",
                                                       .axis = "a step, ms",
                                                       .most = "*",
                                                       .colours = colours,
                                                       .names = bench_part_names,
                                                       .parts = PART_COUNT,
                                                       .rows = rows});
}

int rank_plot_write(const struct rank_runs *runs)
{
    return bench_script_draw(runs->options->plot, write_script, runs);
}
