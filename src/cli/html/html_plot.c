/* The script that has gnuplot draw curves. Only numbers get into it, never text of a file. */
#include "cli/html/html_plot.h"

#include <stdint.h>
#include <string.h>

#include "cli/html/html_svg.h"
#include "cli/html/html_text.h"
#include "cli/html/plot_axis.h"
#include "cli/terminal/messages.h"

#define WIDTH  560
#define HEIGHT 310

/* Epochs of a curve that are all drawn; of more, the minimum and the maximum of each of half as
 * many stretches: more points than that fall on the same pixels. */
#define POINTS_MAX 1200

/* Up to so many epochs each has a point. */
#define MARKED_MAX 30

/* At least 3:1 against a white page and against a dark one (WCAG 2.1, 1.4.11), and of different
 * lightness and hue for people who do not see red or green. */
static const char *const colours[HTML_PLOT_COLOURS] = {"#2f7ed8", "#d9720b", "#0e9b76", "#c14fa8",
                                                       "#8a8d0f", "#7a6fe0", "#d8455a", "#7d8590"};

const char *html_plot_colour(size_t run)
{
    return colours[run % HTML_PLOT_COLOURS];
}

bool html_plot_has(const struct run_record *run, size_t figure)
{
    for (size_t k = 0; k < run->count; k++) {
        if (plot_can_draw(run->epochs[k].figures[figure]))
            return true;
    }
    return false;
}

static double get_figure(const struct plot *plot, const struct plot_curve *curve, size_t k)
{
    return curve->run->epochs[k].figures[curve->figure] * plot->factor;
}

static void write_point(FILE *script, const struct plot_curve *curve, size_t k, double value)
{
    fprintf(script, "%zu %.9g\n", curve->run->epochs[k].epoch, value);
}

/* Epochs, as indices, of figures that can be drawn; all are `none` where there is none. */
struct extremes {
    size_t none, first, last, min, max;
};

/* Of the epochs `begin` ... `end` - 1. */
static struct extremes find_extremes(const struct plot *plot, const struct plot_curve *curve,
                                     size_t begin, size_t end)
{
    struct extremes found = {end, end, end, end, end};
    for (size_t k = begin; k < end; k++) {
        const double value = get_figure(plot, curve, k);
        if (!plot_can_draw(value))
            continue;
        found.first = found.first == end ? k : found.first;
        found.last = k;
        if (found.min == end || value < get_figure(plot, curve, found.min))
            found.min = k;
        if (found.max == end || value > get_figure(plot, curve, found.max))
            found.max = k;
    }
    return found;
}

/* The minimum and the maximum of epochs `begin` ... `end` - 1, in their order; an empty line is a
 * gap. */
static void write_extremes(FILE *script, const struct plot *plot, const struct plot_curve *curve,
                           size_t begin, size_t end)
{
    const struct extremes found = find_extremes(plot, curve, begin, end);
    if (found.min == found.none) {
        fputc('\n', script);
        return;
    }
    const size_t first = found.min < found.max ? found.min : found.max;
    const size_t second = found.min < found.max ? found.max : found.min;
    write_point(script, curve, first, get_figure(plot, curve, first));
    if (second != first)
        write_point(script, curve, second, get_figure(plot, curve, second));
}

/* $cN: epochs and figures. */
static void write_curve(FILE *script, const struct plot *plot, size_t index)
{
    const struct plot_curve *curve = &plot->curves[index];
    const size_t count = curve->run->count;
    const size_t parts = count <= POINTS_MAX ? count : POINTS_MAX / 2;
    fprintf(script, "$c%zu << END\n", index);
    for (size_t p = 0; p < parts; p++) {
        const size_t begin = count / parts * p + (p < count % parts ? p : count % parts);
        write_extremes(script, plot, curve, begin, begin + count / parts + (p < count % parts));
    }
    fputs("END\n", script);
}

/* $bN: the best epoch, if there is one. Returns whether there is. */
static bool write_best(FILE *script, const struct plot *plot, size_t index)
{
    const struct plot_curve *curve = &plot->curves[index];
    const struct run_epoch *best = run_record_best(curve->run);
    if (!curve->marks_best || !best || run_record_last(curve->run)->best != best->epoch)
        return false;
    const size_t place = (size_t)(best - curve->run->epochs);
    if (!plot_can_draw(get_figure(plot, curve, place)))
        return false;
    fprintf(script, "$b%zu << END\n", index);
    write_point(script, curve, place, get_figure(plot, curve, place));
    fputs("END\n", script);
    return true;
}

/* The axis of figures. Where runs are held apart, the largest figures of the runs decide; smaller
 * ones, such as the zero at which a cosine ends, leave the picture. */
