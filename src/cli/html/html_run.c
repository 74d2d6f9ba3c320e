/* Key figures and facts of a single run. */
#include <math.h>
#include <stdbool.h>

#include "cli/html/html_sections.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"
#include "cli/terminal/numbers.h"

/* Names of targets. */
#define TARGETS_SHOWN 5

static void begin_card(FILE *out, const char *name)
{
    fprintf(out, "<div class=\"card\"><dt>%s</dt><dd>", name);
}

static void put_number_card(FILE *out, const char *name, double number)
{
    if (isnan(number))
        return;
    begin_card(out, name);
    fprintf(out, "%.4g</dd></div>\n", number);
}

/* Of several networks. */
static void put_several(FILE *out, const struct run_record *run)
{
    const bp_metric metric = run_record_metric(run);
    const double value = html_best_metric(run);
    const double saved = run_record_number(run->end, "saved");
    char text[NUMBER_TEXT_SIZE];
    fputs("<dl class=\"cards\">\n", out);
    if (!isnan(value)) {
        fprintf(out, "<div class=\"card first\"><dt>%s, rows left out</dt><dd>",
                bp_choice_name(BP_CHOICE_METRIC, (int)metric));
        html_metric_put(out, metric, value);
        fputs("</dd></div>\n", out);
    }
    put_number_card(out, "loss, rows left out",
                    run_record_number(json_object_get(run->end, "out_of_fold"), "loss"));
    begin_card(out, "networks");
    fprintf(out, "%zu", run_record_networks(run));
    if (!isnan(saved))
        fprintf(out, "<small>%.15g in the model</small>", saved);
    fputs("</dd></div>\n", out);
    begin_card(out, "time");
    fprintf(out, "%s</dd></div>\n</dl>\n",
            number_duration(run_record_number(run->end, "seconds"), text));
}

static void put_cards(FILE *out, const struct run_record *run)
{
    const bp_metric metric = run_record_metric(run);
    const struct run_epoch *best = run_record_best(run), *last = run_record_last(run);
    const bool watched = best && !isnan(best->figures[FIGURE_WATCHED]);
    char text[NUMBER_TEXT_SIZE];
    fputs("<dl class=\"cards\">\n", out);
    if (watched && metric != BP_METRIC_LOSS) {
        const char *name = bp_choice_name(BP_CHOICE_METRIC, (int)metric);
        fprintf(out, "<div class=\"card first\"><dt>best %s</dt><dd>", name);
        html_metric_put(out, metric, best->figures[FIGURE_WATCHED]);
        fputs("</dd></div>\n", out);
    }
    put_number_card(out, "validation loss",
                    html_final_number(run, "valid_loss", FIGURE_VALID_LOSS));
    put_number_card(out, "training loss", html_final_number(run, "train_loss", FIGURE_TRAIN_LOSS));
    begin_card(out, watched ? "epochs, and the best" : "epochs");
    fprintf(out, "%zu", last ? last->epoch : 0);
    if (watched)
        fprintf(out, "<small>best %zu</small>", best->epoch);
    fputs("</dd></div>\n", out);
    begin_card(out, "time");
    fprintf(out, "%s</dd></div>\n",
            number_duration(html_final_number(run, "seconds", FIGURE_SECONDS), text));
    begin_card(out, "samples a second");
    fprintf(out, "%s</dd></div>\n</dl>\n",
            number_group(html_final_number(run, "samples_per_second", FIGURE_SPEED), text));
}

/* A number of the first or the last line. */
static void put_count(FILE *out, const char *before, const json_t *line, const char *key,
                      const char *after)
{
    char text[NUMBER_TEXT_SIZE];
    const double count = run_record_number(line, key);
    if (count > 0)
        fprintf(out, "%s%s%s", before, number_group(count, text), after);
}

/* A row of names and values; the value is a text of the log, and left out where it has none. */
static void put_fact(FILE *out, const char *name, const char *text)
{
    if (!text)
        return;
    fprintf(out, "<div><dt>%s</dt><dd><bdi>", name);
    html_put_short(out, text, 300);
    fputs("</bdi></dd></div>\n", out);
}

