/* Several networks in one model: their kinds, and each of them. A log may lack any of it. */
#include <math.h>
#include <stdbool.h>

#include "cli/fields/metric_key.h"
#include "cli/html/html_plot.h"
#include "cli/html/html_sections.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"

#define TEXT_LIMIT 120

/* An option, which is a text wherever it has alternatives. */
static void put_option(FILE *out, const char *name, const json_t *value)
{
    html_put_short(out, name, TEXT_LIMIT);
    fputc(' ', out);
    html_put_short(out, json_is_string(value) ? json_string_value(value) : "?", TEXT_LIMIT);
}

void html_kind_options_put(FILE *out, const json_t *kind)
{
    const char *name, *before = ": ";
    json_t *value;
    json_object_foreach(json_object_get(kind, "options"), name, value)
    {
        fputs(before, out);
        put_option(out, name, value);
        before = ", ";
    }
}

/* The last line has what came of the kinds, the first one what they are. */
static const json_t *find_kinds(const struct run_record *run)
{
    const json_t *kinds = json_object_get(run->end, "kinds");
    return kinds ? kinds : json_object_get(run->start, "kinds");
}

static void put_number(FILE *out, const json_t *object, const char *key, const char *format)
{
    const double number = run_record_number(object, key);
    fputs("<td class=\"n\">", out);
    if (isnan(number))
        fputs(HTML_DASH, out);
    else
        fprintf(out, format, number);
    fputs("</td>", out);
}

static void put_metric(FILE *out, const json_t *figures, bp_metric metric)
{
    char key[METRIC_KEY_SIZE] = "";
    fputs("<td class=\"n\">", out);
    html_metric_put(out, metric,
                    metric_key(metric, key) ? run_record_number(figures, key) : (double)NAN);
    fputs("</td>", out);
}

/* Beside the loss. */
static bp_metric find_metric(const struct run_record *run)
{
    const bp_metric metric = run_record_metric(run);
    const char *task = run_record_text(run->start, "task");
    if (metric != BP_METRIC_LOSS)
        return metric;
    return task && task[0] == 'c' ? BP_METRIC_ACCURACY : BP_METRIC_RMSE;
}

static void put_kind(FILE *out, const struct run_record *run, const json_t *kind, size_t index,
                     bool coloured)
{
    const json_t *figures = json_object_get(kind, "out_of_fold");
    fputs("<tr><th scope=\"row\">", out);
    if (coloured)
        fprintf(out, "<span class=\"patch\" style=\"background:%s\"></span>",
                html_plot_colour(index));
    fprintf(out, "%zu", index + 1);
    html_kind_options_put(out, kind);
    fputs("</th>", out);
    put_number(out, kind, "finished", "%.15g");
    put_metric(out, figures, BP_METRIC_LOSS);
    put_metric(out, figures, find_metric(run));
    put_number(out, kind, "weight", "%.2f");
    fputs("</tr>\n", out);
}

static void put_kinds(FILE *out, const struct html_report *report, size_t index)
{
    const struct run_record *run = &report->runs[index];
    size_t k;
    json_t *kind;
    fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Kinds\">\n<table>"
          "<caption>",
          out);
    if (report->count > 1) {
        html_run_name_put(out, report, index);
        fputs(": ", out);
    }
    fprintf(out,
            "Figures are those of the rows that networks left out, each predicted by those "
            "that did not see it.</caption>\n<thead><tr><th scope=\"col\">kind</th>"
            "<th scope=\"col\" class=\"n\">networks</th><th scope=\"col\" class=\"n\">loss</th>"
            "<th scope=\"col\" class=\"n\">%s</th><th scope=\"col\" class=\"n\">weight</th>"
            "</tr></thead>\n<tbody>\n",
            bp_choice_name(BP_CHOICE_METRIC, (int)find_metric(run)));
    json_array_foreach(find_kinds(run), k, kind) put_kind(out, run, kind, k, report->count == 1);
    fputs("</tbody></table></div>\n", out);
}

static void put_member(FILE *out, const json_t *member)
{
    static const struct {
        const char *key, *format;
    } numbers[] = {{"kind", "%.15g"},      {"round", "%.15g"},     {"epochs", "%.15g"},
                   {"train_loss", "%.4g"}, {"valid_loss", "%.4g"}, {"weight", "%.4f"}};
    const char *error = run_record_text(member, "error");
    const char *digest = run_record_text(member, "weights_digest");
    fprintf(out, "<tr><th scope=\"row\">%.15g</th>", run_record_number(member, "member"));
    for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++)
        put_number(out, member, numbers[k].key, numbers[k].format);
    fputs("<td>", out);
    if (error) {
        html_put_short(out, error, TEXT_LIMIT);
    } else {
        fputs("<code>", out);
        html_put_short(out, digest ? digest : "", BP_DIGEST_SIZE);
        fputs("</code>", out);
    }
    fputs("</td></tr>\n", out);
}

static void put_members(FILE *out, const struct run_record *run)
{
    static const char *const columns[] = {"kind",          "round",           "epochs",
                                          "training loss", "validation loss", "weight"};
    const json_t *members = json_object_get(run->end, "members");
    size_t m;
    json_t *member;
    if (json_array_size(members) == 0)
        return;
    fprintf(out,
            "<details>\n<summary>%zu networks</summary>\n<div class=\"wide\" tabindex=\"0\" "
            "role=\"region\" aria-label=\"Networks\">\n<table><thead><tr><th scope=\"col\">"
            "network</th>",
            json_array_size(members));
    for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++)
        fprintf(out, "<th scope=\"col\" class=\"n\">%s</th>", columns[k]);
    fputs("<th scope=\"col\">weights digest</th></tr></thead>\n<tbody>\n", out);
    json_array_foreach(members, m, member) put_member(out, member);
    fputs("</tbody></table></div>\n</details>\n", out);
}

void html_kinds_put(FILE *out, const struct html_report *report)
{
    for (size_t run = 0; run < report->count; run++) {
        if (run_record_networks(&report->runs[run]) == 0)
            continue;
        fputs("<section>\n<h2>Kinds of networks</h2>\n", out);
        put_kinds(out, report, run);
        put_members(out, &report->runs[run]);
        fputs("</section>\n", out);
    }
}
