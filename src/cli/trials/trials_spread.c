/* Mean and deviation, in the order of the trials. */
#include "cli/trials/trials_spread.h"

#include <math.h>
#include <stdio.h>

#include "cli/terminal/json_output.h"
#include "cli/terminal/metric_key.h"

static double get_metric(const bp_trial_result *result, bp_metric metric)
{
    return result->error.status == BP_OK ? bp_metrics_get(&result->metrics, metric) : (double)NAN;
}

struct trials_spread trials_spread_of(const bp_trial_result *results, size_t count,
                                      bp_metric metric)
{
    struct trials_spread spread = {.mean = (double)NAN,
                                   .deviation = (double)NAN,
                                   .least = (double)NAN,
                                   .greatest = (double)NAN};
    double sum = 0, squares = 0;
    for (size_t k = 0; k < count; k++) {
        const double value = get_metric(&results[k], metric);
        if (!isfinite(value))
            continue;
        spread.count++;
        sum += value;
        spread.least = fmin(spread.least, value);
        spread.greatest = fmax(spread.greatest, value);
    }
    if (spread.count == 0)
        return spread;
    spread.mean = sum / (double)spread.count;
    for (size_t k = 0; k < count; k++) {
        const double value = get_metric(&results[k], metric);
        if (isfinite(value))
            squares += (value - spread.mean) * (value - spread.mean);
    }
    if (spread.count > 1)
        spread.deviation = sqrt(squares / (double)(spread.count - 1));
    return spread;
}

size_t trials_count_failed(const bp_trial_result *results, size_t count, size_t *first)
{
    size_t failed = 0;
    for (size_t k = count; k-- > 0;) {
        if (results[k].error.status == BP_OK)
            continue;
        failed++;
        *first = k;
    }
    return failed;
}

bp_task trials_task(const bp_trial_result *results, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (results[k].task != BP_TASK_AUTO)
            return results[k].task;
    }
    return BP_TASK_AUTO;
}

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
        break;
    }
    return false;
}

char *trials_number(bp_metric metric, double value, char text[TRIALS_NUMBER_SIZE])
{
    if (isfinite(value))
        snprintf(text, TRIALS_NUMBER_SIZE, is_share(metric) ? "%.4f" : "%.5g", value);
    else
        snprintf(text, TRIALS_NUMBER_SIZE, "-");
    return text;
}

static json_t *spread_to_json(const struct trials_spread *spread)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "mean", json_output_real(spread->mean), "deviation",
                     json_output_real(spread->deviation), "least", json_output_real(spread->least),
                     "greatest", json_output_real(spread->greatest));
}

json_t *trials_spreads_to_json(const bp_trial_result *results, size_t count)
{
    json_t *object = json_object();
    char key[METRIC_KEY_SIZE];
    for (int metric = 0; object && metric_key((bp_metric)metric, key); metric++) {
        const struct trials_spread spread = trials_spread_of(results, count, (bp_metric)metric);
        if (spread.count > 0 && json_object_set_new(object, key, spread_to_json(&spread)) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}
