/* Metrics are known by their enumerators: a new one is in every report at once. */
#include "cli/trials/metric_fields.h"

#include <math.h>
#include <stdio.h>

#include "cli/fields/metric_key.h"

/* Metrics that are at most 1. */
static bool is_share(bp_metric metric)
{
    switch (metric) {
    case BP_METRIC_ACCURACY:
    case BP_METRIC_BALANCED_ACCURACY:
    case BP_METRIC_PRECISION:
    case BP_METRIC_RECALL:
    case BP_METRIC_F1:
    case BP_METRIC_R2:
        return true;
    case BP_METRIC_LOSS:
    case BP_METRIC_LOG_LOSS:
    case BP_METRIC_RMSE:
    case BP_METRIC_MAE:
    case BP_METRIC_AUTO:
        break;
    }
    return false;
}

char *metric_number(bp_metric metric, double value, char text[METRIC_NUMBER_SIZE])
{
    if (isfinite(value))
        snprintf(text, METRIC_NUMBER_SIZE, is_share(metric) ? "%.4f" : "%.5g", value);
    else
        snprintf(text, METRIC_NUMBER_SIZE, "-");
    return text;
}

void metric_field(struct fields *out, bp_metric metric, double value)
{
    char key[METRIC_KEY_SIZE], text[METRIC_NUMBER_SIZE];
    fields_line(out, bp_choice_name(BP_CHOICE_METRIC, (int)metric), "%s",
                metric_number(metric, value, text));
    if (isfinite(value) && metric_key(metric, key))
        fields_real(out, key, value);
}

void metric_fields_summaries(struct fields *out, const bp_cross_validation *validation)
{
    char key[METRIC_KEY_SIZE];
    fields_object(out, "metrics");
    for (int metric = 0; metric_key((bp_metric)metric, key); metric++) {
        const bp_metric_summary summary =
            bp_cross_validation_summarize(validation, (bp_metric)metric);
        if (summary.count == 0)
            continue;
        fields_object(out, key);
        fields_real(out, "mean", summary.mean);
        fields_real(out, "std", summary.std);
        fields_real(out, "min", summary.min);
        fields_real(out, "max", summary.max);
        fields_close(out);
    }
    fields_close(out);
}