static struct plot_axis fit_figures(const struct plot *plot)
{
    struct plot_span all = PLOT_SPAN_NONE, tops = PLOT_SPAN_NONE;
    for (size_t c = 0; c < plot->count; c++) {
        const struct plot_curve *curve = &plot->curves[c];
        const struct extremes found = find_extremes(plot, curve, 0, curve->run->count);
        if (found.min == found.none)
            continue;
        plot_span_add(&all, get_figure(plot, curve, found.min));
        plot_span_add(&all, get_figure(plot, curve, found.max));
        plot_span_add(&tops, get_figure(plot, curve, found.max));
    }
    const struct plot_axis apart = plot_axis_fit(&tops);
    if (!plot->apart)
        return plot_axis_fit(&all);
    if (apart.logarithmic) {
        plot_span_add(&tops, tops.min / 10);
        return plot_axis_fit(&tops);
    }
    struct plot_axis axis = plot_axis_fit(&all);
    if (axis.logarithmic)
        axis = (struct plot_axis){.low = 0, .high = all.max * 1.06};
    return axis;
}

static void write_epochs(FILE *script, const struct plot *plot)
{
    size_t first = SIZE_MAX, last = 0;
    for (size_t c = 0; c < plot->count; c++) {
        const struct run_record *run = plot->curves[c].run;
        first = run->epochs[0].epoch < first ? run->epochs[0].epoch : first;
        last = run_record_last(run)->epoch > last ? run_record_last(run)->epoch : last;
    }
    const double room = first == last ? 0.5 : 0;
    const size_t step = plot_axis_step(first, last);
    fprintf(script, "set xrange [%.17g:%.17g]\nset xtics %zu,%zu\n", (double)first - room,
            (double)last + room, first / step * step, step);
}

static void write_axes(FILE *script, const struct plot *plot)
{
    const struct plot_axis axis = fit_figures(plot);
    write_epochs(script, plot);
    fprintf(script, "%sset yrange [%.17g:%.17g]\nset format y \"%%.%dg%s%s\"\n",
            axis.logarithmic ? "set logscale y\n" : "", axis.low, axis.high,
            axis.logarithmic ? 3 : 10, plot->unit[0] ? " " : "",
            strcmp(plot->unit, "%") == 0 ? "%%" : plot->unit);
}

static void write_script(FILE *script, const struct plot *plot)
{
    fprintf(script,
            "set encoding utf8\n"
            "set terminal svg size %d,%d noenhanced font \"sans-serif,14\"\n"
            "set tmargin 0.8\nset rmargin 2\nunset key\nset border 1\nset tics nomirror scale "
            "0.5\nset ytics scale 0\n"
            "set grid ytics linetype 1 linewidth 1\nset xlabel \"epoch\"\n",
            WIDTH, HEIGHT);
    write_axes(script, plot);
    bool best[HTML_PLOT_CURVES_MAX];
    for (size_t c = 0; c < plot->count; c++) {
        write_curve(script, plot, c);
        best[c] = write_best(script, plot, c);
    }
    fputs("plot", script);
    for (size_t c = 0; c < plot->count; c++) {
        const struct plot_curve *curve = &plot->curves[c];
        const char *colour = html_plot_colour(curve->number);
        fprintf(script, "%s $c%zu with %s linewidth 2.2 linecolor \"%s\"%s", c ? "," : "", c,
                curve->run->count <= MARKED_MAX ? "linespoints pointtype 7 pointsize 0.35"
                                                : "lines",
                colour, curve->dashed ? " dashtype (6,4)" : "");
        if (best[c])
            fprintf(script, ", $b%zu with points pointtype 7 pointsize 0.6 linecolor \"%s\"", c,
                    colour);
    }
    fputc('\n', script);
}

static void put_value(FILE *out, const struct plot *plot, const struct plot_curve *curve, size_t k)
{
    fprintf(out, "%.4g%s%s at epoch %zu", get_figure(plot, curve, k), plot->unit[0] ? " " : "",
            plot->unit, curve->run->epochs[k].epoch);
}

/* For a reader who does not see the curve: its ends, its minimum and its maximum. */
static void describe_curve(FILE *out, const struct plot *plot, const struct plot_curve *curve)
{
    const struct extremes found = find_extremes(plot, curve, 0, curve->run->count);
    const struct {
        const char *word;
        size_t k;
    } marks[] = {{"from ", found.first},
                 {" to ", found.last},
                 {"; minimum ", found.min},
                 {", maximum ", found.max}};
    fprintf(out, "%s %zu%s: ", plot->what, curve->number + 1, curve->dashed ? ", validation" : "");
    for (size_t m = 0; m < sizeof marks / sizeof marks[0]; m++) {
        fputs(marks[m].word, out);
        put_value(out, plot, curve, marks[m].k);
    }
    fputs(". ", out);
}

int html_plot_write(FILE *out, const struct plot *plot)
{
    struct gnuplot gnuplot;
    int code = gnuplot_begin(&gnuplot);
    if (code != EXIT_DONE)
        return code;
    write_script(gnuplot.script, plot);
    fputs("<figure>\n<figcaption>", out);
    html_put(out, plot->title);
    fputs("</figcaption>\n", out);
    html_svg_begin(
        out,
        &(struct html_svg){.id = plot->id, .title = plot->title, .width = WIDTH, .height = HEIGHT});
    for (size_t c = 0; c < plot->count; c++)
        describe_curve(out, plot, &plot->curves[c]);
    code = html_svg_draw(out, &gnuplot);
    fputs("</figure>\n", out);
    gnuplot_end(&gnuplot);
    return code;
}
