/* Values of runs, as the page shows them. */
#include "cli/html/html_values.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/sizes.h"
#include "cli/fields/metric_key.h"
#include "cli/html/html_plot.h"
#include "cli/html/html_text.h"

/* Characters of a name that are shown. */
#define NAME_LIMIT 48

void html_metric_put(FILE *out, bp_metric metric, double value)
{
    if (isnan(value))
        fputs(HTML_DASH, out);
    else if (metric == BP_METRIC_ACCURACY || metric == BP_METRIC_BALANCED_ACCURACY)
        fprintf(out, "%.2f&nbsp;%%", value * 100);
    else
        fprintf(out, "%.4g", value);
}

static bool shares_name(const struct html_report *report, size_t run, const char *name)
{
    for (size_t other = 0; other < report->count; other++) {
        const char *path = report->runs[other].path;
        const char *slash = strrchr(path, '/');
        if (other != run && strcmp(slash ? slash + 1 : path, name) == 0)
            return true;
    }
    return false;
}

void html_run_name_put(FILE *out, const struct html_report *report, size_t run)
{
    const char *path = report->runs[run].path;
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    fprintf(out, "<span class=\"patch\" style=\"background:%s\"></span>", html_plot_colour(run));
    if (report->count > 1)
        fprintf(out, "<span class=\"number\">%zu</span>", run + 1);
    if (shares_name(report, run, name))
        name = path;
    const size_t extension = sizeof ".jsonl" - 1;
    size_t length = strlen(name);
    if (length > extension && strcmp(name + length - extension, ".jsonl") == 0)
        length -= extension;
    char shown[4 * (NAME_LIMIT + 1) + 1]; /* a character is shown after the last that fits */
    snprintf(shown, sizeof shown, "%.*s", (int)bp_size_min(length, sizeof shown - 1), name);
    fputs("<bdi>", out);
    html_put_short(out, shown, NAME_LIMIT);
    fputs("</bdi>", out);
}

double html_final_number(const struct run_record *run, const char *key, enum run_figure figure)
{
    const double number = run_record_number(run->end, key);
    const struct run_epoch *last = run_record_last(run);
    return isnan(number) && last ? last->figures[figure] : number;
}

/* Of several networks: for the rows that they left out. */
static double find_left_metric(const struct run_record *run)
{
    char key[METRIC_KEY_SIZE];
    const json_t *left = json_object_get(run->end, "out_of_fold");
    return metric_key(run_record_metric(run), key) ? run_record_number(left, key) : (double)NAN;
}

double html_best_metric(const struct run_record *run)
{
    if (run_record_networks(run) > 0)
        return find_left_metric(run);
    const struct run_epoch *best = run_record_best(run);
    return best ? best->figures[FIGURE_WATCHED] : NAN;
}

static const char *find_digest(const struct run_record *run)
{
    return run_record_text(run->end, "weights_digest");
}

void html_ending_put(FILE *out, const struct run_record *run)
{
    const char *reason = run_record_text(run->end, "reason");
    if (!run->end)
        fputs("<span class=\"mark\">no end in the log</span>", out);
    else
        html_put_short(out, reason ? reason : "?", 120);
    if (run->resumes > 0)
        fprintf(out, ", resumed%s", run->resumes == 1 ? " once" : "");
    if (run->resumes > 1)
        fprintf(out, " %zu times", run->resumes);
}

bool html_is_refitted(const struct run_record *run)
{
    return run_record_number(run->end, "refit_samples") > 0;
}

void html_widths_put(FILE *out, const struct run_record *run)
{
    const json_t *layers = json_object_get(run->start, "layers");
    const size_t count = json_array_size(layers);
    for (size_t l = 0; l < count && l <= BP_LAYERS_MAX; l++)
        fprintf(out, "%s%.15g", l ? "\xe2\x80\x93" : "",
                json_number_value(json_array_get(layers, l)));
    if (count == 0)
        fputs(HTML_DASH, out);
}

void html_digest_put(FILE *out, const struct html_report *report, size_t run)
{
    const char *digest = find_digest(&report->runs[run]);
    fputs("<code>", out);
    html_put_short(out, digest ? digest : "\xe2\x80\x93", BP_DIGEST_SIZE);
    fputs("</code>", out);
    for (size_t other = 0; digest && other < run; other++) {
        const char *earlier = find_digest(&report->runs[other]);
        if (earlier && strcmp(earlier, digest) == 0) {
            fprintf(out, " <span class=\"mark\">same as %zu</span>", other + 1);
            return;
        }
    }
}
