/* Speed-up on the left, phases on the right. */
#include "cli/bench/bench_plot.h"

#include <math.h>
#include <stdio.h>

#include "cli/bench/bench_plot_data.h"
#include "cli/bench/bench_script.h"
#include "cli/fields/phases.h"
#include "cli/terminal/numbers.h"

/* Above this ratio of the largest to the smallest number of threads, axes are logarithmic. */
#define LINEAR_RANGE 8

#define CURVE_SIMULATED "linespoints linewidth 1 dashtype 3"

/* Of the phases, in the order of phase_names. */
static const char *const colours[PHASES] = {"#999999", "#56b4e9", "#009e73", "#0072b2",
                                            "#e69f00", "#d55e00", "#f0e442"};

static bool has_series(const struct bench_runs *runs, enum bench_series series)
{
    for (size_t k = 0; k < runs->count; k++) {
        if (runs->cases[k].series == series)
            return true;
    }
    return false;
}

static bool has_plan(const struct bench_simulation *simulation, bp_plan plan)
{
    for (size_t k = 0; k < simulation->count; k++) {
        if (simulation->cases[k].plan == plan)
            return true;
    }
    return false;
}

static void write_title(FILE *script, const struct bench_runs *runs)
{
    const struct bench_case *first = &runs->cases[0];
    char text[NUMBER_TEXT_SIZE];
    bench_script_begin_title(script, runs->options, &first->info);
    fprintf(script, "%zu thread%s: %s samples/s, ", first->info.threads,
            first->info.threads == 1 ? "" : "s",
            number_group(first->samples_per_second.median, text));
    if (isfinite(first->share_of_peak.median))
        fprintf(script, "%.0f %% of peak\"\n", first->share_of_peak.median * 100);
    else
        fputs("the measurement of the peak failed\"\n", script);
}

/* The processors that there are, or that the simulation has. */
static size_t find_processors(const struct bench_picture *picture)
{
    const struct bench_simulation *simulation = picture->simulation;
    size_t most = bp_usable_processors();
    for (size_t k = 0; k < simulation->count; k++) {
        const size_t threads = simulation->cases[k].parts.threads;
        most = threads > most ? threads : most;
    }
    return most;
}

/* The speed-up of `threads` that nothing is in the way of. */
static double find_ideal(const struct bench_picture *picture, size_t threads)
{
    const size_t base = picture->runs->cases[0].info.threads;
    const size_t processors = find_processors(picture);
    const size_t most = processors > base ? processors : base;
    return (double)(threads < most ? threads : most) / (double)base;
}

/* Ticks where something was measured; room for the markers at both ends and the key above. */
static void write_axes(FILE *script, const struct bench_picture *picture)
{
    const struct bench_runs *runs = picture->runs;
    const struct bench_simulation *simulation = picture->simulation;
    size_t fewest = runs->cases[0].info.threads, most = fewest;
    double top = 0;
    fputs("set xtics (", script);
    for (size_t k = 0; k < runs->count; k++) {
        const size_t threads = runs->cases[k].info.threads;
        fewest = threads < fewest ? threads : fewest;
        most = threads > most ? threads : most;
        if (runs->cases[k].series != SERIES_FREE)
            top = fmax(top, runs->cases[k].speed_up.max);
        fprintf(script, "%s%zu", k ? ", " : "", threads);
    }
    for (size_t k = 0; k < simulation->count; k++) {
        const size_t threads = simulation->cases[k].parts.threads;
        fewest = threads < fewest ? threads : fewest;
        most = threads > most ? threads : most;
        fprintf(script, ", %zu", threads);
    }
    fputs(")\n", script);
    top = fmax(top, find_ideal(picture, most));
    if (most > LINEAR_RANGE * fewest)
        fprintf(script, "set logscale xy 2\nset xrange [%g:%g]\nset yrange [*:%g]\n",
                (double)fewest / 1.3, (double)most * 1.3, top * 4);
    else
        fprintf(script, "set xrange [%g:%g]\nset yrange [0:%g]\n", (double)fewest - 0.5,
                (double)most + 0.5, top * 1.5);
}

static void write_speed_up(FILE *script, const struct bench_picture *picture)
{
    const struct bench_runs *runs = picture->runs;
    const size_t base = runs->cases[0].info.threads, processors = find_processors(picture);
    const double most = find_ideal(picture, SIZE_MAX);
    fprintf(script,
            "set xlabel \"threads\"\n"
            "set ylabel \"speed-up over %zu thread%s\"\n"
            "set key top left reverse Left opaque\n"
            "set grid\n",
            base, base == 1 ? "" : "s");
    write_axes(script, picture);
    fprintf(script,
            "plot (x / %zu.0 < %g ? x / %zu.0 : %g) with lines dashtype 2 linewidth 2 linecolor "
            "\"#999999\" title \"ideal on %zu processor%s\"",
            base, most, base, most, processors, processors == 1 ? "" : "s");
    if (has_series(runs, SERIES_STRONG) && runs->options->threads.counts > 0)
        bench_script_put_curve(script, "$strong", CURVE_STRONG, COLOUR_STRONG, "the batch stays");
    if (has_series(runs, SERIES_WEAK))
        bench_script_put_curve(script, "$weak", CURVE_WEAK, COLOUR_WEAK,
                               "each thread brings a batch");
    if (runs->options->threads.automatic && has_series(runs, SERIES_STRONG))
        bench_script_put_curve(script, "$auto", "points pointtype 4 pointsize 1.6 linewidth 2",
                               COLOUR_AUTO, "chosen by auto");
    if (has_plan(picture->simulation, BP_PLAN_SAMPLES))
        bench_script_put_curve(script, "$simulated_samples", CURVE_SIMULATED " pointtype 6",
                               COLOUR_STRONG, "simulated, split over samples");
    if (has_plan(picture->simulation, BP_PLAN_PARAMETERS))
        bench_script_put_curve(script, "$simulated_parameters", CURVE_SIMULATED " pointtype 8",
                               COLOUR_PARAMETERS, "simulated, split over parameters");
    fputc('\n', script);
}

static void write_script(FILE *script, const void *what)
{
    const struct bench_picture *picture = what;
    const struct bench_runs *runs = picture->runs;
    bench_plot_put_series(script, runs, SERIES_STRONG, false, "strong");
    bench_plot_put_series(script, runs, SERIES_STRONG, true, "auto");
    bench_plot_put_series(script, runs, SERIES_WEAK, false, "weak");
    bench_plot_put_simulated(script, picture, BP_PLAN_SAMPLES);
    bench_plot_put_simulated(script, picture, BP_PLAN_PARAMETERS);
    const size_t rows = bench_plot_put_phases(script, runs);
    write_title(script, runs);
    write_speed_up(script, picture);
    bench_script_put_bars(script, &(struct bench_bars){.block = "$phases",
                                                       .axis = "share of the threads' time, %",
                                                       .most = "100",
                                                       .colours = colours,
                                                       .names = phase_names,
                                                       .parts = PHASES,
                                                       .rows = rows});
}

int bench_plot_write(const struct bench_runs *runs, const struct bench_simulation *simulation)
{
    return bench_script_draw(runs->options->plot, write_script,
                             &(struct bench_picture){runs, simulation});
}
