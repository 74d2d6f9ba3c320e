/* What a model says of data beside what they say: classes by how sure it is, numbers in pairs. */
#include <math.h>
#include <stdlib.h>

#include "cli/html/html_calibration.h"
#include "cli/html/html_model.h"
#include "cli/html/html_plot.h"
#include "cli/html/html_svg.h"
#include "cli/html/html_text.h"
#include "cli/terminal/messages.h"

/* Of a picture of pairs: points, and targets that have one. */
#define POINTS  2000
#define TARGETS 6
#define WIDTH   480
#define HEIGHT  360

static const char *get_target(const struct html_model *page, size_t j)
{
    const size_t inputs = bp_model_get_info(page->model).input_columns;
    bp_model_column column = {.name = ""};
    bp_model_get_column(page->model, inputs + j, &column, NULL);
    return column.name;
}

static void begin_figure(FILE *out, const char *target, const char *what)
{
    fputs("<figure>\n<figcaption><bdi>", out);
    html_put_short(out, target, 60);
    fprintf(out, "</bdi>%s</figcaption>\n", what);
}

static int put_classes(FILE *out, const struct html_model *page)
{
    struct html_calibration calibration = {.target = get_target(page, 0), .classes = true};
    bp_error error;
    if (bp_calibrate(page->model, page->data, page->options, calibration.bin, &error) != BP_OK)
        return message_error(&error);
    if (!html_calibration_sum_up(&calibration))
        return EXIT_DONE;
    fputs("<section>\n<h2>How sure, and how right</h2>\n"
          "<p>Rows of the data with a probability near <i>p</i> for their class are right in "
          "<i>p</i> of the cases where points lie on the line; below it the model is too sure. "
          "Larger points stand for more rows.</p>\n<div class=\"figures\">\n",
          out);
    begin_figure(out, calibration.target, "");
    const int code = html_calibration_draw(out, &calibration, "calibration", 0);
    fputs("</figure>\n", out);
    html_calibration_table_put(out, &calibration);
    fputs("</div>\n</section>\n", out);
    return code;
}

/* The pairs of all rows and targets: of row x and target j target and prediction at
 * (x targets + j) 2. */
struct pairs {
    double *value;
    size_t rows, targets;
};

/* Every so many rows are drawn; numbers that no picture holds are left out. */
static void write_points(FILE *script, const struct pairs *pairs, size_t j, bool residual)
{
    const size_t step = (pairs->rows + POINTS - 1) / POINTS;
    size_t written = 0;
    fputs("$pairs << END\n", script);
    for (size_t x = 0; x < pairs->rows; x += step) {
        const double *pair = pairs->value + (x * pairs->targets + j) * 2;
        if (!(fabs(pair[0]) < 1e30 && fabs(pair[1]) < 1e30))
            continue;
        if (residual)
            fprintf(script, "%.9g %.9g\n", pair[1], pair[0] - pair[1]);
        else
            fprintf(script, "%.9g %.9g\n", pair[0], pair[1]);
        written++;
    }
    fputs(written == 0 ? "0 0\nEND\n" : "END\n", script);
}

static void write_script(FILE *script, const struct pairs *pairs, size_t j, bool residual)
{
    write_points(script, pairs, j, residual);
    fprintf(script,
            "set encoding utf8\n"
            "set terminal svg size %d,%d noenhanced font \"sans-serif,13\"\n"
            "set tmargin 0.8\nset rmargin 3\nunset key\nset border 3\nset tics nomirror scale 0.5\n"
            "set grid linetype 1 linewidth 1\nset xlabel \"%s\"\nset ylabel \"%s\"\n"
            "set xtics autofreq format \"%%.4g\"\nset ytics autofreq format \"%%.4g\"\n"
            "plot %s with lines linewidth 1.2 linecolor \"#7d8590\" dashtype (6,4), "
            "$pairs using 1:2 with points pointtype 7 pointsize 0.35 linecolor \"%s\"\n",
            WIDTH, HEIGHT, residual ? "predicted" : "observed",
            residual ? "observed less predicted" : "predicted", residual ? "0" : "x",
            html_plot_colour(0));
}

static int put_pairs(FILE *out, const struct html_model *page, const struct pairs *pairs, size_t j,
                     bool residual)
{
    struct gnuplot gnuplot;
    char id[48];
    int code = gnuplot_begin(&gnuplot);
    if (code != EXIT_DONE)
        return code;
    snprintf(id, sizeof id, "%s%zu", residual ? "residuals" : "pairs", j);
    write_script(gnuplot.script, pairs, j, residual);
    begin_figure(out, get_target(page, j), residual ? ": residuals" : ": predicted over observed");
    html_svg_begin(out, &(struct html_svg){.id = id,
                                           .title = residual ? "Residuals over predictions"
                                                             : "Predictions over observations",
                                           .width = WIDTH,
                                           .height = HEIGHT});
    fputs("A point for each row that is shown.", out);
    code = html_svg_draw(out, &gnuplot);
    fputs("</figure>\n", out);
    gnuplot_end(&gnuplot);
    return code;
}

static int put_numbers(FILE *out, const struct html_model *page)
{
    struct pairs pairs = {.targets = bp_model_get_info(page->model).target_columns};
    const size_t rows = bp_dataset_get_info(page->data).rows;
    int code = EXIT_DONE;
    bp_error error;
    pairs.value = calloc(rows, 2 * pairs.targets * sizeof *pairs.value);
    if (!pairs.value)
        return message_no_memory();
    if (bp_predict_pairs(page->model, page->data, page->options, pairs.value, &pairs.rows,
                         &error) != BP_OK) {
        free(pairs.value);
        return message_error(&error);
    }
    fputs("<section>\n<h2>Predicted, and observed</h2>\n<p>Points on the line are right. Residuals "
          "that bend or widen show where the model misses something.",
          out);
    if (pairs.rows > POINTS)
        fprintf(out, " Some %d of %zu rows, evenly spaced.", POINTS, pairs.rows);
    if (pairs.targets > TARGETS)
        fprintf(out, " The first %d of %zu targets.", TARGETS, pairs.targets);
    fputs("</p>\n<div class=\"figures\">\n", out);
    for (size_t j = 0; code == EXIT_DONE && j < pairs.targets && j < TARGETS; j++) {
        code = put_pairs(out, page, &pairs, j, false);
        if (code == EXIT_DONE)
            code = put_pairs(out, page, &pairs, j, true);
    }
    fputs("</div>\n</section>\n", out);
    free(pairs.value);
    return code;
}

int html_measured_put(FILE *out, const struct html_model *page)
{
    return bp_model_get_info(page->model).task == BP_TASK_CLASSIFY ? put_classes(out, page)
                                                                   : put_numbers(out, page);
}
