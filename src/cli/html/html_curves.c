/* Which curves the page shows. */
#include <stdbool.h>

#include "cli/html/html_plot.h"
#include "cli/html/html_sections.h"
#include "cli/html/html_values.h"
#include "cli/terminal/messages.h"

/* Adds the curve of each run that has the figure. Returns how many there are then. */
static size_t add_curves(struct plot_curve *curves, size_t count, const struct html_report *report,
                         struct plot_curve kind)
{
    for (size_t run = 0; run < report->count; run++) {
        if (!html_plot_has(&report->runs[run], kind.figure))
            continue;
        curves[count] = kind;
        curves[count].run = &report->runs[run];
        curves[count].number = run;
        count++;
    }
    return count;
}

/* Writes a figure with one curve a run, if a run has it. Returns an exit code. */
static int put_plot(FILE *out, const struct html_report *report, struct plot plot,
                    struct plot_curve kind)
{
    struct plot_curve curves[HTML_PLOT_CURVES_MAX];
    plot.curves = curves;
    plot.count = add_curves(curves, 0, report, kind);
    return plot.count > 0 ? html_plot_write(out, &plot) : EXIT_DONE;
}

static int put_losses(FILE *out, const struct html_report *report)
{
    struct plot_curve curves[HTML_PLOT_CURVES_MAX];
    const size_t training =
        add_curves(curves, 0, report, (struct plot_curve){.figure = FIGURE_TRAIN_LOSS});
    const size_t count = add_curves(
        curves, training, report,
        (struct plot_curve){.figure = FIGURE_VALID_LOSS, .dashed = true, .marks_best = true});
    if (count == 0)
        return EXIT_DONE;
    const struct plot plot = {
        .id = "loss", .title = "Loss", .factor = 1, .unit = "", .curves = curves, .count = count};
    return html_plot_write(out, &plot);
}

static int put_metric(FILE *out, const struct html_report *report, bp_metric metric)
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
    return put_plot(out, report, plot,
                    (struct plot_curve){
                        .figure = FIGURE_METRICS + (size_t)metric,
                        .dashed = true,
                        .marks_best = true,
                    });
}

static bool has_metric(const struct html_report *report, bp_metric metric)
{
    for (size_t run = 0; run < report->count; run++) {
        if (html_plot_has(&report->runs[run], FIGURE_METRICS + (size_t)metric))
            return true;
    }
    return false;
}

/* The metric beside the loss: the one that the first run watched or, if that is the loss, the first
 * that there is. BP_METRIC_LOSS if there is none. */
static bp_metric find_leading(const struct html_report *report)
{
    const bp_metric watched = run_record_metric(&report->runs[0]);
    if (watched != BP_METRIC_LOSS && has_metric(report, watched))
        return watched;
    for (int metric = BP_METRIC_LOSS + 1; metric <= BP_METRIC_R2; metric++) {
        if (has_metric(report, (bp_metric)metric))
            return (bp_metric)metric;
    }
    return BP_METRIC_LOSS;
}

static int put_other_metrics(FILE *out, const struct html_report *report, bp_metric leading)
{
    size_t count = 0;
    int code = EXIT_DONE;
    for (int metric = BP_METRIC_LOSS + 1; metric <= BP_METRIC_R2; metric++)
        count += metric != (int)leading && has_metric(report, (bp_metric)metric);
    if (count == 0)
        return EXIT_DONE;
    fprintf(out, "<details>\n<summary>%zu other metric%s</summary>\n<div class=\"figures\">\n",
            count, count == 1 ? "" : "s");
    for (int metric = BP_METRIC_LOSS + 1; metric <= BP_METRIC_R2 && code == EXIT_DONE; metric++) {
        if (metric != (int)leading)
            code = put_metric(out, report, (bp_metric)metric);
    }
    fputs("</div>\n</details>\n", out);
    return code;
}

/* In thousands or millions, so that ticks are short. */
static int put_speed(FILE *out, const struct html_report *report)
{
    double most = 0;
    for (size_t run = 0; run < report->count; run++) {
        const struct run_epoch *last = run_record_last(&report->runs[run]);
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
    return put_plot(out, report, plot, (struct plot_curve){.figure = FIGURE_SPEED});
}

static void put_legend(FILE *out, const struct html_report *report)
{
    bool valid = false;
    fputs("<ul class=\"legend\">\n", out);
    for (size_t run = 0; run < report->count; run++) {
        valid = valid || html_plot_has(&report->runs[run], FIGURE_VALID_LOSS);
        if (report->count == 1)
            break;
        fputs("<li>", out);
        html_run_name_put(out, report, run);
        fputs("</li>\n", out);
    }
    fputs("<li><span class=\"stroke\"></span>training</li>\n", out);
    if (valid)
        fputs("<li><span class=\"stroke dashed\"></span>validation</li>\n"
              "<li><span class=\"point\"></span>best epoch</li>\n",
              out);
    fputs("</ul>\n", out);
}

int html_curves_put(FILE *out, const struct html_report *report)
{
    bool any = false;
    for (size_t run = 0; run < report->count; run++)
        any = any || report->runs[run].count > 0;
    if (!any) {
        fputs("<p class=\"note\">No epoch was finished: there are no curves to show.</p>\n", out);
        return EXIT_DONE;
    }
    fputs("<section>\n<h2>Curves</h2>\n", out);
    put_legend(out, report);
    fputs("<div class=\"figures\">\n", out);
    const bp_metric leading = find_leading(report);
    const struct plot rate = {
        .id = "rate", .title = "Learning rate", .factor = 1, .unit = "", .apart = true};
    int code = put_losses(out, report);
    if (code == EXIT_DONE && leading != BP_METRIC_LOSS)
        code = put_metric(out, report, leading);
    if (code == EXIT_DONE)
        code = put_plot(out, report, rate, (struct plot_curve){.figure = FIGURE_LEARNING_RATE});
    if (code == EXIT_DONE)
        code = put_speed(out, report);
    fputs("</div>\n", out);
    if (code == EXIT_DONE)
        code = put_other_metrics(out, report, leading);
    fputs("</section>\n", out);
    return code;
}
