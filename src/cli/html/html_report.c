/*
 * One file that needs nothing else: no script, no font, no picture from outside. The policy in its
 * head has the browser refuse all of that, whatever a log contains.
 */
#include "cli/html/html_report.h"

#include <string.h>

#include "cli/html/html_sections.h"
#include "cli/html/html_svg.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"

/* The lines of report.css. */
static const char *const style[] = {
#include "cli/html/report_css.inc"
};

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

static void put_title(FILE *out, const struct html_report *report)
{
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

static void put_head(FILE *out, const struct html_report *report)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; img-src data:\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta name=\"referrer\" content=\"no-referrer\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n<title>",
          out);
    put_title(out, report);
    fputs("</title>\n<style>\n", out);
    for (size_t k = 0; k < sizeof style / sizeof style[0]; k++)
        fputs(style[k], out);
    fputs("</style>\n</head>\n<body>\n", out);
    html_svg_put_marker(out);
    fputs("<header>\n<h1>", out);
    put_title(out, report);
    fputs("</h1>\n", out);
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
    put_head(out, report);
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
    fprintf(out,
            "</main>\n<footer><p>Made by <code>batchprop report</code> %s. Runs with the same "
            "weights digest have the same weights, bit for bit.</p></footer>\n</body>\n</html>\n",
            bp_version());
    return code;
}
