/* Which curves the page shows. */
#include <stdbool.h>

#include "cli/html/html_plot.h"
#include "cli/html/html_sections.h"
#include "cli/html/html_values.h"
#include "cli/terminal/messages.h"

/* What curves are of: the runs, and of several networks each of them. */
struct series {
    struct run_record runs[HTML_REPORT_RUNS_MAX]; /* borrowed */
    size_t number[HTML_REPORT_RUNS_MAX];          /* of the colour */
    size_t count;
    size_t left_out;  /* networks for which there is no room */
    const char *what; /* that the colours stand for */
};

/* Adds the curve of each run that has the figure. Returns how many there are then. */
static size_t add_curves(struct plot_curve *curves, size_t count, const struct series *series,
                         struct plot_curve kind)
{
    for (size_t run = 0; run < series->count; run++) {
        if (!html_plot_has(&series->runs[run], kind.figure))
            continue;
        curves[count] = kind;
        curves[count].run = &series->runs[run];
        curves[count].number = series->number[run];
        count++;
    }
    return count;
}

/* Writes a figure with one curve a run, if a run has it. Returns an exit code. */
static int put_plot(FILE *out, const struct series *series, struct plot plot,
                    struct plot_curve kind)
{
    struct plot_curve curves[HTML_PLOT_CURVES_MAX];
    plot.curves = curves;
    plot.what = series->what;
    plot.count = add_curves(curves, 0, series, kind);
    return plot.count > 0 ? html_plot_write(out, &plot) : EXIT_DONE;
}

static int put_losses(FILE *out, const struct series *series)
{
    struct plot_curve curves[HTML_PLOT_CURVES_MAX];
    const size_t training =
        add_curves(curves, 0, series, (struct plot_curve){.figure = FIGURE_TRAIN_LOSS});
    const size_t count = add_curves(
        curves, training, series,
        (struct plot_curve){.figure = FIGURE_VALID_LOSS, .dashed = true, .marks_best = true});
    if (count == 0)
        return EXIT_DONE;
    const struct plot plot = {.id = "loss",
                              .title = "Loss",
                              .factor = 1,
                              .unit = "",
                              .what = series->what,
                              .curves = curves,
                              .count = count};
    return html_plot_write(out, &plot);
}

static int put_metric(FILE *out, const struct series *series, bp_metric metric)
{
    static const char *const titles[] = {[BP_METRIC_ACCURACY] = "Accuracy",
                                         [BP_METRIC_BALANCED_ACCURACY] = "Balanced accuracy",
                                         [BP_METRIC_PRECISION] = "Precision",
                                         [BP_METRIC_RECALL] = "Recall",
                                         [BP_METRIC_F1] = "F1",
                                         [BP_METRIC_LOG_LOSS] = "Log loss",
                                         [BP_METRIC_RMSE] = "Root mean square error",
                                         [BP_METRIC_MAE] = "Mean absolute error",
                                         [BP_METRIC_R2] = "R\xc2\xb2"};
    char id[16];
    snprintf(id, sizeof id, "metric%d", (int)metric);
    const bool share = metric == BP_METRIC_ACCURACY || metric == BP_METRIC_BALANCED_ACCURACY;
    const struct plot plot = {
        .id = id, .title = titles[metric], .factor = share ? 100 : 1, .unit = share ? "%" : ""};
    return put_plot(out, series, plot,
                    (struct plot_curve){
                        .figure = FIGURE_METRICS + (size_t)metric,
                        .dashed = true,
                        .marks_best = true,
                    });
}

static bool has_metric(const struct series *series, bp_metric metric)
{
    for (size_t run = 0; run < series->count; run++) {
        if (html_plot_has(&series->runs[run], FIGURE_METRICS + (size_t)metric))
            return true;
    }
    return false;
}

/* The metric beside the loss: the one that the first run watched or, if that is the loss, the first
 * that there is. BP_METRIC_LOSS if there is none. */
static bp_metric find_leading(const struct series *series)
{
    const bp_metric watched = run_record_metric(&series->runs[0]);
    if (watched != BP_METRIC_LOSS && has_metric(series, watched))
        return watched;
    for (int metric = BP_METRIC_LOSS + 1; metric <= BP_METRIC_R2; metric++) {
        if (has_metric(series, (bp_metric)metric))
            return (bp_metric)metric;
    }
    return BP_METRIC_LOSS;
}

static int put_other_metrics(FILE *out, const struct series *series, bp_metric leading)
{
    size_t count = 0;
    int code = EXIT_DONE;
    for (int metric = BP_METRIC_LOSS + 1; metric <= BP_METRIC_R2; metric++)
        count += metric != (int)leading && has_metric(series, (bp_metric)metric);
    if (count == 0)
        return EXIT_DONE;
    fprintf(out, "<details>\n<summary>%zu other metric%s</summary>\n<div class=\"figures\">\n",
            count, count == 1 ? "" : "s");
    for (int metric = BP_METRIC_LOSS + 1; metric <= BP_METRIC_R2 && code == EXIT_DONE; metric++) {
        if (metric != (int)leading)
            code = put_metric(out, series, (bp_metric)metric);
    }
    fputs("</div>\n</details>\n", out);
    return code;
}