/* "species: 3 classes (text)": what the targets were taken for, and why. */
static void put_target(FILE *out, const struct run_record *run)
{
    const json_t *target = json_object_get(run->start, "target");
    const json_t *names = json_object_get(target, "names");
    const char *reason = run_record_text(target, "reason");
    const double classes = run_record_number(target, "classes");
    if (json_array_size(names) == 0)
        return;
    fputs("<div><dt>target</dt><dd><bdi>", out);
    for (size_t k = 0; k < json_array_size(names) && k < TARGETS_SHOWN; k++) {
        const char *name = json_string_value(json_array_get(names, k));
        fputs(k > 0 ? ", " : "", out);
        html_put_short(out, name ? name : "", 60);
    }
    fputs(json_array_size(names) > TARGETS_SHOWN ? ", ...</bdi>: " : "</bdi>: ", out);
    if (classes > 0)
        fprintf(out, "%.15g class%s", classes, classes > 1 ? "es" : "");
    else
        fputs("numbers", out);
    if (reason) {
        fputs(" (", out);
        html_put_short(out, reason, 60);
        fputs(")", out);
    }
    fputs("</dd></div>\n", out);
}

static void put_refit(FILE *out, const struct run_record *run)
{
    if (!html_is_refitted(run))
        return;
    fputs("<div><dt>refit</dt><dd>", out);
    put_count(out, "", run->end, "refit_epochs", " epochs");
    put_count(out, " on all ", run->end, "refit_samples", " rows");
    fputs("</dd></div>\n", out);
}

static void put_network(FILE *out, const struct run_record *run)
{
    if (run_record_networks(run) > 0) {
        fputs("<div><dt>networks</dt><dd>", out);
        put_count(out, "", run->start, "networks", "");
        put_count(out, ", ", run->end, "parameters", " parameters in the model");
        put_count(out, ", ", run->end, "failed", " failed");
    } else {
        fputs("<div><dt>network</dt><dd>", out);
        html_widths_put(out, run);
        put_count(out, ", ", run->start, "parameters", " parameters");
    }
    fputs("</dd></div>\n", out);
}

/* Who took part in the last part of a run that was resumed; nothing of a process alone. */
static void put_ranks(FILE *out, const struct run_record *run)
{
    const double ranks = run_record_number(run->end, "ranks");
    const double threads = run_record_number(run->end, "all_threads");
    const json_t *hosts = json_object_get(run->end, "hosts");
    if (!(ranks > 1))
        return;
    fprintf(out, "<div><dt>ranks</dt><dd>%.15g", ranks);
    if (threads > 0)
        fprintf(out, " with %.15g threads", threads);
    for (size_t k = 0; k < json_array_size(hosts); k++) {
        const char *host = json_string_value(json_array_get(hosts, k));
        fputs(k == 0 ? " on " : ", ", out);
        html_put_short(out, host ? host : "", 100);
    }
    fputs("</dd></div>\n", out);
}

static void put_facts(FILE *out, const struct html_report *report)
{
    const struct run_record *run = &report->runs[0];
    const double threads = run_record_number(run->end, "threads");
    fputs("<dl class=\"facts\">\n", out);
    put_fact(out, "data", run_record_text(run->start, "data"));
    put_target(out, run);
    fputs("<div><dt>samples</dt><dd>", out);
    put_count(out, "", run->start, "samples", "");
    put_count(out, ", and ", run->start, "valid_samples", " for validation");
    put_count(out, ", ", run->end, "valid_unknown", " with unknown categories");
    fputs("</dd></div>\n", out);
    put_network(out, run);
    put_refit(out, run);
    put_fact(out, "begun", run_record_text(run->start, "time"));
    fputs("<div><dt>ended</dt><dd>", out);
    html_ending_put(out, run);
    fputs("</dd></div>\n", out);
    put_ranks(out, run);
    if (threads > 0) {
        const char *reason = run_record_text(run->end, "threads_reason");
        fprintf(out, "<div><dt>threads</dt><dd>%.15g", threads);
        fputs(reason ? " (" : "", out);
        html_put_short(out, reason ? reason : "", 200);
        fputs(reason ? ")</dd></div>\n" : "</dd></div>\n", out);
    }
    put_fact(out, "backend", run_record_text(run->end, "backend"));
    put_fact(out, "instruction set", run_record_text(run->end, "isa"));
    fputs("<div><dt>weights digest</dt><dd>", out);
    html_digest_put(out, report, 0);
    fputs("</dd></div>\n</dl>\n", out);
}

void html_run_put(FILE *out, const struct html_report *report)
{
    fputs("<section>\n", out);
    if (run_record_networks(&report->runs[0]) > 0)
        put_several(out, &report->runs[0]);
    else
        put_cards(out, &report->runs[0]);
    put_facts(out, report);
    fputs("</section>\n", out);
}
