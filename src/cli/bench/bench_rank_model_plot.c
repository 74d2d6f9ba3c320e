/* Speed-up on the left, efficiency on the right, a curve for each network. */
#include "cli/bench/bench_rank_model_plot.h"

#include <math.h>

#include "cli/bench/bench_script.h"
#include "cli/terminal/numbers.h"

/* From slow networks to fast ones; points differ, too. */
static const char *const colours[BENCH_LINKS_MAX] = {"#d55e00", "#e69f00", "#009e73", "#0072b2"};
static const char *const styles[BENCH_LINKS_MAX] = {
    "linespoints linewidth 2 pointtype 5", "linespoints linewidth 2 pointtype 9",
    "linespoints linewidth 2 pointtype 7", "linespoints linewidth 2 pointtype 13"};

struct picture {
    const struct rank_model *model;
    const struct bench_runs *runs;
};

/* $networkK: ranks, speed-up, efficiency in percent. Cases go through the networks for each number
 * of ranks. */
static void put_network(FILE *script, const struct picture *picture, size_t network)
{
    const struct rank_model *model = picture->model;
    const size_t networks = picture->runs->options->links.count;
    fprintf(script, "$network%zu << END\n", network);
    for (size_t k = network; k < model->count; k += networks) {
        const struct rank_model_case *one = &model->cases[k];
        const double speed_up = rank_model_speed_up(one);
        fprintf(script, "%zu %.6g %.6g\n", one->ranks, speed_up,
                100 * speed_up / (double)one->ranks);
    }
    fputs("END\n", script);
}

static void write_title(FILE *script, const struct picture *picture)
{
    const struct bench_case *first = &picture->runs->cases[0];
    char text[NUMBER_TEXT_SIZE];
    bench_script_begin_title(script, picture->runs->options, &first->info);
    fprintf(script, "predicted from one process: %zu thread%s, %s samples/s\"\n",
            first->info.threads, first->info.threads == 1 ? "" : "s",
            number_group(first->samples_per_second.median, text));
}

/* Ticks where something was predicted; room for the markers at both ends. */
static void write_axes(FILE *script, const struct picture *picture)
{
    const struct bench_threads *ranks = &picture->runs->options->simulated_ranks;
    const struct rank_model *model = picture->model;
    double top = 1;
    fputs("set grid\nset logscale xy 2\nset xlabel \"ranks\"\nset xtics (", script);
    for (size_t k = 0; k < ranks->counts; k++)
        fprintf(script, "%s%zu", k ? ", " : "", ranks->count[k]);
    for (size_t k = 0; k < model->count; k++)
        top = fmax(top, rank_model_speed_up(&model->cases[k]));
    fprintf(script, ")\nset xrange [%g:%g]\nset yrange [*:%g]\n", (double)ranks->count[0] / 1.2,
            (double)ranks->count[ranks->counts - 1] * 1.2, top * 1.5);
}

static void write_curves(FILE *script, const struct picture *picture, size_t column)
{
    const struct bench_links *links = &picture->runs->options->links;
    char block[48], title[64];
    for (size_t k = 0; k < links->count; k++) {
        snprintf(block, sizeof block, "$network%zu using 1:%zu", k, column);
        snprintf(title, sizeof title, "%g Gbit/s, %g us", links->link[k].gigabits,
                 links->link[k].microseconds);
        bench_script_put_curve(script, block, styles[k], colours[k], title);
    }
    fputc('\n', script);
}

static void write_script(FILE *script, const void *what)
{
    const struct picture *picture = what;
    for (size_t k = 0; k < picture->runs->options->links.count; k++)
        put_network(script, picture, k);
    write_title(script, picture);
    write_axes(script, picture);
    fputs("set ylabel \"speed-up over one process\"\nunset key\n"
          "plot x with lines dashtype 2 linewidth 2 linecolor \"#999999\" title \"ideal\"",
          script);
    write_curves(script, picture, 2);
    fputs("unset logscale y\nset yrange [0:*]\nset ylabel \"efficiency, %\"\n"
          "set key outside right center vertical reverse Left\n"
          "plot 100 with lines dashtype 2 linewidth 2 linecolor \"#999999\" title \"ideal\"",
          script);
    write_curves(script, picture, 3);
}

int rank_model_plot_write(const struct rank_model *model, const struct bench_runs *runs)
{
    return bench_script_draw(runs->options->plot, write_script, &(struct picture){model, runs});
}
