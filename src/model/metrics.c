/* Figures of merit, made of sums. */
#include "model/metrics.h"

#include <math.h>

/* A share of nothing is 0. */
static double divide(double part, double whole)
{
    return whole > 0.0 ? part / whole : 0.0;
}

bp_class_metrics bp_metric_accumulator_class(const struct bp_metric_accumulator *accumulator,
                                             size_t c)
{
    const struct bp_schema *schema = accumulator->model->schema;
    return (bp_class_metrics){
        .name = schema->column[schema->input_columns].category[c],
        .weight = accumulator->support[c],
        .predicted = accumulator->predicted[c],
        .precision = divide(accumulator->hits[c], accumulator->predicted[c]),
        .recall = divide(accumulator->hits[c], accumulator->support[c]),
        /* 2 P R / (P + R) with P = hits / predicted and R = hits / support */
        .f1 =
            divide(2.0 * accumulator->hits[c], accumulator->predicted[c] + accumulator->support[c]),
    };
}

static void measure_classes(struct bp_metric_accumulator *accumulator, bp_metrics *metrics)
{
    double hits = 0.0, occurring = 0.0, met = 0.0;
    double recall = 0.0, precision = 0.0, f1 = 0.0;
    for (size_t c = 0; c < accumulator->classes; c++) {
        const bp_class_metrics class = bp_metric_accumulator_class(accumulator, c);
        hits += accumulator->hits[c];
        occurring += class.weight > 0.0 ? 1.0 : 0.0;
        met += class.weight > 0.0 || class.predicted > 0.0 ? 1.0 : 0.0;
        precision += class.precision;
        recall += class.recall;
        f1 += class.f1;
    }
    metrics->accuracy = hits / accumulator->weight;
    metrics->balanced_accuracy = recall / occurring;
    metrics->precision = precision / met;
    metrics->recall = recall / met;
    metrics->f1 = f1 / met;
    if (accumulator->classes == 2) {
        const bp_class_metrics second = bp_metric_accumulator_class(accumulator, 1);
        metrics->precision = second.precision;
        metrics->recall = second.recall;
        metrics->f1 = second.f1;
    }
    metrics->log_loss =
        bp_metric_accumulator_sum(accumulator, accumulator->log_loss) / accumulator->weight;
}

/* The sums of the errors of target j in the user's units: they are measured at the neuron. */
static void sum_errors(struct bp_metric_accumulator *accumulator, size_t j, double *squares,
                       double *absolutes)
{
    const struct bp_schema *schema = accumulator->model->schema;
    const double scale = (double)schema->column[schema->input_columns + j].scale;
    const size_t at = j * accumulator->shards.count;
    *squares = bp_metric_accumulator_sum(accumulator, accumulator->squares + at) / (scale * scale);
    *absolutes = bp_metric_accumulator_sum(accumulator, accumulator->absolutes + at) / fabs(scale);
}

/* R^2 has no unit. */
static double measure_r2(struct bp_metric_accumulator *accumulator, size_t j)
{
    const double residual = bp_metric_accumulator_sum(
        accumulator, accumulator->squares + j * accumulator->shards.count);
    return accumulator->total[j] > 0.0 ? 1.0 - residual / accumulator->total[j] : (double)NAN;
}

bp_target_metrics bp_metric_accumulator_target(struct bp_metric_accumulator *accumulator, size_t j)
{
    const struct bp_schema *schema = accumulator->model->schema;
    double squares, absolutes;
    sum_errors(accumulator, j, &squares, &absolutes);
    return (bp_target_metrics){
        .name = schema->column[schema->input_columns + j].name,
        .rmse = sqrt(squares / accumulator->weight),
        .mae = absolutes / accumulator->weight,
        .r2 = measure_r2(accumulator, j),
    };
}

static void measure_numbers(struct bp_metric_accumulator *accumulator, bp_metrics *metrics)
{
    const double targets = (double)accumulator->targets;
    double squares = 0.0, absolutes = 0.0, r2 = 0.0;
    for (size_t j = 0; j < accumulator->targets; j++) {
        double square, absolute;
        sum_errors(accumulator, j, &square, &absolute);
        squares += square;
        absolutes += absolute;
        r2 += measure_r2(accumulator, j);
    }
    metrics->rmse = sqrt(squares / (accumulator->weight * targets));
    metrics->mae = absolutes / (accumulator->weight * targets);
    metrics->r2 = r2 / targets;
}

bp_metrics bp_metric_accumulator_metrics(struct bp_metric_accumulator *accumulator)
{
    const double none = (double)NAN;
    bp_metrics metrics = {
        .samples = accumulator->samples->count,
        .weight = accumulator->weight,
        .loss = bp_metric_accumulator_sum(accumulator, accumulator->loss) / accumulator->weight,
        .accuracy = none,
        .balanced_accuracy = none,
        .precision = none,
        .recall = none,
        .f1 = none,
        .log_loss = none,
        .rmse = none,
        .mae = none,
        .r2 = none,
        .unknown = accumulator->samples->unknown,
    };
    if (accumulator->classes)
        measure_classes(accumulator, &metrics);
    else
        measure_numbers(accumulator, &metrics);
    return metrics;
}

double bp_metrics_get(const bp_metrics *metrics, bp_metric metric)
{
    if (!metrics)
        return (double)NAN;
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
    case BP_METRIC_AUTO:
        break;
    }
    return (double)NAN;
}

bool bp_metric_lower_is_better(bp_metric metric)
{
    return metric == BP_METRIC_LOSS || metric == BP_METRIC_LOG_LOSS || metric == BP_METRIC_RMSE ||
           metric == BP_METRIC_MAE;
}

bp_metric bp_metric_resolve(bp_metric metric, const bp_model *model)
{
    if (metric != BP_METRIC_AUTO || !model)
        return metric;
    if (model->schema->task == BP_TASK_CLASSIFY)
        return BP_METRIC_ACCURACY;
    return model->schema->outputs == 1 && bp_model_first(model)->loss == BP_LOSS_MSE
               ? BP_METRIC_RMSE
               : BP_METRIC_LOSS;
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

bp_status bp_metric_accumulator_check(const struct bp_metric_accumulator *accumulator,
                                      bp_metric metric, bp_error *error)
{
    const struct bp_schema *schema = accumulator->model->schema;
    for (size_t j = 0; metric == BP_METRIC_R2 && j < accumulator->targets; j++) {
        if (accumulator->total[j] > 0.0)
            continue;
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "metric r2 is not defined on the %zu validation row%s: \"%s\" has one value "
                       "there; take rmse, or more rows",
                       accumulator->samples->count, accumulator->samples->count == 1 ? "" : "s",
                       schema->column[schema->input_columns + j].name);
    }
    return BP_OK;
}
