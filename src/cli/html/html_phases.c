/* Where the time of the threads went: a stacked bar and a row of a table for each run. */
#include <stdbool.h>

#include "cli/html/html_plot.h"
#include "cli/html/html_sections.h"
#include "cli/html/html_svg.h"
#include "cli/html/html_values.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"

#define WIDTH  640
#define BAR    30
#define MARGIN 44

/* Of the phases, in the order of phase_names; at least 3:1 against light and dark pages but for
 * waiting, which is no work. */
static const char *const colours[PHASES] = {"#8a8d0f", "#2f7ed8", "#0e9b76", "#7a6fe0",
                                            "#d9720b", "#d8455a", "#9aa2ab"};

static double sum_phases(const struct run_record *run)
{
    const struct run_epoch *last = run_record_last(run);
    double sum = 0;
    for (size_t i = 0; last && i < PHASES; i++)
        sum += last->phases[i];
    return sum;
}

/* Bars from the top: the place of each, its name, and for each phase where it begins and ends, in
 * percent of all. Returns how many bars there are. */
static size_t write_bars(FILE *script, const struct html_report *report)
{
    size_t bars = 0;
    fputs("$bars << END\n", script);
    for (size_t run = 0; run < report->count; run++) {
        const double sum = sum_phases(&report->runs[run]);
        double at = 0;
        if (sum <= 0)
            continue;
        fprintf(script, "%zu \"%s%zu\" 0", bars++, report->count > 1 ? "run " : "", run + 1);
        for (size_t i = 0; i < PHASES; i++) {
            at += run_record_last(&report->runs[run])->phases[i] / sum * 100;
            fprintf(script, " %.6g", at);
        }
        fputc('\n', script);
    }
    fputs("END\n", script);
    return bars;
}

static void write_script(FILE *script, size_t bars, bool named)
{
    fprintf(script,
            "set encoding utf8\n"
            "set terminal svg size %d,%zu noenhanced font \"sans-serif,13\"\n"
            "set tmargin 0.5\nset bmargin 2\nset rmargin 4\nunset key\nset border 0\nset tics "
            "nomirror scale 0\nset xtics 20 format \"%%g %%%%\"\n"
            "set xrange [0:100]\nset yrange [%zu-0.4:-0.6]\nset style fill solid noborder\n"
            "%s"
            "plot",
            WIDTH, MARGIN + BAR * bars, bars, named ? "" : "unset ytics\n");
    for (size_t i = 0; i < PHASES; i++)
        fprintf(script,
                "%s $bars using %zu:1:%zu:%zu:($1-0.36):($1+0.36):ytic(2) with boxxyerror "
                "linecolor \"%s\"",
                i ? "," : "", i + 3, i + 3, i + 4, colours[i]);
    fputc('\n', script);
}

static void put_legend(FILE *out)
{
    fputs("<ul class=\"legend\">\n", out);
    for (size_t i = 0; i < PHASES; i++)
        fprintf(out, "<li><span class=\"patch\" style=\"background:%s\"></span>%s</li>\n",
                colours[i], phase_names[i]);
    fputs("</ul>\n", out);
}

static int put_bars(FILE *out, const struct html_report *report)
{
    struct gnuplot gnuplot;
    int code = gnuplot_begin(&gnuplot);
    if (code != EXIT_DONE)
        return code;
    const size_t bars = write_bars(gnuplot.script, report);
    write_script(gnuplot.script, bars, report->count > 1);
    fputs("<figure>\n", out);
    html_svg_begin(out, &(struct html_svg){.id = "phases",
                                           .title = "Share of the threads' time by phase",
                                           .width = WIDTH,
                                           .height = MARGIN + BAR * (int)bars});
    fputs("The table below has the numbers.", out);
    code = html_svg_draw(out, &gnuplot);
    fputs("</figure>\n", out);
    gnuplot_end(&gnuplot);
    return code;
}

static void put_table(FILE *out, const struct html_report *report)
{
    char text[NUMBER_TEXT_SIZE];
    fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Time by phase\">\n"
          "<table><caption>Time of all threads together.</caption>\n"
          "<thead><tr><th scope=\"col\">run</th>",
          out);
    for (size_t i = 0; i < PHASES; i++)
        fprintf(out, "<th scope=\"col\" class=\"n\">%s</th>", phase_names[i]);
    fputs("<th scope=\"col\" class=\"n\">together</th></tr></thead>\n<tbody>\n", out);
    for (size_t run = 0; run < report->count; run++) {
        const double sum = sum_phases(&report->runs[run]);
        if (sum <= 0)
            continue;
        fputs("<tr><th scope=\"row\">", out);
        html_run_name_put(out, report, run);
        fputs("</th>", out);
        for (size_t i = 0; i < PHASES; i++) {
            const double seconds = run_record_last(&report->runs[run])->phases[i];
            fprintf(out, "<td class=\"n\">%s<br><small>%.1f&nbsp;%%</small></td>",
                    number_duration(seconds, text), seconds / sum * 100);
        }
        fprintf(out, "<td class=\"n\">%s</td></tr>\n", number_duration(sum, text));
    }
    fputs("</tbody></table></div>\n", out);
}

int html_phases_put(FILE *out, const struct html_report *report)
{
    bool any = false;
    for (size_t run = 0; run < report->count; run++)
        any = any || sum_phases(&report->runs[run]) > 0;
    if (!any)
        return EXIT_DONE;
    fputs("<section>\n<h2>Time by phase</h2>\n", out);
    put_legend(out);
    const int code = put_bars(out, report);
    put_table(out, report);
    fputs("</section>\n", out);
    return code;
}
