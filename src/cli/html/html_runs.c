/* Several runs beside each other: where their options differ, and what came of it. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "cli/html/html_sections.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"
#include "cli/html/options_diff.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"

/* Options that differ and have a column here; the table of options has all. */
#define DIFFERENCES_MAX 5

struct differences {
    const char *names[DIFFERENCES_MAX];
    size_t count;
    size_t more; /* that have no column */
};

/* `names` owns the texts. */
static struct differences find_differences(const struct html_report *report, json_t *names)
{
    struct differences found = {.count = 0};
    const char *name;
    json_t *value;
    json_object_foreach(names, name, value)
    {
        if (options_diff_is_display(name) || !options_diff_differs(report, name))
            continue;
        if (found.count < DIFFERENCES_MAX)
            found.names[found.count++] = name;
        else
            found.more++;
    }
    return found;
}

/* The run with the best metric; the number of runs if they watched different ones, or if there is
 * nothing to be better than. */
static size_t find_winner(const struct html_report *report)
{
    const bp_metric metric = run_record_metric(&report->runs[0]);
    size_t winner = report->count, known = 0;
    double best = NAN;
    for (size_t run = 0; run < report->count; run++) {
        const double value = html_best_metric(&report->runs[run]);
        if (run_record_metric(&report->runs[run]) != metric)
            return report->count;
        if (isnan(value))
            continue;
        known++;
        if (isnan(best) || (bp_metric_lower_is_better(metric) ? value < best : value > best)) {
            best = value;
            winner = run;
        }
    }
    return known > 1 ? winner : report->count;
}

/* The metric that all runs watched, or the loss. */
static const char *name_metric(const struct html_report *report)
{
    const bp_metric metric = run_record_metric(&report->runs[0]);
    for (size_t run = 1; run < report->count; run++) {
        if (run_record_metric(&report->runs[run]) != metric)
            return NULL;
    }
    return bp_choice_name(BP_CHOICE_METRIC, (int)metric);
}

static void put_head(FILE *out, const struct html_report *report,
                     const struct differences *differences)
{
    static const char *const columns[] = {"epochs", "training loss", "validation loss", "time",
                                          "samples/s"};
    const char *metric = name_metric(report);
    fputs("<thead><tr><th scope=\"col\">run, weights digest</th>", out);
    for (size_t k = 0; k < differences->count; k++) {
        fputs("<th scope=\"col\" class=\"differs\">", out);
        html_put_short(out, differences->names[k], 40);
        fputs("</th>", out);
    }
    fprintf(out, "<th scope=\"col\" class=\"n\">best %s</th>", metric ? metric : "metric");
    for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++)
        fprintf(out, "<th scope=\"col\" class=\"n\">%s</th>", columns[k]);
    fputs("<th scope=\"col\">end</th></tr></thead>\n", out);
}

static void put_number(FILE *out, double number)
{
    fputs("<td class=\"n\">", out);
    html_metric_put(out, BP_METRIC_LOSS, number);
    fputs("</td>", out);
}

static void put_metric(FILE *out, const struct run_record *run, bool named, bool wins)
{
    const bp_metric metric = run_record_metric(run);
    const double value = html_best_metric(run);
    fprintf(out, "<td class=\"n%s\">", wins ? " best" : "");
    html_metric_put(out, metric, value);
    if (!isnan(value) && named)
        fprintf(out, " %s", bp_choice_name(BP_CHOICE_METRIC, (int)metric));
    fputs(wins ? "<br><span class=\"mark\">best run</span></td>" : "</td>", out);
}

static void put_epochs(FILE *out, const struct run_record *run)
{
    const struct run_epoch *last = run_record_last(run);
    fprintf(out, "<td class=\"n\">%zu", last ? last->epoch : 0);
    if (last && last->best > 0)
        fprintf(out, "<br><small>best %zu</small>", last->best);
    fputs("</td>", out);
}

static void put_row(FILE *out, const struct html_report *report, size_t index,
                    const struct differences *differences, bool wins)
{
    const struct run_record *run = &report->runs[index];
    char text[NUMBER_TEXT_SIZE];
    fputs("<tr><th scope=\"row\">", out);
    html_run_name_put(out, report, index);
    fputs("<br>", out);
    html_digest_put(out, report, index);
    fputs("</th>", out);
    for (size_t k = 0; k < differences->count; k++) {
        fputs("<td class=\"differs\">", out);
        options_diff_put(out, report, index, differences->names[k]);
        fputs("</td>", out);
    }
    put_metric(out, run, !name_metric(report), wins);
    put_epochs(out, run);
    put_number(out, html_final_number(run, "train_loss", FIGURE_TRAIN_LOSS));
    put_number(out, html_final_number(run, "valid_loss", FIGURE_VALID_LOSS));
    fprintf(out, "<td class=\"n\">%s</td>",
            number_duration(html_final_number(run, "seconds", FIGURE_SECONDS), text));
    fprintf(out, "<td class=\"n\">%s</td><td>",
            number_group(html_final_number(run, "samples_per_second", FIGURE_SPEED), text));
    html_ending_put(out, run);
    fputs("</td></tr>\n", out);
}

int html_runs_put(FILE *out, const struct html_report *report)
{
    json_t *names = options_diff_names(report);
    if (!names)
        return message_no_memory();
    const struct differences differences = find_differences(report, names);
    const size_t winner = find_winner(report);
    fputs("<section>\n<h2>Runs</h2>\n"
          "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Runs\">\n"
          "<table class=\"runs\"><caption>",
          out);
    if (differences.count > 0)
        fputs("Options that differ are highlighted", out);
    else
        fputs("All runs have the same options", out);
    if (differences.more > 0)
        fprintf(out, "; %zu more of them are under <a href=\"#options\">Options</a>",
                differences.more);
    fputs(".</caption>\n", out);
    put_head(out, report, &differences);
    fputs("<tbody>\n", out);
    for (size_t run = 0; run < report->count; run++)
        put_row(out, report, run, &differences, run == winner);
    fputs("</tbody></table></div>\n</section>\n", out);
    json_decref(names);
    return EXIT_DONE;
}
