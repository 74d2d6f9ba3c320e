/* An evaluation as one JSON object. */
#include <stdlib.h>

#include "cli/inspect/eval_report.h"
#include "cli/terminal/json_output.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/metric_key.h"

/* More classes than that have a matrix that nobody reads. */
#define MATRIX_CLASSES_MAX 1000

static void add_figures(struct json_output *json, const bp_metrics *metrics, bp_metric first,
                        bp_metric last)
{
    for (bp_metric metric = first; metric <= last; metric++) {
        char key[METRIC_KEY_SIZE];
        if (metric_key(metric, key))
            json_output_add(json, key, json_output_real(bp_metrics_get(metrics, metric)));
    }
}

/* Appends to an array; a failure is kept as json_output_add() keeps it. */
static void append(struct json_output *json, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        json->failed = true;
}

static json_t *list_classes(struct json_output *json, const bp_evaluation *evaluation)
{
    json_t *classes = json_array();
    bp_class_metrics class;
    for (size_t c = 0; bp_evaluation_get_class(evaluation, c, &class, NULL) == BP_OK; c++)
        append(json, classes,
               json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "name", class.name, "samples",
                         json_output_whole(class.samples), "weight", json_output_real(class.weight),
                         "precision", json_output_real(class.precision), "recall",
                         json_output_real(class.recall), "f1", json_output_real(class.f1)));
    return classes;
}

static json_t *list_targets(struct json_output *json, const bp_evaluation *evaluation)
{
    json_t *targets = json_array();
    bp_target_metrics target;
    for (size_t j = 0; bp_evaluation_get_target(evaluation, j, &target, NULL) == BP_OK; j++)
        append(json, targets,
               json_pack("{s:s, s:o, s:o, s:o}", "name", target.name, "rmse",
                         json_output_real(target.rmse), "mae", json_output_real(target.mae), "r2",
                         json_output_real(target.r2)));
    return targets;
}

/* Rows are the classes of the samples, columns those that the model gives them to. */
static json_t *list_confusion(struct json_output *json, const bp_evaluation *evaluation)
{
    const size_t classes = bp_evaluation_classes(evaluation);
    if (classes > MATRIX_CLASSES_MAX)
        return json_null();
    uint64_t *counts = calloc(classes, sizeof *counts);
    json_t *matrix = counts ? json_array() : NULL;
    for (size_t truth = 0; matrix && truth < classes; truth++) {
        json_t *row = json_array();
        if (bp_evaluation_get_confusion(evaluation, truth, counts, NULL) != BP_OK)
            break;
        for (size_t c = 0; c < classes; c++)
            append(json, row, json_output_whole(counts[c]));
        append(json, matrix, row);
    }
    free(counts);
    return matrix;
}

int eval_report_print_json(const bp_evaluation *evaluation)
{
    const bp_metrics metrics = bp_evaluation_get_metrics(evaluation);
    struct json_output json = json_output_begin();
    json_output_add(&json, "samples", json_output_whole(metrics.samples));
    json_output_add(&json, "weight", json_output_real(metrics.weight));
    add_figures(&json, &metrics, BP_METRIC_LOSS, BP_METRIC_LOSS);
    if (bp_evaluation_classes(evaluation) > 0) {
        add_figures(&json, &metrics, BP_METRIC_ACCURACY, BP_METRIC_LOG_LOSS);
        json_output_add(&json, "classes", list_classes(&json, evaluation));
        json_output_add(&json, "confusion", list_confusion(&json, evaluation));
    } else {
        add_figures(&json, &metrics, BP_METRIC_RMSE, BP_METRIC_R2);
        json_output_add(&json, "targets", list_targets(&json, evaluation));
    }
    return json_output_print(&json);
}
