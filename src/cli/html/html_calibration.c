/* How sure an ensemble is of rows that its networks have not seen, beside how right it is. */
#include "cli/html/html_calibration.h"

#include <math.h>

#include "cli/html/html_plot.h"
#include "cli/html/html_sections.h"
#include "cli/html/html_svg.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"

#define SIZE 360

/* Whether a bin has rows and figures that can be drawn. */
static bool has_rows(const bp_calibration_bin *bin)
{
    return bin->count > 0 && isfinite(bin->predicted) && isfinite(bin->actual) &&
           bin->predicted >= 0 && bin->actual >= 0 && fabs(bin->predicted) < 1e30 &&
           fabs(bin->actual) < 1e30;
}

bool html_calibration_sum_up(struct html_calibration *calibration)
{
    double least_sure = 0; /* the largest of those predicted */
    calibration->count = calibration->most = 0;
    for (size_t k = 0; k < BP_CALIBRATION_BINS; k++) {
        const bp_calibration_bin *bin = &calibration->bin[k];
        if (!has_rows(bin))
            continue;
        calibration->count += (double)bin->count;
        least_sure = fmax(least_sure, bin->predicted);
        calibration->most = fmax(calibration->most, fmax(bin->predicted, bin->actual));
    }
    return calibration->count > 0 && (calibration->classes || least_sure > 0);
}

static double get_number(const json_t *bins, size_t k, const char *key)
{
    return run_record_number(json_array_get(bins, k), key);
}

/* Target `t` of a run, of "calibration" at the end of its log; false if the log does not have it,
 * or one kind alone, which cannot disagree. */
static bool find_calibration(const struct run_record *run, size_t t, struct html_calibration *found)
{
    const json_t *one = json_array_get(json_object_get(run->end, "calibration"), t);
    const json_t *bins = json_object_get(one, "bins");
    const char *target = run_record_text(one, "target");
    *found = (struct html_calibration){.target = target ? target : "",
                                       .classes = json_is_true(json_object_get(one, "classes"))};
    for (size_t k = 0; k < json_array_size(bins) && k < BP_CALIBRATION_BINS; k++) {
        const double count = get_number(bins, k, "count");
        found->bin[k] =
            (bp_calibration_bin){.count = count >= 1 && count < 1e15 ? (size_t)count : 0,
                                 .predicted = get_number(bins, k, "predicted"),
                                 .actual = get_number(bins, k, "actual"),
                                 .within = get_number(bins, k, "within")};
    }
    return html_calibration_sum_up(found);
}

/* Points, the larger the more rows they stand for, on a line where predictions are right. */
static void write_script(FILE *script, const struct html_calibration *calibration, size_t colour)
{
    const double top = calibration->classes ? 1 : calibration->most > 0 ? calibration->most : 1;
    fputs("$bins << END\n", script);
    for (size_t k = 0; k < BP_CALIBRATION_BINS; k++) {
        const bp_calibration_bin *bin = &calibration->bin[k];
        if (has_rows(bin))
            fprintf(script, "%.9g %.9g %.3g\n", bin->predicted, bin->actual,
                    0.4 + 1.2 * sqrt((double)bin->count / calibration->count));
    }
    fprintf(script,
            "END\n"
            "set encoding utf8\n"
            "set terminal svg size %d,%d noenhanced font \"sans-serif,13\"\n"
            "set tmargin 0.8\nset rmargin 2\nunset key\nset border 3\nset tics nomirror scale 0.5\n"
            "set grid linetype 1 linewidth 1\nset size square\n"
            "set xrange [0:%.9g]\nset yrange [0:%.9g]\nset xlabel \"%s\"\nset ylabel \"%s\"\n"
            "plot x with lines linewidth 1.2 linecolor \"#7d8590\" dashtype (6,4), "
            "$bins using 1:2:3 with points pointtype 7 pointsize variable linecolor \"%s\"\n",
            SIZE, SIZE, top * 1.04, top * 1.04,
            calibration->classes ? "probability of the class predicted"
                                 : "spread over the kinds of networks",
            calibration->classes ? "share that is right" : "root mean square error",
            html_plot_colour(colour));
}