/* In thousands or millions, so that ticks are short. */
static int put_speed(FILE *out, const struct series *series)
{
    double most = 0;
    for (size_t run = 0; run < series->count; run++) {
        const struct run_epoch *last = run_record_last(&series->runs[run]);
        if (last && last->figures[FIGURE_SPEED] > most)
            most = last->figures[FIGURE_SPEED];
    }
    const struct plot plot = {.id = "speed",
                              .title = "Samples a second",
                              .factor = most >= 1e6   ? 1e-6
                                        : most >= 1e3 ? 1e-3
                                                      : 1,
                              .unit = most >= 1e6   ? "M"
                                      : most >= 1e3 ? "k"
                                                    : ""};
    return put_plot(out, series, plot, (struct plot_curve){.figure = FIGURE_SPEED});
}

static void put_patch(FILE *out, size_t number)
{
    fprintf(out, "<span class=\"patch\" style=\"background:%s\"></span>", html_plot_colour(number));
}

/* "kind 2: hidden none, dropout auto" for each kind of the only run. */
static void put_kinds(FILE *out, const struct run_record *run)
{
    size_t k;
    json_t *kind;
    json_array_foreach(json_object_get(run->start, "kinds"), k, kind)
    {
        fputs("<li>", out);
        put_patch(out, k);
        fprintf(out, "kind %zu", k + 1);
        html_kind_options_put(out, kind);
        fputs("</li>\n", out);
    }
}

static void put_legend(FILE *out, const struct html_report *report, const struct series *series)
{
    bool valid = false;
    fputs("<ul class=\"legend\">\n", out);
    for (size_t run = 0; run < series->count; run++)
        valid = valid || html_plot_has(&series->runs[run], FIGURE_VALID_LOSS);
    for (size_t run = 0; report->count > 1 && run < report->count; run++) {
        fputs("<li>", out);
        html_run_name_put(out, report, run);
        fputs("</li>\n", out);
    }
    if (report->count == 1)
        put_kinds(out, &report->runs[0]);
    fputs("<li><span class=\"stroke\"></span>training</li>\n", out);
    if (valid)
        fputs("<li><span class=\"stroke dashed\"></span>validation</li>\n"
              "<li><span class=\"point\"></span>best epoch</li>\n",
              out);
    fputs("</ul>\n", out);
}

/* Of the only run the networks have the colours of their kinds. */
static void add_networks(struct series *series, const struct html_report *report, size_t run)
{
    const struct run_record *record = &report->runs[run];
    const size_t kinds = json_array_size(json_object_get(record->start, "kinds"));
    for (size_t m = 1; m <= run_record_networks(record); m++) {
        const struct run_record part = run_record_member(record, m);
        if (part.count == 0)
            continue;
        if (series->count == HTML_REPORT_RUNS_MAX) {
            series->left_out++;
            continue;
        }
        series->number[series->count] = report->count == 1 && kinds > 0 ? (m - 1) % kinds : run;
        series->runs[series->count++] = part;
    }
}

static void find_series(struct series *series, const struct html_report *report)
{
    const bool several = run_record_networks(&report->runs[0]) > 0;
    *series = (struct series){.what = report->count == 1 && several ? "Kind" : "Run"};
    for (size_t run = 0; run < report->count; run++) {
        if (run_record_networks(&report->runs[run]) > 0) {
            add_networks(series, report, run);
        } else if (series->count == HTML_REPORT_RUNS_MAX) {
            series->left_out++;
        } else if (report->runs[run].count > 0) {
            series->number[series->count] = run;
            series->runs[series->count++] = report->runs[run];
        }
    }
}

static int put_figures(FILE *out, const struct series *series)
{
    fputs("<div class=\"figures\">\n", out);
    const bp_metric leading = find_leading(series);
    const struct plot rate = {
        .id = "rate", .title = "Learning rate", .factor = 1, .unit = "", .apart = true};
    int code = put_losses(out, series);
    if (code == EXIT_DONE && leading != BP_METRIC_LOSS)
        code = put_metric(out, series, leading);
    if (code == EXIT_DONE)
        code = put_plot(out, series, rate, (struct plot_curve){.figure = FIGURE_LEARNING_RATE});
    if (code == EXIT_DONE)
        code = put_speed(out, series);
    fputs("</div>\n", out);
    return code == EXIT_DONE ? put_other_metrics(out, series, leading) : code;
}

int html_curves_put(FILE *out, const struct html_report *report)
{
    struct series series;
    find_series(&series, report);
    if (series.count == 0) {
        fputs("<p class=\"note\">No epoch was finished: there are no curves to show.</p>\n", out);
        return EXIT_DONE;
    }
    fputs("<section>\n<h2>Curves</h2>\n", out);
    put_legend(out, report, &series);
    if (series.left_out > 0)
        fprintf(out, "<p class=\"note\">%zu networks have no curves: a figure holds %d.</p>\n",
                series.left_out, HTML_REPORT_RUNS_MAX);
    const int code = put_figures(out, &series);
    fputs("</section>\n", out);
    return code;
}
