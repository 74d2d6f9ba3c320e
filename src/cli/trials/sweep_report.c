/* A sweep: a line for each combination, the best first, and how to train it. */
#include "cli/trials/sweep_report.h"

#include <math.h>
#include <stdlib.h>

#include "cli/terminal/numbers.h"
#include "cli/trials/metric_fields.h"

static double mean_epochs(const struct sweep_entry *entry)
{
    double epochs = 0;
    for (size_t k = 0; k < entry->info.models; k++) {
        bp_cross_validation_model model;
        bp_cross_validation_get_model(entry->validation, k, &model, NULL);
        epochs += (double)model.result.train.epochs;
    }
    return epochs / (double)entry->info.models;
}

/* "0.9667 ± 0.0351", or "-" where there is nothing. */
static void put_summary(struct fields *out, bp_metric metric, const struct sweep_entry *entry)
{
    const bp_metric_summary summary = bp_cross_validation_summarize(entry->validation, metric);
    char mean[METRIC_NUMBER_SIZE], std[METRIC_NUMBER_SIZE];
    const bool alone = !isfinite(summary.std);
    fields_line(out, bp_choice_name(BP_CHOICE_METRIC, (int)metric), "%s%s%s",
                metric_number(metric, summary.mean, mean), alone ? "" : " ± ",
                alone ? "" : metric_number(metric, summary.std, std));
}

static void put_values(struct fields *out, const struct sweep *sweep, size_t number)
{
    fields_object(out, "options");
    for (size_t a = 0; a < sweep->grid->count; a++) {
        const char *name = sweep->grid->axis[a].option->name;
        const char *value = sweep_grid_value(sweep->grid, number, a);
        fields_line(out, name, "%s", value);
        fields_text(out, name, NULL, value);
    }
    fields_close(out);
}

static void put_entry(struct fields *out, const struct sweep *sweep,
                      const struct sweep_entry *entry)
{
    const char *message = entry->info.failed ? entry->failed.result.error.message : "";
    char failed[BP_ERROR_MESSAGE_SIZE + 80] = "";
    fields_row(out);
    put_values(out, sweep, entry->number);
    put_summary(out, sweep->metric, entry);
    if (sweep->metric != BP_METRIC_LOSS)
        put_summary(out, BP_METRIC_LOSS, entry);
    metric_fields_summaries(out, entry->validation);
    fields_line(out, "epochs", "%.4g", mean_epochs(entry));
    fields_whole(out, "failed", NULL, entry->info.failed);
    fields_whole(out, "unknown", NULL, entry->unknown);
    if (entry->info.failed) {
        snprintf(failed, sizeof failed, "%zu of %zu models failed: %s", entry->info.failed,
                 entry->info.models, message);
        fields_text(out, "error", NULL, message);
    }
    fields_text(out, NULL, "", failed);
}

static void put_head(struct fields *out, const struct sweep *sweep)
{
    const struct trials_options *options = sweep->grid->options;
    const bp_dataset_info data = bp_dataset_get_info(sweep->dataset);
    const bp_cross_validation_info *info = &sweep->entry[0].info;
    const size_t combinations = sweep->grid->combinations;
    char text[NUMBER_TEXT_SIZE];
    fields_line(out, "data", "%s, %s rows", data.path, number_group((double)data.rows, text));
    fields_whole(out, "samples", NULL, data.rows);
    fields_choice(out, "task", NULL, BP_CHOICE_TASK, (int)sweep->task);
    fields_choice(out, "metric", NULL, BP_CHOICE_METRIC, (int)sweep->metric);
    if (options->holdout > 0)
        fields_real(out, "holdout", options->holdout);
    else
        fields_whole(out, "folds", NULL, options->folds);
    fields_whole(out, "repeats", NULL, options->repeats);
    fields_whole(out, "seeds", NULL, options->seeds);
    fields_line(out, "models", "%zu: %zu combination%s, %zu model%s each; %zu at once, %s",
                combinations * info->models, combinations, combinations == 1 ? "" : "s",
                info->models, info->models == 1 ? "" : "s", info->threads,
                number_duration(info->seconds, text));
    fields_whole(out, "threads", NULL, info->threads);
    fields_real(out, "seconds", info->seconds);
}

static void put_best(struct fields *out, const struct sweep *sweep)
{
    if (sweep->entry[0].info.failed) {
        fields_null(out, "best");
        return;
    }
    char *command = sweep_command(sweep, sweep->entry[0].number);
    out->output.failed |= !command;
    fields_text(out, "best", NULL, command);
    fields_say(out, "\nThe best, trained on all rows:\n  %s\n", command ? command : "");
    free(command);
}

int sweep_report_print(const struct sweep *sweep)
{
    struct fields out = fields_begin(sweep->grid->options->json, 9);
    put_head(&out, sweep);
    fields_table(&out, "combinations", "\n");
    for (size_t k = 0; k < sweep->grid->combinations; k++)
        put_entry(&out, sweep, &sweep->entry[k]);
    fields_close(&out);
    put_best(&out, sweep);
    return fields_end(&out);
}
