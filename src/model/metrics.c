/* Figures of merit, made of sums. */
#include "model/metrics.h"

#include <math.h>

/* A share of nothing is 0. */
static double divide(double part, double whole)
{
    return whole > 0.0 ? part / whole : 0.0;
}

bp_class_metrics bp_tally_class(const struct bp_tally *tally, size_t c)
{
    const struct bp_schema *schema = tally->model->schema;
    return (bp_class_metrics){
        .name = schema->column[schema->input_columns].category[c],
        .weight = tally->support[c],
        .predicted = tally->predicted[c],
        .precision = divide(tally->hits[c], tally->predicted[c]),
        .recall = divide(tally->hits[c], tally->support[c]),
        /* 2 P R / (P + R) with P = hits / predicted and R = hits / support */
        .f1 = divide(2.0 * tally->hits[c], tally->predicted[c] + tally->support[c]),
    };
}

static void measure_classes(struct bp_tally *tally, bp_metrics *metrics)
{
    double hits = 0.0, occurring = 0.0, met = 0.0;
    double recall = 0.0, precision = 0.0, f1 = 0.0;
    for (size_t c = 0; c < tally->classes; c++) {
        const bp_class_metrics class = bp_tally_class(tally, c);
        hits += tally->hits[c];
        occurring += class.weight > 0.0 ? 1.0 : 0.0;
        met += class.weight > 0.0 || class.predicted > 0.0 ? 1.0 : 0.0;
        precision += class.precision;
        recall += class.recall;
        f1 += class.f1;
    }
    metrics->accuracy = hits / tally->weight;
    metrics->balanced_accuracy = recall / occurring;
    metrics->precision = precision / met;
    metrics->recall = recall / met;
    metrics->f1 = f1 / met;
    if (tally->classes == 2) {
        const bp_class_metrics second = bp_tally_class(tally, 1);
        metrics->precision = second.precision;
        metrics->recall = second.recall;
        metrics->f1 = second.f1;
    }
    metrics->log_loss = bp_tally_sum(tally, tally->log_loss) / tally->weight;
}

/* The sums of the errors of target j in the user's units: they are measured at the neuron. */
static void sum_errors(struct bp_tally *tally, size_t j, double *squares, double *absolutes)
{
    const struct bp_schema *schema = tally->model->schema;
    const double scale = (double)schema->column[schema->input_columns + j].scale;
    const size_t at = j * tally->shards.count;
    *squares = bp_tally_sum(tally, tally->squares + at) / (scale * scale);
    *absolutes = bp_tally_sum(tally, tally->absolutes + at) / fabs(scale);
}

/* R^2 has no unit. */
static double measure_r2(struct bp_tally *tally, size_t j)
{
    const double residual = bp_tally_sum(tally, tally->squares + j * tally->shards.count);
    return tally->total[j] > 0.0 ? 1.0 - residual / tally->total[j] : (double)NAN;
}

bp_target_metrics bp_tally_target(struct bp_tally *tally, size_t j)
{
    const struct bp_schema *schema = tally->model->schema;
    double squares, absolutes;
    sum_errors(tally, j, &squares, &absolutes);
    return (bp_target_metrics){
        .name = schema->column[schema->input_columns + j].name,
        .rmse = sqrt(squares / tally->weight),
        .mae = absolutes / tally->weight,
        .r2 = measure_r2(tally, j),
    };
}

static void measure_numbers(struct bp_tally *tally, bp_metrics *metrics)
{
    const double targets = (double)tally->targets;
    double squares = 0.0, absolutes = 0.0, r2 = 0.0;
    for (size_t j = 0; j < tally->targets; j++) {
        double square, absolute;
        sum_errors(tally, j, &square, &absolute);
        squares += square;
        absolutes += absolute;
        r2 += measure_r2(tally, j);
    }
    metrics->rmse = sqrt(squares / (tally->weight * targets));
    metrics->mae = absolutes / (tally->weight * targets);
    metrics->r2 = r2 / targets;
}

bp_metrics bp_tally_metrics(struct bp_tally *tally)
{
    const double none = (double)NAN;
    bp_metrics metrics = {
        .samples = tally->samples->count,
        .weight = tally->weight,
        .loss = bp_tally_sum(tally, tally->loss) / tally->weight,
        .accuracy = none,
        .balanced_accuracy = none,
        .precision = none,
        .recall = none,
        .f1 = none,
        .log_loss = none,
        .rmse = none,
        .mae = none,
        .r2 = none,
    };
    if (tally->classes)
        measure_classes(tally, &metrics);
    else
        measure_numbers(tally, &metrics);
    return metrics;
}

double bp_metrics_get(const bp_metrics *metrics, bp_metric metric)
{
    switch (metric) {
    case BP_METRIC_LOSS:
        return metrics->loss;
    case BP_METRIC_ACCURACY:
        return metrics->accuracy;
    case BP_METRIC_BALANCED_ACCURACY:
        return metrics->balanced_accuracy;
    case BP_METRIC_PRECISION:
        return metrics->precision;
    case BP_METRIC_RECALL:
        return metrics->recall;
    case BP_METRIC_F1:
        return metrics->f1;
    case BP_METRIC_LOG_LOSS:
        return metrics->log_loss;
    case BP_METRIC_RMSE:
        return metrics->rmse;
    case BP_METRIC_MAE:
        return metrics->mae;
    case BP_METRIC_R2:
        return metrics->r2;
    }
    return (double)NAN;
}

bool bp_metric_falls(bp_metric metric)
{
    return metric == BP_METRIC_LOSS || metric == BP_METRIC_LOG_LOSS || metric == BP_METRIC_RMSE ||
           metric == BP_METRIC_MAE;
}

bp_status bp_metric_check(bp_metric metric, const struct bp_schema *schema, bp_error *error)
{
    const char *name = bp_choice_name(BP_CHOICE_METRIC, (int)metric);
    const bool classes = schema->task == BP_TASK_CLASSIFY;
    const bool of_numbers =
        metric == BP_METRIC_RMSE || metric == BP_METRIC_MAE || metric == BP_METRIC_R2;
    if (!name)
        return bp_fail(error, BP_ERROR_ARGUMENT, "metric %d does not exist", (int)metric);
    if (metric == BP_METRIC_LOSS || classes != of_numbers)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "metric %s is for %s, and the model predicts %s: take loss, %s", name,
                   classes ? "numbers" : "classes", classes ? "classes" : "numbers",
                   classes ? "accuracy, balanced-accuracy, precision, recall, f1 or log-loss"
                           : "rmse, mae or r2");
}
