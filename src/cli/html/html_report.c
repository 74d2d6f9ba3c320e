/* The page of runs: what they have in common first, then one section after the other. */
#include "cli/html/html_report.h"

#include <string.h>

#include "cli/html/html_page.h"
#include "cli/html/html_sections.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"

#define SEPARATOR " \xc2\xb7 "

/* What all runs have in common under `key`, or NULL. */
static const char *find_common(const struct html_report *report, const char *key)
{
    const char *text = run_record_text(report->runs[0].start, key);
    for (size_t run = 1; text && run < report->count; run++) {
        const char *other = run_record_text(report->runs[run].start, key);
        if (!other || strcmp(other, text) != 0)
            return NULL;
    }
    return text;
}

static void put_title(FILE *out, const void *arg)
{
    const struct html_report *report = arg;
    const char *data = find_common(report, "data");
    if (report->title) {
        html_put(out, report->title);
        return;
    }
    fputs("Training", out);
    if (data) {
        const char *slash = strrchr(data, '/');
        fputs(" on ", out);
        html_put_short(out, slash && slash[1] ? slash + 1 : data, 60);
    }
}

/* "3 runs · iris.csv · batchprop 0.1.0": what the runs have in common. */
static void put_lead(FILE *out, const struct html_report *report)
{
    const char *data = find_common(report, "data");
    const char *version = find_common(report, "version");
    if (report->count > 1) {
        fprintf(out, "<p class=\"lead\">%zu runs", report->count);
        if (data) {
            fputs(SEPARATOR, out);
            html_put_short(out, data, 200);
        }
    } else {
        fputs("<p class=\"lead\">", out);
        html_put_short(out, report->runs[0].path, 200);
    }
    if (version) {
        fputs(SEPARATOR "batchprop ", out);
        html_put_short(out, version, 20);
    }
    fputs("</p>\n", out);
    for (size_t run = 0; run < report->count; run++) {
        if (!report->runs[run].torn)
            continue;
        fputs("<p class=\"lead\"><span class=\"mark\">", out);
        html_run_name_put(out, report, run);
        fputs(": the last line is cut off; it was left out</span></p>\n", out);
    }
    fputs("</header>\n<main>\n", out);
}

int html_report_write(FILE *out, const struct html_report *report)
{
    int code = EXIT_DONE;
    html_page_begin(out, put_title, report, NULL);
    put_lead(out, report);
    if (report->count == 1)
        html_run_put(out, report);
    else
        code = html_runs_put(out, report);
    if (code == EXIT_DONE) {
        html_kinds_put(out, report);
        html_quality_put(out, report);
        code = html_curves_put(out, report);
    }
    if (code == EXIT_DONE) {
        html_confusion_put(out, report);
        code = html_calibration_put(out, report);
    }
    if (code == EXIT_DONE)
        code = html_phases_put(out, report);
    if (code == EXIT_DONE)
        code = html_options_put(out, report);
    html_page_end(out, "Runs with the same weights digest have the same weights, bit for bit.");
    return code;
}
