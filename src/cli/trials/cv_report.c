/* Cross-validation: a line for each model, then the lines that matter. */
#include "cli/trials/cv_report.h"

#include <math.h>

#include "cli/terminal/numbers.h"
#include "cli/trials/metric_fields.h"

#define METRICS_MAX 32

/* The metrics that the models have, the one asked for first. */
struct shown {
    bp_metric metric[METRICS_MAX];
    size_t count;
};

static struct shown choose_metrics(bp_metric first, const bp_cross_validation *validation)
{
    struct shown shown = {.count = 0};
    for (int metric = -1; shown.count < METRICS_MAX; metric++) {
        const bp_metric next = metric < 0 ? first : (bp_metric)metric;
        if (!bp_choice_name(BP_CHOICE_METRIC, (int)next))
            break;
        if ((metric < 0 || next != first) &&
            bp_cross_validation_summarize(validation, next).count > 0)
            shown.metric[shown.count++] = next;
    }
    return shown;
}

static void put_model(struct fields *out, const struct shown *shown,
                      const bp_cross_validation_model *model)
{
    const bp_trial_result *result = &model->result;
    const bool failed = result->error.status != BP_OK;
    fields_row(out);
    fields_text(out, NULL, "", failed ? "failed" : "model");
    fields_whole(out, "repeat", "repeat", model->repeat + 1);
    fields_whole(out, "seed", "seed", model->seed);
    fields_whole(out, "fold", "fold", model->fold + 1);
    fields_whole(out, "rows", "rows", result->metrics.samples);
    fields_whole(out, "trained_rows", NULL, result->train.samples);
    fields_whole(out, "unknown", NULL, result->metrics.unknown);
    fields_whole(out, "epochs", "epochs", result->train.epochs);
    fields_whole(out, "updates", "updates", result->train.updates);
    fields_whole(out, "batch_size", NULL, result->train.batch_size);
    fields_whole(out, "best_epoch", NULL, result->train.best_epoch);
    fields_real(out, "train_loss", result->train.train_loss);
    fields_real(out, "seconds", result->train.seconds);
    for (size_t k = 0; k < shown->count; k++)
        metric_field(out, shown->metric[k],
                     failed ? (double)NAN : bp_metrics_get(&result->metrics, shown->metric[k]));
    if (failed)
        fields_text(out, "error", NULL, result->error.message);
    else
        fields_text(out, "weights_digest", NULL, result->train.weights_digest);
}

/* A line for people under those of the models. */
static void put_summary(struct fields *out, const struct shown *shown, const char *name,
                        const bp_cross_validation *validation)
{
    fields_row(out);
    fields_text(out, NULL, "", name);
    for (size_t k = 0; k < 6; k++)
        fields_line(out, "", "%s", "");
    for (size_t k = 0; k < shown->count; k++) {
        const bp_metric_summary summary =
            bp_cross_validation_summarize(validation, shown->metric[k]);
        metric_field(out, shown->metric[k], name[0] == 'm' ? summary.mean : summary.std);
    }
}

/* Of an ensemble. */
static void put_networks(struct fields *out, const struct trials_options *options)
{
    size_t members = 0;
    bp_ensemble_count_members(&options->ensemble.options, options->kinds, &members, NULL);
    fields_whole(out, "networks", "networks", members);
    fields_more(out, " in a model, of %zu kind%s", options->kinds, options->kinds == 1 ? "" : "s");
    fields_whole(out, "kinds", NULL, options->kinds);
}

static void put_head(struct fields *out, const struct trials_options *options,
                     const bp_cross_validation *validation, const bp_dataset *dataset)
{
    char text[NUMBER_TEXT_SIZE];
    const bp_dataset_info data = bp_dataset_get_info(dataset);
    const bp_cross_validation_info info = bp_cross_validation_get_info(validation);
    fields_line(out, "data", "%s, %s rows", data.path, number_group((double)data.rows, text));
    fields_whole(out, "samples", NULL, data.rows);
    fields_choice(out, "task", NULL, BP_CHOICE_TASK, (int)info.task);
    if (options->holdout > 0)
        fields_line(out, "held out", "%g of the rows", options->holdout);
    if (options->holdout > 0)
        fields_real(out, "holdout", options->holdout);
    else
        fields_whole(out, "folds", "folds", options->folds);
    fields_more(out, ", %zu repeat%s, %zu seed%s", options->repeats,
                options->repeats == 1 ? "" : "s", options->seeds, options->seeds == 1 ? "" : "s");
    fields_whole(out, "repeats", NULL, options->repeats);
    fields_whole(out, "seeds", NULL, options->seeds);
    if (options->several)
        put_networks(out, options);
    fields_line(out, "models", "%zu, %zu at once, %s", info.models, info.threads,
                number_duration(info.seconds, text));
    fields_whole(out, "threads", NULL, info.threads);
    fields_real(out, "seconds", info.seconds);
    fields_whole(out, "failed", NULL, info.failed);
}

int cv_report_print(const struct trials_options *options, const bp_cross_validation *validation,
                    const bp_dataset *dataset)
{
    struct fields out = fields_begin(options->json, 9);
    const bp_cross_validation_info info = bp_cross_validation_get_info(validation);
    const struct shown shown =
        choose_metrics(trials_options_metric(options, info.task), validation);
    put_head(&out, options, validation, dataset);
    metric_fields_summaries(&out, validation);
    fields_table(&out, "models", "\n");
    for (size_t k = 0; k < info.models; k++) {
        bp_cross_validation_model model;
        bp_cross_validation_get_model(validation, k, &model, NULL);
        put_model(&out, &shown, &model);
    }
    if (!options->json) {
        put_summary(&out, &shown, "mean", validation);
        put_summary(&out, &shown, "std", validation);
    }
    fields_close(&out);
    return fields_end(&out);
}
