/* How good a model is on training and validation rows beside one answer for all of them, what its
 * data were taken for, and what to try. A log may lack any of it. */
#include <math.h>
#include <stdbool.h>

#include "cli/fields/metric_key.h"
#include "cli/html/html_sections.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"
#include "cli/terminal/numbers.h"

#define NAME_LIMIT 60
#define TEXT_LIMIT 300

/* The metrics of the table; a run has those of its targets. */
static const bp_metric shown[] = {BP_METRIC_LOSS, BP_METRIC_ACCURACY, BP_METRIC_BALANCED_ACCURACY,
                                  BP_METRIC_F1,   BP_METRIC_RMSE,     BP_METRIC_MAE,
                                  BP_METRIC_R2};
#define SHOWN (sizeof shown / sizeof shown[0])

static const char *const sets[] = {"train", "valid", "out_of_fold", "cross_fitted"};
#define SETS (sizeof sets / sizeof sets[0])

static const json_t *find_set(const struct run_record *run, size_t set)
{
    const json_t *object = json_object_get(run->end, sets[set]);
    return json_is_object(object) ? object : NULL;
}

static double get_metric(const json_t *object, bp_metric metric)
{
    char key[METRIC_KEY_SIZE];
    return metric_key(metric, key) ? run_record_number(object, key) : (double)NAN;
}

/* Whether a run has the metric. */
static bool is_shown(const struct html_report *report, bp_metric metric)
{
    for (size_t run = 0; run < report->count; run++) {
        for (size_t set = 0; set < SETS; set++) {
            if (!isnan(get_metric(find_set(&report->runs[run], set), metric)))
                return true;
        }
    }
    return false;
}

static void put_row(FILE *out, const struct html_report *report, size_t run, const char *rows,
                    const json_t *figures, double samples)
{
    char text[NUMBER_TEXT_SIZE];
    fputs("<tr><td>", out);
    html_run_name_put(out, report, run);
    fputs("</td><td><bdi>", out);
    html_put_short(out, rows, NAME_LIMIT);
    fprintf(out, "</bdi></td><td class=\"n\">%s</td>",
            samples > 0 ? number_group(samples, text) : "");
    for (size_t m = 0; m < SHOWN; m++) {
        if (!is_shown(report, shown[m]))
            continue;
        fputs("<td class=\"n\">", out);
        /* The r2 of the mean is 0 but for rounding. */
        const double value = get_metric(figures, shown[m]);
        html_metric_put(out, shown[m], fabs(value) < 1e-12 ? 0.0 : value);
        fputs("</td>", out);
    }
    fputs("</tr>\n", out);
}

/* What the rows are, and when they were measured. */
static const char *name_set(const struct run_record *run, size_t set)
{
    if (set == 0)
        return "training";
    if (set > 1)
        return set == 2 ? "left out" : "left out, cross-fitted";
    return html_is_refitted(run) ? "validation, before the refit" : "validation";
}

/* A set of rows, and what one answer for all of them comes to. */
static void put_set(FILE *out, const struct html_report *report, size_t run, size_t set)
{
    const json_t *figures = find_set(&report->runs[run], set);
    const char *name = name_set(&report->runs[run], set);
    const json_t *baseline = json_object_get(figures, "baseline");
    const char *class = run_record_text(baseline, "class");
    char answer[256];
    if (!figures)
        return;
    put_row(out, report, run, name, figures, run_record_number(figures, "samples"));
    if (!baseline)
        return;
    const char *rows = set == 1 ? "validation" : name;
    snprintf(answer, sizeof answer, "%s, always \xe2\x80\x9c%.120s\xe2\x80\x9d", rows,
             class ? class : "");
    if (!class)
        snprintf(answer, sizeof answer, "%s, always the mean", rows);
    put_row(out, report, run, answer, baseline, (double)NAN);
}

static void put_table(FILE *out, const struct html_report *report)
{
    fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Quality\">\n<table>\n"
          "<thead><tr><th scope=\"col\">run</th><th scope=\"col\">rows</th>"
          "<th scope=\"col\" class=\"n\">samples</th>",
          out);
    for (size_t m = 0; m < SHOWN; m++) {
        if (is_shown(report, shown[m]))
            fprintf(out, "<th scope=\"col\" class=\"n\">%s</th>",
                    bp_choice_name(BP_CHOICE_METRIC, (int)shown[m]));
    }
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t run = 0; run < report->count; run++) {
        for (size_t set = 0; set < SETS; set++)
            put_set(out, report, run, set);
    }
    fputs("</tbody></table></div>\n", out);
}

static void begin_note(FILE *out, const struct html_report *report, size_t run)
{
    fputs("<p>", out);
    if (report->count > 1) {
        html_run_name_put(out, report, run);
        fputs(": ", out);
    }
}

static void put_left_out(FILE *out, const struct html_report *report, size_t run)
{
    char text[NUMBER_TEXT_SIZE];
    const double rows = run_record_number(report->runs[run].start, "left_out");
    if (!(rows > 0))
        return;
    begin_note(out, report, run);
    fprintf(out, "%s row%s of weight 0 left out</p>\n", number_group(rows, text),
            rows > 1 ? "s" : "");
}

/* Columns that look as if they had better be left out. */
static void put_hints(FILE *out, const struct html_report *report, size_t run)
{
    const json_t *hints = json_object_get(report->runs[run].start, "hints");
    for (size_t k = 0; k < json_array_size(hints); k++) {
        const json_t *hint = json_array_get(hints, k);
        const char *column = run_record_text(hint, "column");
        const char *kind = run_record_text(hint, "looks_like");
        const char *option = run_record_text(hint, "option");
        if (!column || !kind)
            continue;
        begin_note(out, report, run);
        fputs("column <bdi>", out);
        html_put_short(out, column, NAME_LIMIT);
        fputs("</bdi> (", out);
        html_put_short(out, kind, NAME_LIMIT);
        fputs(option ? "): try <code>" : ")", out);
        if (option)
            html_put_short(out, option, TEXT_LIMIT);
        fputs(option ? "</code></p>\n" : "</p>\n", out);
    }
}

static void put_advice(FILE *out, const struct html_report *report, size_t run)
{
    const json_t *advice = json_object_get(report->runs[run].end, "advice");
    const char *problem = run_record_text(advice, "problem");
    const char *remedy = run_record_text(advice, "remedy");
    if (!problem || !remedy)
        return;
    begin_note(out, report, run);
    fputs("<span class=\"mark\">", out);
    html_put_short(out, problem, TEXT_LIMIT);
    fputs("</span> Try ", out);
    html_put_short(out, remedy, TEXT_LIMIT);
    fputs("</p>\n", out);
}

void html_quality_put(FILE *out, const struct html_report *report)
{
    bool any = false;
    for (size_t run = 0; run < report->count; run++)
        any = any || find_set(&report->runs[run], 0) || find_set(&report->runs[run], 2);
    if (!any)
        return;
    fputs("<section>\n<h2>Quality</h2>\n<p class=\"note\">With the weights at the end of the run, "
          "beside one answer for all rows: the most frequent class of the training rows, or their "
          "mean.</p>\n",
          out);
    put_table(out, report);
    for (size_t run = 0; run < report->count; run++) {
        put_advice(out, report, run);
        put_left_out(out, report, run);
        put_hints(out, report, run);
    }
    fputs("</section>\n", out);
}
