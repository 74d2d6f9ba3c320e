/* An evaluation as a list of fields. */
#include "cli/inspect/eval_report.h"

#include <stdlib.h>

#include "cli/inspect/confusion_report.h"
#include "cli/terminal/numbers.h"

/* Whether rows count anything but 1. */
static bool has_weights(const bp_metrics *metrics)
{
    return metrics->weight != (double)metrics->samples;
}

static size_t count_right(struct fields *out, const bp_evaluation *evaluation, size_t classes)
{
    size_t right = 0;
    uint64_t *counts = calloc(classes, sizeof *counts);
    if (!counts)
        out->output.failed = true;
    for (size_t c = 0; counts && c < classes; c++) {
        bp_evaluation_get_confusion(evaluation, c, counts, NULL);
        right += (size_t)counts[c];
    }
    free(counts);
    return right;
}

static void put_class_figures(struct fields *out, const bp_evaluation *evaluation,
                              const bp_metrics *metrics)
{
    const size_t classes = bp_evaluation_classes(evaluation);
    const size_t hits = count_right(out, evaluation, classes);
    char right[NUMBER_TEXT_SIZE], samples[NUMBER_TEXT_SIZE];
    bp_class_metrics second = {.name = ""};
    fields_percent(out, "accuracy", "accuracy", 2, metrics->accuracy);
    if (!out->json && !has_weights(metrics)) /* which make it no share of the samples */
        fields_more(out, " (%s of %s)", number_group((double)hits, right),
                    number_group((double)metrics->samples, samples));
    fields_percent(out, "balanced_accuracy", "balanced accuracy", 2, metrics->balanced_accuracy);
    fields_decimals(out, "precision", "precision", 4, metrics->precision);
    if (classes == 2 && bp_evaluation_get_class(evaluation, 1, &second, NULL) == BP_OK)
        fields_more(out, " (of class %.40s)", second.name);
    else
        fields_more(out, " (mean of the classes)");
    fields_decimals(out, "recall", "recall", 4, metrics->recall);
    fields_decimals(out, "f1", "f1", 4, metrics->f1);
    fields_digits(out, "log_loss", "log loss", 6, metrics->log_loss);
}

static int compare_f1(const void *a, const void *b)
{
    const bp_class_metrics *const *x = a, *const *y = b;
    if ((*x)->f1 != (*y)->f1)
        return (*x)->f1 < (*y)->f1 ? -1 : 1;
    return (*x > *y) - (*x < *y);
}

static void put_class(struct fields *out, const bp_class_metrics *class, bool weighted)
{
    fields_row(out);
    fields_text(out, "name", "class", class->name);
    fields_count(out, "samples", "samples", class->samples);
    fields_digits(out, "weight", weighted ? "weight" : NULL, 6, class->weight);
    fields_decimals(out, "precision", "precision", 4, class->precision);
    fields_decimals(out, "recall", "recall", 4, class->recall);
    fields_decimals(out, "f1", "f1", 4, class->f1);
}

/* All classes; for people, of many those that occur and have the lowest F1. */
static void put_classes(struct fields *out, const bp_evaluation *evaluation, bool weighted)
{
    const size_t classes = bp_evaluation_classes(evaluation);
    const bool all = out->json || classes <= CLASSES_SHOWN;
    bp_class_metrics *class = calloc(classes, sizeof *class);
    const bp_class_metrics **shown = calloc(classes, sizeof *shown);
    size_t count = 0;
    for (size_t c = 0; class && shown && c < classes; c++) {
        bp_evaluation_get_class(evaluation, c, &class[c], NULL);
        if (all || class[c].samples > 0)
            shown[count++] = &class[c];
    }
    if (!class || !shown)
        out->output.failed = true;
    if (!all && count > 0) {
        qsort(shown, count, sizeof *shown, compare_f1);
        count = count < CLASSES_SHOWN ? count : CLASSES_SHOWN;
        fields_say(out, "\nThe classes with the lowest f1 (%zu of %zu; --json has all)\n", count,
                   classes);
    }
    fields_table(out, "classes", "\n");
    for (size_t k = 0; k < count; k++)
        put_class(out, shown[k], weighted);
    fields_close(out);
    free(shown);
    free(class);
}

static void put_number_figures(struct fields *out, double rmse, double mae, double r2)
{
    fields_digits(out, "rmse", "rmse", 6, rmse);
    fields_digits(out, "mae", "mae", 6, mae);
    fields_digits(out, "r2", "r2", 6, r2);
}

/* People see a single one in the figures above. */
static void put_targets(struct fields *out, const bp_evaluation *evaluation)
{
    bp_target_metrics target;
    const size_t targets = bp_evaluation_targets(evaluation);
    out->none = "constant";
    fields_table(out, "targets", "\n");
    for (size_t j = 0; (out->json || targets > 1) && j < targets; j++) {
        bp_evaluation_get_target(evaluation, j, &target, NULL);
        fields_row(out);
        fields_text(out, "name", "target", target.name);
        put_number_figures(out, target.rmse, target.mae, target.r2);
    }
    fields_close(out);
}

int eval_report_print(const bp_evaluation *evaluation, bool json)
{
    const bp_metrics metrics = bp_evaluation_get_metrics(evaluation);
    struct fields out = fields_begin(json, 19);
    fields_count(&out, "samples", "samples", metrics.samples);
    fields_whole(&out, "unknown", NULL, metrics.unknown);
    fields_digits(&out, "weight", has_weights(&metrics) ? "weight" : NULL, 10, metrics.weight);
    fields_digits(&out, "loss", "loss", 6, metrics.loss);
    if (bp_evaluation_classes(evaluation) > 0) {
        put_class_figures(&out, evaluation, &metrics);
        put_classes(&out, evaluation, has_weights(&metrics));
        confusion_report_put(&out, evaluation);
    } else {
        out.none = "not defined: a target is constant";
        put_number_figures(&out, metrics.rmse, metrics.mae, metrics.r2);
        put_targets(&out, evaluation);
    }
    return fields_end(&out);
}