int html_calibration_draw(FILE *out, const struct html_calibration *calibration, const char *id,
                          size_t colour)
{
    struct gnuplot gnuplot;
    int code = gnuplot_begin(&gnuplot);
    if (code != EXIT_DONE)
        return code;
    write_script(gnuplot.script, calibration, colour);
    html_svg_begin(out, &(struct html_svg){.id = id,
                                           .title = "How sure and how right predictions are",
                                           .width = SIZE,
                                           .height = SIZE});
    fputs("The table has the numbers.", out);
    code = html_svg_draw(out, &gnuplot);
    gnuplot_end(&gnuplot);
    return code;
}

static int put_figure(FILE *out, const struct html_report *report, size_t run, size_t t,
                      const struct html_calibration *calibration)
{
    char id[48];
    snprintf(id, sizeof id, "calibration%zux%zu", run, t);
    fputs("<figure>\n<figcaption>", out);
    if (report->count > 1)
        html_run_name_put(out, report, run);
    else
        html_put_short(out, calibration->target, 60);
    fputs("</figcaption>\n", out);
    const int code = html_calibration_draw(out, calibration, id, run);
    fputs("</figure>\n", out);
    return code;
}

static void put_cell(FILE *out, const struct html_calibration *calibration, double value)
{
    if (!isfinite(value))
        fputs("<td class=\"n\">" HTML_DASH "</td>", out);
    else if (calibration->classes)
        fprintf(out, "<td class=\"n\">%.1f&nbsp;%%</td>", 100 * value);
    else
        fprintf(out, "<td class=\"n\">%.4g</td>", value);
}

void html_calibration_table_put(FILE *out, const struct html_calibration *calibration)
{
    char text[NUMBER_TEXT_SIZE];
    fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Calibration\">\n"
          "<table><thead><tr><th scope=\"col\" class=\"n\">rows</th>",
          out);
    fputs(calibration->classes ? "<th scope=\"col\" class=\"n\">probability</th>"
                                 "<th scope=\"col\" class=\"n\">right</th>"
                               : "<th scope=\"col\" class=\"n\">spread</th>"
                                 "<th scope=\"col\" class=\"n\">error</th>"
                                 "<th scope=\"col\" class=\"n\">within 2 spreads</th>",
          out);
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t k = 0; k < BP_CALIBRATION_BINS; k++) {
        const bp_calibration_bin *bin = &calibration->bin[k];
        if (!has_rows(bin))
            continue;
        fprintf(out, "<tr><td class=\"n\">%s</td>", number_group((double)bin->count, text));
        put_cell(out, calibration, bin->predicted);
        put_cell(out, calibration, bin->actual);
        if (!calibration->classes && isfinite(bin->within))
            fprintf(out, "<td class=\"n\">%.1f&nbsp;%%</td>", 100 * bin->within);
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div>\n", out);
}

static int put_run(FILE *out, const struct html_report *report, size_t run)
{
    struct html_calibration calibration;
    int code = EXIT_DONE;
    for (size_t t = 0; code == EXIT_DONE && find_calibration(&report->runs[run], t, &calibration);
         t++) {
        fputs("<div class=\"figures\">\n", out);
        code = put_figure(out, report, run, t, &calibration);
        html_calibration_table_put(out, &calibration);
        fputs("</div>\n", out);
    }
    return code;
}

int html_calibration_put(FILE *out, const struct html_report *report)
{
    struct html_calibration calibration;
    bool any = false;
    int code = EXIT_DONE;
    for (size_t run = 0; run < report->count; run++)
        any = any || find_calibration(&report->runs[run], 0, &calibration);
    if (!any)
        return EXIT_DONE;
    fputs("<section>\n<h2>How sure, and how right</h2>\n"
          "<p>Rows that the networks predicting them had not seen. Of classes, rows with a "
          "probability "
          "near <i>p</i> are right in <i>p</i> of the cases where points lie on the line; below it "
          "the networks are too sure. Of numbers, the error is held against the standard deviation "
          "over the kinds of networks, tenth by tenth of the rows; it is no confidence interval: "
          "points "
          "above the line are rows on which all kinds are wrong together.</p>\n",
          out);
    for (size_t run = 0; code == EXIT_DONE && run < report->count; run++)
        code = put_run(out, report, run);
    fputs("</section>\n", out);
    return code;
}
