/* The figures of a model after a run. */
#include "cli/run/quality_fields.h"

#include <math.h>

#include "cli/fields/metric_key.h"

#define NAME_LIMIT 40

int quality_report_make(struct quality_report *report, bp_trainer *trainer, const bp_model *model,
                        const bp_train_result *result, double first_loss, bool continues)
{
    const bp_model_info info = bp_model_get_info(model);
    bp_error error;
    *report = (struct quality_report){.validated = result->valid.samples > 0,
                                      .refitted = result->refit_samples > 0};
    if (bp_trainer_measure(trainer, false, &report->train, &error) != BP_OK ||
        (report->validated && bp_trainer_measure(trainer, true, &report->valid, &error) != BP_OK))
        return message_error(&error);
    if (report->validated && report->refitted) {
        report->valid.metrics = result->valid;
        report->valid.only_class = NULL;
    }
    const bp_train_options chosen = bp_trainer_options(trainer);
    bp_train_options given = bp_train_options_default();
    if (bp_model_get_train_options(model, &given, &error) != BP_OK)
        return message_error(&error);
    const struct advice_facts facts = {
        .train = &report->train,
        .valid = report->validated ? &report->valid : NULL,
        .model = &info,
        .options = &chosen,
        .result = result,
        .first_loss = first_loss,
        .decay_is_auto = given.weight_decay == BP_WEIGHT_DECAY_AUTO,
        .continues = continues,
    };
    report->advice = advice_find(&facts);
    report->measured = true;
    return EXIT_DONE;
}

/* Those that the targets have. */
static void put_metrics(struct fields *out, const bp_metrics *metrics)
{
    char key[METRIC_KEY_SIZE];
    for (int m = 0; metric_key((bp_metric)m, key); m++) {
        const double value = bp_metrics_get(metrics, (bp_metric)m);
        if (!isnan(value))
            fields_real(out, key, value);
    }
}

void metrics_fields_put(struct fields *out, const char *key, const bp_metrics *metrics)
{
    fields_object(out, key);
    fields_whole(out, "samples", NULL, metrics->samples);
    put_metrics(out, metrics);
    fields_close(out);
}

/* For people: "loss 0.05, accuracy 97.78 %, macro f1 0.9777; always "setosa": 33.33 %". */
static void show_classes(struct fields *out, const bp_quality *quality, bool two)
{
    const char *class = quality->baseline_class;
    fields_more(out, ", accuracy %.2f %%", 100.0 * quality->metrics.accuracy);
    fields_more(out, two ? ", f1 %.4f" : ", macro f1 %.4f", quality->metrics.f1);
    fields_more(out, "; always \"%.*s\": %.2f %%", NAME_LIMIT, class,
                100.0 * quality->baseline.accuracy);
}

static void show_numbers(struct fields *out, const bp_quality *quality)
{
    fields_more(out, ", rmse %.6g, mae %.6g", quality->metrics.rmse, quality->metrics.mae);
    if (!isnan(quality->metrics.r2))
        fields_more(out, ", r2 %.4f", quality->metrics.r2);
    fields_more(out, "; the mean: rmse %.6g, mae %.6g", quality->baseline.rmse,
                quality->baseline.mae);
}

void quality_fields_put_set(struct fields *out, const char *key, const char *title,
                            const char *before, const bp_quality *quality)
{
    const bool classes = quality->baseline_class != NULL;
    fields_line(out, title, "%sloss %.6g", before, quality->metrics.loss);
    if (classes)
        show_classes(out, quality, quality->classes == 2);
    else
        show_numbers(out, quality);
    fields_object(out, key);
    fields_whole(out, "samples", NULL, quality->metrics.samples);
    put_metrics(out, &quality->metrics);
    fields_object(out, "baseline");
    fields_text(out, "class", NULL, quality->baseline_class);
    put_metrics(out, &quality->baseline);
    fields_close(out);
    fields_close(out);
}

void quality_fields_put(struct fields *out, const struct quality_report *report)
{
    if (report->measured)
        quality_fields_put_set(out, "train", "training", "", &report->train);
    else
        fields_null(out, "train");
    if (report->measured && report->validated)
        quality_fields_put_set(out, "valid", "validation",
                               report->refitted ? "before the refit: " : "", &report->valid);
    else
        fields_null(out, "valid");
}

void advice_fields_put(struct fields *out, const struct quality_report *report)
{
    const struct advice *advice = &report->advice;
    if (!report->measured || advice->problem[0] == '\0') {
        fields_null(out, "advice");
        return;
    }
    fields_object(out, "advice");
    fields_text(out, "problem", "problem", advice->problem);
    fields_text(out, "remedy", "try", advice->remedy);
    fields_close(out);
}
